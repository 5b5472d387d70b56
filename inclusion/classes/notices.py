"""Tells people in their chats what became of their class; without it a freed seat would wait for somebody who does not know of it.

The message is put into the outbox in the transaction that made it true, so an offer is queued the moment a seat is given up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import Select

from accessibility import Answer
from bots.accounts import Account
from inclusion import outbox
from inclusion.classes.standings import needs_of, other_classes, standing
from inclusion.linking import accounts_of
from inclusion.skills import Scene, class_day
from inclusion.skills.class_standing import stands
from inclusion.telling import Telling
from lessons import Application, Notice, Reminder, noted, off_reason, reminders_due
from lessons.learning_tables import ProxyGrant
from lessons.opinions import to_be_asked, unasked
from lessons.progress import Skill, reviews_due
from lessons.reminders_due import FROM, TO, note_call
from lessons.tables import Learner, ScheduledSession

ALWAYS: Final = ("offered", "invited", "offer_expired", "called_off", "won", "reserve", "lost")
BY_OTHERS: Final = ("confirmed", "waitlisted", "in_draw", "cancelled")  # told when somebody else did it: family, or staff
STOPS: Final = ("cancelled", "called_off")
LOOKS_BACK: Final = timedelta(days=3)
REMINDERS: Final = ("week_before", "day_before", "hours_before")


@dataclass(frozen=True, slots=True)
class ClassNotices:
    """Both in the caller's transaction."""

    telling: Telling
    public_url: str

    def put(self, session: Session, now: datetime) -> int:
        """Everything that happened and was not told yet, to those who have a chat; returns how many notices were settled."""
        session.flush()
        return self._settle_all(session, _untold(now), now)

    def put_new(self, session: Session, now: datetime) -> int:
        """The same for what this session itself wrote, without looking through everything that nobody with a chat waits for."""
        fresh = noted(session)
        return self._settle_all(session, _untold(now).where(col(Notice.id).in_(fresh)), now) if fresh else 0

    def _settle_all(self, session: Session, untold: Select[Notice, Application, str], now: datetime) -> int:
        found = session.exec(untold).all()
        for notice, application, person_id in found:
            self._settle(session, notice, application, person_id, now)
        return len(found)

    def remind(self, session: Session, now: datetime) -> int:
        """Reminders that are due: to the chat, else on staff's list of people to call. Each occasion once, whatever happens."""
        due = reminders_due(session, now)
        return sum(self._reminded(session, one, now) for one in due) + self.ask_again(session, now) + self.ask_opinions(session, now)

    def ask_again(self, session: Session, now: datetime) -> int:
        """After 1, 3, 7 and 21 days: can they still do it alone? Each look is asked about once, by day, and never long afterwards."""
        if not FROM <= now.astimezone(self.telling.town.timezone).time() <= TO:
            return 0
        return sum(self._asked_again(session, learner, skill, now) for learner, skill in reviews_due(session, now))

    def ask_opinions(self, session: Session, now: datetime) -> int:
        """How was the class? Asked once after it was closed, by day, of everybody with a chat who came."""
        if not FROM <= now.astimezone(self.telling.town.timezone).time() <= TO:
            return 0
        return sum(self._asked_opinion(session, one, now) for one in unasked(session, now - LOOKS_BACK))

    def _asked_opinion(self, session: Session, one: Application, now: datetime) -> bool:
        person = None if outbox.put_at(session, opinion_asked(one.id)) else person_of_learner(session, one.learner_id)
        account = account_for(session, person, one.channel) if person else None
        asked = to_be_asked(session, [one.learner_id], now) if account else None
        if account is None or asked is None or asked.id != one.id:  # a newer class is spoken of, not two at once
            return False
        name = session.get_one(ScheduledSession, one.session_id).name
        self.telling.notice(session, account, lambda scene: class_day.ask_satisfaction(name, scene), opinion_asked(one.id), now)
        return True

    def _asked_again(self, session: Session, learner_id: str, one: Skill, now: datetime) -> bool:
        person = person_of_learner(session, learner_id)
        account = account_for(session, person, "") if person else None
        if account is None or one.next_review is None or one.next_review < now - LOOKS_BACK:
            return False
        occasion = f"review/{learner_id}/{sha256(one.skill.encode()).hexdigest()[:16]}/{one.next_review:%Y%m%d}"
        self.telling.notice(session, account, lambda scene: class_day.ask_review(one.skill, scene), occasion, now)
        return True

    def _settle(self, session: Session, notice: Notice, application: Application, person_id: str, now: datetime) -> None:
        account = account_for(session, person_id, application.channel)
        if notice.kind in STOPS:
            for step in REMINDERS:
                outbox.cancel_occasions(session, f"reminder/{application.id}/{step}/")
        if account is not None and _is_news(notice, application):
            self.telling.notice(session, account, self._told(session, application, notice.kind, now), f"class/{notice.id}", now)
        if account is not None:
            notice.told_at, notice.told_by = now, "chat"
            session.add(notice)

    def tell_what_family_did(
        self, session: Session, application: Application, now: datetime, says: Callable[[Scene], Answer] | None = None
    ) -> None:
        """The learner hears of each step that family took; of most that family had applied for, notices tell.

        `says` is for a step of which no notice tells.
        """
        noticed = says is None and application.submitted_by and application.reason != "offer_declined"
        person = None if noticed else person_of_learner(session, application.learner_id)
        account = account_for(session, person, application.channel) if person else None
        if account is None:
            return
        told = says or self._told(session, application, "", now)

        def skill(scene: Scene) -> Answer:
            answer = told(scene)
            return replace(answer, details=(scene.say("lesson.talk.family.did"), *answer.details))

        self.telling.notice(session, account, skill, f"family/{application.id}/{now.isoformat()}", now)

    def _reminded(self, session: Session, one: Reminder, now: datetime) -> bool:
        person = person_of_learner(session, one.learner_id)
        application = session.get_one(Application, one.application_id)
        account = account_for(session, person, application.channel) if person else None
        if account is None:
            return bool(session.get_one(Learner, one.learner_id).phone) and note_call(session, one, now)
        self.telling.notice(session, account, self._told(session, application, one.kind, now), one.key, now)
        return True

    def _told(self, session: Session, application: Application, kind: str, now: datetime) -> Callable[[Scene], Answer]:
        zone = self.telling.town.timezone
        one = standing(session, application, self.public_url, zone)
        needs = needs_of(session, application.learner_id)
        others = other_classes(session, application.session_id, now, zone, needs) if kind in ("called_off", "offer_expired", "lost") else ()
        lead, why = f"lesson.talk.notice.{kind}", off_reason(application) if kind == "called_off" else ""
        if why:
            return lambda scene: stands(one, scene, others, _off(one.name, why, scene))
        return lambda scene: stands(
            one, scene, others, scene.say(lead, name=scene.own(one.name)) if lead in scene.town.messages.texts else ""
        )


