"""Carries a room from one engine to another without decoding: WHEP from the first, WHIP to the second.

Without it an event that outgrows this server could not go on to a larger one (LiveKit, MediaMTX, an ingest of a network of caches), and
nobody could put a second server beside the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .answers import Contact, Medium, answer, counter_offer, wish
from .calling import CallingPeer, places_in
from .doors import Countered, Door, leave, patch, post
from .errors import NotPublishing, OfferUnusable, StreamingError
from .house import House
from .matching import NUMBERS, chosen_for_watching, numbers_of
from .offers import Codec, Offer, read_offer
from .publisher import Publisher
from .reports import Kind
from .room import Room
from .sessions import Session

FIRST_WAIT_S: Final = 1.0
LONGEST_WAIT_S: Final = 30.0
CONNECT_S: Final = 10.0
LOOK_S: Final = 0.2
PROFILES: Final = {102: "42e01f", 104: "4d001f", 106: "64001f"}
CARRIED: Final = ("h264", "vp8", "opus")


Exchange = Callable[[Door, str], Awaitable[tuple[str, str]]]
"""Sends a description; gives where the session is and the answer, if any. Raises OSError or StreamingError when refused."""


class Carrier:
    """Keeps a room carried from one door to another until cancelled, and tells every change."""

    def __init__(self, house: House, room: str, source: Door, target: Door, say: Callable[[str], object]) -> None:
        self._house, self._room, self._source, self._target, self._say = house, room, source, target, say
        self._calls: list[tuple[Session, Door, str]] = []

    async def run(self) -> None:
        wait = FIRST_WAIT_S
        while True:
            try:
                await self._connect()
                wait = FIRST_WAIT_S
                while all(not session.peer.closed for session, _, _ in self._calls):  # noqa: ASYNC110 - peers have no bell
                    await asyncio.sleep(LOOK_S)
                self._say("The connection ended; it is made again.")
            except (OSError, StreamingError) as refused:
                self._say(f"Not yet: {refused} Tried again in {wait:.0f} s.")
            finally:
                await self._hang_up()
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)

    async def _connect(self) -> None:
        self._calls.append(await _called(fetch, self._house, self._room, self._source))
        self._calls.append(await _called(hand_over, self._house, self._room, self._target))
        until = self._house.clock() + CONNECT_S
        while any(session.peer.connecting for session, _, _ in self._calls):
            if self._house.clock() > until:
                raise OSError("no connection came about.")
            await asyncio.sleep(LOOK_S)
        self._say("Handed over.")

    async def _hang_up(self) -> None:
        for session, door, place in self._calls:
            self._house.end(session)
            await leave(door, place)
        self._calls.clear()


Way = Callable[[House, str, Door, Exchange], Awaitable[tuple[Session, str]]]


async def _called(way: Way, house: House, room: str, door: Door) -> tuple[Session, Door, str]:
    session, place = await way(house, room, door, post)
    return session, door, place


async def fetch(house: House, room: str, door: Door, exchange: Exchange) -> tuple[Session, str]:
    """Fill `room` with what is shown at a WHEP endpoint; gives our session and where theirs is.

    Raises OSError or StreamingError when it cannot be had.
    """
    got = await receive(house, room, door, exchange)
    got.session.publisher = Publisher(got.peer, got.media, {}, got.stage.pass_on)
    got.stage.take_stage(got.session.publisher, got.media)
    return got.session, got.place


@dataclass(frozen=True, slots=True)
class Received:
    """A session that will bring `media` into `stage`; `place` is where theirs is."""

    session: Session
    peer: CallingPeer
    media: dict[Kind, Medium]
    stage: Room
    place: str


async def receive(
    house: House, room: str, door: Door, exchange: Exchange, kinds: Sequence[Kind] = ("video", "audio"), settle: Exchange = patch
) -> Received:
    """Ask a WHEP endpoint for what it shows; where it makes an offer of its own instead, that is answered through `settle`.

    Raises OSError or StreamingError when it cannot be had.
    """
    session, peer = house.call(room, on_own_line=True)
    contact = house.contact(peer)
    try:
        try:
            place, text = await exchange(door, _wanted(contact, kinds))
            countered = False
        except Countered as wanted:
            place, text, countered = wanted.place, wanted.offer, True
        described = read_offer(text.encode())
        media = _carried(described, kinds)
        if countered:
            await settle(Door(place, door.token), _taken(described, media, contact))
        return Received(session, peer, media, house.called(session, peer, described, places_in(text)), place)
    except (OSError, StreamingError):
        house.end(session)
        raise


def _carried(offer: Offer, kinds: Sequence[Kind]) -> dict[Kind, Medium]:
    """What of a server's description we can pass on. Raises OfferUnusable when it is nothing."""
    sent = {one.kind: one for one in offer.sections if one.kind in kinds and one.direction in ("sendonly", "sendrecv")}
    first = {kind: next((codec for codec in sent[kind].codecs if codec.name in CARRIED), None) for kind in kinds if kind in sent}
    media = {kind: Medium(codec) for kind, codec in first.items() if codec is not None}
    if not media:
        raise OfferUnusable("The other engine sends nothing that can be passed on.")
    return media


def _taken(offer: Offer, media: Mapping[Kind, Medium], contact: Contact) -> str:
    """Our answer to a server's own offer. We begin the handshake unless it wants to."""
    description = _as_full_agent(answer(offer, media, contact, sends=False))
    return description if offer.setup == "active" else description.replace("a=setup:passive", "a=setup:active")


async def hand_over(house: House, room: str, door: Door, exchange: Exchange) -> tuple[Session, str]:
    """Publish `room` at a WHIP endpoint: to us that is one more viewer. Gives our session and where theirs is.

    Raises OSError or StreamingError when it is refused.
    """
    stage = house.rooms.get(room)
    if stage is None or not stage.live:
        raise NotPublishing(retry_after_s=int(FIRST_WAIT_S))
    codecs: dict[Kind, Codec] = {kind: replace(codec, number=NUMBERS[kind]) for kind, codec in stage.codecs.items()}
    session, peer = house.call(room, on_own_line=False)
    try:
        ours = {kind: Medium(codec, ssrc=stage.ssrc(kind)) for kind, codec in codecs.items()}
        place, text = await exchange(door, _as_full_agent(counter_offer(ours, house.contact(peer))))
        described = read_offer(text.encode())
        taken = chosen_for_watching(described, codecs)
        if taken is None:
            raise OfferUnusable("The other engine takes none of it.")
        house.called(session, peer, described, places_in(text)).enter(peer, numbers_of(taken))
    except (OSError, StreamingError):
        house.end(session)
        raise
    return session, place


def _as_full_agent(description: str) -> str:
    return description.replace("a=ice-lite\r\n", "")


def _wanted(contact: Contact, kinds: Sequence[Kind]) -> str:
    """An offer to receive whatever we can pass on."""
    codecs: Mapping[Kind, Sequence[Codec]] = {
        "video": [*(Codec(number, "h264", 90_000, _profile(name)) for number, name in PROFILES.items()), Codec(96, "vp8", 90_000, {})],
        "audio": [Codec(NUMBERS["audio"], "opus", 48_000, {})],
    }
    return wish({kind: codecs[kind] for kind in kinds}, contact)


def _profile(name: str) -> Mapping[str, str]:
    return {"packetization-mode": "1", "profile-level-id": name}
