"""Loads the voice and the ears beside the server's first answers; without it the first who speaks would wait seconds for both.

What is said to many people in the same words is spoken in advance, so that its sound is there at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from accessibility.hearing import HearingError, Listener
from accessibility.speaking import Container, SpeakingError
from inclusion.municipalities import Town
from inclusion.turn import Memory, Turn, greet, not_heard, say_kindly
from inclusion.voices import Voices

log = logging.getLogger(__name__)

AFTER_S: Final = 2.0  # whoever types first is answered first
UNHEARD: Final = ("no_speech", "too_quiet", "too_noisy", "not_heard", "audio_too_long", "ears_away")
CONTAINERS: Final[Sequence[Container]] = ("ogg", "m4a")


class Waking:
    """`fixed` gives the turns to speak in advance, `understand` opens what the first question needs."""

    def __init__(
        self,
        voices: Voices | None,
        ears: Listener | None,
        fixed: Callable[[], Iterable[Turn]],
        after_s: float = AFTER_S,
        understand: Callable[[], None] | None = None,
    ) -> None:
        self._voices, self._ears, self._fixed, self._after_s, self._understand = voices, ears, fixed, after_s, understand

    async def run(self) -> None:
        """Understanding at once, then the voice: every answer needs it. What cannot be loaded now is loaded with the first who speaks."""
        if self._understand is not None:
            await asyncio.to_thread(self._understand)
        await asyncio.sleep(self._after_s)
        if self._voices is not None:
            await asyncio.to_thread(self._speak, self._voices)
        if self._ears is not None:
            await asyncio.to_thread(self._listen, self._ears)

    def _speak(self, voices: Voices) -> None:
        try:
            for turn in self._fixed():
                speech_id = voices.order(turn.rendered.spoken, turn.rendered.language, turn.memory.preferences.speed)
                for container in CONTAINERS if speech_id else ():
                    voices.fetch(speech_id, container)
        except SpeakingError as missing:
            log.warning("The voice could not be loaded in advance. %s", missing)

    def _listen(self, ears: Listener) -> None:
        try:
            ears.wake()
        except HearingError as missing:
            log.warning("The ears could not be loaded in advance. %s", missing)


def fixed_turns(town: Town, now: datetime) -> tuple[Turn, ...]:
    """The greeting and the kind sentences that no question changes."""
    memory = Memory()
    return (
        greet(memory, town, now),
        say_kindly("channel.unknown", memory, town, now),
        *(not_heard(why, memory, town, now) for why in UNHEARD),
    )
