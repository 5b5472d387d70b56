"""Both sides hear when one ends what family may do; without it a daughter would learn of it from a refusal at the worst moment."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from inclusion.classes.notices import account_for, person_of_learner
from inclusion.skills import family
from inclusion.telling import Telling
from lessons.learning_tables import ProxyGrant


def tell_family(session: Session, telling: Telling, grant: ProxyGrant, now: datetime) -> None:
    """The learner took it back."""
    account = account_for(session, grant.person_id, "")
    if account is not None:
        telling.notice(session, account, family.taken_back, f"family/{grant.id}/ended/{now.isoformat()}", now)


def tell_learner(session: Session, telling: Telling, grant: ProxyGrant, now: datetime) -> None:
    """The family member gave it back."""
    person = person_of_learner(session, grant.learner_id)
    account = account_for(session, person, "") if person else None
    if account is not None:
        telling.notice(session, account, family.given_back, f"family/{grant.id}/ended/{now.isoformat()}", now)
