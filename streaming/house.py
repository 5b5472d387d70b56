"""All rooms behind one open UDP port; without it sessions, rooms and arriving datagrams would not find each other."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from . import stun
from .admission import Ticket
from .answers import Contact, Medium, answer, counter_offer
from .calling import CallingPeer, OpenLine, no_line
from .errors import HouseFull, NotPublishing, OfferUnusable, RoomTaken
from .forwarding import FanoutSender, PlainSender
from .handshake import Identity
from .matching import chosen_for_publishing, chosen_for_watching, numbers_of, offered_codecs
from .offers import Offer
from .peer import CONNECTING_S, Peer, Send
from .publisher import Publisher
from .reports import Kind
from .room import RECONNECT_S, Room
from .sessions import Figures, Limits, Session
from .source import Source
from .stun import Address

RETRY_AFTER_S: Final = 3
TICK_S: Final = 0.01
Order = Literal["away", "clear", "sizes"]
COUNTER_OFFER_S: Final = 30.0  # how long it stays valid (WHEP draft 03, section 4.2.2)


class House:
    """Plain calls only: `take` a datagram, `flush` what it caused, `tick` the clock. A MediaPort (or a test) drives it."""

    def __init__(self, send: Send, clock: Callable[[], float], sender: FanoutSender | None = None, limits: Limits | None = None) -> None:
        self.rooms: dict[str, Room] = {}
        self.sessions: dict[str, Session] = {}
        self.addresses: Sequence[Address] = ()
        self.figures = Figures()
        self.clock = clock
        self._send, self._sender, self._limits = send, sender or PlainSender(), limits or Limits()
        self._identity = Identity()
        self._news: set[Room] = set()
        self.open_line: OpenLine = no_line
        self.elsewhere: Callable[[Order, str], None] = lambda order, whom: None  # told what must also hold in other processes
        self._by_ufrag: dict[str, Session] = {}
        self._by_address: dict[Address, Session] = {}
        self._connecting: dict[str, Session] = {}
        self._last_second = 0.0

    def use(self, sender: FanoutSender) -> None:
        """Rooms that open from now on send with this."""
        self._sender = sender

    def publish(self, room_name: str, offer: Offer, ticket: Ticket) -> tuple[Session, str]:
        """A publisher's session and our answer. Raises RoomTaken, OfferUnusable or HouseFull, and then nothing is left of it."""
        room = self._room(room_name)
        holder = next((one for one in self.sessions.values() if one.publisher is not None and one.publisher is room.source), None)
        if room.live and (holder is None or holder.ticket != ticket.number) and ticket.act != "host":
            raise RoomTaken()
        media = chosen_for_publishing(offer, room.codecs if room.viewers else {})
        session = self._new_session(room_name, ticket, offer)
        video = offer.section("video")
        session.publisher = Publisher(session.peer, media, video.extensions if video else {}, room.pass_on)
        self._take_stage(room, session.publisher, media)
        self._end_old(session)
        self.figures.published += 1
        return session, answer(offer, media, self.contact(session.peer), sends=False)

    def watch(self, room_name: str, offer: Offer, ticket: Ticket) -> tuple[Session, str]:
        """A viewer's session and our answer; `session.answered` is False when the answer is a counter-offer (406).

        Raises NotPublishing or HouseFull.
        """
        room = self.rooms.get(room_name)
        if room is None or not room.live:
            raise NotPublishing(retry_after_s=RETRY_AFTER_S)
        media = chosen_for_watching(offer, room.codecs)
        ours = {kind: replace(medium, ssrc=room.ssrc(kind)) for kind, medium in (media or offered_codecs(room.codecs)).items()}
        session = self._new_session(room_name, ticket, offer if media else None)
        self._end_old(session)
        if media is None:
            session.answered = False
            session.peer.began += COUNTER_OFFER_S - CONNECTING_S
            return session, counter_offer(ours, self.contact(session.peer))
        self._seat(session, numbers_of(ours))
        return session, answer(offer, ours, self.contact(session.peer), sends=True)

    def accept(self, session: Session, answered: Offer) -> None:
        """The player's answer to our counter-offer. Raises OfferUnusable when it takes none of it."""
        room = self.rooms[session.room]
        media = chosen_for_watching(answered, room.codecs)
        if session.answered or media is None:
            raise OfferUnusable()
        session.answered, session.client_ufrag, session.peer.began = True, answered.ufrag, self.clock()
        session.peer.expect(answered.fingerprint)
        self._seat(session, numbers_of(media))

    def restart(self, session: Session, client_ufrag: str) -> Contact:
        """New ICE credentials for a session whose network changed."""
        session.peer.restart()
        session.client_ufrag = client_ufrag
        self._know(session)
        return self.contact(session.peer)

    def play(self, room_name: str, source: Source, media: Mapping[Kind, Medium]) -> Room:
        """Fill a room from inside the program, for example with the sample festival."""
        room = self._room(room_name)
        self._take_stage(room, source, media)
        return room

    def call(self, room_name: str, on_own_line: bool) -> tuple[Session, CallingPeer]:
        """A session that we begin ourselves; `called` completes it. What is sent to many leaves by the common port, so only one who
        receives can have a line of its own. Raises OSError where none can be opened.
        """
        line = self.open_line(lambda datagram, address: self.take(datagram, address, session)) if on_own_line else None
        peer = CallingPeer(self._identity, self._send, line, self.clock())
        session = Session(secrets.token_urlsafe(16), room_name, "publish", secrets.token_urlsafe(9), peer, "", ("video", "0"))
        self._take_in(session)
        return session, peer

    def called(self, session: Session, peer: CallingPeer, answer: Offer, places: Sequence[Address]) -> Room:
        """The other side answered and is at one of `places`; gives the room.

        Raises HouseFull, or OfferUnusable when a call goes there already: on one port two could not be told apart.
        """
        if peer.line is None:
            if any(place in self._by_address for place in places):
                raise OfferUnusable("There is a call to this address already.")
            self._by_address.update(dict.fromkeys(places, session))
        peer.answered(answer, places)
        return self.rooms.setdefault(session.room, self._room(session.room))

    def contact(self, peer: Peer) -> Contact:
        port = peer.line.port if isinstance(peer, CallingPeer) and peer.line else 0
        return Contact(peer.ufrag, peer.password, self._identity.fingerprint, [(host, port or own) for host, own in self.addresses])

    def take(self, datagram: bytes, address: Address, known: Session | None = None) -> None:
        """One datagram from anywhere, or on the line of a `known` session. Strangers cost nothing more than this look (RFC 7983)."""
        now = self.clock()
        first = datagram[0] if len(datagram) > 1 else 255
        session = known or self._by_address.get(address)
        if first < 4:
            self._take_check(datagram, address, now, known)
        elif session is not None and 20 <= first <= 63:
            session.peer.take_handshake(datagram, now)
        elif session is not None and 128 <= first <= 191 and len(datagram) >= 12:
            session.peer.take_media(datagram, now)
        else:
            self.figures.dropped += 1

    def flush(self) -> bool:
        """Send on what the last datagrams brought; True while a picture waits for its last packet: then call again after HOLD_S."""
        now = self.clock()
        held = [room for room in self._news if room.flush(now)]
        self._news.clear()
        self._news.update(held)
        return bool(held)

    def tick(self) -> bool:
        """Every hundredth of a second while it returns True, more seldom otherwise."""
        now = self.clock()
        self._insist(now)
        for room in self.rooms.values():
            if room.busy:
                room.catch_up()
            if room.source is not None:
                room.source.ask_missing(now)
        if now - self._last_second >= 1.0:
            self._last_second = now
            self._once_a_second(now)
        return bool(self._connecting) or any(room.busy or room.source is not None for room in self.rooms.values())

    def end(self, session: Session) -> None:
        """Whatever the session did is over at once (RFC 7675, section 5.2)."""
        self.sessions.pop(session.id, None)
        self._connecting.pop(session.id, None)
        session.peer.close()
        for ufrag in session.ufrags:
            self._by_ufrag.pop(ufrag, None)
        for place in session.peer.known_places():
            if self._by_address.get(place) is session:
                del self._by_address[place]
        room = self.rooms.get(session.room)
        if room is not None:
            room.leave(session.peer)
            if session.publisher is not None:
                room.leave_stage(session.publisher, self.clock())

    def clear(self, room_name: str) -> None:
        """End every session of a room; whoever holds a ticket that is still good may come back."""
        self.elsewhere("clear", room_name)
        for session in [one for one in self.sessions.values() if one.room == room_name]:
            self.end(session)

    def send_away(self, person: str) -> None:
        """End every session of one person."""
        self.elsewhere("away", person)
        for session in [one for one in self.sessions.values() if one.person == person]:
            self.end(session)

    def close(self) -> None:
        for session in list(self.sessions.values()):
            self.end(session)
        for room in self.rooms.values():
            room.close()
        self.rooms.clear()

    def _take_check(self, datagram: bytes, address: Address, now: float, known: Session | None) -> None:
        check = stun.read_check(datagram)
        caller = known or self._by_address.get(address)
        if check is None and caller is not None:
            caller.peer.take_answer(datagram, address, now)
            return
        session = self._by_ufrag.get(check.ours) if check else None
        if check is None or session is None or known not in (None, session):
            self.figures.dropped += 1
            return
        password = session.peer.password_of(check.ours)
        if password is None or not stun.is_proven(datagram, check, password):
            self.figures.dropped += 1
            return
        before = session.peer.address
        if session.peer.checked(check, password, address, now) and known is None:
            if before is not None and self._by_address.get(before) is session:
                del self._by_address[before]
            self._by_address[address] = session

    def _insist(self, now: float) -> None:
        """Repeat what got lost of unfinished handshakes."""
        for session in list(self._connecting.values()):
            if session.peer.connecting:
                session.peer.insist(now)
            else:
                del self._connecting[session.id]

    def _once_a_second(self, now: float) -> None:
        for session in list(self.sessions.values()):
            session.peer.tick(now)
            if session.peer.closed:
                self.end(session)
        for room in list(self.rooms.values()):
            room.report(now)
            if room.left_at is not None and now - room.left_at > RECONNECT_S:
                room.close()
                self._forget_if_empty(room)

    def _take_stage(self, room: Room, source: Source, media: Mapping[Kind, Medium]) -> None:
        self.rooms[room.name] = room
        sizes = room.sizes
        room.take_stage(source, media)
        if room.sizes != sizes:
            self.elsewhere("sizes", room.name)

    def _forget_if_empty(self, room: Room) -> None:
        if room.source is None and not room.viewers:
            self.rooms.pop(room.name, None)

    def _seat(self, session: Session, numbers: tuple[int, int]) -> None:
        self.rooms[session.room].enter(session.peer, numbers)
        self.figures.joined += 1

    def _room(self, name: str) -> Room:
        """The room of this name, or a new one that nobody finds before it has a source. Raises HouseFull."""
        if name not in self.rooms and len(self.rooms) >= self._limits.rooms:
            raise HouseFull(retry_after_s=RETRY_AFTER_S)
        return self.rooms.get(name) or Room(name, self._sender, self._news)

    def _new_session(self, room: str, ticket: Ticket, offer: Offer | None) -> Session:
        connecting = sum(one.peer.connecting for one in self.sessions.values()) if len(self.sessions) >= self._limits.connecting else 0
        if len(self.sessions) >= self._limits.sessions or connecting >= self._limits.connecting:
            raise HouseFull(retry_after_s=RETRY_AFTER_S)
        peer = Peer(self._identity, offer.fingerprint if offer else "", self._send, self.clock())
        tagged = _tagged(offer) if offer else ("video", "0")
        ufrag = offer.ufrag if offer else ""
        session = Session(secrets.token_urlsafe(16), room, ticket.act, ticket.number, peer, ufrag, tagged)
        self._take_in(session)
        return session

    def _take_in(self, session: Session) -> None:
        self.sessions[session.id] = self._connecting[session.id] = session
        self._know(session)

    def _know(self, session: Session) -> None:
        """Find the session by its newest credentials and the ones before; older ones open nothing any more."""
        session.ufrags.append(session.peer.ufrag)
        self._by_ufrag[session.peer.ufrag] = session
        if len(session.ufrags) > 2:
            self._by_ufrag.pop(session.ufrags.pop(0), None)

    def _end_old(self, new: Session) -> None:
        """One ticket, one seat: an earlier session with the same ticket makes room for this one."""
        for session in [one for one in self.sessions.values() if one.ticket == new.ticket and one is not new]:
            self.end(session)


def _tagged(offer: Offer) -> tuple[str, str]:
    """The section that stands for the whole bundle when the connection is renewed."""
    return next(((one.kind, one.mid) for one in offer.sections if one.kind != "application"), ("video", "0"))
