"""Reads Japanese with the engine that will also speak it; without this file the kana above a word and the voice could disagree."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Sequence
from threading import Lock, Thread
from typing import Final, Protocol

import jaconv

from .errors import ReadingEngineMissing
from .readings import KANJI

log = logging.getLogger(__name__)

TO_FULL_WIDTH: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
# Not spoken marks: ’ is a hint for devoicing.
MARKS: Final = re.compile("[’'*]")
WAKES_EVERY_PART: Final = "今日の方が何かと風が強い。"  # holds signs with several readings, so that every model is loaded
Pair = tuple[str, str]


class Engine(Protocol):
    """Splits a text into (written, hiragana) pairs that together are the text; None when it cannot."""

    def read(self, text: str) -> Sequence[Pair] | None: ...

    def sounds(self, text: str) -> str:
        """The whole text in hiragana as this engine alone would speak it, numbers too."""
        ...


class OpenJTalk:
    """pyopenjtalk-plus. Opening takes a third of a second and about 150 MB: open it once, beside the first answer."""

    def __init__(self) -> None:
        try:
            import pyopenjtalk  # heavy and optional: a town that never shows furigana does not pay for it
        except ImportError as missing:
            raise ReadingEngineMissing("pyopenjtalk-plus") from missing
        self._engine = pyopenjtalk
        with warnings.catch_warnings():
            # pyopenjtalk-plus opens its dictionary in the way that SudachiPy 0.7 calls deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.read(WAKES_EVERY_PART)

    def read(self, text: str) -> Sequence[Pair] | None:
        """Words as the voice says them; None when the engine's words do not lie on the text (it rewrites some signs)."""
        return _laid_on(text, self._words(text))

    def sounds(self, text: str) -> str:
        return jaconv.kata2hira("".join(kana for _, kana in self._words(text)))

    def _words(self, text: str) -> list[Pair]:
        """Particles keep their spelling (は, へ, を): that is how kana is written above a word."""
        nodes = self._engine.run_frontend(text, revert_long_vowels=True, revert_yotsugana=True, use_sudachi_kanji_yomi=False)
        spelled = ((node["string"], node["string"] if node["pos"] == "助詞" else MARKS.sub("", node["pron"])) for node in nodes)
        return [(written, kana) for written, kana in spelled]


class OpenedBeside:
    """An engine that is opened in a thread of its own when it is first asked for: nobody waits for it, Sudachi reads meanwhile."""

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        self._open = open_engine
        self._engine: Engine | None = None
        self._opening: Thread | None = None
        self._once = Lock()

    def __call__(self) -> Engine | None:
        """The engine when it is open. The first call begins to open it."""
        with self._once:
            if self._opening is None:
                self._opening = Thread(target=self._begin, name="reading engine", daemon=True)
                self._opening.start()
        return self._engine

    def wait(self, seconds: float) -> bool:
        """Wait until it is open, for work that is not in a hurry (paper, reviews)."""
        self()
        if self._opening is not None:
            self._opening.join(seconds)
        return self._engine is not None

    def _begin(self) -> None:
        try:
            self._engine = self._open()
        except ReadingEngineMissing as missing:
            log.warning("%s Until then Sudachi reads.", missing)


def _laid_on(text: str, words: Sequence[Pair]) -> list[Pair] | None:
    """The engine answers in full width and drops spaces: each of its words is found again in the text as it was written."""
    wide = text.translate(TO_FULL_WIDTH)
    pairs: list[Pair] = []
    at = 0
    for written, kana in words:
        begin = at
        while begin < len(wide) and not wide.startswith(written, begin) and (wide[begin].isspace() or not KANJI.match(wide[begin])):
            begin += 1
        if not wide.startswith(written, begin):
            if KANJI.search(written):
                return None
            continue
        if begin > at:
            pairs.append((text[at:begin], text[at:begin]))
        at = begin + len(written)
        source = text[begin:at]
        pairs.append((source, jaconv.kata2hira(kana) if KANJI.search(source) else source))
    if at < len(text):
        if KANJI.search(text[at:]):
            return None
        pairs.append((text[at:], text[at:]))
    return pairs
