"""A draw that anybody can work out again; without it the losers of a popular class could only believe that it was fair.

announced (commitment published) → sealed (list published) → drawn (public number mixed in, seed revealed) → published.
The rule itself is told in `verify_draw.py`, which checks what this file draws and shares no line with it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from .errors import DrawNotPossible, DrawUnknown
from .fairness import Standing, standing_of
from .lot_order import Entrant, drawn, rank
from .rows import put
from .seats import lock_session, take_seat
from .states import move
from .tables import Application, Booking, Draw, DrawEntry, ScheduledSession
from .waiting_list import join_queue, note

RULE: Final = "hmac-sha256-weighted-1"
SECRET: Final = ("seed", "public_value", "results", "record_hash")
VOIDED: Final = "the class was called off"


def announce(session: Session, session_id: str, public_source: str, now: datetime, seed: bytes | None = None) -> Draw:
    """Promise a draw: the seed's hash, and which public number will be mixed in. Raises DrawNotPossible."""
    place = lock_session(session, session_id)
    if place.allocation != "lottery":
        raise DrawNotPossible("no_lottery")
    if place.state != "published":
        raise DrawNotPossible("not_standing")
    if draw_of(session, session_id) is not None:
        raise DrawNotPossible("already_announced")
    kept = seed or secrets.token_bytes(32)
    draw = Draw(
        session_id=session_id,
        rule_version=RULE,
        seed=kept.hex(),
        seed_commitment=hashlib.sha256(kept).hexdigest(),
        public_source=public_source,
        announced_at=now,
    )
    session.add(draw)
    session.flush()
    return draw


def seal(session: Session, draw_id: str, now: datetime) -> Draw:
    """After the closing day: fix the list and publish its hash. Nobody enters or changes weight from here on."""
    draw, place = _locked(session, draw_id)
    if now <= place.registration_closes:
        raise DrawNotPossible("still_open")
    if draw.state != "announced":
        raise DrawNotPossible("already_sealed")
    entrants = [_enter(session, draw, place, application) for application in _applications(session, place)]
    move("draw", draw, "sealed")
    move("class", place, "drawing")
    fixed = _fixed(draw, place, entrants)
    draw.list_hash, draw.sealed_at = digest_of(fixed), now
    draw.record = {**fixed, "list_hash": draw.list_hash}
    session.add_all([draw, place])
    session.flush()
    return draw


def draw_lots(session: Session, draw_id: str, public_value: str, now: datetime) -> Draw:
    """Mix in the public number, rank everybody, give the seats, and queue the rest in the order drawn."""
    draw, place = _locked(session, draw_id)
    if draw.state != "sealed":
        raise DrawNotPossible("not_sealed" if draw.state == "announced" else "already_drawn")
    if not public_value.strip():
        raise DrawNotPossible("no_public_value")
    draw.public_value, draw.drawn_at = public_value.strip(), now
    draw.record = finished(draw.record, draw.seed, draw.public_value)
    move("draw", draw, "drawn")
    move("class", place, "awarded")
    _award(session, draw, place, now)
    move("draw", draw, "published")
    session.add_all([draw, place])
    session.flush()
    return draw


def void(session: Session, place: ScheduledSession, now: datetime) -> None:
    """A class that is called off is not drawn any more: its record says so and opens the seed that nobody will use. Call it under the lock.

    A draw that was held stays as it is; who won or lost is known and may still be checked.
    """
    draw = draw_of(session, place.id)
    if draw is None or draw.state not in ("announced", "sealed"):
        return
    move("draw", draw, "void")
    begun = draw.record or _promise(draw)
    draw.record = {**begun, "void": VOIDED, "voided_at": now.isoformat(), "seed": draw.seed}
    session.add(draw)
    session.flush()


