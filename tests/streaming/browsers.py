"""A whole little internet in memory: a house, browsers with real DTLS and SRTP, and a network that loses what it is told to lose."""

from __future__ import annotations

import secrets
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from streaming import Call, Gate, House, IceServer, Limits, Negotiation, Relays, Reply, reports, stun
from streaming.handshake import Handshake, Identity
from streaming.offers import read_credentials, read_offer
from streaming.stun import Address

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
HEADER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
SECTION = (
    "m={kind} 9 UDP/TLS/RTP/SAVPF {numbers}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na={direction}\r\na=rtcp-mux\r\na=setup:actpass\r\n"
    "a=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\na=fingerprint:sha-256 {fingerprint}\r\n{codecs}"
)
VP8, OPUS = "a=rtpmap:96 VP8/90000\r\n", "a=rtpmap:111 opus/48000/2\r\n"
H264 = "a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\n"
IDENTITY = Identity()  # one key pair for all browsers of a run: making one costs more than a whole session
KEY_FRAME, DELTA_FRAME = b"\x10\x00\x9d\x01\x2a\x00\x00\x00", b"\x10\x01\x9d\x01\x2a\x00\x00\x00"


@dataclass
class World:
    """The server side and its clock. Nothing moves by itself."""

    limits: Limits = field(default_factory=Limits)
    relays: Relays = field(default_factory=Relays)
    seconds: float = 1000.0
    loses: Callable[[int, bytes], bool] = lambda number, datagram: False

    def __post_init__(self) -> None:
        self.inboxes: dict[Address, deque[bytes]] = {}
        self.sent = 0
        self.house = House(self._send, lambda: self.seconds, limits=self.limits)
        self.house.addresses = [("203.0.113.1", 9000)]
        self.gate = Gate("the town's secret")
        self.negotiation = Negotiation(self.house, self.gate, self.relays, lambda: NOW)

    def ticket(self, act="watch", room="hall", lives=timedelta(minutes=5)) -> str:
        return self.gate.issue(room, act, NOW, lives)

    def call(self, protocol, method, token="", body="", session="", kind=SDP, room="hall", **headers) -> Reply:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            given["authorization"] = f"Bearer {token}"
        if kind:
            given["content-type"] = kind
        raw = body if isinstance(body, bytes) else body.encode()
        return self.negotiation.answer(Call(protocol, method, room, session, given, raw))

    def pass_time(self, seconds: float, step: float = 0.01) -> None:
        until = self.seconds + seconds
        while self.seconds < until:
            self.seconds += step
            self.house.tick()

    def _send(self, datagram: bytes, address: Address) -> None:
        self.sent += 1
        if not self.loses(self.sent, datagram):
            self.inboxes.setdefault(address, deque()).append(datagram)


class Browser:
    """One WHIP or WHEP client. `got` maps (ssrc, sequence) to payload for everything it could decrypt."""

    def __init__(self, world: World, act="watch", room="hall", address=("198.51.100.7", 5000), video=VP8, audio=OPUS, token=None) -> None:
        self.world, self.room, self.address = world, room, address
        self.protocol = "whep" if act == "watch" else "whip"
        self.token = token or world.ticket(act, room)
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self.video, self.audio = video, audio
        self.got: dict[tuple[int, int], bytes] = {}
        self.order: list[tuple[int, int]] = []
        self.times: list[int] = []
        self.heard = reports.Reports()
        self.sequence = 0
        self.handshake: Handshake | None = None

    def offer(self) -> str:
        direction = "recvonly" if self.protocol == "whep" else "sendonly"
        text = HEADER
        for mid, (kind, codecs) in enumerate((("video", self.video), ("audio", self.audio))):
            numbers = codecs.split(":")[1].split(" ")[0]
            shared = {"ufrag": self.ufrag, "password": self.password, "fingerprint": IDENTITY.fingerprint}
            text += SECTION.format(kind=kind, mid=mid, direction=direction, numbers=numbers, codecs=codecs, **shared)
        return text

    def ask(self) -> Reply:
        self.reply = self.world.call(self.protocol, "POST", self.token, self.offer(), room=self.room)
        return self.reply

    def begin(self) -> Self:
        """Ask for a session and start to connect."""
        self.ask()
        assert self.reply.status == 201, self.reply
        self.resource = dict(self.reply.headers)["Location"].rpartition("/")[2]
        self.answer = read_offer(self.reply.body)
        self.handshake = Handshake(IDENTITY.context, self.answer.fingerprint, as_client=True)
        self.check()
        self.send(*self.handshake.begin())
        return self

    def join(self) -> Self:
        self.begin()
        for _ in range(6):
            self.listen()
        return self

    def check(self) -> None:
        username = f"{self.answer.ufrag}:{self.ufrag}"
        self.send(stun.request(secrets.token_bytes(12), username, self.answer.password))

    def moved_to(self, address: Address) -> None:
        self.address = address
        self.check()

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.world.house.take(datagram, self.address)

    def listen(self) -> None:
        """Take in whatever has arrived."""
        inbox = self.world.inboxes.setdefault(self.address, deque())
        while inbox:
            datagram = inbox.popleft()
            if 20 <= datagram[0] <= 63 and self.handshake:
                self.send(*self.handshake.receive(datagram))
            elif datagram[0] >= 128:
                self._take(datagram)

    def publish(self, payload: bytes, timestamp=0, number=96, sequence=None, ssrc=77, marker=1) -> None:
        """One packet of picture (96) or sound (111), and on to the viewers."""
        self.sequence = (self.sequence + 1) & 0xFFFF if sequence is None else sequence
        head = struct.pack("!BBHLL", 0x80, marker << 7 | number, self.sequence, timestamp, ssrc)
        self.send(self.handshake.keys.leaving.protect(head + payload))
        self.world.house.flush()

    def report(self, packet: bytes) -> None:
        self.send(self.handshake.keys.leaving.protect_rtcp(reports.receiver_report(5, ()) + packet))

    def delete(self) -> Reply:
        return self.world.call(self.protocol, "DELETE", self.token, session=self.resource, room=self.room)

    def payloads(self) -> list[bytes]:
        """What was received, in the order of its numbers, without the ones that came twice."""
        return [self.got[key] for key in sorted(self.got)]

    def _take(self, datagram: bytes) -> None:
        if 192 <= datagram[1] <= 223:
            found = reports.read_reports(self.handshake.keys.arriving.unprotect_rtcp(datagram))
            self.heard.senders += found.senders
            self.heard.picture_wanted += found.picture_wanted
            self.heard.missing += found.missing
            self.heard.receptions += found.receptions
            return
        plain = self.handshake.keys.arriving.unprotect(datagram)
        key = (int.from_bytes(plain[8:12], "big"), int.from_bytes(plain[2:4], "big"))
        self.got[key] = plain[12:]
        self.order.append(key)
        self.times.append(int.from_bytes(plain[4:8], "big"))


def on_the_air(world: World, **options) -> Browser:
    """A publisher that has sent one whole picture."""
    publisher = Browser(world, act="publish", address=("198.51.100.1", 4000), **options).join()
    publisher.publish(KEY_FRAME)
    return publisher


__all__ = ["FRAGMENT", "H264", "NOW", "SDP", "VP8", "Browser", "IceServer", "World", "on_the_air", "read_credentials"]
