"""Tells volunteers in their chats what concerns them, in the transaction that made it true; who has no chat is called by staff."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from inclusion.classes.times import class_day, class_hour
from inclusion.linking import accounts_of
from inclusion.municipalities import Town
from inclusion.skills import helping
from inclusion.skills.helping import TalkedOf
from inclusion.telling import Telling
from lessons import ScheduledSession, Venue, Volunteer, VolunteerNotice

AT_ONCE: Final = 200


def post_notices(session: Session, telling: Telling, now: datetime) -> int:
    """Put every open notice of a volunteer with a chat into the outbox; returns how many. Safe to call as often as one likes."""
    rows = select(VolunteerNotice, Volunteer, ScheduledSession, Venue).where(
        VolunteerNotice.volunteer_id == Volunteer.id,
        VolunteerNotice.session_id == ScheduledSession.id,
        ScheduledSession.venue_id == Venue.id,
        col(VolunteerNotice.told_at).is_(None),
        col(Volunteer.person_id).is_not(None),
    )
    told = 0
    for notice, volunteer, place, venue in session.exec(rows.order_by(col(VolunteerNotice.made_at)).limit(AT_ONCE)).all():
        accounts = [
            one for one in accounts_of(session, str(volunteer.person_id)) if one.blocked_at is None and one.channel in telling.doors
        ]
        for account in accounts:
            telling.notice(session, account, _said(notice.kind, place, venue), f"helper/{notice.id}/{account.id}", now)
        if accounts:
            notice.told_at, notice.told_by = now, "chat"
            session.add(notice)
            told += 1
    return told


def talked_of(place: ScheduledSession, venue: Venue, town: Town, language: str) -> TalkedOf:
    where = " ".join(part for part in (venue.name, venue.floor, place.room) if part)
    day, hour = class_day(place.start_date, town.timezone, language), class_hour(place.start_date, town.timezone, language)
    return TalkedOf(
        place.start_date,
        place.name,
        {"day": day, "hour": hour, "name": town.named(place.name, language), "place": town.named(where, language)},
        place.sample,
    )


def _said(kind: str, place: ScheduledSession, venue: Venue) -> helping.Skill:
    return lambda scene: helping.noticed(kind, talked_of(place, venue, scene.town, scene.language), scene)


__all__ = ["post_notices", "talked_of"]
