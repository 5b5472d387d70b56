"""Things told by their look or use, no word of ours in the sentence: always put as a question, with the next likeliest to choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inclusion.understanding import Understanding
from inclusion.understanding.said import own_examples
from inclusion.understanding.sentence import read

from .conftest import Conversation


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("孫が小学校の六年間、毎日背負って通った革のやつ", "S00440"),
        ("夏に首をふって風を送ってくれる、羽根が回るやつ", "S00246"),
    ],
)
def test_what_is_only_described_is_asked_about(conversation: Conversation, said: str, target: str) -> None:
    request = conversation.say(said)
    assert (request.action, request.ids) == ("confirm", (target,))
    assert conversation.say("はい").ids == (target,)


def test_who_says_no_may_choose_from_the_next_likeliest(conversation: Conversation) -> None:
    asked = conversation.say("孫が小学校の六年間、毎日背負って通った革のやつ")
    refused = conversation.say("違います")
    assert refused.action == "refuse" and refused.suggestions == asked.suggestions
    assert not set(refused.suggestions) & set(asked.ids)


def test_what_is_like_nothing_of_ours_is_handed_over(conversation: Conversation) -> None:
    """Control: the likeliest thing of some always exists; it must be likely enough."""
    assert conversation.say("うちの子の逆上がりを見てやってほしいの").action == "refuse"


def test_a_word_that_is_added_needs_no_new_learning(understanding: Understanding) -> None:
    town = understanding.town
    more = replace(town, aliases=(*town.aliases, replace(town.aliases[0], word="ぽよぽよ")))
    assert list(own_examples(more)) == list(own_examples(town))


def test_the_likeliest_things_are_known_for_every_sentence(understanding: Understanding) -> None:
    guess = understanding.faqs.best(read("背負って学校へ通う革のかばん", understanding.readings))
    assert guess.told_as("S00440") == max(share for _, share in guess.told)
    assert guess.told_as("S00077") == 0.0
