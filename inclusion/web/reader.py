"""How the person at the screen wants to read and hear; without this file the letters would shrink back with every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, cast, get_args

from starlette.requests import Request
from starlette.responses import Response

from accessibility import Preferences

from .typed_text import whole_number

COOKIE: Final = "reading"
A_YEAR_S: Final = 365 * 24 * 3600
LetterSize = Literal["standard", "large", "largest"]
Tongue = Literal["ja", "ja-easy", "en", "zh-Hans", "ko"]
TONGUES: Final[tuple[Tongue, ...]] = get_args(Tongue)
SIZES: Final[tuple[LetterSize, ...]] = ("standard", "large", "largest")
SPEEDS: Final = (75, 90, 110)  # percent of normal speech; older listeners want it slower than they speak themselves
SWITCH: Final[Mapping[str, bool]] = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Reader:
    """The choices kept in one cookie, "tongue.letters.furigana.voice.speed.loud". Easy Japanese is one of the tongues one picks from."""

    tongue: Tongue = "ja"
    letters: LetterSize = "large"
    furigana: bool = False
    voice: bool = True
    speed: int = 90
    loud: bool = False

    @classmethod
    def of(cls, request: Request) -> Self:
        """From the cookie; on the first visit from what the browser prefers. Older, shorter cookies are read as far as they go."""
        kept = [*request.cookies.get(COOKIE, "").split("."), "", "", "", "", ""][:6]
        first = cls(tongue=preferred_tongue(request.headers.get("accept-language", "")))
        return first.choosing(*kept)

    @property
    def language(self) -> str:
        return "ja" if self.easy else self.tongue

    @property
    def easy(self) -> bool:
        return self.tongue == "ja-easy"

    @property
    def pace(self) -> int:
        """The one of the offered speeds that is nearest to the one kept."""
        return min(SPEEDS, key=lambda offered: abs(offered - self.speed))

    def choosing(self, tongue: str = "", letters: str = "", furigana: str = "", voice: str = "", speed: str = "", loud: str = "") -> Self:
        """With the given choices, unknown words leaving things as they are."""
        changed = replace(self, furigana=SWITCH.get(furigana, self.furigana), voice=SWITCH.get(voice, self.voice))
        changed = replace(changed, loud=SWITCH.get(loud, self.loud))
        if tongue in TONGUES:
            changed = replace(changed, tongue=tongue)
        if letters in SIZES:
            changed = replace(changed, letters=letters)
        percent = whole_number(speed)
        if percent is not None and 50 <= percent <= 150:
            changed = replace(changed, speed=percent)
        return changed

    def larger(self) -> Self:
        """One letter size up, as far as there is one."""
        return replace(self, letters=SIZES[min(SIZES.index(self.letters) + 1, len(SIZES) - 1)])

    def slower(self) -> Self:
        """One pace down, as far as there is one."""
        return replace(self, speed=max((offered for offered in SPEEDS if offered < self.pace), default=SPEEDS[0]))

    def following(self, preferences: Preferences | None) -> Self:
        """What the person told the bot ("write larger", "ふりがなつけて") holds for the page too."""
        if preferences is None:
            return self
        tongue = "ja-easy" if preferences.easy and preferences.language == "ja" else preferences.language
        changed = replace(self, furigana=preferences.furigana, voice=preferences.voice, speed=round(preferences.speed * 100))
        changed = replace(changed, loud=preferences.loud)
        return changed.choosing(tongue, preferences.letter_size)

    def preferences(self) -> Mapping[str, Any]:
        """The same choices in the words of `accessibility.Preferences`."""
        told = {"language": self.language, "easy": self.easy, "letter_size": self.letters}
        return {**told, "furigana": self.furigana, "voice": self.voice, "speed": self.speed / 100, "loud": self.loud}

    def remember(self, response: Response, secure: bool) -> None:
        furigana, voice, loud = ["on" if switch else "off" for switch in (self.furigana, self.voice, self.loud)]
        value = ".".join([self.tongue, self.letters, furigana, voice, str(self.speed), loud])
        response.set_cookie(COOKIE, value, max_age=A_YEAR_S, httponly=True, samesite="lax", secure=secure)


def preferred_tongue(accept_language: str) -> Tongue:
    """The first language of the browser that we speak; Japanese otherwise."""
    for part in accept_language.split(",")[:10]:
        primary = part.split(";")[0].strip().lower().split("-")[0]
        if primary in ("ja", "en", "ko"):
            return cast(Tongue, primary)
        if primary == "zh":
            return "zh-Hans"
    return "ja"
