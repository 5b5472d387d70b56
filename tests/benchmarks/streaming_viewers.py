"""Viewers for the streaming benchmarks: real ICE, DTLS and reports, but they only count what arrives."""

from __future__ import annotations

import secrets
import selectors
import socket
import time
from collections.abc import Sequence
from typing import Final, TypeVar

from streaming import reports, stun
from streaming.handshake import Handshake, Identity
from streaming.offers import read_offer

CHECK_EVERY_S, REPORT_EVERY_S, INSIST_EVERY_S = 2.5, 1.0, 0.25  # as Chromium does
UDP_GRO: Final = 104
CODECS: Final = (
    ("video", "102", "H264/90000", "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\n"),
    ("audio", "111", "opus/48000/2", ""),
)


class LightViewer:
    """With `bundled` the system hands a message over whole, as a network card would take it; without, it cuts it apart on our account."""

    def __init__(self, identity: Identity, selector: selectors.BaseSelector, bundled: bool = False) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 500_000)
        if bundled:
            self.socket.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
        self.socket.bind(("0.0.0.0", 0))
        self.ufrag, self.password, self.identity, self.packets = secrets.token_hex(4), secrets.token_hex(12), identity, 0
        self.newest: dict[int, bytes] = {}
        self.octets, self.believes = 0, 5_000_000
        self.direction = "recvonly"
        selector.register(self.socket, selectors.EVENT_READ, self)

    def description(self, setup: str = "actpass", mids: Sequence[str] = ("0", "1")) -> str:
        """An offer, or with `setup` active the answer to one."""
        port = self.socket.getsockname()[1]
        text = f"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {' '.join(mids)}\r\n"
        for mid, (kind, number, codec, more) in zip(mids, CODECS, strict=True):
            text += f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na={self.direction}\r\na=rtcp-mux\r\n"
            text += f"a=ice-ufrag:{self.ufrag}\r\na=ice-pwd:{self.password}\r\na=setup:{setup}\r\n"
            text += f"a=fingerprint:sha-256 {self.identity.fingerprint}\r\na=rtpmap:{number} {codec}\r\n{more}"
            text += f"a=rtcp-fb:{number} nack\r\na=candidate:1 1 udp 2130706431 {own_host()} {port} typ host\r\n"
        return text

    def connect(self, described: str) -> None:
        """To the server of this description, as DTLS client unless it wants to be that."""
        self.server_side = read_offer(described.encode())
        candidates = [line.split() for line in described.splitlines() if line.startswith("a=candidate") and " udp " in line.lower()]
        hosts = [(c[4], int(c[5])) for c in candidates if ":" not in c[4]]
        self.server = sorted(hosts, key=lambda place: place[0] != "127.0.0.1")[0]
        self.handshake = Handshake(self.identity.context, self.server_side.fingerprint, as_client="a=setup:active" not in described)
        self.check()

    def check(self) -> None:
        username = f"{self.server_side.ufrag}:{self.ufrag}"
        self.send(stun.request(secrets.token_bytes(12), username, self.server_side.password))

    def insist(self) -> None:
        """Repeat what got lost of an unfinished handshake."""
        if self.handshake.keys is None:
            self.send(*self.handshake.again())

    def report(self) -> None:
        """What a browser says once a second."""
        if self.handshake.keys is None or not self.newest:
            return
        seen = [(int.from_bytes(head[6:10], "big"), int.from_bytes(head[:2], "big")) for head in self.newest.values()]
        receptions = [reports.Reception(ssrc, 0, 0, highest, 20, 0, 0) for ssrc, highest in seen]
        packet = reports.receiver_report(5, receptions) + reports.bandwidth_estimate(5, seen[0][0], self.believes)
        self.send(self.handshake.keys.leaving.protect_rtcp(packet))

    def leave(self) -> None:
        """As a page that is closed."""
        self.send(*self.handshake.close())

    def read(self) -> None:
        try:
            while True:
                datagram, about, _, address = self.socket.recvmsg(65_536, 32)
                segment = int.from_bytes(about[0][2][:4], "little") if about else len(datagram)
                self._take(datagram, address, -(-len(datagram) // segment))
        except BlockingIOError:
            return

    def _take(self, datagram: bytes, address: tuple[str, int], count: int) -> None:
        if datagram[0] >= 128:
            if not 192 <= datagram[1] <= 223:
                self.packets += count
                self.octets += len(datagram)
                self.newest[datagram[1] & 127] = datagram[2:12]
        elif datagram[0] >= 20:
            self.send(*self.handshake.receive(datagram))
        elif check := stun.read_check(datagram):
            self.socket.sendto(stun.success(check, address, self.password), address)
        elif self.handshake.keys is None:
            self.send(*self.handshake.begin())

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.socket.sendto(datagram, self.server)


OneViewer = TypeVar("OneViewer", bound=LightViewer)


class Audience:
    """Many viewers in one process."""

    def __init__(self, bundled: bool) -> None:
        self.viewers: list[LightViewer] = []
        self._selector, self._identity, self._bundled = selectors.DefaultSelector(), Identity(), bundled
        self._checked = self._reported = self._insisted = time.monotonic()

    def newcomer(self) -> LightViewer:
        return self.add(LightViewer)

    def add(self, kind: type[OneViewer]) -> OneViewer:
        viewer = kind(self._identity, self._selector, self._bundled)
        self.viewers.append(viewer)
        return viewer

    @property
    def packets(self) -> int:
        return sum(viewer.packets for viewer in self.viewers)

    @property
    def connected(self) -> int:
        return sum(viewer.handshake.keys is not None for viewer in self.viewers)

    def listen(self, seconds: float) -> float:
        """Take in what comes, and speak as browsers do; gives the seconds that passed."""
        began = time.monotonic()
        while (now := time.monotonic()) - began < seconds:
            for key, _ in self._selector.select(0.002) if self.viewers else ():
                key.data.read()
            self._speak(now)
            if not self.viewers:
                time.sleep(0.05)
        return time.monotonic() - began

    def _speak(self, now: float) -> None:
        if now - self._checked > CHECK_EVERY_S:
            self._checked = now
            for viewer in self.viewers:
                viewer.check()
        if now - self._reported > REPORT_EVERY_S:
            self._reported = now
            for viewer in self.viewers:
                viewer.report()
        if now - self._insisted > INSIST_EVERY_S:
            self._insisted = now
            for viewer in self.viewers:
                viewer.insist()

    def close(self) -> None:
        for viewer in self.viewers:
            viewer.socket.close()
        self._selector.close()


def own_host() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent
        return str(probe.getsockname()[0])
