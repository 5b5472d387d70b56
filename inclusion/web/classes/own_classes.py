"""Which class applications belong to whoever sits at this browser; without it "my record" would hide them and erasing would leave them.

A browser holds the addresses of the applications made from it; a chat opens its own record with a key it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from inclusion.conversations import Conversation
from inclusion.database import Database
from inclusion.family_news import tell_family, tell_learner
from inclusion.linking import accounts_of
from inclusion.live.notices import live_reminders_to_come
from inclusion.own_keys import erase_person, person_of
from inclusion.telling import Telling
from inclusion.web.chat_page import TALK_COOKIE
from lessons import (
    Application,
    Outcome,
    ScheduledSession,
    end_grant,
    forget_applications,
    forget_learner,
    grants_given,
    grants_received,
    learners_of,
    new_feed,
    outcome_of,
    record_of,
)
from lessons.errors import NotAllowed
from lessons.learning_tables import ProxyGrant
from lessons.reminders_due import reminders_to_come

CLASSES_COOKIE: Final = "classes"
KEY_COOKIE: Final = "me"
A_YEAR_S: Final = 365 * 24 * 3600
MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks: the applications this browser made, the person of the page's talk, the person of a chat's key."""

    applications: tuple[str, ...] = ()
    talk: str = ""
    key: str = ""

    @classmethod
    def of(cls, request: Request) -> Holder:
        made = tuple(one for one in request.cookies.get(CLASSES_COOKIE, "").split(".") if one)[:MOST]
        return cls(made, request.cookies.get(TALK_COOKIE, ""), request.cookies.get(KEY_COOKIE, ""))


@dataclass(frozen=True, slots=True)
class OwnClass:
    """One application as the page shows it."""

    name: str
    start: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Coming:
    """One reminder that will come: `kind` is week_before, day_before, hours_before or live."""

    at: datetime
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnClasses:
    """`shown` are the classes for the page, `whole` is everything in every table, for the download.

    `given` and `received` are the consents that hold between family, `coming` what this person will be reminded of.
    """

    shown: Sequence[OwnClass] = ()
    whole: Sequence[Mapping[str, Any]] = ()
    from_chat: bool = False
    given: Sequence[ProxyGrant] = ()
    received: Sequence[ProxyGrant] = ()
    coming: Sequence[Coming] = ()


NOTHING: Final = OwnClasses()


class ClassRecord(Protocol):
    def find(self, holder: Holder, now: datetime) -> OwnClasses: ...

    def erase(self, holder: Holder, now: datetime) -> None: ...

    def end_grant(self, holder: Holder, grant_id: str, now: datetime) -> bool: ...


class NoClasses:
    """Where no classes are kept."""

    def find(self, holder: Holder, now: datetime) -> OwnClasses:
        return NOTHING

    def erase(self, holder: Holder, now: datetime) -> None:
        return None

    def end_grant(self, holder: Holder, grant_id: str, now: datetime) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class StoredClasses:
    """The applications in the database. `telling` lets the other side of an ended consent hear of it in the same transaction."""

    database: Database
    telling: Telling | None = None
    notify: Callable[[], None] = lambda: None

    def find(self, holder: Holder, now: datetime) -> OwnClasses:
        with self.database.reading() as session:
            persons = _persons(session, holder, now)
            learners = [one for person in persons for one in learners_of(session, person)]
            whole = record_of(session, holder.applications, learners)
            ids = [one["application"]["id"] for one in whole if "application" in one]
            shown = [_shown(session, one) for one in ids]
            given = [one for learner in learners for one in grants_given(session, learner, now)]
            received = [one for person in persons for one in grants_received(session, person, now)]
            from_chat = person_of(session, holder.key, now) is not None
            return OwnClasses(shown, whole, from_chat, given, received, _coming(session, ids, persons, now))

    def end_grant(self, holder: Holder, grant_id: str, now: datetime) -> bool:
        """One consent of theirs ends, from either side, and the other hears of it. False for one that is not theirs."""
        with self.database.writing() as session:
            for person in _persons(session, holder, now):
                try:
                    grant = end_grant(session, grant_id, person, now)
                except NotAllowed:
                    continue
                if self.telling is not None:
                    tell = tell_learner if grant.person_id == person else tell_family
                    tell(session, self.telling, grant, now)
                self.notify()
                return True
        return False

    def new_calendar(self, holder: Holder, now: datetime) -> str:
        """The secret of a calendar: of the chat's person, else of what this browser applied for ("" for nobody).

        A browser gets its own applications only: whoever types another's name must not see that person's classes.
        """
        with self.database.writing() as session:
            learners = [one for person in _persons(session, holder, now) for one in learners_of(session, person)]
            if learners:
                return new_feed(session, "learner", learners[0], now)
            known = [one for one in holder.applications if session.get(Application, one) is not None]
            return new_feed(session, "applications", ".".join(known), now) if known else ""

    def erase(self, holder: Holder, now: datetime) -> None:
        """Seats are given back and offered on in the same transaction. A chat's own key erases the chat's person too."""
        with self.database.writing() as session:
            for person in _persons(session, holder, now):
                for learner in learners_of(session, person):
                    forget_learner(session, learner, now)
            forget_applications(session, holder.applications, now)
            of_chat = person_of(session, holder.key, now)
            if of_chat is not None:
                erase_person(session, of_chat)


def remember_application(request: Request, response: Response, application_id: str, secure: bool) -> None:
    """This browser may see and erase the application that it made."""
    made = [application_id, *(one for one in Holder.of(request).applications if one != application_id)]
    response.set_cookie(CLASSES_COOKIE, ".".join(made[:MOST]), max_age=A_YEAR_S, httponly=True, samesite="lax", secure=secure)


def _persons(session: Session, holder: Holder, now: datetime) -> Sequence[str]:
    found = []
    talk = session.get(Conversation, holder.talk) if holder.talk else None
    if talk is not None and talk.account_id is None and talk.expires_at > now and talk.person_id is not None:
        found.append(talk.person_id)
    of_chat = person_of(session, holder.key, now)
    return [*found, of_chat] if of_chat is not None and of_chat not in found else found


def _coming(session: Session, application_ids: Sequence[str], persons: Sequence[str], now: datetime) -> Sequence[Coming]:
    classes = [Coming(at, kind, place.name) for at, kind, place in reminders_to_come(session, application_ids, now)]
    accounts = [one.id for person in persons for one in accounts_of(session, person)]
    live = [Coming(at, "live", event.names["ja"]) for at, event in live_reminders_to_come(session, accounts, now)]
    return sorted((*classes, *live), key=lambda one: one.at)


def _shown(session: Session, application_id: str) -> OwnClass:
    application = session.get_one(Application, application_id)
    place = session.get_one(ScheduledSession, application.session_id)
    return OwnClass(place.name, place.start_date, outcome_of(session, application))
