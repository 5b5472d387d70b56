"""How the person at the screen wants to read; without this file the letters would shrink back with every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self, cast, get_args

from starlette.requests import Request
from starlette.responses import Response

from accessibility import Preferences

COOKIE: Final = "reading"
A_YEAR_S: Final = 365 * 24 * 3600
LetterSize = Literal["standard", "large", "largest"]
Tongue = Literal["ja", "ja-easy", "en", "zh-Hans", "ko"]
TONGUES: Final[tuple[Tongue, ...]] = get_args(Tongue)
SIZES: Final[tuple[LetterSize, ...]] = ("standard", "large", "largest")


@dataclass(frozen=True, slots=True)
class Reader:
    """The choices kept in one cookie, "tongue.letters". Easy Japanese is one of the tongues a person picks from."""

    tongue: Tongue = "ja"
    letters: LetterSize = "large"

    @classmethod
    def of(cls, request: Request) -> Self:
        """From the cookie; on the first visit from what the browser prefers."""
        tongue, _, letters = request.cookies.get(COOKIE, "").partition(".")
        first = cls(tongue=preferred_tongue(request.headers.get("accept-language", "")))
        return first.choosing(tongue, letters)

    @property
    def language(self) -> str:
        return "ja" if self.easy else self.tongue

    @property
    def easy(self) -> bool:
        return self.tongue == "ja-easy"

    def choosing(self, tongue: str, letters: str) -> Self:
        """With the given choices, unknown words leaving things as they are."""
        changed = replace(self, tongue=tongue) if tongue in TONGUES else self
        return replace(changed, letters=letters) if letters in SIZES else changed

    def larger(self) -> Self:
        """One letter size up, as far as there is one."""
        return replace(self, letters=SIZES[min(SIZES.index(self.letters) + 1, len(SIZES) - 1)])

    def following(self, preferences: Preferences | None) -> Self:
        """What the person told the bot ("write larger") holds for the page too."""
        if preferences is None:
            return self
        tongue = "ja-easy" if preferences.easy and preferences.language == "ja" else preferences.language
        return self.choosing(tongue, preferences.letter_size)

    def preferences(self) -> Mapping[str, Any]:
        """The same choices in the words of `accessibility.Preferences`."""
        return {"language": self.language, "easy": self.easy, "letter_size": self.letters}

    def remember(self, response: Response, secure: bool) -> None:
        value = f"{self.tongue}.{self.letters}"
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
