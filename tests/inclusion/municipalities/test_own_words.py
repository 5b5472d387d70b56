"""What the town itself wrote is said in the asker's language where somebody translated it, and told to be Japanese elsewhere."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accessibility import Preferences
from accessibility.plain_japanese import breaches
from inclusion.municipalities import Faq, Town
from inclusion.skills import town_office
from inclusion.skills.scene import Scene
from inclusion.understanding import Request
from tests.towns import demo_town

LANGUAGES = ("en", "zh-Hans", "ko")
TONGUES = ("ja-easy", *LANGUAGES)
PHONE = re.compile(r"#?\d{2,4}-\d{4}-\d{4}")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
KANJI = {"一": "1", "二": "2", "六": "6"}
AFTERNOON = re.compile(r"午後(\d+)")
TEN_THOUSANDS = re.compile(r"(\d+)\s*[万만]")
SAID_MORE = {"7", "11", "90", "180"}  # 7-Eleven by its sign, and a mat by its sides
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def town() -> Town:
    return demo_town()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_sizes_and_every_choice_is_translated(town: Town, language: str) -> None:
    texts = [text for group in town.groups.values() for text in (group.question, *(row.label for row in group.rows))]
    assert not [text for text in texts if town.own_words(text, language) is None]


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_faq_answers_in_every_language(town: Town, tongue: str) -> None:
    assert not [text for faq in town.faqs.values() for text in lines(faq) if tongue not in town.translations.get(text, {})]


@pytest.mark.parametrize("tongue", TONGUES)
def test_no_translation_changes_a_fact(town: Town, tongue: str) -> None:
    """Telephone numbers, yen, sizes, hours and days: nothing lost but a bare one, nothing added."""
    wrong = [
        (japanese, others[tongue])
        for japanese, others in town.translations.items()
        if tongue in others and not same_facts(japanese, others[tongue])
    ]
    assert wrong == []


def test_a_changed_fact_would_be_seen() -> None:
    assert same_facts("買った額の3分の2、3万円まで", "two thirds of the price, up to 30,000 yen")
    assert not same_facts("買った額の3分の2、3万円まで", "a third of the price, up to 30,000 yen")
    assert not same_facts("21時まで", "午後8時まで")
    assert not same_facts("電話は 03-6743-0603 です", "Phone: 03-6743-0608")
    assert same_facts("月〜土の8時から19時", "朝8時から 午後7時まで")


def test_easy_japanese_passes_the_strict_rules(town: Town) -> None:
    hard = {easy: [str(one) for one in breaches(easy)] for others in town.translations.values() if (easy := others.get("ja-easy"))}
    assert {easy: why for easy, why in hard.items() if why} == {}


def test_words_by_a_machine_are_marked_until_somebody_has_checked_them(town: Town) -> None:
    english, japanese = answered(town, "f.toilet", "en"), answered(town, "f.toilet", "ja")
    easy = answered(town, "f.toilet", "ja", easy=True)
    assert english[0].startswith("The city's list") and "machine" in english[-1]
    assert "37か所" in easy[0] and "まだ 人が 見て いません" in easy[-1]
    assert not any("機械" in line for line in japanese)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_to_call_and_the_sample_classes_are_named_in_every_language(town: Town, language: str) -> None:
    in_danger = {one for rule in town.guard if rule.id in ("r.emergency", "r.fraud", "r.medical") for one in rule.contacts}
    calm = [one for one in town.contacts.values() if one.id not in in_danger]
    texts = [text for one in calm for text in (one.name, one.hours) if text] + list(words_of_classes(town))
    assert len(texts) > 40 and not [text for text in texts if language not in town.translations.get(text, {})]


def test_a_place_is_named_whole_or_not_at_all(town: Town) -> None:
    assert town.named("見本会場A 1階 研修室", "en") == "Sample venue A 1F training room (見本会場A 1階 研修室)"
    assert town.named("見本会場A 1階 まだ名のない部屋", "en") == "見本会場A 1階 まだ名のない部屋"
    assert town.named("見本会場A 1階 研修室", "ja") == "見本会場A 1階 研修室"


def test_japanese_stays_as_it_is_and_what_nobody_translated_is_none(town: Town) -> None:
    assert town.own_words("まだ訳していない文", "en") is None
    assert town.own_words("まだ訳していない文", "ja") == "まだ訳していない文"
    assert town.own_words("まだ訳していない文", "ja", easy=True) == "まだ訳していない文"


def test_what_is_said_in_danger_is_never_a_draft(town: Town) -> None:
    texts = {text for rule in town.guard for text in (rule.headline, *rule.details)}
    assert not texts & set(town.drafts)


def words_of_classes(town: Town) -> Iterator[str]:
    """What residents read of the sample classes."""
    shown = {
        "classes": ("name", "room", "what_to_bring", "target_audience"),
        "courses": ("name", "description", "skills_taught"),
        "venues": ("name", "address", "floor"),
    }
    for sheet, columns in shown.items():
        with (Path(town.folder) / "lessons" / f"{sheet}.csv").open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                yield from (word for column in columns for word in row[column].split("|"))


def lines(faq: Faq) -> Iterator[str]:
    yield from (faq.title, faq.headline, *faq.details)


def answered(town: Town, faq: str, language: str, easy: bool = False) -> tuple[str, ...]:
    scene = Scene(town, Preferences(language=language, easy=easy), language, NOW)
    answer = town_office.answer(Request("faq", (faq,)), scene)
    return (answer.headline, *answer.details)


def same_facts(japanese: str, other: str) -> bool:
    wanted, said = facts(japanese), facts(other)
    in_kanji = {number for kanji, number in KANJI.items() if kanji in japanese}
    return wanted - {"1"} <= said and said <= wanted | in_kanji | {"1"} | SAID_MORE


def facts(text: str) -> set[str]:
    """Telephone numbers whole, and all other numbers, however a language writes them."""
    phones = set(PHONE.findall(text))
    text = TEN_THOUSANDS.sub(lambda found: found[1] + "0000", PHONE.sub(" ", text))
    text = AFTERNOON.sub(lambda found: str(int(found[1]) + 12), re.sub(r"(?<=\d),(?=\d{3})", "", text)).replace(":00", "")
    for number, word in enumerate(WORDS):
        text = re.sub(rf"\b{word}\b", str(number), text, flags=re.IGNORECASE)
    for number, month in enumerate(MONTHS, start=1):
        text = re.sub(rf"\b{month}\b(?! I )", str(number), text)
    text = re.sub(r"\btwice\b", "2", text, flags=re.IGNORECASE)
    return phones | set(NUMBER.findall(re.sub(r"\bthirds?\b", "3", text)))
