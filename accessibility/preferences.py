"""How a person wants to be spoken to; without it every channel would ask again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self

LetterSize = Literal["standard", "large", "largest"]
LANGUAGES = ("ja", "en", "zh-Hans", "ko")


@dataclass(frozen=True, slots=True)
class Preferences:
    """Set once, held on every channel. `speed` is a factor on normal speech (0.5 to 1.5); `loud` makes the voice carry further.

    `phone` is the kind of telephone somebody told us they have, for help with it.
    """

    language: str = "ja"
    easy: bool = False
    furigana: bool = False
    letter_size: LetterSize = "large"
    voice: bool = True
    speed: float = 0.9
    loud: bool = False
    phone: Literal["", "iphone", "android"] = ""

    def with_changes(self, **changes: Any) -> Self:
        """The same preferences with some fields changed."""
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Read stored preferences; unknown keys of older or newer versions are left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in stored.items() if key in known})
