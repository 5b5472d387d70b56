"""What runs in the speaking process: reads as the town reads, speaks sentence by sentence, encodes; nothing here is called elsewhere."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from accessibility.engine_process import Frame, JobRefused
from accessibility.errors import ReadingEngineMissing
from accessibility.furigana import Furigana
from accessibility.open_jtalk import Engine, OpenJTalk
from accessibility.readings import Readings

from .containers import GrowingOgg, recorded
from .errors import VoiceMissing
from .pyttsx3_voice import Pyttsx3Voice
from .script import MOST_LETTERS, Line, lines_to_say, with_a_short_beginning
from .sound import joined, spaced
from .voice import Manner, Pcm

WAKES_THE_VOICE = "はい。"
KEPT_SENTENCES = 100  # about 40 MB


def open_engine(settings: dict[str, Any]) -> Callable[[dict[str, Any], bytes], Iterator[Frame]]:
    """The factory that EngineProcess calls. `settings`: names (the town's readings, written -> hiragana), own (a driver)."""
    warnings.simplefilter("ignore", DeprecationWarning)  # pyopenjtalk-plus opens its dictionary in a way SudachiPy 0.7 calls deprecated
    return SpeakingEngine(settings.get("names", {}), settings.get("own", "")).work


class SpeakingEngine:
    def __init__(self, names: dict[str, str], own: str = "") -> None:
        self._voice = Pyttsx3Voice(own=own)
        self._names = names
        self._furigana: Furigana | None = None
        self._corrections: dict[str, str] = {}
        self._kept: OrderedDict[tuple[str, Manner], Pcm] = OrderedDict()
        self._open_japanese()

    def work(self, job: dict[str, Any], body: bytes) -> Iterator[Frame]:
        """`job`: text, language, speed, loud, container, and perhaps readings that staff decided (written -> hiragana).

        "pcm" gives one frame of 32-bit samples per sentence, "ogg" frames of the file as they are ready, the last with the length; anything
        else is one frame.
        """
        manner = Manner(job["language"], job["speed"], job["loud"])
        self._correct(job.get("readings", {}))
        try:
            parts = self._parts(job["text"], manner)
            if job["container"] == "pcm":
                yield from (({}, sound.tobytes()) for _, sound in parts)
                return
            if job["container"] == "ogg":
                yield from _growing(spaced(parts))
                return
            recording = recorded(joined(spaced(parts)), job["container"])
        except VoiceMissing as missing:
            raise JobRefused("missing", {"package": missing.package}) from missing
        except ReadingEngineMissing as missing:
            raise JobRefused("missing", {"package": missing.package}) from missing
        yield {"duration_ms": recording.duration_ms}, recording.content

    def script(self, text: str, language: str) -> tuple[Line, ...]:
        """The sentences to say, one by one, each in its own language. Raises JobRefused when there are none, or far too many."""
        lines = lines_to_say(text, language)
        if not lines:
            raise JobRefused("nothing", {})
        if sum(len(line.text) for line in lines) > 2 * MOST_LETTERS:
            raise JobRefused("long", {})
        return with_a_short_beginning(lines)

    def as_the_town_reads(self, sentence: str, language: str) -> str:
        """The town's readings and the rules for numbers win over the engine's own: what is spoken is what furigana shows."""
        return self._furigana.voiced(sentence) if language == "ja" and self._furigana is not None else sentence

    def _parts(self, text: str, manner: Manner) -> Iterator[tuple[str, Pcm]]:
        for line in self.script(text, manner.language):
            yield line.text, self._spoken(line.text, replace(manner, language=line.language))

    def _spoken(self, sentence: str, manner: Manner) -> Pcm:
        """Sentences that come again and again (how to apply, whom to call) are spoken once."""
        key = (sentence, manner)
        if key not in self._kept:
            self._kept[key] = self._voice.speak(self.as_the_town_reads(sentence, manner.language), manner)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT_SENTENCES:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _correct(self, readings: dict[str, str]) -> None:
        if self._furigana is not None and readings != self._corrections:
            self._furigana.correct(readings)
            self._corrections = dict(readings)
            self._kept.clear()

    def _open_japanese(self) -> None:
        """Dictionary and voice are loaded before the first person asks. Without the engine, other languages still speak."""
        try:
            engine: Engine = OpenJTalk()
            self._furigana = Furigana(self._names, Readings(self._names), lambda: engine)
            self._voice.speak(WAKES_THE_VOICE, Manner())
        except (ReadingEngineMissing, VoiceMissing):
            return


def _growing(sounds: Iterator[Pcm]) -> Iterator[Frame]:
    growing = GrowingOgg()
    for sound in sounds:
        yield {}, growing.add(sound)
    yield {"duration_ms": growing.duration_ms}, growing.end()
