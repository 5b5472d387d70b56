"""A question to a live room's host over HTTP: spoken and confirmed, or typed without a script; what is refused, what stays nowhere."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from fastapi import APIRouter

from accessibility import Messages
from accessibility.hearing import Ears, EarsAway, Heard, NobodySpoke, Rewriter, ScriptedEars, decode
from accessibility.speaking import RATE, recorded
from inclusion.understanding.believing import SURE
from inclusion.web.assets import Assets
from inclusion.web.limits import RateLimit, TokenBuckets
from inclusion.web.live.asking import add_asking
from inclusion.web.live.settings import LivePlan
from inclusion.web.live.spoken import LIMITS, QuestionEars, add_spoken
from inclusion.web.live.stage import LiveStage
from inclusion.web.pages import Pages
from streaming.questions import BETWEEN_SPOKEN_S

from .fakes import NOW, services
from .test_speech import DeafEars

WORDS = "トイレはどこですか"


def recording(seconds: float = 2.0, container: str = "ogg") -> bytes:
    tone = 0.2 * np.sin(np.arange(round(seconds * RATE)) * 0.05).astype(np.float32)
    return recorded(tone, container).content  # type: ignore[arg-type]


class Room:
    """One live room behind real routes, with a host and a viewer. Time passes when `later` is called."""

    def __init__(self, visit: Callable[..., Any], ears: Ears | None, rewriter: Rewriter) -> None:
        self.seconds = 0.0
        self.stage = LiveStage(LivePlan(sample=False), "a secret", lambda: NOW)
        self.stage.seconds = lambda: self.seconds  # type: ignore[method-assign]
        router, limit = APIRouter(), RateLimit(TokenBuckets(1000, 100.0, lambda: self.seconds), ())
        given, files_of = services(), files("inclusion.municipalities") / "messages"
        messages = Messages.from_files([files_of / "web.csv", files_of / "live.csv"])
        add_spoken(router, self.stage, QuestionEars(ears, rewriter), limit)
        add_asking(router, self.stage, Pages(given.town, messages, Assets.gather()), limit)
        self.web = visit(extra_routers=(router,), on_start=(self.stage.start,), on_stop=(self.stage.stop,))
        self.viewer, self.host = (self.stage.gate.issue("hall", act, NOW, timedelta(hours=1)) for act in ("watch", "host"))
        self.floor = self.stage.gathering("hall").floor  # type: ignore[union-attr]

    def later(self, seconds: float = BETWEEN_SPOKEN_S) -> None:
        self.seconds += seconds

    def speak(self, content: bytes, ticket: str = "") -> Any:
        self.later()
        return self.web.post("/live/hall/spoken", content=content, headers={"Authorization": f"Bearer {ticket or self.viewer}"})

    def send(self, number: int, voice: bool) -> Any:
        headers = {"Authorization": f"Bearer {self.viewer}"}
        return self.web.post(f"/live/hall/spoken/{number}", json={"voice": voice}, headers=headers)

    def play(self, number: int, ticket: str = "") -> Any:
        return self.web.get(f"/live/hall/questions/{number}", headers={"Authorization": f"Bearer {ticket or self.host}"})

    @property
    def told(self) -> list[tuple[str, bool, bool]]:
        return [(one.text, one.heard, bool(one.sound)) for one in self.floor.questions]


@pytest.fixture(scope="module")
def rewriter() -> Iterator[Rewriter]:
    found = Rewriter(LIMITS)
    yield found
    found.stop()


@pytest.fixture
def room(visit: Callable[..., Any], rewriter: Rewriter) -> Callable[..., Room]:
    return lambda ears=None: Room(visit, ears, rewriter)


def test_what_the_ears_are_sure_of_is_shown_confirmed_and_marked_and_the_voice_stays_at_home(room: Callable[..., Room]) -> None:
    hall = room(ScriptedEars(Heard.of(WORDS, SURE)))
    said = hall.speak(recording())
    assert said.status_code == 200 and said.json()["text"] == WORDS
    assert hall.told == []
    assert hall.send(said.json()["number"], voice=False).status_code == 204
    assert hall.told == [(WORDS, True, False)]
    assert hall.play(said.json()["number"]).status_code == 404


@pytest.mark.parametrize("ears", [ScriptedEars(Heard.of("太鼓", SURE - 0.01)), DeafEars(EarsAway("busy")), None])
def test_where_the_ears_are_not_sure_or_away_the_voice_goes_and_no_word_of_theirs(room: Callable[..., Room], ears: Ears | None) -> None:
    hall = room(ears)
    said = hall.speak(recording()).json()
    assert said["text"] == ""
    assert hall.send(said["number"], voice=False).status_code == 403  # not without its owner's leave
    assert hall.send(said["number"], voice=True).status_code == 204
    assert hall.told == [("", False, True)]


def test_only_the_host_hears_a_voice_and_only_until_it_is_answered(room: Callable[..., Room]) -> None:
    hall = room()
    number = hall.speak(recording(2.0)).json()["number"]
    hall.send(number, voice=True)
    played = hall.play(number)
    assert played.headers["content-type"] == "audio/mp4" and played.headers["cache-control"] == "no-store"
    assert abs(decode(played.content).size / 16_000 - 2.0) < 0.2
    assert hall.play(number, hall.viewer).status_code == 403
    assert hall.play(number, "forged").status_code == 401
    hall.floor.answered(number)
    assert hall.play(number).status_code == 404


def test_what_a_telephone_writes_beside_the_sound_goes_nowhere(room: Callable[..., Room]) -> None:
    hall = room()
    place = b"+35.6938+139.7530/"
    number = hall.speak(recording(container="wav") + b"LIST" + len(place).to_bytes(4, "little") + place).json()["number"]
    hall.send(number, voice=True)
    assert place not in hall.play(number).content


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: b"", "empty_recording"),
        (lambda: b"not a recording at all", "not_audio"),
        (lambda: recording(31.0), "audio_too_long"),
        (lambda: recording()[:300], "broken_audio"),
    ],
    ids=["empty", "none", "long", "broken"],
)
def test_what_is_no_short_recording_is_refused_by_its_reason_and_leaves_nothing(
    room: Callable[..., Room], made: Callable[[], bytes], code: str
) -> None:
    hall = room()
    refused = hall.speak(made())
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert hall.send(1, voice=True).status_code == 403


def test_silence_is_told_to_who_was_silent_and_does_not_go_to_the_host(room: Callable[..., Room]) -> None:
    refused = room(DeafEars(NobodySpoke())).speak(recording())
    assert (refused.status_code, refused.json()["code"]) == (422, "no_speech")


def test_one_person_is_listened_to_once_at_a_time_and_not_without_a_pause(room: Callable[..., Room]) -> None:
    class SlowEars(ScriptedEars):
        began, may_end = threading.Event(), threading.Event()

        def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
            self.began.set()
            self.may_end.wait(20)
            return super().hear(recording, language, hints)

    ears = SlowEars(Heard.of(WORDS))
    hall, sound = room(ears), recording()
    first: list[Any] = []
    speaking = threading.Thread(target=lambda: first.append(hall.speak(sound)))
    speaking.start()
    assert ears.began.wait(20)
    assert hall.speak(sound).status_code == 422
    ears.may_end.set()
    speaking.join(20)
    assert first[0].status_code == 200
    hall.later(-2 * BETWEEN_SPOKEN_S)
    assert hall.speak(sound).headers["retry-after"]
    assert hall.speak(sound).status_code == 200


def test_without_a_ticket_nobody_is_listened_to(room: Callable[..., Room]) -> None:
    ears = DeafEars(AssertionError("nobody may be heard"))
    assert room(ears).speak(recording(), "forged").status_code == 401


def test_a_closed_room_takes_no_voice_and_has_none(room: Callable[..., Room]) -> None:
    hall = room()
    number = hall.speak(recording()).json()["number"]
    hall.send(number, voice=True)
    assert hall.play(number).status_code == 200  # the control
    hall.stage.gathering("hall").close()  # type: ignore[union-attr]
    assert hall.play(number).status_code == 404
    assert hall.speak(recording()).status_code == 403


def test_nothing_of_it_is_logged(room: Callable[..., Room], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hall = room(ScriptedEars(Heard.of(WORDS)))
    hall.send(hall.speak(recording()).json()["number"], voice=True)
    hall.speak(b"not a recording at all")
    said = "\n".join(
        f"{one.getMessage()} {vars(one)}"
        for one in caplog.records
        if one.name.partition(".")[0] in ("inclusion", "streaming", "accessibility")
    )
    assert "was answered" in said
    assert not any(word in said for word in (WORDS, hall.viewer, "hall/"))


def test_without_a_script_a_question_is_typed_and_arrives(room: Callable[..., Room]) -> None:
    hall = room()
    arrived = hall.web.post("/live/hall/questions", data={"ticket": hall.viewer, "text": "  駐車場は  ありますか ", "key": "12-ab"})
    assert arrived.status_code == 200 and "質問が届きました" in arrived.text
    assert 'href="/live/hall?key=12-ab"' in arrived.text
    assert hall.told == [("駐車場は ありますか", False, False)]


@pytest.mark.parametrize(
    ("text", "ticket", "status"), [("", "", 422), ("あ" * 201, "", 422), ("どこ", "forged", 401)], ids=["empty", "long", "forged"]
)
def test_a_typed_question_is_refused_in_words(room: Callable[..., Room], text: str, ticket: str, status: int) -> None:
    hall = room()
    refused = hall.web.post("/live/hall/questions", data={"ticket": ticket or hall.viewer, "text": text})
    assert refused.status_code == status and 'class="problem"' in refused.text
    assert hall.told == []
