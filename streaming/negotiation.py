"""WHIP (RFC 9725) and WHEP as plain calls, without a web framework; without it no publisher or player could open a session."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal

from .admission import Act, Gate, Ticket
from .answers import fragment
from .errors import (
    OfferTooLarge,
    OfferUnreadable,
    OfferUnusable,
    PreconditionFailed,
    PreconditionMissing,
    SessionUnknown,
    StreamingError,
    TicketRefused,
    WrongMediaType,
)
from .house import House
from .offers import LONGEST_OFFER, Offer, read_fragment, read_offer
from .sessions import Session
from .turn import Relays

Protocol = Literal["whip", "whep"]
SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
ACTS: Final[Mapping[Protocol, tuple[Act, ...]]] = {"whip": ("publish", "host"), "whep": ("watch", "publish", "host")}
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "OPTIONS, GET, HEAD, POST, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Expose-Headers": "Location, Link, ETag, Retry-After",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request: header names in lower case, `session` empty at the endpoint itself."""

    protocol: Protocol
    method: str
    room: str
    session: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `headers` are pairs because Link may come several times."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


class Negotiation:
    def __init__(self, house: House, gate: Gate, relays: Relays, now: Callable[[], datetime]) -> None:
        self._house, self._gate, self._relays, self._now = house, gate, relays, now

    def answer(self, call: Call) -> Reply:
        """The whole conversation, one request at a time; refusals are problem details (RFC 9457)."""
        try:
            reply = self._answer(call)
        except StreamingError as refused:
            reply = _problem(refused)
        return Reply(reply.status, [*reply.headers, *CORS.items()], b"" if call.method == "HEAD" else reply.body)

    def _answer(self, call: Call) -> Reply:
        if call.method == "OPTIONS":
            return self._options(call)
        ticket = self._ticket(call)
        if call.session:
            return self._at_session(call, self._session(call, ticket))
        if call.method == "POST":
            return self._open(call, ticket)
        if call.method == "HEAD":
            return Reply(200, [("Content-Type", SDP)])
        if call.method == "GET":
            return Reply(204)
        return Reply(405, [("Allow", "OPTIONS, GET, HEAD, POST")])

    def _at_session(self, call: Call, session: Session) -> Reply:
        if call.method == "DELETE":
            self._house.end(session)
            return Reply(200)
        if call.method == "PATCH":
            return self._patch(call, session)
        if call.method in ("GET", "HEAD"):
            return Reply(204)
        return Reply(405, [("Allow", "OPTIONS, GET, HEAD, PATCH, DELETE")])

    def _options(self, call: Call) -> Reply:
        """A preflight gets no relays; a client that asks plainly does (RFC 9725, section 4.6)."""
        preflight = "access-control-request-method" in call.headers
        accepts = [("Accept-Patch", f"{FRAGMENT}, {SDP}")] if call.session else [("Accept-Post", SDP)]
        if preflight or "authorization" not in call.headers:
            return Reply(200, accepts)
        self._ticket(call)
        return Reply(200, [*accepts, *self._links()])

    def _open(self, call: Call, ticket: Ticket) -> Reply:
        offer = _described(call)
        if call.protocol == "whip":
            session, text = self._house.publish(call.room, offer, ticket)
        else:
            session, text = self._house.watch(call.room, offer, ticket)
        place = f"/{call.protocol}/{call.room}/{session.id}"
        headers = [("Content-Type", SDP), ("Location", place), ("ETag", f'"{session.peer.entity_tag}"'), *self._links()]
        return Reply(201 if session.answered else 406, headers, text.encode())

    def _patch(self, call: Call, session: Session) -> Reply:
        if call.protocol == "whep" and not session.answered:
            self._house.accept(session, _described(call))
            return Reply(204)
        ufrag, _ = read_fragment(_body(call, FRAGMENT))
        matched = call.headers.get("if-match")
        if matched is None:
            raise PreconditionMissing()
        _demand(_names(matched, session.peer.entity_tag))
        if ufrag == session.client_ufrag:
            return Reply(204)
        contact = self._house.restart(session, ufrag)
        kind, mid = session.tagged
        return Reply(200, [("Content-Type", FRAGMENT), ("ETag", f'"{session.peer.entity_tag}"')], fragment(mid, kind, contact).encode())

    def _ticket(self, call: Call) -> Ticket:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise TicketRefused()
        return self._gate.admit(token.strip(), call.room, ACTS[call.protocol], self._now())

    def _session(self, call: Call, ticket: Ticket) -> Session:
        session = self._house.sessions.get(call.session)
        ours = session is not None and session.room == call.room and (session.publisher is not None) == (call.protocol == "whip")
        if session is None or not ours or session.ticket != ticket.number:
            raise SessionUnknown()
        return session

    def _links(self) -> list[tuple[str, str]]:
        return [("Link", server.as_link()) for server in self._relays.for_now(self._now())]


def _described(call: Call) -> Offer:
    """The client's description. We are passive (RFC 9725, section 4.4.4), so a client that is as well would wait for ever."""
    offer = read_offer(_body(call, SDP))
    if offer.setup == "passive":
        raise OfferUnusable("The client must be ready to be active in DTLS.")
    return offer


def _body(call: Call, wanted: str) -> bytes:
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise WrongMediaType()
    if len(call.body) > LONGEST_OFFER:
        raise OfferTooLarge()
    if not call.body:
        raise OfferUnreadable()
    return call.body


def _names(matched: str, entity_tag: str) -> bool:
    """Whether an If-Match field names this strong tag (RFC 9110, section 13.1.1).

    Both protocols' own examples of a restart write the star in quotation marks (`"*"`), and clients copy examples; no tag of ours is one.
    """
    return not {"*", '"*"', f'"{entity_tag}"'}.isdisjoint(one.strip() for one in matched.split(","))


def _demand(holds: bool) -> None:
    if not holds:
        raise PreconditionFailed()


def _problem(refused: StreamingError) -> Reply:
    headers = [("Content-Type", "application/problem+json")]
    if refused.retry_after_s:
        headers.append(("Retry-After", str(refused.retry_after_s)))
    if refused.status == TicketRefused.status:
        headers.append(("WWW-Authenticate", "Bearer"))
    body = {"title": HTTPStatus(refused.status).phrase, "status": refused.status, "detail": str(refused)}
    return Reply(refused.status, headers, json.dumps(body).encode())
