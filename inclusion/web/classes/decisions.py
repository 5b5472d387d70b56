"""What only a clerk decides about a class: calling it off, a seat past the queue, an invitation; without it each would need a programmer.

Every decision is one transaction with its audit entry; what people must hear of it is written in the same one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Protocol
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from inclusion.staff.accounts import Staff
from inclusion.web.staff.session import StaffDoor
from inclusion.web.typed_text import cleaned
from lessons import OFF_REASONS, ClassOnOffer, Wish, call_off_by_staff, invite, our_moment, seat_by_staff

from .pages import Typing, typed_application

CLERK: Final = "clerk"
HELD_FOR: Final = timedelta(days=2)
ENDED: Final = ("cancelled", "completed")

Typed = Annotated[str, Form(max_length=200)]
Typings = Annotated[Typing, Depends(typed_application)]
Deed = Callable[[Session, datetime], object]


class Desk(Protocol):
    """What the page of a class lends: its guarded transaction, and itself with a sentence on top."""

    own_forms: Any
    zone: ZoneInfo

    def do(self, request: Request, staff: Staff, key: str, session_id: str, action: str, deed: Deed) -> Response: ...

    def asked_again(self, request: Request, staff: Staff, key: str, session_id: str, message_id: str) -> Response: ...


def add_decisions(router: APIRouter, desk: Desk, door: StaffDoor) -> None:
    """Routes under /staff/lessons/{session_id} for a clerk or an administrator."""
    clerk = Annotated[Staff, Depends(door.needs_role(CLERK))]

    @router.post("/staff/lessons/{session_id}/calling-off", dependencies=desk.own_forms)
    def calling_off(request: Request, staff: clerk, session_id: str, reason: Typed = "", sure: Typed = "", key: Typed = "") -> Response:
        """Cannot be undone, so it is only done where the box is ticked."""
        if sure != "yes":
            return desk.asked_again(request, staff, key, session_id, "staff.lessons.off.not_sure")
        return desk.do(
            request, staff, key, session_id, "call_off", lambda session, now: call_off_by_staff(session, session_id, reason, now)
        )

    @router.post("/staff/lessons/{session_id}/seats", dependencies=desk.own_forms)
    def seat(request: Request, staff: clerk, session_id: str, typed: Typings, reason: Typed = "") -> Response:
        wish, why = _wish(session_id, typed, staff), cleaned(reason)
        return desk.do(request, staff, typed.key, session_id, "seat", lambda session, now: seat_by_staff(session, wish, why, now))

    @router.post("/staff/lessons/{session_id}/invitations", dependencies=desk.own_forms)
    def invitation(request: Request, staff: clerk, session_id: str, typed: Typings, until: Typed = "") -> Response:
        wish, held = _wish(session_id, typed, staff), our_moment(until, desk.zone)
        return desk.do(request, staff, typed.key, session_id, "invite", lambda session, now: invite(session, wish, held or now, now))


def decisions_shown(staff: Staff, one: ClassOnOffer, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What the page of a class needs for them: whether they are offered, the reasons, and until when a seat is held by default."""
    decides = staff.may(CLERK) and one.session.state not in ENDED and now <= one.session.end_date
    until = min(now + HELD_FOR, one.session.start_date).astimezone(zone)
    shown = {"decides": decides, "invites": decides and now < one.session.start_date}
    return {**shown, "off_reasons": OFF_REASONS, "hold_until": f"{until:%Y-%m-%dT%H:%M}"}


def _wish(session_id: str, typed: Typing, staff: Staff) -> Wish:
    return Wish(session_id, typed.contact, "phone", f"staff {staff.id}")
