"""Which things a sentence names, and which it only seems to name."""

from __future__ import annotations

import pytest

from accessibility import Readings
from inclusion.municipalities import Town
from inclusion.understanding import Understanding
from inclusion.understanding.lexicon import Lexicon
from inclusion.understanding.linking import link
from inclusion.understanding.overhearing import overhear
from inclusion.understanding.sentence import read
from inclusion.understanding.sounds import Ear, folded_sound
from inclusion.understanding.wishes import lesson, live, setting

from .conftest import Conversation


def targets(understanding: Understanding, text: str) -> list[str]:
    sentence = read(text, understanding.readings)
    linked = overhear(sentence, link(sentence, understanding.lexicon), understanding.ear, understanding.readings)
    return [mention.target for mention in linked.mentions]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("椅子じゃなくて座椅子", ["S00193"]),
        ("マットレスはなくて、布団だけ", ["S00376"]),
        ("ベッドの下の引き出し", ["S00369"]),
        ("お茶碗を入れる棚", ["hakomono"]),
        ("テレビを置く台", ["tvdai"]),
        ("傘を立てるやつ", ["S00122"]),
        ("椅子三脚", ["S00088"]),
        ("三脚を捨てたい", ["S00196"]),
        ("テレビのリモコン", []),
        ("テレビゲーム機を捨てたい", []),
        ("椅子カバー", []),
        ("リサイクルできますか", []),
        ("麻雀卓を捨てたい", []),
        ("便座(ウォシュレット)", ["S00101"]),
        ("not the sofa, the bed", ["bed"]),
    ],
)
def test_grammar_says_what_is_meant(understanding: Understanding, text: str, wanted: list[str]) -> None:
    assert targets(understanding, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("走時期を捨てたい", "S00248"),
        ("電気ストープ", "S00232"),
        ("洗択機", "n.washer"),
        ("ドレツサー", "kyodai"),
        ("れーぞーこをすてたい", "n.fridge"),
    ],
)
def test_misspelt_and_misheard_things_are_recognised(understanding: Understanding, text: str, wanted: str) -> None:
    assert targets(understanding, text) == [wanted]


@pytest.mark.parametrize("text", ["妻", "洗剤を捨てたい", "証券はどこ", "回覧板", "人工芝", "鞍替えした"])
def test_other_words_are_not_taken_for_things_that_sound_a_little_alike(understanding: Understanding, text: str) -> None:
    assert targets(understanding, text) == []


def test_without_the_ear_a_misheard_thing_is_not_found(understanding: Understanding) -> None:
    sentence = read("走時期を捨てたい", understanding.readings)
    assert link(sentence, understanding.lexicon).mentions == ()


def test_an_unknown_thing_is_handed_over_with_at_most_three_suggestions(conversation: Conversation) -> None:
    request = conversation.say("テレビのリモコンを捨てたい")
    assert (request.action, request.ids) == ("refuse", ("r.unknown",))
    assert request.unknown == ("テレビのリモコン",) and 1 <= len(request.suggestions) <= 3


def test_voicing_and_length_do_not_change_the_folded_sound() -> None:
    assert folded_sound("すとーぷ") == folded_sound("すとーぶ")
    assert folded_sound("れーぞーこ") == folded_sound("れいぞうこ")


def test_the_towns_own_alias_wins_over_a_table_name(town: Town) -> None:
    lexicon = Lexicon(town)
    assert lexicon.entries["椅子"].target == "S00088"
    assert Ear(lexicon).hear(["そうじき"]) is not None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("もっと大きな字にして", "s.larger"),
        ("ゆっくり話してください", "s.slower"),
        ("もう一度お願いします", "s.repeat"),
        ("English please", "s.english"),
        ("もっと短く言って", "s.shorter"),
    ],
)
def test_wishes_about_how_we_talk_are_settings(readings: Readings, text: str, wanted: str) -> None:
    wish = setting(read(text, readings))
    assert wish is not None and wanted in wish.ids


@pytest.mark.parametrize("text", ["大きなタンスを捨てたい", "大きいです", "ゆっくりでいいのでいつ来ますか", "英語の本を捨てたい"])
def test_sentences_about_things_are_no_settings(readings: Readings, text: str) -> None:
    assert setting(read(text, readings)) is None


def test_a_clear_wish_signs_up_and_a_question_about_it_does_not(readings: Readings) -> None:
    assert lesson(read("スマホ教室に申し込みたいです", readings)) is not None
    assert lesson(read("スマホ教室の申し込み方法は", readings)) is None
    assert live(read("お祭りの中継を見たい", readings)) is not None
