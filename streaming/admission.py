"""Signed tickets for watching and publishing; without this file anybody could broadcast into a town's festival."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from .errors import NotAllowed, TicketRefused

Act = Literal["watch", "publish", "host"]
"""What a ticket lets one do. A host may also take a room over from another publisher."""

ROOM_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
SIDE_ROOM: Final = re.compile(rf"{ROOM_NAME.pattern}\.[0-9]{{1,6}}")  # one person's own voice and picture, see floor_views.py
LONGEST_TICKET: Final = 600
_REMEMBERED_REVOCATIONS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """One seat in one room. The number is unguessable: a second session with the same ticket takes the first one's seat."""

    room: str
    act: Act
    number: str
    expires: int
    link: str = ""

    @property
    def person(self) -> str:
        """Who holds it. Several tickets of one person (one a page, one a side room) begin alike."""
        return person_of(self.number)


def person_of(number: str) -> str:
    """Whom the ticket with this number names."""
    return number.partition(".")[0]


class Gate:
    """Issues and checks tickets. Rooms and people are never looked up: what a ticket says is under the town's own signature."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"live tickets", "sha256")
        self._revoked: dict[str, int] = {}

    def issue(self, room: str, act: Act, now: datetime, lives: timedelta, person: str = "", link: str = "") -> str:
        """A ticket as text, fit for a Bearer header or a link. Raises NotAllowed for a name no room can have.

        `person` makes it one of several of the same person; `link` is the number of the ticket it was given for: it ends with that one.
        """
        if not (ROOM_NAME.fullmatch(room) or SIDE_ROOM.fullmatch(room)):
            raise NotAllowed()
        number = f"{person}.{secrets.token_urlsafe(9)}" if person else secrets.token_urlsafe(9)
        ticket = Ticket(room, act, number, int((now + lives).timestamp()), link)
        body = _encoded(json.dumps(asdict(ticket), separators=(",", ":")).encode())
        return f"{body}.{_encoded(self._seal(body))}"

    def admit(self, token: str, room: str, acts: tuple[Act, ...], now: datetime) -> Ticket:
        """The ticket behind `token`. Raises TicketRefused (forged, run out, revoked) or NotAllowed (another room or act)."""
        ticket = self._opened(token)
        if ticket.expires <= now.timestamp() or not self._revoked.keys().isdisjoint((ticket.number, ticket.person, ticket.link)):
            raise TicketRefused()
        if ticket.room != room or ticket.act not in acts:
            raise NotAllowed()
        return ticket

    def revoke(self, ticket: Ticket) -> None:
        """From now on this ticket opens nothing. The oldest revocations are forgotten once their tickets have run out anyway."""
        self.revoke_number(ticket.number, ticket.expires)

    def revoke_token(self, token: str) -> None:
        """The same for a ticket as text, also for one that opens nothing any more. Raises TicketRefused for a forged one."""
        self.revoke(self._opened(token))

    def revoke_number(self, number: str, expires: int) -> None:
        """The same by its number, or by the person who holds it, for what was kept from before a restart."""
        self._revoked[number] = expires
        if len(self._revoked) > _REMEMBERED_REVOCATIONS:
            del self._revoked[min(self._revoked, key=self._revoked.__getitem__)]

    def _opened(self, token: str) -> Ticket:
        body, _, seal = token.partition(".")
        if len(token) > LONGEST_TICKET or not token.isascii() or not hmac.compare_digest(seal, _encoded(self._seal(body))):
            raise TicketRefused()
        return Ticket(**json.loads(_decoded(body)))

    def _seal(self, body: str) -> bytes:
        return hmac.digest(self._key, body.encode(), hashlib.sha256)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
