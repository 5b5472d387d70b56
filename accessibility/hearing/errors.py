"""Why something said could not be heard. Each has its own kind sentence for the resident (messages `web.error.<code>`).

AccessibilityError
└── HearingError
    ├── NothingRecorded   empty_recording   0 bytes
    ├── NotARecording     not_audio         not a sound file, whatever its name says
    ├── BrokenRecording   broken_audio      it begins as one and stops making sense
    ├── RecordingTooLarge audio_too_large   more bytes than a minute of speech can have
    ├── RecordingTooLong  audio_too_long    more than a question needs
    ├── NobodySpoke       no_speech         silence, noise or music, and no words
    ├── TooQuiet          too_quiet         somebody spoke, too far from the microphone
    ├── TooNoisy          too_noisy         words, drowned by what is around
    ├── NotUnderstood     not_heard         words, but the engine could not make them out
    ├── EarsOff           ears_off          no model is set up here
    └── EarsAway          ears_away         busy, late or broken: typing goes on
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accessibility.errors import AccessibilityError


class HearingError(AccessibilityError):
    """Base. Typing always works as well."""

    code = "not_heard"


class NothingRecorded(HearingError):
    code = "empty_recording"

    def __init__(self) -> None:
        super().__init__("The recording is empty. Hold the button while you speak, or type.")


class NotARecording(HearingError):
    code = "not_audio"

    def __init__(self) -> None:
        super().__init__("This file is not a sound recording. Send one made with a phone or a computer.")


class BrokenRecording(HearingError):
    code = "broken_audio"

    def __init__(self) -> None:
        super().__init__("The recording is damaged. Please record it once more.")


class RecordingTooLarge(HearingError):
    code = "audio_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The recording has more than {most // 1_000_000} MB. Please say it shorter.")


class RecordingTooLong(HearingError):
    code = "audio_too_long"

    def __init__(self, most_s: float) -> None:
        super().__init__(f"The recording is longer than {most_s:g} seconds. Please ask one thing at a time.")


class NobodySpoke(HearingError):
    code = "no_speech"

    def __init__(self) -> None:
        super().__init__("Nobody is heard speaking. Please speak near the microphone, or type.")


class TooQuiet(HearingError):
    code = "too_quiet"

    def __init__(self) -> None:
        super().__init__("The voice is too far away. Please hold the phone nearer and say it again.")


class TooNoisy(HearingError):
    code = "too_noisy"

    def __init__(self) -> None:
        super().__init__("It is too loud around the voice. Please say it again in a quieter place, or type.")


class NotUnderstood(HearingError):
    code = "not_heard"

    def __init__(self) -> None:
        super().__init__("The words could not be made out. Please say it once more, slowly, or type.")


class EarsOff(HearingError):
    code = "ears_off"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class EarsAway(HearingError):
    code = "ears_away"

    def __init__(self, why: str) -> None:
        super().__init__(why)


REFUSALS: tuple[type[HearingError], ...] = (
    NothingRecorded,
    NotARecording,
    BrokenRecording,
    NobodySpoke,
    TooQuiet,
    TooNoisy,
    NotUnderstood,
)


def refusal_of(code: str, facts: Mapping[str, Any]) -> HearingError:
    """What an engine in another process refused with, as the error it was there."""
    if code == RecordingTooLong.code:
        return RecordingTooLong(facts["most"])
    if code == RecordingTooLarge.code:
        return RecordingTooLarge(facts["most"])
    if code == EarsOff.code:
        return EarsOff(facts["why"])
    known = {kind.code: kind for kind in REFUSALS}
    return known.get(code, NotUnderstood)()
