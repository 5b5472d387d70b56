"""What the town itself wrote is said in the asker's language where somebody translated it, and told to be Japanese elsewhere."""

from __future__ import annotations

import re

import pytest

from inclusion.municipalities import load_town

PHONE = re.compile(r"\d{2}-\d{4}-\d{4}")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ko"])
def test_every_question_of_sizes_and_every_choice_is_translated(language: str) -> None:
    town = load_town("chiyoda")
    texts = [text for group in town.groups.values() for text in (group.question, *(row.label for row in group.rows))]
    assert not [text for text in texts if town.own_words(text, language) is None]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ko"])
def test_no_translation_changes_a_telephone_number(language: str) -> None:
    for japanese, others in load_town("chiyoda").translations.items():
        assert set(PHONE.findall(others[language])) <= set(PHONE.findall(japanese)), japanese


def test_japanese_stays_as_it_is_and_what_nobody_translated_is_none() -> None:
    town = load_town("chiyoda")
    assert town.own_words("まだ訳していない文", "en") is None
    assert town.own_words("まだ訳していない文", "ja") == "まだ訳していない文"
