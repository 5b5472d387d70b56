"""Decides when somebody has finished speaking; without patience older people, who pause long in the middle, would be cut off.

A pause alone tells little: after 「えーと」 or 「ソファーを」 more is coming, after 「いくらですか」 it is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from .endpointing import FRAME_S, OFF, ON

COMPLETE: Final = re.compile(
    r"(?:ですか|ますか|でしょうか|ください|ましたか|ませんか|お願いします|おねがいします|教えて|おしえて|ありがとう(?:ございます|ございました)?|"
    r"いくら|なんぼ|何ごみ|なにごみ|捨てたい|すてたい|捨てたいです|すてたいです|です|ます|ました|ません|はい|いいえ|もう一度|もういちど|"
    r"ゆっくり|大きな声で|おおきなこえで|短く|みじかく|人に聞く|ひとにきく)[よねわ]?[。？?！!]?$"
)
UNFINISHED: Final = re.compile(
    r"(?:えーと|えっと|ええと|あのー?|あのう|そのー?|まあ|んー|うーん|[をがはもとにでへの、]|から|けど|けれど|けれども|ので|のに|って|や|ん)$"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `complete`, `usual`, `unfinished`: how long silence lasts before the turn ends, by what was said so far."""

    complete: float = 0.8
    usual: float = 2.8
    unfinished: float = 3.2
    before_first_word: float = 8.0
    longest: float = 30.0
    least_speech: float = 0.25

    def after(self, text: str) -> float:
        if UNFINISHED.search(text):
            return self.unfinished
        return self.complete if COMPLETE.search(text) else self.usual


class Moment(Enum):
    BEGAN = "began"  # somebody speaks
    PAUSED = "paused"  # silent long enough to look at what was said so far
    ENDED = "ended"  # finished
    NOBODY = "nobody"  # nobody said a word in all the time given
    TOO_LONG = "too_long"  # cut at the limit


class TurnTaker:
    """One turn. Feed the chance of a voice in every 32 ms; after PAUSED say with `so_far` what was heard."""

    def __init__(self, patience: Patience = Patience()) -> None:  # frozen
        self._patience = patience
        self._frame = 0
        self._speaking, self._speech_frames, self._silent_frames = False, 0, 0
        self._wait, self._asked = patience.usual, False
        self.began_s: float | None = None
        self.last_voice_s = 0.0

    def feed(self, chance: float) -> Moment | None:
        self._frame += 1
        self._speaking = chance >= (OFF if self._speaking else ON)
        if self._speaking:
            return self._voice()
        return self._silence()

    def so_far(self, text: str) -> None:
        """What was heard up to the pause decides how long silence may last."""
        self._wait = self._patience.after(text)

    def _voice(self) -> Moment | None:
        self._speech_frames, self._silent_frames, self._asked = self._speech_frames + 1, 0, False
        self.last_voice_s = self._frame * FRAME_S
        self._wait = self._patience.usual
        if self.began_s is None and self._speech_frames * FRAME_S >= self._patience.least_speech:
            self.began_s = (self._frame - self._speech_frames) * FRAME_S
            return Moment.BEGAN
        return self._limit()

    def _silence(self) -> Moment | None:
        if self.began_s is None:
            self._speech_frames = max(self._speech_frames - 1, 0)  # a click is forgotten, slowly
            return Moment.NOBODY if self._frame * FRAME_S >= self._patience.before_first_word else None
        self._silent_frames += 1
        silent_s = self._silent_frames * FRAME_S
        if not self._asked and silent_s >= self._patience.complete * 0.6:
            self._asked = True
            return Moment.PAUSED
        return Moment.ENDED if silent_s >= self._wait else self._limit()

    def _limit(self) -> Moment | None:
        long = self.began_s is not None and self._frame * FRAME_S - self.began_s >= self._patience.longest
        return Moment.TOO_LONG if long else None
