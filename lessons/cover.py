"""Finding somebody to step in: the likeliest are asked in waves, the first to say yes comes; without it a sick helper ends a class.

Every command locks the class first. Whoever says yes a moment later is thanked and told, never put down twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from .assignments import active_key, ask_no_more, count_helper, helper_notice, locked, set_helpers, settle_notices, staff_notice
from .cover_candidates import Candidate, candidates
from .deadlines import awake
from .helper_errors import AlreadyHelping, CoverGone, CoverUnknown
from .seats import lock_session
from .states import move
from .tables import ScheduledSession
from .volunteer_tables import Assignment, CoverAsk, CoverRequest, Volunteer, VolunteerNotice

WAVE_SIZE: Final = 3
WAVE_LASTS: Final = timedelta(hours=3)
HURRY: Final = timedelta(days=1)  # within the last day everybody is asked at once
OPEN: Final = ("open", "asking", "escalated")


def want_cover(session: Session, assignment_id: str, now: datetime) -> CoverRequest:
    """A helper who promised cannot come: the first wave is asked in the same transaction. Asking twice changes nothing."""
    assignment = locked(session, assignment_id)
    standing = request_of(session, assignment.id)
    if assignment.state == "cover_wanted" and standing is not None:
        return standing
    set_helpers(session, assignment, "cover_wanted", now)
    request = CoverRequest(assignment_id=assignment.id, session_id=assignment.session_id, opened_at=now)
    session.add(request)
    session.flush()
    _next_wave(session, request, now)
    return request


def can_come_after_all(session: Session, assignment_id: str, now: datetime) -> Assignment:
    """The helper comes after all, as long as nobody else said yes; those who were asked hear that it is settled."""
    assignment = locked(session, assignment_id)
    request = request_of(session, assignment.id)
    if request is None or assignment.state != "cover_wanted":
        raise CoverUnknown
    move("cover request", request, "withdrawn")
    _close_asks(session, request, "cover_settled", now)
    session.add(request)
    set_helpers(session, assignment, "accepted", now)
    return assignment


def accept_cover(session: Session, ask_id: str, now: datetime) -> Assignment:
    """Step in. The first to press wins; all are told in the same transaction. Raises CoverGone, AlreadyHelping."""
    ask = _ask(session, ask_id)
    request = session.get_one(CoverRequest, ask.request_id)
    lock_session(session, request.session_id)
    session.refresh(ask)
    if ask.state == "accepted":
        return _own(session, request, ask)
    if not claim(session, request, ask):
        raise CoverGone
    move("question", ask, "accepted")
    ask.answered_at = now
    session.add(ask)
    return _step_in(session, request, ask.volunteer_id, [*ask.reasons, {"code": "stepped_in", "values": {}}], now)


def decline_cover(session: Session, ask_id: str, now: datetime) -> None:
    """Not this time. When nobody of the wave is left, the next are asked at once."""
    ask = _ask(session, ask_id)
    request = session.get_one(CoverRequest, ask.request_id)
    lock_session(session, request.session_id)
    session.refresh(ask)
    if ask.state == "declined":
        return
    move("question", ask, "declined")
    ask.answered_at = now
    session.add(ask)
    session.flush()
    settle_notices(session, ask.volunteer_id, request.session_id, "cover_asked", now)
    session.refresh(request)
    if request.state == "asking" and not _asked(session, request):
        _next_wave(session, request, now)


def tend_cover(session: Session, now: datetime) -> int:
    """Ask the next wave where time is up; returns for how many classes something was done."""
    late = select(CoverRequest).where(CoverRequest.state == "asking", col(CoverRequest.wave_ends_at) <= now)
    done = 0
    for found in session.exec(late.order_by(col(CoverRequest.session_id))).all():
        lock_session(session, found.session_id)
        session.refresh(found)
        if found.state == "asking" and found.wave_ends_at is not None and found.wave_ends_at <= now:
            _next_wave(session, found, now)
            done += 1
    return done


def claim(session: Session, request: CoverRequest, ask: CoverAsk) -> bool:
    """Whether this answer is the first. The database itself compares, so even a caller without the lock cannot win twice."""
    session.flush()
    still_open = update(CoverRequest).where(col(CoverRequest.id) == request.id, col(CoverRequest.state).in_(("asking", "escalated")))
    won = session.connection().execute(still_open.values(state="filled", filled_by=ask.volunteer_id)).rowcount == 1
    session.refresh(request)
    return won and ask.state == "asked"


def request_of(session: Session, assignment_id: str) -> CoverRequest | None:
    """The search that is going on for this promise."""
    found = select(CoverRequest).where(CoverRequest.assignment_id == assignment_id, col(CoverRequest.state).in_(OPEN))
    return session.exec(found).one_or_none()


def asks_of(session: Session, request_id: str) -> Sequence[tuple[CoverAsk, Volunteer]]:
    joined = select(CoverAsk, Volunteer).join(Volunteer, col(Volunteer.id) == col(CoverAsk.volunteer_id))
    return session.exec(joined.where(CoverAsk.request_id == request_id).order_by(col(CoverAsk.wave), col(CoverAsk.rank))).all()


def _next_wave(session: Session, request: CoverRequest, now: datetime) -> None:
    """Ask the best of those nobody asked yet; without any left, staff are told."""
    place = session.get_one(ScheduledSession, request.session_id)
    asked = set(session.exec(select(CoverAsk.volunteer_id).where(CoverAsk.request_id == request.id)).all())
    left = [one for one in candidates(session, place, now) if one.volunteer.id not in asked]
    hurry = place.start_date - now < HURRY
    wave = left if hurry else left[:WAVE_SIZE]
    if not wave or place.start_date <= now:
        return _escalate(session, request, now)
    request.wave += 1
    request.wave_ends_at = min(awake(now + WAVE_LASTS, place.tz), place.start_date)
    if request.state == "open":
        move("cover request", request, "asking")
    session.add(request)
    for rank, one in enumerate(wave, start=len(asked) + 1):
        _put(session, request, one, rank, now)
    session.flush()
    return None


def _put(session: Session, request: CoverRequest, one: Candidate, rank: int, now: datetime) -> None:
    reasons = [reason.as_dict() for reason in one.reasons]
    session.add(CoverAsk(request_id=request.id, volunteer_id=one.volunteer.id, wave=request.wave, rank=rank, reasons=reasons, asked_at=now))
    one.volunteer.last_asked_at = now
    until, place_id = request.wave_ends_at, request.session_id
    told = VolunteerNotice(kind="cover_asked", volunteer_id=one.volunteer.id, session_id=place_id, until=until, made_at=now)
    session.add_all([one.volunteer, told])


def _escalate(session: Session, request: CoverRequest, now: datetime) -> None:
    """Nobody is left to ask. Those who were asked may still say yes; staff are told in the meantime."""
    if request.state != "escalated":
        move("cover request", request, "escalated")
        request.wave_ends_at = None
        session.add_all([request, staff_notice("cover_not_found", request.session_id, now)])
        session.flush()


def _step_in(session: Session, request: CoverRequest, volunteer_id: str, reasons: list[dict[str, object]], now: datetime) -> Assignment:
    former = session.get_one(Assignment, request.assignment_id, populate_existing=True)
    set_helpers(session, former, "covered", now)
    key = active_key(request.session_id, volunteer_id)
    _out_of_drafts(session, key, now)
    new = Assignment(
        session_id=request.session_id,
        volunteer_id=volunteer_id,
        role=former.role,
        state="accepted",
        source="self",
        active_key=key,
        reasons=reasons,
        changed_at=now,
    )
    session.add_all(
        [new, helper_notice("covered", former, now), helper_notice("thanks", new, now), staff_notice("covered", new.session_id, now)]
    )
    settle_notices(session, volunteer_id, request.session_id, "cover_asked", now)
    _close_asks(session, request, "cover_settled", now)
    ask_no_more(session, new, now)
    count_helper(session, request.session_id, 1, now)
    return new


def _out_of_drafts(session: Session, key: str, now: datetime) -> None:
    """A roster that is not published yet may have put the same person down there: the promise that is real takes its place.

    Raises AlreadyHelping for who stands there by a promise of their own.
    """
    drafted = session.exec(select(Assignment).where(Assignment.active_key == key)).one_or_none()
    if drafted is not None and drafted.state != "proposed":
        raise AlreadyHelping
    if drafted is not None:
        move("assignment", drafted, "withdrawn")
        drafted.active_key, drafted.changed_at = None, now
        session.add(drafted)
        session.flush()


def _close_asks(session: Session, request: CoverRequest, kind: str, now: datetime) -> None:
    for ask in _asked(session, request):
        move("question", ask, "closed")
        settle_notices(session, ask.volunteer_id, request.session_id, "cover_asked", now)
        told = VolunteerNotice(kind=kind, volunteer_id=ask.volunteer_id, session_id=request.session_id, made_at=now)
        session.add_all([ask, told])
    session.flush()


def _asked(session: Session, request: CoverRequest) -> Sequence[CoverAsk]:
    session.flush()
    return session.exec(select(CoverAsk).where(CoverAsk.request_id == request.id, CoverAsk.state == "asked")).all()


def _ask(session: Session, ask_id: str) -> CoverAsk:
    found = session.get(CoverAsk, ask_id)
    if found is None:
        raise CoverUnknown
    return found


def _own(session: Session, request: CoverRequest, ask: CoverAsk) -> Assignment:
    """What the first press made, for the second press of the same hand."""
    key = active_key(request.session_id, ask.volunteer_id)
    found = session.exec(select(Assignment).where(Assignment.active_key == key)).one_or_none()
    if found is None:
        raise CoverGone
    return found
