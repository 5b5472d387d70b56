"""What belongs to another office gets that office's number, and never the number, the price or the pet's grave of ours."""

from __future__ import annotations

import pytest

from inclusion.understanding import Request, Talk, Understanding

from .conftest import NOW


def ask(understanding: Understanding, said: str) -> Request:
    return understanding.understand(said, Talk(), NOW)[0]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("熱が出た", "medical"),
        ("ゆうべから三十八度の熱が出ています", "medical"),
        ("救急の電話番号", "medical"),
        ("急病のときの電話番号を教えて", "medical"),
        ("夜中に診てくれる病院はありますか", "medical"),
        ("財布を盗まれた", "stolen_or_lost"),
        ("駐輪場で自転車を盗まれました", "stolen_or_lost"),
        ("通帳を落としてしまった", "stolen_or_lost"),
        ("犬がいなくなった", "lost_pet"),
        ("うちの猫が帰ってこないんです", "lost_pet"),
        ("図書館の電話番号", "other_office"),
        ("郵便局の番号を教えて", "other_office"),
    ],
)
def test_the_right_office(understanding: Understanding, said: str, rule: str) -> None:
    request = ask(understanding, said)
    assert (request.action, request.guard) == ("refuse", rule)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("台所から煙が出た", ("r.emergency",)),
        ("出しておいた粗大ごみを盗まれた", ("f.stolen",)),
        ("飼っていた犬が死にました", ("f.cat_dead",)),
        ("粗大ごみ受付センターの電話番号", ("f.apply_phone",)),
        ("区役所の電話番号", ("f.bunka",)),
        ("コールセンターの電話番号", ("f.call_center",)),
        ("マイナンバーカードをなくした", ("f.mynumber",)),
    ],
)
def test_what_is_ours_stays_ours(understanding: Understanding, said: str, ids: tuple[str, ...]) -> None:
    """Controls: words that are near the ones above."""
    assert ask(understanding, said).ids == ids


def test_a_number_is_not_another_owners_number(understanding: Understanding) -> None:
    """No list of offices holds たこ焼き屋: whoever is asked for and stands in no answer of ours is somebody else."""
    assert ask(understanding, "たこ焼き屋の電話番号").guard == "other_office"


def test_a_thing_that_does_not_work_is_no_word_that_is_missing_in_the_list(understanding: Understanding) -> None:
    """「テレビ」は一覧で見つかりません was false. Control: a word nobody listed is told."""
    assert ask(understanding, "テレビが映らない").unknown == ()
    assert ask(understanding, "テレビのリモコンが映らない").unknown != () or ask(understanding, "骨壺を捨てたい").ids == ("r.unknown",)


@pytest.mark.parametrize("said", ["テレビ壊れた", "テレビ壊れてもうた", "テレビがめげた", "テレビいかれてしもた", "テレビこわれちまった"])
def test_a_broken_thing_is_no_illness(understanding: Understanding, said: str) -> None:
    assert ask(understanding, said).guard != "medical"
