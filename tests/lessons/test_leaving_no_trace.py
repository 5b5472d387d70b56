"""What the programme keeps of somebody can be shown whole and erased whole, from every table, and seats go on to the next person."""

import pytest
from sqlmodel import Session, select

from accessibility import Person
from lessons import Application, forget_applications, forget_learner, outcome_of, own_learner, record_of
from lessons.learning_tables import Feedback, ProxyGrant, SkillEvidence
from lessons.tables import Learner, Notice
from lessons.tutoring import Need, ask_for_help

from .programme import faults


def state(session: Session, application_id: str) -> str:
    return outcome_of(session, session.get_one(Application, application_id)).state


def everything_about(session, name):
    session.flush()
    rows = [session.exec(select(table)).all() for table in (Learner, Application, Notice, Feedback, SkillEvidence)]
    return [row for found in rows for row in found if name in str(row.model_dump())]


@pytest.fixture
def written_down(plan, join, session, now):
    """花子 has the only seat and a life beside it; 太郎 waits."""
    room = plan(room_capacity=1)
    hanako, taro = join(room, "花子"), join(room, "太郎")
    learner = session.get_one(Application, hanako.application_id).learner_id
    session.add(Feedback(application_id=hanako.application_id, satisfaction=5, given_at=now))
    session.add(SkillEvidence(learner_id=learner, skill="call", kind="teach_back", result="kept", observed_at=now))
    ask_for_help(session, Need(learner), now)
    return room, hanako, taro, learner


def test_the_record_shows_every_table(written_down, session):
    _room, hanako, _taro, learner = written_down
    whole = str(record_of(session, [hanako.application_id], [learner]))
    for word in ("花子", "lesson_booking", "lesson_feedback", "lesson_skill_evidence", "lesson_tutoring", "lesson_notice"):
        assert word in whole


def test_erasing_gives_the_seat_to_who_waits_and_leaves_no_name(written_down, session, now):
    room, _hanako, taro, learner = written_down
    forget_learner(session, learner, now)
    assert everything_about(session, "花子") == []
    assert state(session, taro.application_id) == "offered"
    assert faults(session, room) == []
    assert session.exec(select(SkillEvidence)).all() == []


def test_control_before_erasing_the_name_is_found(written_down, session):
    assert everything_about(session, "花子")


def test_a_browser_erases_what_it_made_and_nothing_the_person_did_elsewhere(plan, join, session, now):
    here, elsewhere = plan(), plan()
    first, second = join(here, "花子"), join(elsewhere, "花子")
    forget_applications(session, [first.application_id], now)
    assert state(session, second.application_id) == "confirmed" and everything_about(session, "花子")
    forget_applications(session, [second.application_id], now)
    assert everything_about(session, "花子") == []
    assert faults(session, here) + faults(session, elsewhere) == []


def test_nobody_is_told_to_call_somebody_who_was_erased(plan, join, session, now):
    room = plan(room_capacity=1)
    first, second = join(room, "花子"), join(room, "太郎")
    forget_applications(session, [first.application_id, second.application_id], now)
    untold = session.exec(select(Notice).where(Notice.told_at.is_(None))).all()
    assert untold == [] and faults(session, room) == []


def test_a_chat_s_own_learner_is_one_and_goes_with_its_grants(session, now):
    person = Person(created_at=now)
    session.add(person)
    session.flush()
    learner = own_learner(session, person.id, "ja", now)
    assert own_learner(session, person.id, "ja", now).id == learner.id
    forget_learner(session, learner.id, now)
    assert session.exec(select(ProxyGrant)).all() == []
