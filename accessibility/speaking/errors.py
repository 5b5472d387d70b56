"""Why something could not be said aloud.

AccessibilityError
└── SpeakingError
    ├── NothingToSay    no words are left after signs and addresses are taken out
    ├── TooLongToSay    more than a person listens to
    ├── VoiceMissing    the engine of that language is not installed
    └── VoiceAway       the engine is busy, late or broken: the text goes on without it
"""

from __future__ import annotations

from accessibility.errors import AccessibilityError


class SpeakingError(AccessibilityError):
    """Base. The written answer is always there as well."""


class NothingToSay(SpeakingError):
    def __init__(self) -> None:
        super().__init__("There are no words to say. Give a sentence.")


class TooLongToSay(SpeakingError):
    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} letters are too long to listen to. Say the headline, or a part.")


class VoiceMissing(SpeakingError):
    def __init__(self, package: str) -> None:
        super().__init__(f"Speaking needs the package '{package}'. Install it with: pip install {package}")
        self.package = package


class VoiceAway(SpeakingError):
    def __init__(self, why: str) -> None:
        super().__init__(why)
