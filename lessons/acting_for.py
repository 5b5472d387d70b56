"""Who may act for whom; without it a daughter could not sign her mother up, or anybody could.

The learner's own chats act for the learner. A family member acts with the learner's consent: six digits said aloud, revoked by one word.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from .columns import new_id
from .errors import CodeUnknown, NotAllowed
from .learning_tables import ProxyCode, ProxyGrant
from .tables import Learner

CODE_LIVES: Final = timedelta(minutes=30)
GRANT_LIVES: Final = timedelta(days=365)
SCOPES: Final = ("book", "cancel", "see")


def own_learner(session: Session, person_id: str, in_language: str, now: datetime) -> Learner:
    """The learner behind somebody's own chats. Nothing but the chat is known of a new one: no name, no number."""
    found = find_own(session, person_id)
    if found is not None:
        return found
    learner = Learner(name="", name_key=f"chat {new_id()}", phone="", in_language=in_language, consented_at=now)
    session.add(learner)
    session.flush()
    session.add(ProxyGrant(person_id=person_id, learner_id=learner.id, role="self", scopes=list(SCOPES), consented_at=now))
    session.flush()
    return learner


def find_own(session: Session, person_id: str) -> Learner | None:
    """The oldest where two chats of one person, joined later, had each their own."""
    own = select(Learner).join(ProxyGrant, col(ProxyGrant.learner_id) == col(Learner.id))
    mine = own.where(ProxyGrant.person_id == person_id, ProxyGrant.role == "self").order_by(col(ProxyGrant.consented_at))
    return session.exec(mine).first()


def new_consent_code(session: Session, learner_id: str, now: datetime) -> str:
    """Six digits for the family, good for half an hour and once; an older code of this learner ends."""
    session.connection().execute(delete(ProxyCode).where((col(ProxyCode.learner_id) == learner_id) | (col(ProxyCode.expires_at) <= now)))
    code = str(secrets.randbelow(900_000) + 100_000)
    while session.get(ProxyCode, code) is not None:
        code = str(secrets.randbelow(900_000) + 100_000)
    session.add(ProxyCode(code=code, learner_id=learner_id, expires_at=now + CODE_LIVES))
    session.flush()
    return code


def is_consent_code(session: Session, code: str, now: datetime) -> bool:
    found = session.get(ProxyCode, code)
    return found is not None and found.expires_at > now


def use_consent_code(session: Session, code: str, person_id: str, now: datetime) -> ProxyGrant:
    """The family member may act from now on, for a year. Raises CodeUnknown, and NotAllowed for one's own code."""
    found = session.get(ProxyCode, code)
    if found is None or found.expires_at <= now:
        raise CodeUnknown
    own = find_own(session, person_id)
    if own is not None and own.id == found.learner_id:
        raise NotAllowed
    grant = _grant(session, person_id, found.learner_id) or ProxyGrant(
        person_id=person_id, learner_id=found.learner_id, role="family", consented_at=now
    )
    grant.scopes, grant.consented_at, grant.valid_until, grant.revoked_at = list(SCOPES), now, now + GRANT_LIVES, None
    session.add(grant)
    session.delete(found)
    session.flush()
    return grant


def revoke_all(session: Session, learner_id: str, now: datetime) -> int:
    """The learner takes it all back with one word; returns from how many."""
    session.connection().execute(delete(ProxyCode).where(col(ProxyCode.learner_id) == learner_id))
    family = update(ProxyGrant).where(
        col(ProxyGrant.learner_id) == learner_id, col(ProxyGrant.role) == "family", col(ProxyGrant.revoked_at).is_(None)
    )
    return session.connection().execute(family.values(revoked_at=now)).rowcount


def may_act_for(session: Session, person_id: str, scope: str, now: datetime) -> Sequence[str]:
    """The learners for whom a family member may do this now."""
    grants = session.exec(select(ProxyGrant).where(ProxyGrant.person_id == person_id, ProxyGrant.role == "family")).all()
    return [one.learner_id for one in grants if _holds(one, scope, now)]


def check_may(session: Session, person_id: str, learner_id: str, scope: str, now: datetime) -> ProxyGrant:
    """Raises NotAllowed."""
    grant = _grant(session, person_id, learner_id)
    if grant is None or not _holds(grant, scope, now):
        raise NotAllowed
    return grant


def _holds(grant: ProxyGrant, scope: str, now: datetime) -> bool:
    in_time = grant.valid_until is None or grant.valid_until > now
    return grant.revoked_at is None and in_time and scope in grant.scopes


def _grant(session: Session, person_id: str, learner_id: str) -> ProxyGrant | None:
    return session.exec(select(ProxyGrant).where(ProxyGrant.person_id == person_id, ProxyGrant.learner_id == learner_id)).one_or_none()