def finished(sealed: Mapping[str, Any], seed: str, public_value: str) -> dict[str, Any]:
    """The sealed record with seed, public number and results."""
    opened = {**sealed, "seed": seed, "public_value": public_value}
    lines = [(one["receipt"], one["weight"], one["tier"]) for one in sealed["entries"]]
    order = drawn(lines, opened["draw"], bytes.fromhex(seed), public_value, opened["first_timer_seats"])
    seats = opened["seats"]
    opened["results"] = [[n, receipt, "won" if n <= seats else "reserve", digest] for n, (receipt, digest) in enumerate(order, start=1)]
    return {**opened, "record_hash": digest_of(opened)}


def public_json(draw: Draw) -> str:
    """What everybody may see at this stage, byte for byte as it is hashed. Before sealing only the promise is there."""
    return canonical(_promise(draw) if draw.state == "announced" else draw.record)


def _promise(draw: Draw) -> dict[str, Any]:
    return {"rule": RULE, "draw": draw.id, "seed_commitment": draw.seed_commitment, "public_source": draw.public_source}


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def draw_of(session: Session, session_id: str) -> Draw | None:
    return session.exec(select(Draw).where(Draw.session_id == session_id)).one_or_none()


def _locked(session: Session, draw_id: str) -> tuple[Draw, ScheduledSession]:
    found = session.get(Draw, draw_id)
    if found is None:
        raise DrawUnknown
    place = lock_session(session, found.session_id)
    return session.get_one(Draw, draw_id, populate_existing=True), place


def _applications(session: Session, place: ScheduledSession) -> Sequence[Application]:
    waiting = select(Application).where(Application.session_id == place.id, Application.state == "in_draw")
    return session.exec(waiting.order_by(col(Application.receipt_number))).all()


def _enter(session: Session, draw: Draw, place: ScheduledSession, application: Application) -> Entrant:
    standing: Standing = standing_of(session, application.learner_id, place.course_code)
    session.add(DrawEntry(draw_id=draw.id, application_id=application.id, weight=standing.weight, tier=standing.tier))
    return Entrant(application.receipt_number, standing.weight, standing.tier)


def _fixed(draw: Draw, place: ScheduledSession, entrants: Sequence[Entrant]) -> dict[str, Any]:
    return {
        "rule": RULE,
        "draw": draw.id,
        "class": place.id,
        "seats": place.seats_free,
        "first_timer_seats": place.first_timer_seats,
        "public_source": draw.public_source,
        "seed_commitment": draw.seed_commitment,
        "entries": [{"receipt": one.receipt, "weight": one.weight, "tier": one.tier} for one in entrants],
    }


def _award(session: Session, draw: Draw, place: ScheduledSession, now: datetime) -> None:
    """Seats in the order drawn. Who withdrew after sealing keeps the rank but takes no seat, so the next one moves up.

    As many as the sealed list promised: a helper who dropped out since puts the class at risk, and takes nobody's published seat.
    """
    promised = max(place.seats_taken + draw.record["seats"], place.seats_offered)
    entered = select(DrawEntry, Application).where(DrawEntry.application_id == Application.id, DrawEntry.draw_id == draw.id)
    by_receipt = {application.receipt_number: (entry, application) for entry, application in session.exec(entered).all()}
    for place_drawn, receipt, _outcome, _digest in draw.record["results"]:
        entry, application = by_receipt[receipt]
        entry.rank = place_drawn
        session.add(entry)
        if application.state != "in_draw":
            continue
        if take_seat(session, place, ceiling=promised):
            move("application", application, "won")
            session.add(application)
            put(session, Booking, application_id=application.id, session_id=place.id, state="confirmed", changed_at=now)
            note(session, "won", place.id, application.id, now)
        else:
            move("application", application, "reserve")
            session.add(application)
            join_queue(session, place, application.id)
            note(session, "reserve", place.id, application.id, now)


__all__ = [
    "RULE",
    "Entrant",
    "announce",
    "canonical",
    "digest_of",
    "draw_lots",
    "draw_of",
    "finished",
    "public_json",
    "rank",
    "seal",
    "void",
]
