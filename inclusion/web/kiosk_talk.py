"""One hands-free talk: hears, answers aloud, lets itself be interrupted, and ends kindly; without it a kiosk would need a keyboard."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from typing import Any, Final

import numpy as np

from accessibility.hearing import HeardSoFar, HearingError, ListeningStream, SpeechBegan, SpeechEnded, TurnHeard, TurnUnheard
from accessibility.speaking import RATE, Manner, Pcm, SpeakingError, Voice
from streaming.gathering import Bell
from streaming.telephone import IN_RATE, Mouth, Samples

from .services import Asker, AskReply

log = logging.getLogger(__name__)

PIECE_S: Final = 0.1
LONGEST_PIECE_S: Final = 0.5
QUIET_TURNS: Final = 2  # unbroken silences (of eight seconds each) after which the talk ends
LEAST_QUIET_S: Final = 6.0  # after our own last word; a shorter silence is only somebody thinking
GONE_S: Final = 15.0
LONGEST_S: Final = 1800.0
NOT_HEARD: Final = ("not_heard", "too_quiet", "too_noisy")

Say = Callable[[str], str]


@dataclass(slots=True)
class Shown:
    """What the page shows, as numbered events; a page that comes back gets those it missed."""

    events: list[Mapping[str, Any]] = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)

    def tell(self, **words: Any) -> None:
        self.events.append(words)
        self.bell.ring()


class KioskTalk:
    """`take` gets the person's sound; `run` talks until the person falls silent, presses the end, or is gone."""

    def __init__(
        self, mouth: Mouth, stream: ListeningStream, voice: Voice, asker: Asker, say: Say, preferences: Mapping[str, Any],
        now: Callable[[], datetime], least_quiet_s: float = LEAST_QUIET_S,
    ) -> None:  # fmt: skip
        self.shown, self.ended = Shown(), False
        self._mouth, self._stream, self._voice, self._asker = mouth, stream, voice, asker
        self._say, self._preferences, self._now = say, preferences, now
        self._pace, self._loud = float(preferences.get("speed", 0.9)), bool(preferences.get("loud", False))
        self._least_quiet_s = least_quiet_s
        self._coming: Samples = np.zeros(0, dtype=np.float32)
        self._heard_last = self._fell_silent = 0.0
        self._quiet = 0
        self._conversation: str | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._enough = Event()  # of what we are saying now

    def take(self, sound: Samples) -> None:
        self._coming = np.concatenate([self._coming, sound])[-int(30 * IN_RATE) :]
        self._heard_last = asyncio.get_running_loop().time()

    async def run(self) -> None:
        clock = asyncio.get_running_loop().time
        began = self._heard_last = clock()
        self._tell_state("listening")
        while not self.ended and not self._mouth.heard_by_somebody and clock() - began < GONE_S:  # noqa: ASYNC110 - a line is being made
            await asyncio.sleep(PIECE_S)
        self._speak(self._say("kiosk.hello"))
        await self._expect()
        try:
            while not self.ended and clock() - self._heard_last < GONE_S and clock() - began < LONGEST_S:
                await asyncio.sleep(PIECE_S)
                await self._listen()
        finally:
            self._finish()

    def end(self) -> None:
        """The person pressed the end."""
        self.ended = True

    async def _listen(self) -> None:
        most = int(LONGEST_PIECE_S * IN_RATE)
        while self._coming.size >= int(PIECE_S * IN_RATE) and not self.ended:
            piece, self._coming = self._coming[:most], self._coming[most:]
            try:
                events = await asyncio.to_thread(self._stream.push, piece)
            except HearingError as away:
                log.warning("A talk could not be heard: %s", type(away).__name__)
                self._apologise("ears_away")
                return
            for event in events:
                await self._on(event)

    async def _on(self, event: object) -> None:
        match event:
            case SpeechBegan():
                self._quiet = 0
                self._be_interrupted()
                self._tell_state("hearing")
            case HeardSoFar(text):
                self.shown.tell(partial=text)
            case SpeechEnded():
                self._tell_state("thinking")
            case TurnHeard(heard):
                self.shown.tell(heard=heard.text)
                await self._answer(heard)
            case TurnUnheard(code):
                await self._unheard(code)

    async def _answer(self, heard: Any) -> None:
        reply: AskReply = await asyncio.to_thread(self._asker.ask, heard, self._conversation, self._preferences, self._now())
        self._conversation = reply.conversation or self._conversation
        if reply.preferences is not None:  # "slower" and "louder", said in this talk
            self._pace, self._loud = reply.preferences.speed, reply.preferences.loud
        said = reply.rendered
        self.shown.tell(answer=said.headline, lines=list(said.lines), notes=list(said.notes), heard=reply.asked or heard.text)
        self._speak(said.spoken, said.language)
        await self._expect()

    async def _expect(self) -> None:
        """Tell the ears what may be said now."""
        language = str(self._preferences.get("language", "ja"))
        self._stream.expect(await asyncio.to_thread(self._asker.expects, self._conversation, language, self._now()))

    async def _unheard(self, code: str) -> None:
        if code in NOT_HEARD:
            self._apologise(code)
            return
        if self._mouth.speaking or (self._speaking is not None and not self._speaking.done()):
            return  # nobody is expected to speak while we do
        if asyncio.get_running_loop().time() - self._fell_silent < self._least_quiet_s:
            return
        self._quiet += 1
        if self._quiet < QUIET_TURNS:
            self._remark("kiosk.still_there")
            return
        self._remark("kiosk.goodbye")
        await self._until_said()
        self.ended = True

    def _apologise(self, code: str) -> None:
        known = code if code in NOT_HEARD else "not_heard"
        self._remark(f"web.error.{known}", f"web.error.{known}.next")

    def _remark(self, *message_ids: str) -> None:
        words = [self._say(one) for one in message_ids]
        self.shown.tell(answer=words[0], lines=words[1:], notes=[])
        self._speak("".join(words))

    def _be_interrupted(self) -> None:
        """Barge-in: whoever speaks has the word, and the voice is spared what nobody would hear."""
        self._enough.set()
        if self._speaking is not None:
            self._speaking.cancel()
        if self._mouth.speaking:
            self._mouth.hush()
            self.shown.tell(interrupted=True)

    def _speak(self, words: str, language: str = "") -> None:
        self._be_interrupted()
        self._tell_state("speaking")
        self._enough = Event()
        self._speaking = asyncio.create_task(self._aloud(words, language, self._enough), name="kiosk voice")

    async def _aloud(self, words: str, language: str, enough: Event) -> None:
        """Sentence by sentence, so that the first is heard while the next is made."""
        manner = Manner(language or str(self._preferences.get("language", "ja")), self._pace, self._loud)
        loop = asyncio.get_running_loop()

        def say(sentence: Pcm) -> None:
            if not enough.is_set():
                self._mouth.say(sentence, RATE)

        def make() -> None:
            with closing(self._voice.sentences(words, manner)) as sentences:
                for sentence in sentences:
                    if enough.is_set():
                        return
                    loop.call_soon_threadsafe(say, sentence)

        try:
            await asyncio.to_thread(make)
        except SpeakingError as away:
            log.info("An answer stayed silent: %s", type(away).__name__)
        await self._until_quiet()
        self._fell_silent = asyncio.get_running_loop().time()
        self._tell_state("listening")

    async def _until_quiet(self) -> None:
        while self._mouth.speaking and not self.ended:  # noqa: ASYNC110 - the mouth speaks by the clock
            await asyncio.sleep(PIECE_S / 2)

    async def _until_said(self) -> None:
        if self._speaking is not None:
            await asyncio.gather(self._speaking, return_exceptions=True)

    def _tell_state(self, state: str) -> None:
        self.shown.tell(state=state)

    def _finish(self) -> None:
        """Both engines are let go: what was half said is forgotten, what was still to be said is not made."""
        self.ended = True
        self._enough.set()
        if self._speaking is not None:
            self._speaking.cancel()
        self._mouth.close()
        self._tell_state("ended")
        asyncio.get_running_loop().run_in_executor(None, self._forget_what_was_said)

    def _forget_what_was_said(self) -> None:
        with suppress(HearingError):  # an engine that is away has forgotten everything
            self._stream.interrupt()
