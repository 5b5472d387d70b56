"""Asking in the talk to be reminded of a live event, and taking it back; without it the card's second button would do nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from inclusion.database import Database
from inclusion.handover import Said
from inclusion.live.events import OPEN_STATES, EventUnknown, event_of
from inclusion.live.notices import ask_for_reminder, drop_reminder
from inclusion.live.upcoming import LiveShown
from inclusion.municipalities import Town
from inclusion.remembering import Recalled
from inclusion.replies import Chat, Effect, Reply
from inclusion.skills import live_events
from inclusion.turn import tell

ASKED: Final = re.compile(r"([0-9]{1,9})番の中継(を知らせて|のお知らせをやめる)")


@dataclass(frozen=True, slots=True)
class LiveTalk:
    """None for everything that is not one of the two buttons of a card."""

    database: Database
    town: Town
    public_url: str = ""

    def reply(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        asked = ASKED.fullmatch(unicodedata.normalize("NFKC", said.text).strip("。 "))
        shown = self._event(int(asked[1])) if asked else None
        if asked is None or shown is None:
            return None
        if not recalled.one_person or recalled.channel == "web":
            return Reply(tell(lambda scene: live_events.cannot_remind(shown, scene), recalled.memory, self.town, now))
        if asked[2] == "を知らせて":
            turn = tell(lambda scene: live_events.will_remind(shown, scene), recalled.memory, self.town, now)
            return Reply(turn, (_reminding(shown.number),))
        return Reply(
            tell(lambda scene: live_events.will_not_remind(shown, scene), recalled.memory, self.town, now), (_dropping(shown.number),)
        )

    def _event(self, number: int) -> LiveShown | None:
        try:
            with self.database.reading() as session:
                one = event_of(session, number)
        except EventUnknown:
            return None
        if one.state not in OPEN_STATES or one.mode == "pair":
            return None
        url = f"{self.public_url.rstrip('/')}/live/{one.room}"
        return LiveShown(number, one.names, one.start_at, one.place, url, one.state == "live", one.by_ticket)


def _reminding(number: int) -> Effect:
    def effect(session: Session, chat: Chat, now: datetime) -> None:
        if chat.account is not None:
            ask_for_reminder(session, event_of(session, number), chat.account.id, now)

    return effect


def _dropping(number: int) -> Effect:
    def effect(session: Session, chat: Chat, now: datetime) -> None:
        if chat.account is not None:
            drop_reminder(session, number, chat.account.id)

    return effect
