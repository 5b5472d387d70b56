"""The page where a resident asks; without this file one would need LINE, an app or another person to reach the town.

Everything works as a plain form. Each page carries its own number (`turn`), the conversation's id and the answer it shows, sealed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from .api import ask_in_thread
from .ask_audio import hear_recording
from .errors import Unheard
from .limits import RateLimit
from .pages import Pages
from .reader import Reader
from .recent_turns import RecentTurns, turn_key
from .recording_pages import COOKIE as RECORDINGS_COOKIE
from .security import OwnFormsOnly
from .services import AskReply, WebServices
from .shown_answer import Seal, ShownAnswer
from .typed_text import LIMIT, cleaned

SPOKEN: Final = "/spoken"
SAMPLES: Final = ("web.sample.1", "web.sample.2", "web.sample.3", "web.sample.4")
ANSWERED_COOKIE: Final = "answered"
TALK_COOKIE: Final = "talk"
A_DAY_S: Final = 24 * 3600
SETTINGS: Final[tuple[str, ...]] = ("tongue", "letters", "furigana", "voice", "speed")
Problem = Literal["", "empty", "too_long", "already"]


@dataclass(frozen=True, slots=True)
class SentForm:
    """What a button on the page sent. `choice` is a pressed answer, `again` asks for the shown answer in another form."""

    text: str
    typed: str
    again: str
    settings: Mapping[str, str]
    turn: str
    conversation: str
    shown: str

    @classmethod
    async def read(cls, request: Request) -> SentForm:
        async with request.form(max_files=0, max_fields=20) as form:
            return cls.of(form)

    @classmethod
    async def read_spoken(cls, request: Request) -> tuple[SentForm, bytes]:
        """The form, and the recording that came with it (empty when none did)."""
        async with request.form(max_files=1, max_fields=20) as form:
            recording = form.get("recording")
            return cls.of(form), b"" if recording is None or isinstance(recording, str) else await recording.read()

    @classmethod
    def of(cls, form: FormData) -> SentForm:
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
        fields = {name: sent.get(name, "") for name in ("again", "turn", "conversation", "shown")}
        typed = cleaned(sent.get("text", ""))
        settings = {name: sent[name] for name in SETTINGS if name in sent}
        return cls(text=cleaned(sent["choice"]) if "choice" in sent else typed, typed=typed, settings=settings, **fields)


@dataclass(frozen=True, slots=True)
class View:
    """Everything one page shows besides its reader. `short` leaves the details out; `unheard` is why a recording was not understood."""

    conversation: str = ""
    answer: ShownAnswer | None = None
    short: bool = False
    typed: str = ""
    problem: Problem = ""
    unheard: str = ""


class ChatPage:
    def __init__(self, services: WebServices, pages: Pages, recent: RecentTurns) -> None:
        self._services, self._pages, self._recent = services, pages, recent
        self._seal = Seal(services.secret)
        self._secure = services.public_url.startswith("https://")

    def open(self, request: Request) -> Response:
        return self._show(Reader.of(request), View())

    async def take_spoken(self, request: Request) -> Response:
        """A recorded question. The recording is gone when its words are known, or not; only who agreed to it has theirs kept."""
        form, recording = await SentForm.read_spoken(request)
        reader = Reader.of(request)
        key = turn_key(form.turn or secrets.token_urlsafe(12), hashlib.sha256(recording).hexdigest())

        async def ask() -> AskReply:
            if self._services.recordings is not None:
                await run_in_threadpool(self._services.recordings.keep, request.cookies.get(RECORDINGS_COOKIE, ""), recording)
            heard = await hear_recording(self._services, recording, reader.language, form.conversation or None)
            return await ask_in_thread(self._services, heard, form.conversation or None, dict(reader.preferences()))

        try:
            reply = await self._recent.once(key, ask)
        except Unheard as why:
            return self._show(reader, View(form.conversation, self._seal.open(form.shown), typed=form.typed, unheard=why.code))
        return self._answered(reader, reply, ShownAnswer.of(reply.asked, reply, heard=True), key)

    async def take(self, request: Request) -> Response:
        """One pressed button: another way of reading, the same answer again, or a question."""
        form, reader = await SentForm.read(request), Reader.of(request)
        if form.settings or form.again in ("larger", "slower"):
            return self._read_otherwise(form, reader)
        if form.again:
            return self._show(reader, View(form.conversation, self._seal.open(form.shown), form.again == "shorter", form.typed))
        return await self._answer(request, form, reader)

    def _read_otherwise(self, form: SentForm, reader: Reader) -> Response:
        by_wish = {"larger": reader.larger, "slower": reader.slower}
        chosen = by_wish[form.again]() if form.again in by_wish else reader.choosing(**form.settings)
        response = self._show(chosen, View(form.conversation, self._seal.open(form.shown), typed=form.typed))
        chosen.remember(response, self._secure)
        return response

    async def _answer(self, request: Request, form: SentForm, reader: Reader) -> Response:
        key = turn_key(form.turn or secrets.token_urlsafe(12), form.text)  # a form without a number is nobody's double tap
        problem = self._problem(request, form, key)
        if problem:
            shown = self._seal.open(form.shown)
            return self._show(reader, View(form.conversation, shown, typed=form.text[:LIMIT], problem=problem))
        reply = await self._recent.once(key, lambda: self._ask(form, reader.preferences()))
        return self._answered(reader, reply, ShownAnswer.of(form.text, reply), key)

    def _answered(self, reader: Reader, reply: AskReply, shown: ShownAnswer, key: str) -> Response:
        reader_now = reader.following(reply.preferences)
        response = self._show(reader_now, View(reply.conversation, shown))
        if reader_now != reader:
            reader_now.remember(response, self._secure)
        response.set_cookie(ANSWERED_COOKIE, key, httponly=True, samesite="lax", secure=self._secure)
        response.set_cookie(TALK_COOKIE, reply.conversation, max_age=A_DAY_S, httponly=True, samesite="lax", secure=self._secure)
        return response

    def _problem(self, request: Request, form: SentForm, key: str) -> Problem:
        """Why this is not asked. "already": this very form was answered by another worker, so asking again is left to the person."""
        if not form.text:
            return "empty"
        if len(form.text) > LIMIT:
            return "too_long"
        answered_elsewhere = request.cookies.get(ANSWERED_COOKIE) == key and not self._recent.knows(key)
        return "already" if answered_elsewhere else ""

    async def _ask(self, form: SentForm, preferences: Mapping[str, object]) -> AskReply:
        return await ask_in_thread(self._services, form.text, form.conversation or None, dict(preferences))

    def _show(self, reader: Reader, view: View) -> HTMLResponse:
        status = 422 if view.problem in ("empty", "too_long") or view.unheard else 200
        sealed = self._seal.close(view.answer) if view.answer else ""
        paper = sealed if self._services.prints else ""
        if self._services.prints and paper:
            self._services.prints()
        turn = secrets.token_urlsafe(12)
        carried = {
            "sealed": sealed,
            "turn": turn,
            "paper": paper,
            "speech": self._speech(reader, view),
            "hears": self._services.ears is not None,
        }
        return self._pages.render("chat.html", reader, status, view=view, samples=SAMPLES, limit=LIMIT, **carried)

    def _speech(self, reader: Reader, view: View) -> str:
        """Where the shown answer can be heard; "" when nothing speaks here, or the person does not want it."""
        if self._services.voices is None or view.answer is None or not reader.voice:
            return ""
        spoken = view.answer.headline if view.short else view.answer.spoken
        speech_id = self._services.voices.order(spoken, view.answer.language, reader.speed / 100, reader.loud)
        return f"/api/v1/speech/{speech_id}.m4a" if speech_id else ""


def chat_router(services: WebServices, pages: Pages, recent: RecentTurns, limit: RateLimit) -> APIRouter:
    page = ChatPage(services, pages, recent)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/", page.open, methods=["GET"], response_class=HTMLResponse)
    guards = [Depends(limit), Depends(OwnFormsOnly(services.public_url))]
    router.add_api_route("/", page.take, methods=["POST"], response_class=HTMLResponse, dependencies=guards)
    router.add_api_route(SPOKEN, page.take_spoken, methods=["POST"], response_class=HTMLResponse, dependencies=guards)
    return router
