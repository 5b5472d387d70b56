"""Who may act for whom; without it a daughter could not sign her mother up, or anybody could.

The learner's own chats act for the learner. A family member acts with the learner's consent: six digits said aloud, revoked by one word.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from .columns import new_id
from .errors import CodeUnknown, NotAllowed, ScopeMissing
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


def new_consent_code(session: Session, learner_id: str, scopes: Collection[str], now: datetime) -> str:
    """Six digits for the family, good for half an hour and once; an older code of this learner ends.

    `scopes` is what the learner agrees to, of SCOPES; who may do anything may also see. Raises NotAllowed for a scope there is not.
    """
    if not set(scopes) <= set(SCOPES):
        raise NotAllowed
    session.connection().execute(delete(ProxyCode).where((col(ProxyCode.learner_id) == learner_id) | (col(ProxyCode.expires_at) <= now)))
    code = str(secrets.randbelow(900_000) + 100_000)
    while session.get(ProxyCode, code) is not None:
        code = str(secrets.randbelow(900_000) + 100_000)
    session.add(ProxyCode(code=code, learner_id=learner_id, scopes=sorted({"see", *scopes}), expires_at=now + CODE_LIVES))
    session.flush()
    return code


def is_consent_code(session: Session, code: str, now: datetime) -> bool:
    found = session.get(ProxyCode, code)
    return found is not None and found.expires_at > now


def use_consent_code(session: Session, code: str, person_id: str, now: datetime) -> ProxyGrant:
    """The family member may do what the code grants, and no more, for a year from now on.

    Raises CodeUnknown, and NotAllowed for one's own code.
    """
    found = session.get(ProxyCode, code)
    if found is None or found.expires_at <= now:
        raise CodeUnknown
    own = find_own(session, person_id)
    if own is not None and own.id == found.learner_id:
        raise NotAllowed
    grant = _grant(session, person_id, found.learner_id) or ProxyGrant(
        person_id=person_id, learner_id=found.learner_id, role="family", consented_at=now
    )
    grant.scopes, grant.consented_at, grant.valid_until, grant.revoked_at = list(found.scopes), now, now + GRANT_LIVES, None
    session.add(grant)
    session.delete(found)
    session.flush()
    return grant


def revoke_all(session: Session, learner_id: str, now: datetime) -> Sequence[ProxyGrant]:
    """The learner takes it all back with one word; returns what has ended, so that each of them can be told."""
    session.connection().execute(delete(ProxyCode).where(col(ProxyCode.learner_id) == learner_id))
    standing = [one for one in _given(session, learner_id) if one.revoked_at is None]
    for grant in standing:
        grant.revoked_at = now
        session.add(grant)
    session.flush()
    return [one for one in standing if one.valid_until is None or one.valid_until > now]


def end_grant(session: Session, grant_id: str, person_id: str, now: datetime) -> ProxyGrant:
    """One consent ends, taken back by the learner or given back by the family member; ending it twice changes nothing.

    Raises NotAllowed for anybody else.
    """
    grant = session.get(ProxyGrant, grant_id)
    own = find_own(session, person_id)
    theirs = grant is not None and (grant.person_id == person_id or (own is not None and own.id == grant.learner_id))
    if grant is None or grant.role != "family" or not theirs:
        raise NotAllowed
    grant.revoked_at = grant.revoked_at or now
    session.add(grant)
    session.flush()
    return grant


def grants_given(session: Session, learner_id: str, now: datetime) -> Sequence[ProxyGrant]:
    """Who may act for this learner now, the oldest consent first."""
    return [one for one in _given(session, learner_id) if _stands(one, now)]


def grants_received(session: Session, person_id: str, now: datetime) -> Sequence[ProxyGrant]:
    """For whom this person may act now, the oldest consent first."""
    return [one for one in _family(session, person_id) if _stands(one, now)]


def may_act_for(session: Session, person_id: str, scope: str, now: datetime) -> Sequence[str]:
    """The learners for whom a family member may do this now, the newest consent last."""
    return [one.learner_id for one in _family(session, person_id) if _stands(one, now) and scope in one.scopes]


def one_to_act_for(session: Session, person_id: str, scope: str, now: datetime) -> str:
    """The learner whose consent is the newest. Raises NotAllowed without any, ScopeMissing where it does not go that far."""
    allowed = may_act_for(session, person_id, scope, now)
    if allowed:
        return allowed[-1]
    raise ScopeMissing(scope) if any(_stands(one, now) for one in _family(session, person_id)) else NotAllowed


def no_longer_trusted(session: Session, person_id: str, now: datetime) -> bool:
    """Whether this person acted for somebody once and may not any more: revoked or over."""
    family = _family(session, person_id)
    return bool(family) and not any(_stands(one, now) for one in family)


def scopes_of(session: Session, person_id: str, learner_id: str, now: datetime) -> Collection[str]:
    """What this person may do for this learner now; everything for one's own."""
    grant = _grant(session, person_id, learner_id)
    return grant.scopes if grant is not None and _stands(grant, now) else ()


def check_may(session: Session, person_id: str, learner_id: str, scope: str, now: datetime) -> ProxyGrant:
    """Raises NotAllowed without a consent that holds, ScopeMissing where it does not go that far."""
    grant = _grant(session, person_id, learner_id)
    if grant is None or not _stands(grant, now):
        raise NotAllowed
    if scope not in grant.scopes:
        raise ScopeMissing(scope)
    return grant


def _stands(grant: ProxyGrant, now: datetime) -> bool:
    return grant.revoked_at is None and (grant.valid_until is None or grant.valid_until > now)


def _family(session: Session, person_id: str) -> Sequence[ProxyGrant]:
    theirs = select(ProxyGrant).where(ProxyGrant.person_id == person_id, ProxyGrant.role == "family")
    return session.exec(theirs.order_by(col(ProxyGrant.consented_at))).all()


def _given(session: Session, learner_id: str) -> Sequence[ProxyGrant]:
    family = select(ProxyGrant).where(ProxyGrant.learner_id == learner_id, ProxyGrant.role == "family")
    return session.exec(family.order_by(col(ProxyGrant.consented_at))).all()


def _grant(session: Session, person_id: str, learner_id: str) -> ProxyGrant | None:
    return session.exec(select(ProxyGrant).where(ProxyGrant.person_id == person_id, ProxyGrant.learner_id == learner_id)).one_or_none()
