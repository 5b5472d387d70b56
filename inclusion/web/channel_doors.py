"""The channels that are on, with our names, signs and manners; without it every entry point would dress its answers differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from accessibility import Furigana, Rendered, in_chat
from bots import Channel
from bots import line as line_bot
from bots import telegram as telegram_bot
from inclusion.answering import Door
from inclusion.municipalities import Town
from inclusion.quiet_hours import QuietAtNight
from inclusion.settings import Settings
from inclusion.telling import Wires
from inclusion.voices import Voices, with_recording

from .next_door import left_to_others

REPLY_LIVES = timedelta(seconds=50)  # LINE gives a reply token one minute; ten seconds are kept for the way there


def channel_doors(town: Town, furigana: Furigana, settings: Settings) -> Mapping[str, Door]:
    """How each channel's events are read and its answers written; the bot signs with the town's name, staff with the office's."""
    doors = {"line": _line_door(town, furigana, settings.public_url), "telegram": _telegram_door(town, furigana, settings)}
    return {channel: replace(door, read=left_to_others(door.read, settings)) for channel, door in doors.items()}


async def open_ways_out(settings: Settings, zone: ZoneInfo, voices: Voices | None = None) -> dict[str, Channel]:
    """The ways out that are on, quiet at night; call it inside the running event loop. `voices` hold the recordings to send along."""
    channels: dict[str, Channel] = {}
    if settings.line_on:
        token, secret = settings.line_channel_access_token.get_secret_value(), settings.line_channel_secret.get_secret_value()
        opened = await line_bot.open_line(token, settings.line_api_url, channel_id=settings.line_channel_id, channel_secret=secret)
        channels["line"] = QuietAtNight(opened, zone)
    if settings.telegram_on:
        token = settings.telegram_bot_token.get_secret_value()
        telegram = await telegram_bot.open_telegram(token, settings.telegram_api_url, recordings=voices.note if voices else None)
        channels["telegram"] = QuietAtNight(telegram, zone)
    return channels


def _line_door(town: Town, furigana: Furigana, public_url: str) -> Door:
    bot, staff = _bot_name(town), _staff_name(town)
    more = town.messages.say("channel.more")

    def write(rendered: Rendered) -> Wires:
        messages = line_bot.line_messages(in_chat(rendered, furigana), bot, more, f"{public_url}/pictures/bot.png")
        return with_recording(messages, rendered.aloud)

    def write_quoting(rendered: Rendered, token: str, line: str) -> Wires:
        quote = line_bot.Quote(token, line)
        messages = line_bot.line_messages(in_chat(rendered, furigana), bot, more, f"{public_url}/pictures/bot.png", quote)
        return with_recording(messages, rendered.aloud)

    def write_staff(text: str, quote_token: str) -> Wires:
        return line_bot.staff_messages(text, staff, f"{public_url}/pictures/staff.png", quote_token)

    def write_menu(menu_id: str) -> Wires:
        return (line_bot.menu_parcel(menu_id),)

    return Door(line_bot.message_from, write, REPLY_LIVES, write_quoting, write_staff, write_menu)


def _telegram_door(town: Town, furigana: Furigana, settings: Settings) -> Door:
    staff, more = _staff_name(town), town.messages.say("channel.more")
    name, number = settings.telegram_bot_name.lstrip("@"), settings.telegram_bot_token.get_secret_value().partition(":")[0]
    return Door(
        lambda raw: telegram_bot.message_from(raw, name, number),
        lambda rendered: telegram_bot.telegram_messages(in_chat(rendered, furigana), more),
        write_staff=lambda text, _: telegram_bot.staff_messages(text, staff),
    )


def _bot_name(town: Town) -> str:
    return town.messages.say("channel.sender", town=town.name)


def _staff_name(town: Town) -> str:
    return town.messages.say("help.staff_name", town=town.name)
