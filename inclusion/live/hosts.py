"""Hosts' links, each of which can be shown again and taken back alone; without it a link that went astray would host until it runs out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from inclusion.live.tables import LiveHost
from inclusion.live.tickets import TicketGone


def make_host(session: Session, room: str, now: datetime, until: datetime) -> LiveHost:
    """A new link for a room, good until `until`. Its seat is the host in the room, whichever page or program it opens."""
    host = LiveHost(room=room, seat=f"h{secrets.token_urlsafe(9)}", made_at=now, expires_at=until)
    session.add(host)
    session.flush()
    return host


def hosts_of(session: Session, room: str) -> Sequence[LiveHost]:
    return session.exec(select(LiveHost).where(LiveHost.room == room).order_by(col(LiveHost.number))).all()


def standing_hosts(session: Session, now: datetime) -> Sequence[LiveHost]:
    """Every link that opens a room just now."""
    good = select(LiveHost).where(col(LiveHost.revoked_at).is_(None), col(LiveHost.expires_at) > now)
    return session.exec(good.order_by(col(LiveHost.room), col(LiveHost.number))).all()


def move_hosts(session: Session, room: str, until: datetime) -> None:
    """The event was moved: its links go with it."""
    for host in hosts_of(session, room):
        host.expires_at = until
        session.add(host)


def revoke_host(session: Session, number: int, now: datetime, room: str = "") -> LiveHost:
    """From now on this link opens nothing. Raises tickets.TicketGone for one that is not there, or of another room than `room`."""
    host = session.get(LiveHost, number)
    if host is None or (room and host.room != room):
        raise TicketGone
    host.revoked_at = host.revoked_at or now
    session.add(host)
    return host


def revoked_hosts(session: Session, now: datetime) -> Sequence[LiveHost]:
    """Those that would still open a room if they had not been taken back."""
    return session.exec(select(LiveHost).where(col(LiveHost.revoked_at).is_not(None), col(LiveHost.expires_at) > now)).all()
