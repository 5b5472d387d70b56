"""A question said aloud at home, on its way to the host: written down, confirmed, played; without it only who types could ask.

The shipped ears know a closed vocabulary: what they are sure of is shown to who asked and goes as words only after a press; everything
else goes as the voice itself. Recordings are in memory only (see streaming/questions.py), and nothing of them is logged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from accessibility.hearing import Ears, Heard, HearingError, Limits, NobodySpoke, NothingRecorded, Rewriter, TooQuiet
from inclusion.understanding.believing import SURE
from inclusion.web.errors import NotFound
from inclusion.web.limits import RateLimit
from inclusion.web.numbered import Number
from inclusion.web.reader import Reader
from streaming import StreamingError
from streaming.errors import TooManyQuestions
from streaming.questions import Spoken

from .stage import LiveStage
from .together import problem, seated_by

LIMITS: Final = Limits(seconds=30.0, size=1_000_000)
HEARD_AT_ONCE: Final = 2  # the ears answer residents' questions too
PATIENCE_S: Final = 30.0
NOTHING_SAID: Final = (NothingRecorded, NobodySpoke, TooQuiet)


class Sent(BaseModel):
    """`voice`: whether the host may also hear it."""

    voice: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """`text` is "" where the ears are not sure: then there is the voice alone."""

    text: str
    sound: bytes


class QuestionEars:
    """Listens to questions. `ears` is None where the platform does not hear: then every question goes as a voice."""

    def __init__(self, ears: Ears | None, rewriter: Rewriter) -> None:
        self._ears, self._rewriter = ears, rewriter
        self._places = asyncio.Semaphore(HEARD_AT_ONCE)

    async def listen(self, recording: bytes, language: str) -> WrittenDown:
        """Raises HearingError: no recording, too long, or nobody is heard in it."""
        plain = await run_in_threadpool(self._rewriter.rewritten, recording)
        return WrittenDown(await self._text(recording, language), plain.content)  # written anew it is a little harder to hear

    async def stop(self) -> None:
        await run_in_threadpool(self._rewriter.stop)

    async def _text(self, recording: bytes, language: str) -> str:
        if self._ears is None:
            return ""
        try:
            async with asyncio.timeout(PATIENCE_S), self._places:
                return sure_text(await run_in_threadpool(self._ears.hear, recording, language))
        except NOTHING_SAID:
            raise
        except (HearingError, TimeoutError):  # words nobody could make out, or ears that are busy: a person will hear them
            return ""


def sure_text(heard: Heard) -> str:
    """The words where they can be believed as much as those that are answered without asking back, "" otherwise."""
    return heard.text if heard.confidence >= SURE and not heard.drowned else ""


class SpokenPages:
    """The addresses under /live/{room}/spoken, and the host's way to a voice."""

    def __init__(self, stage: LiveStage, ears: QuestionEars) -> None:
        self._stage, self._ears = stage, ears
        self._listening: set[tuple[str, int]] = set()

    async def speak(self, request: Request, room: str) -> Response:
        """The recording as body. What was heard, to be confirmed; 422 with the ears' word for why, where nothing was."""
        try:
            said = await self._said(request, room)
        except StreamingError as refused:
            return problem(refused)
        except HearingError as unheard:
            return JSONResponse({"status": 422, "code": unheard.code}, 422, media_type="application/problem+json")
        return JSONResponse({"number": said.number, "text": said.text})

    async def send(self, request: Request, room: str, number: Number, sent: Sent) -> Response:
        """What was said goes to the host."""
        try:
            gathering, seat, _ = seated_by(self._stage, request, room)
            gathering.floor.confirm(seat, number, sent.voice, self._stage.seconds())
        except StreamingError as refused:
            return problem(refused)
        return Response(status_code=204)

    async def withdraw(self, request: Request, room: str) -> Response:
        try:
            gathering, seat, _ = seated_by(self._stage, request, room)
        except StreamingError as refused:
            return problem(refused)
        gathering.floor.withdraw(seat)
        return Response(status_code=204)

    async def play(self, request: Request, room: str, number: Number) -> Response:
        """For the host: the voice of a question. Raises NotFound."""
        try:
            gathering, _, _ = seated_by(self._stage, request, room, ("host",))
        except StreamingError as refused:
            return problem(refused)
        sound = gathering.floor.questions.sound(number)
        if not sound:
            raise NotFound()
        return Response(sound, media_type="audio/mp4")

    async def _said(self, request: Request, room: str) -> Spoken:
        """One recording of a person at a time. Raises StreamingError or HearingError."""
        gathering, seat, _ = seated_by(self._stage, request, room)
        who = room, seat.number
        if who in self._listening:
            raise TooManyQuestions(retry_after_s=1)
        gathering.floor.may_speak_a_question(seat, self._stage.seconds())
        self._listening.add(who)
        try:
            written = await self._ears.listen(await request.body(), Reader.of(request).language)
        finally:
            self._listening.discard(who)
        return gathering.floor.spoken(seat, written.text, written.sound, self._stage.seconds())


def add_spoken(router: APIRouter, stage: LiveStage, ears: QuestionEars, limit: RateLimit) -> None:
    pages, limited = SpokenPages(stage, ears), [Depends(limit)]
    router.add_api_route("/live/{room}/spoken", pages.speak, methods=["POST"], dependencies=limited, response_class=Response)
    router.add_api_route("/live/{room}/spoken", pages.withdraw, methods=["DELETE"], dependencies=limited, response_class=Response)
    router.add_api_route("/live/{room}/spoken/{number}", pages.send, methods=["POST"], dependencies=limited, response_class=Response)
    router.add_api_route("/live/{room}/questions/{number}", pages.play, methods=["GET"], response_class=Response)
