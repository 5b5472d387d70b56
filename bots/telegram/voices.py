"""Voice notes on Telegram, both ways; without it a resident who speaks there would be told to type and answered in silence.

In the outbox stands only the id of a recording; its sound is fetched when it leaves, so that the text before it never waits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bots.errors import RecordingNotReady, RecordingRefused
from bots.message import Message
from bots.reading import part, words

log = logging.getLogger(__name__)

SPOKEN: Final = ("voice", "audio", "video_note")
LARGEST_NOTE: Final = 1_000_000  # above, Telegram shows a file instead of a voice note
PREPARED_WITHIN_S: Final = 6.0
# The sound (OGG/Opus) and the length in milliseconds of a recording we ordered; None when it is gone.
Recordings = Callable[[str], tuple[bytes, int] | None]


async def fetch(bot: Bot, message: Message, longest_s: float, most_bytes: int) -> bytes:
    """The sound of a voice message, an audio file or a round video. Raises RecordingNotReady or RecordingRefused."""
    told = _content(message)
    if _number(told, "duration") > longest_s:
        raise RecordingRefused("audio_too_long")
    if _number(told, "file_size") > most_bytes:
        raise RecordingRefused("audio_too_large")
    try:
        file = await bot.get_file(words(told, "file_id"))
        if (file.file_size or 0) > most_bytes:
            raise RecordingRefused("audio_too_large")
        found = bytes(await file.download_as_bytearray())
    except BadRequest as refused:
        raise RecordingRefused("audio_too_large" if "too big" in refused.message.lower() else "broken_audio") from None
    except (TelegramError, RuntimeError) as error:  # causes are cut off: they hold the address, which holds the token
        raise RecordingNotReady(f"Telegram did not hand over the recording ({type(error).__name__}).") from None
    if len(found) > most_bytes:
        raise RecordingRefused("audio_too_large")
    return found


async def send(bot: Bot, chat: int | str, speech_id: str, recordings: Recordings, silent: bool) -> str:
    """The id of the sent note; "" when there is no sound to send or this chat takes none: the text has gone out before it."""
    sound = await _prepared(speech_id, recordings)
    if sound is None or len(sound[0]) > LARGEST_NOTE:
        return ""
    content, duration_ms = sound
    try:
        sent = await bot.send_voice(chat, content, duration=-(-duration_ms // 1000), filename="answer.ogg", disable_notification=silent)
    except BadRequest as refused:  # people may forbid voice notes
        log.info("A voice note was not taken: %s", type(refused).__name__)
        return ""
    return str(sent.message_id)


async def _prepared(speech_id: str, recordings: Recordings) -> tuple[bytes, int] | None:
    try:
        return await asyncio.wait_for(asyncio.to_thread(recordings, speech_id), PREPARED_WITHIN_S)
    except TimeoutError:
        log.info("An answer went out without its recording.")
        return None


def _content(message: Message) -> Mapping[str, Any]:
    said = part(message.raw, "message")
    return next((part(said, kind) for kind in SPOKEN if part(said, kind)), {})


def _number(told: Mapping[str, Any], name: str) -> float:
    found = told.get(name)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else 0
