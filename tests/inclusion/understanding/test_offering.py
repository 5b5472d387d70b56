"""What names nothing is offered nothing: 「3」 was asked back with three things that only sound like it."""

from __future__ import annotations

import pytest

from inclusion.understanding import Talk, Understanding

from .conftest import NOW


@pytest.mark.parametrize("said", ["3", "５", "5枚", "100円", "はい", "いいえ", "それ", "ok", "はい、お願いします", "네"])
def test_numbers_and_yes_and_no_are_near_to_no_thing(understanding: Understanding, said: str) -> None:
    assert understanding.understand(said, Talk(), NOW)[0].suggestions == ()


def test_a_word_that_is_nearly_ours_is_still_offered(understanding: Understanding) -> None:
    """Control."""
    request, _ = understanding.understand("てれびだいい", Talk(), NOW)
    assert request.action != "refuse" or request.suggestions
