"""Family acts only as far as the learner agreed, and only while that holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from accessibility import Person
from lessons import check_may, may_act_for, new_consent_code, one_to_act_for, own_learner, revoke_all, scopes_of, use_consent_code
from lessons.acting_for import GRANT_LIVES, SCOPES
from lessons.errors import NotAllowed, ScopeMissing

GRANTED = [("see",), ("see", "book"), ("see", "cancel"), ("see", "book", "cancel")]


def person(session: Session, now) -> str:
    made = Person(created_at=now)
    session.add(made)
    session.flush()
    return made.id


@pytest.fixture
def mother(session, now) -> str:
    return own_learner(session, person(session, now), "ja", now).id


@pytest.fixture
def daughter(session, now) -> str:
    return person(session, now)


def trust(session: Session, mother: str, daughter: str, scopes, now) -> None:
    use_consent_code(session, new_consent_code(session, mother, scopes, now), daughter, now)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("granted", GRANTED, ids=" ".join)
def test_a_step_is_allowed_exactly_when_its_own_scope_was_granted(session, now, mother, daughter, granted, scope):
    trust(session, mother, daughter, granted, now)
    if scope in granted:
        assert check_may(session, daughter, mother, scope, now).learner_id == one_to_act_for(session, daughter, scope, now) == mother
        return
    for refused in (lambda: check_may(session, daughter, mother, scope, now), lambda: one_to_act_for(session, daughter, scope, now)):
        with pytest.raises(ScopeMissing):
            refused()
    assert list(may_act_for(session, daughter, scope, now)) == []


@pytest.mark.parametrize("scope", SCOPES)
def test_nothing_is_allowed_without_consent_after_its_end_or_once_it_was_taken_back(session, now, mother, daughter, scope):
    with pytest.raises(NotAllowed):
        check_may(session, daughter, mother, scope, now)
    trust(session, mother, daughter, SCOPES, now)
    check_may(session, daughter, mother, scope, now)
    with pytest.raises(NotAllowed):
        check_may(session, daughter, mother, scope, now + GRANT_LIVES)
    revoke_all(session, mother, now)
    with pytest.raises(NotAllowed):
        one_to_act_for(session, daughter, scope, now)
    assert list(scopes_of(session, daughter, mother, now)) == []


def test_a_later_code_that_grants_less_takes_the_rest_away(session, now, mother, daughter):
    trust(session, mother, daughter, SCOPES, now)
    trust(session, mother, daughter, ("see",), now + timedelta(hours=1))
    assert list(scopes_of(session, daughter, mother, now + timedelta(hours=1))) == ["see"]


def test_who_may_book_may_look_too_and_what_there_is_not_is_refused(session, now, mother, daughter):
    trust(session, mother, daughter, ("book",), now)
    assert sorted(scopes_of(session, daughter, mother, now)) == ["book", "see"]
    with pytest.raises(NotAllowed):
        new_consent_code(session, mother, ("everything",), now)
