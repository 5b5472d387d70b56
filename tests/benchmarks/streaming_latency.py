"""What our server adds between a publisher's packet and a viewer's: both in one process, the server in another, 20 more viewers beside.

The publisher writes the moment into the last packet of each picture (the system's clock is one for all processes); loopback is in it.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Mapping
from typing import Final

from .streaming_fanout import PythonServer
from .streaming_viewers import Audience, LightViewer

PICTURES: Final = 600
PICTURES_A_S, PACKETS, PAYLOAD = 30, 4, 1040
BESIDE: Final = 20
HEAD: Final = struct.Struct("!BBHLL")


class Stopwatch(LightViewer):
    """A viewer that opens what it gets."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.late_ms: list[float] = []

    def _take(self, datagram: bytes, address: tuple[str, int], count: int) -> None:
        super()._take(datagram, address, count)
        if datagram[0] >= 128 and datagram[1] >> 7 and not 192 <= datagram[1] <= 223 and self.handshake.keys is not None:
            sent = struct.unpack("!Q", self.handshake.keys.arriving.unprotect(datagram)[13:21])[0]
            if sent:
                self.late_ms.append((time.monotonic_ns() - sent) / 1e6)


def measure() -> Mapping[str, object]:
    """Milliseconds from one end to the other."""
    server, audience = PythonServer("quiet"), Audience(bundled=False)
    try:
        publisher = audience.newcomer()
        publisher.direction = "sendonly"
        server.ask("whip", "publish", "stage", publisher)
        _until(audience, 1)
        _publish(publisher, 0, 0)
        watch = audience.add(Stopwatch)
        for viewer in [watch, *(audience.newcomer() for _ in range(BESIDE))]:
            server.ask("whep", "watch", "stage", viewer)
        _until(audience, BESIDE + 2)
        audience.listen(1.0)
        began = time.monotonic()
        for number in range(1, PICTURES + 1):
            audience.listen(max(0.0, began + number / PICTURES_A_S - time.monotonic()))
            _publish(publisher, number, time.monotonic_ns())
        audience.listen(1.0)
        return _row(sorted(watch.late_ms))
    finally:
        server.close()
        audience.close()


def _row(late: list[float]) -> Mapping[str, object]:
    at = lambda share: round(late[int(share * (len(late) - 1))], 1)  # noqa: E731
    return {"pictures": len(late), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "load": round(os.getloadavg()[0], 1)}


def _until(audience: Audience, count: int) -> None:
    until = time.monotonic() + 30
    while audience.connected < count and time.monotonic() < until:
        audience.listen(0.05)


def _publish(publisher: LightViewer, number: int, moment: int) -> None:
    """One picture; the first is a whole one."""
    for part in range(PACKETS):
        last = part == PACKETS - 1
        kind = b"\x65" if number == 0 and part == 0 else b"\x61"
        payload = kind + struct.pack("!Q", moment if last else 0) + bytes(PAYLOAD - 9)
        head = HEAD.pack(0x80, int(last) << 7 | 102, (number * PACKETS + part) & 0xFFFF, number * 3000, 77)
        publisher.send(publisher.handshake.keys.leaving.protect(head + payload))


if __name__ == "__main__":
    print(measure())
