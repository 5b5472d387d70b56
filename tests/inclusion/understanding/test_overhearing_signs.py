"""Signs that only sound like a thing of ours are put as a question; a word of the dictionary stays itself."""

from __future__ import annotations

import pytest

from .conftest import Conversation


@pytest.mark.parametrize(("said", "item"), [("女室機はいくらですか", "S00208"), ("線布機を捨てたい", "S00246")])
def test_a_thing_written_with_other_signs_is_asked_about(conversation: Conversation, said: str, item: str) -> None:
    request = conversation.say(said)
    assert (request.action, [one.id for one in request.items]) == ("confirm", [item])


@pytest.mark.parametrize("said", ["人生を語りたい", "政治家に会いたい", "会議室を借りたい"])
def test_words_that_only_sound_a_little_alike_are_no_things(conversation: Conversation, said: str) -> None:
    assert not conversation.say(said).items
