"""A camera that sends its picture in three sizes, a viewer whose connection carries so much and no more, and time for both."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable

from streaming import reports
from streaming.answers import LAYER
from streaming.reports import Reception

from .browsers import DELTA_FRAME, KEY_FRAME, VP8, Browser, World

LAYERS = ("low", "mid", "high")
PACKETS = {"low": 1, "mid": 4, "high": 16}  # of 1,000 bytes in each picture: 80, 320 and 1,280 kbit/s at ten pictures a second
SIZE, PICTURES_A_SECOND, EXTENSION = 1000, 10, 4
LAYERED = f"{VP8}a=extmap:{EXTENSION} {LAYER}\r\n" + "".join(f"a=rid:{name} send\r\n" for name in LAYERS)
OFFER = LAYERED + f"a=simulcast:send {';'.join(LAYERS)}\r\n"


class Camera(Browser):
    """Sends a whole picture of a size when that is asked for, as Chromium does, and of all when it begins."""

    def __init__(self, world: World, sizes: tuple[str, ...] = LAYERS) -> None:
        super().__init__(world, act="publish", address=("198.51.100.1", 4000), video=OFFER)
        self.sizes, self.numbers, self.pictures = sizes, Counter(), 0
        self.begun: set[str] = set()

    def picture(self) -> None:
        """One picture in every size."""
        self.listen()
        asked = {LAYERS[ssrc - 70] for ssrc in self.heard.picture_wanted if 70 <= ssrc < 73}
        self.heard.picture_wanted.clear()
        for name in self.sizes:
            whole = name in asked or name not in self.begun
            self.begun.add(name)
            for part in range(PACKETS[name]):
                self.part(name, KEY_FRAME if whole and not part else DELTA_FRAME, part + 1 == PACKETS[name])
        self.pictures += 1

    def part(self, name: str, begin: bytes, last: bool) -> None:
        layer = LAYERS.index(name)
        self.numbers[name] += 1
        timestamp = 1_000_000 * layer + 90_000 // PICTURES_A_SECOND * self.pictures  # each size counts from elsewhere
        head = struct.pack("!BBHLL", 0x90, last << 7 | 96, 5_000 * layer + self.numbers[name] & 0xFFFF, timestamp & 0xFFFFFFFF, 70 + layer)
        named = bytes([EXTENSION << 4 | len(name) - 1]) + name.encode()
        named += bytes(-len(named) % 4)
        packet = head + struct.pack("!HH", 0xBEDE, len(named) // 4) + named + begin + name.encode() + bytes(SIZE - len(begin))
        self.send(self.handshake.keys.leaving.protect(packet))
        self.world.house.flush()


class Line:
    """What the viewer's connection carries: a bucket a fifth of a second deep; what is too much is lost. `bits` may change at any time."""

    def __init__(self, world: World, bits: float) -> None:
        self.world, self.bits = world, bits
        self._full, self._at = 0.0, world.seconds
        world.loses = self.loses

    def loses(self, number: int, datagram: bytes) -> bool:
        if datagram[0] < 128 or 192 <= datagram[1] <= 223 or len(datagram) < 300:
            return False
        self._full = max(0.0, self._full - (self.world.seconds - self._at) * self.bits)
        self._at = self.world.seconds
        if self._full + 8 * len(datagram) > self.bits / 5:
            return True
        self._full += 8 * len(datagram)
        return False


class Watcher(Browser):
    """Reports what it lost once a second, as browsers do; `size` is what it sees, "" while there are no pictures."""

    size = ""
    believes = 0

    def second(self) -> None:
        before = len(self.order)
        self.ssrc = next((one[0] for one in self.order), 0)
        self.listen()
        arrived = self.order[before:]
        last = self.got.get(arrived[-1], b"") if arrived else b""
        self.size = next((name for name in LAYERS if name.encode() in last), "")
        if arrived:
            numbers = [sequence for _, sequence in arrived]
            newest = max(numbers, key=lambda one: (one - numbers[0] + 0x8000) & 0xFFFF)
            expected = (newest - getattr(self, "newest", numbers[0] - 1)) & 0xFFFF
            self.newest = newest
            lost = max(0, min(255, 256 * (expected - len(set(numbers))) // max(expected, 1)))
            told = reports.receiver_report(5, [Reception(arrived[0][0], lost, 0, newest, 0, 0, 0)])
        else:
            told = reports.receiver_report(5, [])
        if self.believes:
            told += reports.bandwidth_estimate(5, 0, self.believes)
        self.send(self.handshake.keys.leaving.protect_rtcp(told))


def go_on(world: World, camera: Camera, watcher: Watcher, seconds: int, each: Callable[[int], None] = lambda second: None) -> list[str]:
    """What the watcher sees, second by second."""
    seen = []
    for second in range(seconds):
        each(second)
        for _ in range(PICTURES_A_SECOND):
            camera.picture()
            world.pass_time(1 / PICTURES_A_SECOND, step=0.02)
        watcher.second()
        seen.append(watcher.size)
    return seen
