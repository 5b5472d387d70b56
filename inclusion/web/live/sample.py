"""Makes the sample festival speak and plays it; without it a newcomer would see a picture without a word to caption."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from accessibility.speaking import Manner, Pcm, SpeakingError, Voice
from streaming import House
from streaming.playing import ClipPlayer
from streaming.sample import make_clip

log = logging.getLogger(__name__)

# Plain requests the town's own ears know well: what is captioned in the sample is really heard, never read from this list.
ANNOUNCED: Final = ("お祭りを見たいです。", "スマホ教室はいつですか。", "ありがとうございました。")


async def play_sample(house: House, room: str, voice: Voice | None) -> None:
    """Until cancelled."""
    clip = await asyncio.to_thread(lambda: make_clip(speech=_spoken(voice)))
    await ClipPlayer(house, room, clip).run()


def _spoken(voice: Voice | None) -> list[Pcm]:
    """The announcements as sound; none without a voice: the festival plays on."""
    if voice is None:
        return []
    try:
        return [sentence for line in ANNOUNCED for sentence in voice.sentences(line, Manner())]
    except SpeakingError as away:
        log.warning("The sample festival has no voice: %s", away)
        return []
    finally:
        voice.stop()
