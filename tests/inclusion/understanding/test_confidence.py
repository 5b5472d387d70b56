"""Being sure: what is likely wrong is put as a question, more so where it was spoken, and what somebody confirmed is not doubted again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inclusion.understanding import Request, Talk, Understanding
from inclusion.understanding.confidence import Confidence
from inclusion.understanding.evidence import Evidence

from .conftest import NOW

KINDS = ("thing", "rule", "faq")
LIKELY_WRONG = "孫の運動会に着ていく服"  # names clothes, and asks nothing about throwing them away


def ask(understanding: Understanding, said: str, talk: Talk | None = None) -> tuple[Request, Talk]:
    return understanding.understand(said, talk or Talk(), NOW)


def sure_of_everything(understanding: Understanding) -> Understanding:
    return replace(understanding, confidence=Confidence({}, {}))


def test_a_likely_wrong_answer_is_put_as_a_question(understanding: Understanding) -> None:
    """Control: without the weights it is stated outright."""
    assert ask(understanding, LIKELY_WRONG)[0].action == "confirm"
    assert ask(sure_of_everything(understanding), LIKELY_WRONG)[0].action == "policy"


@pytest.mark.parametrize(
    "said", ["扇風機を捨てたい", "布団を3枚捨てたい", "処理券はどこで買えますか", "スマホ教室はいつですか", "傘は何ごみ"]
)
def test_a_plain_question_is_answered_outright(understanding: Understanding, said: str) -> None:
    request, _ = ask(understanding, said)
    assert request.action in ("answer", "policy", "faq") and request.confidence > 0.9


def test_what_is_spoken_must_be_surer(understanding: Understanding) -> None:
    wavering = Confidence({}, {(kind, way): least for kind in KINDS for way, least in (("typed", 0.4), ("spoken", 0.6))})
    half_sure = replace(understanding, confidence=wavering)
    typed, _ = half_sure.understand("押し入れの扇風機を捨てたい", Talk(), NOW)
    spoken, _ = half_sure.understand("押し入れの扇風機を捨てたい", Talk(), NOW, channel="spoken")
    assert (typed.action, spoken.action) == ("answer", "confirm") and typed.confidence == 0.5


def test_what_was_confirmed_and_what_answers_our_question_is_not_doubted_again(understanding: Understanding) -> None:
    never_sure = replace(understanding, confidence=Confidence({}, {(kind, "typed"): 1.0 for kind in KINDS}))
    asked, talk = ask(never_sure, "押し入れの扇風機を捨てたい")
    yes, _ = ask(never_sure, "はい", talk)
    assert (asked.action, yes.action, yes.ids) == ("confirm", "answer", asked.ids)
    _, talk = ask(never_sure, "ソファを捨てたい")
    assert ask(never_sure, "2人用です", talk)[0].action == "answer"


def test_the_shipped_weights_know_every_kind_and_both_channels() -> None:
    shipped = Confidence.bundled()
    both = {(kind, way) for kind in KINDS for way in ("typed", "spoken")}
    assert set(shipped.weights) == set(shipped.enough) == both
    assert all(0.9 <= shipped.enough[kind, "typed"] < shipped.enough[kind, "spoken"] < 1 for kind in KINDS)


def test_nouns_left_over_make_less_sure() -> None:
    shipped = Confidence.bundled()
    known, left = (Evidence("thing", {"nouns_left": share, "shortest": 0.5}) for share in (0.0, 1.0))
    assert shipped.of(left) < shipped.of(known) < 1
