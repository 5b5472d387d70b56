"""A recorded question sent from the page: heard, shown, answered, and refused kindly; with and without a script it is the same form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accessibility.hearing import EarsAway, Heard, NobodySpoke, ScriptedEars

from .test_chat_page import carried
from .test_speech import DeafEars


def speak(visitor: Any, recording: bytes = b"sound", page: Any = None, **fields: str) -> Any:
    sent = {**carried(page or visitor.get("/")), **fields}
    return visitor.post("/spoken", data=sent, files={"recording": ("question", recording, "audio/webm")})


def test_a_spoken_question_is_shown_as_heard_and_answered(visit: Callable[..., Any]) -> None:
    visitor = visit(ears=ScriptedEars(Heard.of("2人掛けの長いす", 0.9)))
    page = speak(visitor)
    assert page.status_code == 200 and "1,600円" in page.text
    assert "こう聞こえました: " in page.text and "2人掛けの長いす" in page.text


def test_the_talk_goes_on_and_a_double_press_is_heard_once(visit: Callable[..., Any]) -> None:
    visitor = visit(ears=ScriptedEars(Heard.of("いす", 0.9)))
    first = visitor.get("/")
    for _ in range(2):
        again = speak(visitor, page=first)
    assert visitor.asked == ["いす"]
    assert "1,600円" in visitor.post("/", data={**carried(again), "choice": "2人掛けです"}).text


@pytest.mark.parametrize(("why", "said"), [(NobodySpoke(), "声が聞こえませんでした"), (EarsAway("late"), "いま声を聞き取れません")])
def test_what_was_not_heard_is_told_and_what_was_typed_stays(visit: Callable[..., Any], why: Exception, said: str) -> None:
    visitor = visit(ears=DeafEars(why))
    page = speak(visitor, text="長いすは")
    assert page.status_code == 422 and said in page.text and "長いすは" in page.text and visitor.asked == []


def test_no_file_and_too_large_a_file_are_told_too(visit: Callable[..., Any]) -> None:
    visitor = visit(ears=ScriptedEars(Heard.of("いす")))
    assert "録音が空でした" in speak(visitor, b"").text
    assert "録音が空でした" in visitor.post("/spoken", data=carried(visitor.get("/"))).text
    assert speak(visitor, bytes(11_000_000)).status_code == 413


def test_where_nothing_hears_no_microphone_is_offered(visit: Callable[..., Any]) -> None:
    assert "data-recorder" not in visit().get("/").text
    assert "data-recorder" in visit(ears=ScriptedEars(Heard.of("いす"))).get("/").text


def test_another_site_cannot_speak_through_our_page(visit: Callable[..., Any]) -> None:
    visitor = visit(ears=ScriptedEars(Heard.of("いす")))
    foreign = visitor.post("/spoken", files={"recording": b"x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403 and visitor.asked == []
