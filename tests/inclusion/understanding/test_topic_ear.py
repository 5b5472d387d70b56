"""A name of the town that was only heard alike is put as a question, never answered outright; other words are left alone."""

from __future__ import annotations

import pytest

from accessibility import Readings
from inclusion.municipalities import Town
from inclusion.understanding.sentence import read
from inclusion.understanding.topic_ear import TopicEar

from .conftest import Conversation


@pytest.fixture(scope="module")
def ear(town: Town, readings: Readings) -> TopicEar:
    return TopicEar(town, readings)


@pytest.mark.parametrize(
    ("heard", "meant"), [("重民票がほしい", "住民票がほしい"), ("神田際はいつ", "神田祭はいつ"), ("被難所はどこ", "避難所はどこ")]
)
def test_a_misheard_name_is_put_right(ear: TopicEar, readings: Readings, heard: str, meant: str) -> None:
    assert ear.corrected(read(heard, readings)) == meant


@pytest.mark.parametrize("said", ["住民票がほしい", "椅子を捨てたい", "天気はどうですか", "how are you"])
def test_right_and_other_words_are_left_alone(ear: TopicEar, readings: Readings, said: str) -> None:
    assert ear.corrected(read(said, readings)) is None


def test_what_was_put_right_is_asked_about(conversation: Conversation) -> None:
    request = conversation.say("重民票はどこ")
    assert (request.action, request.ids) in [("confirm", ("f.juminhyo",)), ("faq", ("f.juminhyo",))]
