"""What one viewer costs the server, with repair memory, reports and pacing in place, beside aiortc's MediaRelay in the same run."""

from __future__ import annotations

import json
import secrets
import selectors
import socket
import subprocess
import time
from collections.abc import Mapping

from streaming import stun
from streaming.handshake import Handshake, Identity
from streaming.offers import read_offer
from tests.servers import ROOT, Server, python

WINDOW_S, SETTLE_S, CHECK_EVERY_S = 8.0, 2.0, 4.0
CODECS = (
    ("video", "102", "H264/90000", "a=fmtp:102 packetization-mode=1\r\n"),
    ("audio", "111", "opus/48000/2", ""),
)


class LightViewer:
    """Real ICE and DTLS, then only counts what arrives."""

    def __init__(self, identity: Identity, selector: selectors.BaseSelector) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 500_000)
        self.socket.bind(("127.0.0.1", 0))
        self.ufrag, self.password, self.identity, self.packets = secrets.token_hex(4), secrets.token_hex(12), identity, 0
        selector.register(self.socket, selectors.EVENT_READ, self)

    def offer(self) -> str:
        text = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
        for mid, (kind, number, codec, more) in enumerate(CODECS):
            text += f"m={kind} 9 UDP/TLS/RTP/SAVPF {number}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\na=recvonly\r\na=rtcp-mux\r\n"
            text += f"a=ice-ufrag:{self.ufrag}\r\na=ice-pwd:{self.password}\r\na=setup:actpass\r\n"
            text += f"a=fingerprint:sha-256 {self.identity.fingerprint}\r\na=rtpmap:{number} {codec}\r\n{more}"
            text += f"a=candidate:1 1 udp 2130706431 127.0.0.1 {self.socket.getsockname()[1]} typ host\r\n"
        return text

    def connect(self, answer: str) -> None:
        self.answer = read_offer(answer.encode())
        candidates = [line.split() for line in answer.splitlines() if line.startswith("a=candidate") and " udp " in line.lower()]
        self.server = next((c[4], int(c[5])) for c in sorted(candidates, key=lambda c: c[4] != "127.0.0.1") if ":" not in c[4])
        self.handshake = Handshake(self.identity.context, self.answer.fingerprint, as_client="a=setup:passive" in answer)
        self.check()

    def check(self) -> None:
        username = f"{self.answer.ufrag}:{self.ufrag}"
        self.socket.sendto(stun.request(secrets.token_bytes(12), username, self.answer.password), self.server)

    def read(self) -> None:
        try:
            while True:
                self._take(*self.socket.recvfrom(2048))
        except BlockingIOError:
            return

    def _take(self, datagram: bytes, address: tuple[str, int]) -> None:
        if datagram[0] >= 128:
            self.packets += not 192 <= datagram[1] <= 223
        elif datagram[0] >= 20:
            self._send(*self.handshake.receive(datagram))
        elif check := stun.read_check(datagram):
            self.socket.sendto(stun.success(check, address, self.password), address)
        elif self.handshake.keys is None:
            self._send(*self.handshake.begin())

    def _send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self.socket.sendto(datagram, self.server)


def run_with(kind: str, count: int) -> Mapping[str, float]:
    """Server CPU seconds a second, its memory, and the packets a viewer got a second."""
    child = subprocess.Popen(
        python("-m", "tests.benchmarks.streaming_server", kind), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        return _measured(child, Server(0, child.pid), kind, count)
    finally:
        child.kill()
        child.wait()


def _measured(child: subprocess.Popen[str], server: Server, kind: str, count: int) -> Mapping[str, float]:
    selector, identity = selectors.DefaultSelector(), Identity()
    time.sleep(3.0)
    memory, joining = server.memory_mb(), server.cpu_seconds()
    viewers = []
    for _ in range(count):
        viewer = LightViewer(identity, selector)
        print(json.dumps(viewer.offer()), file=child.stdin, flush=True)
        viewer.connect(json.loads(child.stdout.readline()))
        viewers.append(viewer)
        _listen(selector, viewers, 0.004)
    _listen(selector, viewers, SETTLE_S)
    joining = server.cpu_seconds() - joining
    before, cpu = sum(viewer.packets for viewer in viewers), server.cpu_seconds()
    seconds = _listen(selector, viewers, WINDOW_S)
    figures = {"cores": (server.cpu_seconds() - cpu) / seconds, "memory_mb": server.memory_mb() - memory, "joining_cpu_s": joining}
    return {**figures, "packets": (sum(viewer.packets for viewer in viewers) - before) / seconds / max(count, 1)}


def _listen(selector: selectors.BaseSelector, viewers: list[LightViewer], seconds: float) -> float:
    began = checked = time.monotonic()
    while (now := time.monotonic()) - began < seconds:
        for key, _ in selector.select(0.002) if viewers else ():
            key.data.read()
        if now - checked > CHECK_EVERY_S:
            checked = now
            for viewer in viewers:
                viewer.check()
        if not viewers:
            time.sleep(0.05)
    return time.monotonic() - began


def measure() -> Mapping[str, object]:
    """Milliseconds of server CPU for one viewer-second, net of the server with nobody watching."""
    idle = run_with("ours", 0)["cores"]
    found: dict[str, object] = {"idle_cores": round(idle, 3)}
    for count in (50, 200):
        figures = run_with("ours", count)
        found[f"ours_{count}"] = _row(figures, idle, count)
    relay_idle = run_with("relay", 0)["cores"]
    found["media_relay_3"] = _row(run_with("relay", 3), relay_idle, 3)
    return found


def _row(figures: Mapping[str, float], idle: float, count: int) -> Mapping[str, float]:
    return {
        "cpu_ms_per_viewer_second": round(1000 * (figures["cores"] - idle) / count, 2),
        "packets_per_viewer_second": round(figures["packets"], 1),
        "kib_per_viewer": round(figures["memory_mb"] * 1e6 / 1024 / count),
        "join_cpu_ms": round(1000 * figures["joining_cpu_s"] / count, 1),
    }
