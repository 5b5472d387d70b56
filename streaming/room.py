"""One room: a publisher, its viewers, and the packets between them; without it there would be nothing to watch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from . import reports
from .forwarding import FanoutSender
from .offers import Codec
from .packets import Arrived, Outgoing, OutgoingStream, starts_picture
from .peer import Peer
from .reports import Kind, Reports, SenderReport
from .viewer import Numbers, Viewer

KINDS: Final[tuple[Kind, ...]] = ("video", "audio")
REPORTS_REMEMBERED: Final = 16
HOLD_S: Final = 0.004  # a picture whose last packet is on its way waits for it this long, to leave as one
RECONNECT_S: Final = 30.0  # how long viewers wait, connected, for a publisher who vanished


Listener = Callable[[Kind, Outgoing], None]
"""Told of every packet that goes through a room (see scribe.py). It must return at once."""


class Source(Protocol):
    """Whoever fills a room: a publisher over the network, or the sample that the program plays itself."""

    @property
    def live(self) -> bool: ...
    def ask_picture(self, now: float) -> None: ...
    def ask_missing(self, now: float) -> None: ...
    def report(self, now: float) -> None: ...
    def close(self) -> None: ...
    def clock_of(self, kind: Kind) -> tuple[SenderReport, float] | None:
        """The source's last own report on a stream and when it came."""
        ...


