"""What is asked of somebody after a class on a page: three taps of opinion, and whether what was shown is still there.

Without it only who has a chat could say how it was, and a page would ask nothing a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlmodel import Session, select

from lessons import Application, Booking
from lessons.learning_tables import Feedback
from lessons.opinions import AGAINS, PACES, STEPS, give_opinion, to_be_asked
from lessons.progress import RESULTS, note_evidence, skills_of

Tap = Literal["satisfaction", "pace", "again", "review"]
ANSWERS: Final = {"satisfaction": tuple(map(str, STEPS)), "pace": PACES, "again": AGAINS}


@dataclass(frozen=True, slots=True)
class AfterClass:
    """`asks` is the tap of opinion that is next ("" for none), `reviews` the skills whose look has come, `shown` whether there is a
    certificate.
    """

    asks: str = ""
    answers: Sequence[str] = ()
    thanked: bool = False
    reviews: Sequence[str] = ()
    shown: bool = False


def after_class(session: Session, application: Application, now: datetime) -> AfterClass | None:
    """None for somebody who was not there (yet)."""
    came = select(Booking.id).where(Booking.application_id == application.id, Booking.state == "attended")
    if session.exec(came).first() is None:
        return None
    skills = skills_of(session, application.learner_id, now)
    due = [one.skill for one in skills if one.next_review is not None and one.next_review <= now]
    newest = to_be_asked(session, [application.learner_id], now)
    asks = _next_tap(session.get(Feedback, application.id)) if newest is not None and newest.id == application.id else ""
    thanked = session.get(Feedback, application.id) is not None and not asks
    return AfterClass(asks, ANSWERS.get(asks, ()), thanked, due, bool(skills))


def note_tap(session: Session, application_id: str, tap: Tap, value: str, skill: str, now: datetime) -> bool:
    """One press; False where nobody came who could press it. One that came twice, or too late, changes nothing."""
    application = session.get(Application, application_id)
    asked = after_class(session, application, now) if application else None
    if application is None or asked is None:
        return False
    if tap == "review":
        if skill in asked.reviews and value in RESULTS:
            note_evidence(session, application.learner_id, skill, "review", value, "self", now)
    elif tap == asked.asks and value in asked.answers:
        if tap == "satisfaction":
            give_opinion(session, application_id, now, satisfaction=int(value), channel="web")
        else:
            give_opinion(session, application_id, now, **{tap: value}, channel="web")  # type: ignore[arg-type]  # pace or again
    return True


def _next_tap(given: Feedback | None) -> str:
    if given is None:
        return "satisfaction"
    return "pace" if not given.pace else "again" if not given.again else ""
