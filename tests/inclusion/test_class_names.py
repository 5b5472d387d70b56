"""A class is found by its name, by a part of it, and by what is taught there; a story and a wish to cancel find none."""

from datetime import UTC, datetime, timedelta

import pytest

from inclusion.classes.by_name import asked_by_name, may_be_a_name
from inclusion.classes.upcoming import UpcomingClass

START = datetime(2026, 12, 1, 1, tzinfo=UTC)
POWER, CALL, MAP, LINE, NET, SAFE = (
    "はじめての電源とボタン",
    "電話とカメラ",
    "地図で出かけよう",
    "LINEで家族とやりとり",
    "インターネットで調べる",
    "だまされないための練習",
)
TAUGHT = {
    POWER: "電源とボタンの使い方",
    CALL: "電話とカメラの使い方",
    MAP: "地図の使い方",
    LINE: "LINEの使い方",
    NET: "インターネットの使い方",
    SAFE: SAFE,
}
TERM = [
    UpcomingClass(f"{week}{name}", name, START + timedelta(weeks=week), "会場", "https://town.example", 3, True, course=course)
    for week in (0, 1)
    for name, course in TAUGHT.items()
]


def named(said: str) -> set[str]:
    return {one.name for one in asked_by_name(said, TERM)} if may_be_a_name(said) else set()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("だまされないための練習", SAFE),
        ("だまされないための練習に出たい", SAFE),
        ("だまされない練習の教室はありますか", SAFE),
        ("だまされないための練習はいつですか", SAFE),
        ("すみません、地図で出かけようはまだ空いていますか", MAP),
        ("地図の教室", MAP),
        ("ラインの教室に出たいです", LINE),
        ("インターネット講座ありますか", NET),
        ("電源とボタンの教室がいいです", POWER),
        ("カメラの教室を教えてください", CALL),
    ],
)
def test_a_class_is_found_by_its_name(said: str, name: str) -> None:
    assert named(said) == {name}


@pytest.mark.parametrize(
    "said",
    [
        "だまされた",
        "だまされないために気をつけること",
        "だまされないための教室だと言われてお金を払った",
        "だまされないための練習を取り消す",
        "地図",
        "LINEの使い方を教えて",
        "電話番号",
        "スマホの教室",
        "スマホ教室に申し込みたい",
        "写真の教室",
        "椅子",
        "教室",
    ],
)
def test_other_words_name_no_class(said: str) -> None:
    assert named(said) == set()


def test_all_dates_of_the_term_are_found() -> None:
    assert [one.start for one in asked_by_name("地図の教室", TERM)] == [START, START + timedelta(weeks=1)]
