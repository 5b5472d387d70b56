"""A bare はい after a seat was offered takes that seat; without it the answer would go to a question asked before the offer came."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from inclusion.classes.words import YES, plain
from inclusion.remembering import latest_conversation
from lessons import Application, find_own
from lessons.tables import Booking


def takes_the_offer(session: Session, person_id: str | None, text: str, now: datetime) -> bool:
    """Whether these words say yes to the one seat that was offered since this person's last turn.

    Two offers, or one that was there before, are not taken by a word that may have meant something else.
    """
    if person_id is None or not YES.fullmatch(plain(text)):
        return False
    own = find_own(session, person_id)
    if own is None:
        return False
    held = select(Booking).join(Application, col(Application.id) == Booking.application_id)
    held = held.where(Application.learner_id == own.id, Booking.state == "held", col(Booking.hold_expires_at) > now)
    offers = session.exec(held).all()
    talk = latest_conversation(session, person_id, now)
    return len(offers) == 1 and (talk is None or offers[0].changed_at > talk.updated_at)
