"""What staff of the busy town are in the middle of: help by one person, and a series that nobody else sees yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from lessons import Contact, Wish, apply, team
from lessons.arriving import arrive
from lessons.attendance import close_class
from lessons.place_tables import Room
from lessons.progress import note_evidence
from lessons.tables import Application, Course, Learner
from lessons.tutoring import Need, ask_for_help, begin, match, start_duty
from lessons.tutoring_words import write


def tutoring(session: Session, now: datetime) -> dict[str, str]:
    """One person helped at the desk, one in the chat, one waiting."""
    learners = session.exec(select(Learner.id).limit(3)).all()
    for learner, system, mode in zip(learners, ("iphone", "iphone", "android"), ("desk", "desk", "chat"), strict=True):
        ask_for_help(session, Need(learner, device_os=system, mode=mode), now)
    start_duty(session, "中村", ("ja", "en"), ("iphone",), now)
    start_duty(session, "小林", ("ja",), ("android",), now)
    began = [begin(session, one.id, now) for one in match(session, now)]
    talk = next(one for one in began if one.mode == "chat")
    for who, text in (("learner", "写真の送り方を忘れました"), ("tutor", "まず写真を開いてください"), ("learner", "開きました")):
        write(session, talk.id, who, text, now)
    return {"tutoring_talk": f"/staff/tutoring/talk/{talk.id}"}


def drafts(session: Session, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """A series of three that staff have put down and not yet published."""
    room = session.exec(select(Room)).first()
    assert room is not None
    course = session.exec(select(Course.code)).first()
    start = (now.astimezone(zone) + timedelta(days=40)).replace(hour=10, minute=0, second=0, microsecond=0)
    proposal = team.Proposal(course or "", room.venue_id, room.name, start, 60, seats=room.capacity, devices=0)
    planned = team.plan_classes(session, proposal, team.Terms(), "FREQ=WEEKLY;COUNT=3", lambda _day: False, now, overrule=True)
    return {"draft_class": f"/staff/lessons/plan/{planned.made[0].id}"}


def was_there(session: Session, room: str, now: datetime) -> dict[str, str]:
    """Somebody whose class is over: asked how it was, and whether what they showed two days ago is still there."""
    application = apply(session, Wish(room, Contact("田中 さくら", "0312340013", consent=True)), now).application_id
    arrive(session, application, "list", now)
    close_class(session, [application], now)
    learner = session.get_one(Application, application).learner_id
    note_evidence(session, learner, "写真を送る", "teach_back", "alone", "staff 1", now - timedelta(days=2))
    return {"was_there": f"/lessons/applications/{application}"}
