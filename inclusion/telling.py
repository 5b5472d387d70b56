"""How an answer is put on its way to a chat: without it the answering, the staff desk and the notices would each write the outbox anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from accessibility import Answer, Preferences, Rendered
from bots import Message
from bots.accounts import Account
from inclusion import outbox
from inclusion.inbox import LeasedEvent
from inclusion.municipalities import Town
from inclusion.outbox import Outgoing
from inclusion.remembering import preferences_of
from inclusion.skills import Scene
from inclusion.turn import Memory, Turn, tell

LATE_AFTER = timedelta(seconds=60)
# LINE: a redelivered token works again for a minute, unless 20 minutes have passed since the event.
TOKEN_ENDS_AFTER = timedelta(minutes=20)

Wires = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Door:
    """One channel's translations, and how long its reply token lives (None: it has none).

    `write_quoting` shows the question above its answer; `write_staff` writes under the office's name, with the quoted question;
    `write_menu` makes the parcel that gives someone another menu. None where the channel has no such thing.
    """

    read: Callable[[Mapping[str, Any]], Message]
    write: Callable[[Rendered], Wires]
    reply_lives: timedelta | None = None
    write_quoting: Callable[[Rendered, str, str], Wires] | None = None
    write_staff: Callable[[str, str], Wires] | None = None
    write_menu: Callable[[str], Wires] | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts words for one chat into the outbox, in the caller's transaction."""

    town: Town
    doors: Mapping[str, Door]

    def answer(self, session: Session, leased: LeasedEvent, message: Message, turn: Turn, account: Account | None, now: datetime) -> None:
        """The answer to an event, by its reply token while that lives."""
        door = self.doors[leased.channel]
        outgoing = Outgoing(
            channel=leased.channel,
            payload=self._written(door, leased, message, turn, now),
            account_id=account.id if account else None,
            chat_id=None if account else message.sender.chat_id,
            dedup_key=f"answer/{leased.channel}/{leased.event_id}",
            reply_token=message.reply_token,
            reply_until=_reply_until(leased, message, door),
        )
        outbox.put(session, outgoing, now)

    def notice(self, session: Session, account: Account, skill: Callable[[Scene], Answer], occasion: str, now: datetime) -> None:
        """Something nobody asked for just now, in the person's own language and letters."""
        if account.blocked_at is not None or account.channel not in self.doors:
            return
        memory = Memory(preferences=preferences_of(session, account.person_id) or Preferences())
        payload = self.doors[account.channel].write(tell(skill, memory, self.town, now).rendered)
        outbox.put(session, Outgoing(account.channel, payload, account.id, dedup_key=occasion), now)

    def staff_words(self, session: Session, account: Account, text: str, quote_token: str, now: datetime) -> bool:
        """What a person at the desk wrote; False where this chat cannot be written to."""
        door = self.doors.get(account.channel)
        if door is None or door.write_staff is None or account.blocked_at is not None:
            return False
        outbox.put(session, Outgoing(account.channel, door.write_staff(text, quote_token), account.id), now)
        return True

    def menu(self, session: Session, account: Account, menu_id: str, now: datetime) -> None:
        door = self.doors.get(account.channel)
        if door is not None and door.write_menu is not None and menu_id and account.blocked_at is None:
            outbox.put(session, Outgoing(account.channel, door.write_menu(menu_id), account.id), now)

    def _written(self, door: Door, leased: LeasedEvent, message: Message, turn: Turn, now: datetime) -> Wires:
        """With the question quoted where other messages may stand between: in a group, and when the answer comes late."""
        late = now - leased.received_at > LATE_AFTER or _came_late(leased, message)
        if message.quote_token and door.write_quoting is not None and (message.sender.in_group or late):
            line = self.town.messages.say("channel.quoting", turn.rendered.language)
            return door.write_quoting(turn.rendered, message.quote_token, line)
        return door.write(turn.rendered)


def _reply_until(leased: LeasedEvent, message: Message, door: Door) -> datetime | None:
    """The token's minute starts with the webhook that brought it (a redelivered one gets a new minute, for twenty minutes)."""
    if not message.reply_token or not door.reply_lives:
        return None
    if message.redelivered and leased.received_at - message.sent_at > TOKEN_ENDS_AFTER:
        return None
    return leased.received_at + door.reply_lives


def _came_late(leased: LeasedEvent, message: Message) -> bool:
    return message.redelivered and leased.received_at - message.sent_at > LATE_AFTER
