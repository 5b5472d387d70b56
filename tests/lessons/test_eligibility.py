"""A class for some people takes those people, says kindly why it does not take others, and believes a plain yes where it knows nothing."""

import pytest
from sqlmodel import select

from lessons import Application, Contact, Course, Learner, Wish, apply, seat_by_staff
from lessons.errors import ConditionsNotKnown, NotFromHere, PrerequisitesMissing, TooOld, TooYoung
from lessons.progress import note_evidence

FOR_OLDER = {"age_from": 60, "age_to": 80, "residency": ["lives", "works"]}


@pytest.fixture
def wish(plan, session):
    room = plan()
    session.get_one(Course, "call").conditions = FOR_OLDER

    def wish(birth_year=None, residency="", **changes):
        return Wish(room, Contact("花子", "0312345678", True, birth_year=birth_year, residency=residency), **changes)

    return wish


REFUSED = [
    (1990, "lives", TooYoung),
    (1930, "lives", TooOld),
    (1955, "elsewhere", NotFromHere),
    (None, "lives", ConditionsNotKnown),
    (1955, "", ConditionsNotKnown),
]


@pytest.mark.parametrize(("birth_year", "residency", "refusal"), REFUSED)
def test_who_it_is_not_for_is_refused_with_a_sentence(session, wish, now, birth_year, residency, refusal):
    with pytest.raises(refusal, match=r"\.$"):
        apply(session, wish(birth_year, residency), now)


@pytest.mark.parametrize("birth_year", [1966, 1955, 1945])
def test_who_reaches_the_age_in_that_year_is_let_in(session, wish, now, birth_year):
    assert apply(session, wish(birth_year, "works"), now).state == "confirmed"


def test_a_plain_yes_is_believed_but_not_against_what_is_known(session, wish, now):
    assert apply(session, wish(declared=True), now).state == "confirmed"
    with pytest.raises(TooYoung):
        apply(session, wish(1990, "lives", declared=True), now)


def test_control_without_the_check_everybody_is_seated(session, wish, now, monkeypatch):
    monkeypatch.setattr("lessons.booking.check_eligible", lambda *_: None)
    assert apply(session, wish(1990, "elsewhere"), now).state == "confirmed"


def test_staff_may_seat_anybody_with_a_reason(session, wish, now):
    outcome = seat_by_staff(session, wish(1990, "elsewhere", channel="phone", submitted_by="staff 1"), "付き添い", now)
    assert session.get_one(Application, outcome.application_id).reason == "付き添い"


def test_a_class_that_builds_on_a_skill_asks_for_it_until_somebody_saw_it_done(session, plan, wish, now):
    course = session.get_one(Course, "call")
    course.conditions, course.prerequisites = None, ["電話に出る"]
    with pytest.raises(PrerequisitesMissing, match="電話に出る"):
        apply(session, wish(), now)
    learner = session.exec(select(Learner).where(Learner.phone == "0312345678")).one()
    note_evidence(session, learner.id, "電話に出る", "teach_back", "alone", "staff 1", now)
    assert apply(session, wish(), now).state == "confirmed"


def test_what_is_said_once_is_remembered_for_the_next_class(session, plan, wish, now):
    apply(session, wish(1955, "lives"), now)
    other = plan()
    assert apply(session, Wish(other, Contact("花子", "0312345678", True)), now).state == "confirmed"