class Room:
    def __init__(self, name: str, sender: FanoutSender, news: set[Room] | None = None) -> None:
        """`news` is where rooms that have something to send are noted."""
        self.name, self._news = name, set() if news is None else news
        self.source: Source | None = None
        self.codecs: dict[Kind, Codec] = {}
        self.viewers: dict[Peer, Viewer] = {}
        self.left_at: float | None = None
        self.listeners: set[Listener] = set()
        self._sender = sender
        self._streams: dict[Kind, OutgoingStream] = {}
        self._groups: dict[Numbers, dict[Peer, None]] = {}
        self._catching_up: dict[Peer, Viewer] = {}
        self._fresh: list[tuple[Kind, Outgoing]] = []
        self._fresh_since = 0.0
        self._reported: dict[int, float] = {}

    @property
    def live(self) -> bool:
        return self.source is not None and self.source.live

    @property
    def busy(self) -> bool:
        """Whether somebody is still being brought up to date."""
        return bool(self._catching_up)

    @property
    def octets(self) -> int:
        """Media bytes that passed so far, once however many watch."""
        return sum(stream.octets for stream in self._streams.values())

    def ssrc(self, kind: Kind) -> int:
        return self._streams[kind].ssrc

    def take_stage(self, source: Source, codecs: dict[Kind, Codec]) -> None:
        """A new source. Viewers stay when it sends the same codecs; otherwise their connections end and they come back by themselves."""
        if self.source is not None:
            self.source.close()
        if not _compatible(self.codecs, codecs):
            self._send_home()
        self.source, self.codecs, self.left_at = source, codecs, None
        for kind, codec in codecs.items():
            stream = self._streams.setdefault(kind, OutgoingStream(secrets.randbits(31) | 1, codec.rate, secrets.randbelow(0x7000)))
            stream.new_source()

    def leave_stage(self, source: Source, now: float) -> None:
        """The source is gone; viewers wait a while for it to come back."""
        if self.source is source:
            self.source, self.left_at = None, now

    def enter(self, peer: Peer, numbers: Numbers) -> Viewer:
        """A seat for a viewer whose connection is being made; packets flow once it stands."""
        viewer = Viewer(peer, numbers, self._serve)
        self.viewers[peer] = viewer
        peer.on_connected = lambda: self._seat(viewer)
        return viewer

    def leave(self, peer: Peer) -> None:
        viewer = self.viewers.pop(peer, None)
        if viewer is not None:
            self._catching_up.pop(peer, None)
            self._groups.get(viewer.numbers, {}).pop(peer, None)

    def pass_on(self, kind: Kind, packet: Arrived, now: float) -> None:
        """A packet from the source; it leaves with the next `flush`."""
        codec = self.codecs.get(kind)
        if codec is None:
            return
        whole = kind == "video" and starts_picture(codec.name, packet.payload)
        out = self._streams[kind].pass_on(packet, now, whole)
        if out is not None:
            self._fresh_since = self._fresh_since if self._fresh else now
            self._fresh.append((kind, out))
            self._news.add(self)
            for listener in self.listeners:
                listener(kind, out)

    def flush(self, now: float) -> bool:
        """Send what arrived since the last time, rewritten once for each group. True while the rest of a picture is waited for."""
        if self._incomplete(now):
            return True
        fresh, self._fresh = self._fresh, []
        for viewer in self._catching_up.values():
            viewer.wait_for(fresh)
        for numbers, seats in self._groups.items():
            if seats:
                self._sender.send(_written(fresh, numbers), seats)
        return False

    def catch_up(self) -> None:
        """Bring those who joined a little nearer to now; whoever has arrived sits with the others."""
        for peer, viewer in list(self._catching_up.items()):
            self._sender.send(_written(viewer.next_waiting(), viewer.numbers), (peer,))
            if not viewer.waiting:
                del self._catching_up[peer]
                self._groups.setdefault(viewer.numbers, {})[peer] = None

    def report(self, now: float) -> None:
        """Once a second: tell viewers how the clocks stand, and the source what arrived."""
        if self.source is not None:
            self.source.report(now)
        for numbers, seats in self._groups.items():
            packet = self._sender_reports(numbers, now) if seats else b""
            for peer in seats if packet else ():
                peer.send_report(packet)

    def ask_picture(self, now: float) -> None:
        if self.source is not None:
            self.source.ask_picture(now)

    def close(self) -> None:
        if self.source is not None:
            self.source.close()
        self._send_home()

    def _incomplete(self, now: float) -> bool:
        if not self._fresh or now - self._fresh_since >= HOLD_S:
            return False
        return not self._fresh[-1][1].marker and all(kind == "video" for kind, _ in self._fresh)

    def _seat(self, viewer: Viewer) -> None:
        video = self._streams.get("video")
        viewer.wait_for([("video", packet) for packet in video.opening] if video else [])
        self._catching_up[viewer.peer] = viewer
        self.catch_up()
        packet = self._sender_reports(viewer.numbers, viewer.peer.connected_at)
        if packet:
            viewer.peer.send_report(packet)
        if video and not video.opening:
            self.ask_picture(viewer.peer.connected_at)

    def _serve(self, viewer: Viewer, found: Reports, now: float) -> None:
        """A viewer's reports: repair what it misses, pass on its wish for a whole picture."""
        kinds = {stream.ssrc: kind for kind, stream in self._streams.items()}
        for ssrc, sequence in found.missing:
            packet = self._streams[kinds[ssrc]].again(sequence) if ssrc in kinds else None
            if packet is not None:
                viewer.repair(kinds[ssrc], packet, now)
        if any(ssrc in kinds for ssrc in found.picture_wanted):
            viewer.reception.pictures_asked += 1
            self.ask_picture(now)
        viewer.note(found, {stream.ssrc: stream.rate for stream in self._streams.values()}, self._reported, now)

    def _sender_reports(self, numbers: Numbers, now: float) -> bytes:
        """One compound packet for all streams of a group, or nothing while nothing was sent."""
        streams = {kind: self._streams[kind] for kind, number in zip(KINDS, numbers, strict=True) if number and kind in self._streams}
        sent = {kind: stream for kind, stream in streams.items() if stream.packets}
        clocks = {kind: self.source.clock_of(kind) if self.source else None for kind in sent}
        own = all(clocks.values())
        parts = [self._sender_report(stream, clocks[kind] if own else None, now) for kind, stream in sent.items()]
        return b"".join(parts) + reports.description([one.ssrc for one in sent.values()]) if parts else b""

    def _sender_report(self, stream: OutgoingStream, clock: tuple[SenderReport, float] | None, now: float) -> bytes:
        """By the source's own clock where it told us (lips and voice stay together), by arrival otherwise."""
        if clock is not None:
            report, at = clock
            ntp = report.ntp + int((now - at) * (1 << 32))
            timestamp = stream.outgoing_timestamp(report.timestamp + int((now - at) * stream.rate))
        else:
            last, at = stream.last
            ntp, timestamp = reports.ntp_of(now), (last + int((now - at) * stream.rate)) & 0xFFFFFFFF
        self._reported[ntp >> 16 & 0xFFFFFFFF] = now
        if len(self._reported) > REPORTS_REMEMBERED:
            del self._reported[next(iter(self._reported))]
        return reports.sender_report(stream.ssrc, ntp, timestamp, stream.packets, stream.octets)

    def _send_home(self) -> None:
        for peer in list(self.viewers):
            peer.close()
            self.leave(peer)


def _written(fresh: Sequence[tuple[Kind, Outgoing]], numbers: Numbers) -> Sequence[bytes]:
    return list(_on_the_wire(fresh, numbers))


def _on_the_wire(fresh: Sequence[tuple[Kind, Outgoing]], numbers: Numbers) -> Iterator[bytes]:
    for kind, packet in fresh:
        number = numbers[0] if kind == "video" else numbers[1]
        if number:
            yield packet.written(number)


def _compatible(before: dict[Kind, Codec], after: dict[Kind, Codec]) -> bool:
    return all(kind in after and after[kind].same_as(codec) for kind, codec in before.items())