def person_of_learner(session: Session, learner_id: str) -> str | None:
    """Whose own chats a learner's are; None for somebody we only know by telephone."""
    own = select(ProxyGrant.person_id).where(ProxyGrant.learner_id == learner_id, ProxyGrant.role == "self")
    return session.exec(own.order_by(col(ProxyGrant.consented_at))).first()


def opinion_asked(application_id: str) -> str:
    """The occasion on which somebody is asked how a class was."""
    return f"opinion/{application_id}"


def account_for(session: Session, person_id: str, channel: str) -> Account | None:
    """The chat to write to: the one they applied from, else any they have; None for somebody who has none or blocked us."""
    reachable = [one for one in accounts_of(session, person_id) if one.blocked_at is None]
    return next((one for one in reachable if one.channel == channel), reachable[0] if reachable else None)


def _off(name: str, why: str, scene: Scene) -> str:
    """That a class is called off, and why, in the reader's words."""
    return scene.say("lesson.talk.notice.called_off_for", name=scene.own(name), why=scene.say(f"lesson.off.{why}"))


def _is_news(notice: Notice, application: Application) -> bool:
    acted_by_others = application.submitted_by != "" or application.reason == "cancelled_by_staff"
    return notice.kind in ALWAYS or acted_by_others


def _untold(now: datetime) -> Select[Notice, Application, str]:
    kinds = col(Notice.kind).in_((*ALWAYS, *BY_OTHERS))
    recent = or_(col(Notice.made_at) > now - LOOKS_BACK, col(Notice.until) > now)
    rows = select(Notice, Application, ProxyGrant.person_id).where(
        Notice.application_id == Application.id,
        ProxyGrant.learner_id == Application.learner_id,
        ProxyGrant.role == "self",
        col(Notice.told_at).is_(None),
    )
    return rows.where(kinds, recent).order_by(col(Notice.made_at)).limit(200)
