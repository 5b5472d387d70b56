"""One room: a publisher, its viewers, and the packets between them; without it there would be nothing to watch."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from . import reports
from .answers import Medium
from .forwarding import FanoutSender
from .layers import LayerRates, Path, Way, as_seen, first_layer
from .offers import Codec
from .packets import Arrived, Outgoing, OutgoingStream, starts_picture
from .peer import Peer
from .reports import Kind, Reports, SenderReport
from .source import Source
from .viewer import Numbers, Passed, Viewer, written

KINDS: Final[tuple[Kind, ...]] = ("video", "audio")
REPORTS_REMEMBERED: Final = 16
HOLD_S: Final = 0.004  # a picture whose last packet is on its way waits for it this long, to leave as one
RECONNECT_S: Final = 30.0  # how long viewers wait, connected, for a publisher who vanished


Listener = Callable[[Kind, Outgoing], None]
"""Told of every packet that goes through a room (see scribe.py). It must return at once."""


class Room:
    def __init__(self, name: str, sender: FanoutSender, news: set[Room] | None = None) -> None:
        """`news` is where rooms that have something to send are noted."""
        self.name, self.sizes, self._news = name, 1, set() if news is None else news
        self.source: Source | None = None
        self.codecs: dict[Kind, Codec] = {}
        self.viewers: dict[Peer, Viewer] = {}
        self.left_at: float | None = None
        self.listeners: set[Listener] = set()
        self._sender = sender
        self._streams: dict[tuple[Kind, int], OutgoingStream] = {}
        self._groups: dict[tuple[Numbers, Path], dict[Peer, None]] = {}
        self._catching_up: dict[Peer, Viewer] = {}
        self._changing: dict[Peer, Viewer] = {}
        self._beside = Way()
        self._layers = LayerRates()
        self._heard = (0, 0)
        self._fresh: list[Passed] = []
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
        return self._streams[kind, 0].ssrc

    def take_stage(self, source: Source, media: Mapping[Kind, Medium]) -> None:
        """A new source. Viewers stay when it sends the same codecs; otherwise their connections end and they come back by themselves."""
        if self.source is not None:
            self.source.close()
        codecs = {kind: medium.codec for kind, medium in media.items()}
        if not all(kind in codecs and codecs[kind].same_as(codec) for kind, codec in self.codecs.items()):
            self._send_home()
        self.source, self.codecs, self.left_at = source, codecs, None
        self.sizes = max([1, *(len(medium.layers) for medium in media.values())])
        for kind, codec in codecs.items():
            self._streams.setdefault((kind, 0), OutgoingStream(secrets.randbits(31) | 1, codec.rate, secrets.randbelow(0x7000)))
        for stream in self._streams.values():
            stream.new_source()

    def leave_stage(self, source: Source, now: float) -> None:
        """The source is gone; viewers wait a while for it to come back."""
        if self.source is source:
            self.source, self.left_at = None, now

    def enter(self, peer: Peer, numbers: Numbers) -> Viewer:
        """A seat for a viewer whose connection is being made; packets flow once it stands."""
        viewer = Viewer(peer, numbers, self._serve, first_layer(self._layers.rates))
        self.viewers[peer] = viewer
        peer.on_connected = lambda: self._seat(viewer)
        return viewer

    def hold(self, peer: Peer, size: int) -> None:
        """From the beginning and for ever this size, for who passes it on (see crew.py)."""
        self.viewers[peer].way, self.viewers[peer].held = Way(size), True

    def leave(self, peer: Peer) -> None:
        viewer = self.viewers.pop(peer, None)
        if viewer is not None:
            self._catching_up.pop(peer, None)
            self._changing.pop(peer, None)
            self._part(viewer)

    def pass_on(self, kind: Kind, packet: Arrived, now: float, layer: int = 0) -> None:
        """A packet from the source; it leaves with the next `flush`."""
        codec = self.codecs.get(kind)
        if codec is None:
            return
        whole = kind == "video" and starts_picture(codec.name, packet.payload)
        stream = self._streams.get((kind, layer)) or self._new_layer(layer)
        out = stream.pass_on(packet, now, whole)
        if out is not None:
            self._fresh_since = self._fresh_since if self._fresh else now
            self._fresh.append((kind, layer, out))
            self._news.add(self)
            if self.listeners or layer:
                self._tell(kind, layer, out)

    def flush(self, now: float) -> bool:
        """Send what arrived since the last time, rewritten once for each group. True while the rest of a picture is waited for."""
        if self._incomplete(now):
            return True
        fresh, self._fresh = self._fresh, []
        if self._changing:
            self._change(now)
        for viewer in self._catching_up.values():
            viewer.wait_for(fresh)
        for group, seats in self._groups.items():
            self._sender.send(written(fresh, *group), seats)
        for stream in self._streams.values():
            stream.mark_sent()
        return False

    def catch_up(self) -> None:
        """Bring those who joined a little nearer to now; whoever has arrived sits with the others."""
        for peer, viewer in list(self._catching_up.items()):
            self._sender.send(written(viewer.next_waiting(), *viewer.group), (peer,))
            if not viewer.waiting:
                del self._catching_up[peer]
                self._groups.setdefault(viewer.group, {})[peer] = None

    def report(self, now: float) -> None:
        """Once a second: tell viewers how the clocks stand, and the source what arrived."""
        if self.source is not None:
            self.source.report(now)
        self._look_at_layers(now)
        for group, seats in self._groups.items():
            packet = self._sender_reports(*group, now)
            for peer in seats if packet else ():
                peer.send_report(packet)

    def ask_picture(self, now: float, layer: int = 0) -> None:
        if self.source is not None:
            self.source.ask_picture(now, layer)

    def refresh_picture(self, now: float, older_than_s: float) -> None:
        """Ask for a whole picture if the last one is older: files begin and are cut there, and cameras send none unasked."""
        layer = self._beside.path.layer or 0
        stream = self._streams.get(("video", layer))
        if stream is not None and now - stream.whole_at >= older_than_s:
            self.ask_picture(now, layer)

    def close(self) -> None:
        if self.source is not None:
            self.source.close()
        self._send_home()

    def _incomplete(self, now: float) -> bool:
        waits = bool(self._fresh) and now - self._fresh_since < HOLD_S and not self._fresh[-1][2].marker
        return waits and all(kind == "video" for kind, _, _ in self._fresh)

    def _new_layer(self, layer: int) -> OutgoingStream:
        """Viewers see one stream whatever the layer: the same SSRC, and times by the same clock."""
        first = self._streams["video", 0]
        stream = self._streams["video", layer] = OutgoingStream(first.ssrc, first.rate, secrets.randbelow(0x7000))
        stream.beside(max((one for (kind, _), one in self._streams.items() if kind == "video"), key=lambda one: one.last[1]))
        return stream

    def _tell(self, kind: Kind, layer: int, out: Outgoing) -> None:
        """Listeners get the largest layer that is being sent, one after the other as one stream."""
        way = self._beside
        if kind == "video":
            if layer == way.wanted != way.path.layer and self._streams["video", layer].begins is out:
                way.leave(self._heard)
                way.enter(layer, out)
            if layer != way.path.layer or out.index < way.path.floor:
                return
            self._heard = max(self._heard, (out.index, out.timestamp))
            out = as_seen(out, way.path)
        for listener in self.listeners:
            listener(kind, out)

    def _part(self, viewer: Viewer) -> None:
        seats = self._groups.get(viewer.group, {})
        seats.pop(viewer.peer, None)
        if not seats:
            self._groups.pop(viewer.group, None)

    def _look_at_layers(self, now: float) -> None:
        """Once a second: what each layer costs, and which fits whom."""
        self._layers.measure({layer: stream for (kind, layer), stream in self._streams.items() if kind == "video"}, now)
        if not (rates := self._layers.rates):
            return
        if self._beside.path.layer not in rates or not self.listeners:
            self._beside.wanted = max(rates, key=lambda layer: rates[layer])
            if self._beside.wanted != self._beside.path.layer and self.listeners:
                self.ask_picture(now, self._beside.wanted)
        for viewer in [one for one in self.viewers.values() if one.numbers[0] and not one.held]:
            choice = len(rates) > 1 or viewer.chooser.uneasy or viewer.chooser.layer not in rates
            if choice and viewer.peer in self._groups.get(viewer.group, {}):
                self._wish(viewer, viewer.chooser.tick(rates, now), now)

    def _wish(self, viewer: Viewer, layer: int | None, now: float) -> None:
        """The sound alone is left with at once; a layer begins with its next whole picture."""
        viewer.way.wanted = layer
        if layer == viewer.way.path.layer:
            self._changing.pop(viewer.peer, None)
        elif layer is None:
            self._move(viewer, None, now)
        else:
            self._changing[viewer.peer] = viewer
            self.ask_picture(now, layer)

    def _change(self, now: float) -> None:
        for viewer in list(self._changing.values()):
            stream = self._streams.get(("video", viewer.way.wanted or 0))
            if stream is not None and stream.begins is not None:
                self._move(viewer, stream.begins, now)

    def _move(self, viewer: Viewer, first: Outgoing | None, now: float) -> None:
        """To the layer it waits for, that begins with `first`; or to the sound alone."""
        self._changing.pop(viewer.peer, None)
        self._part(viewer)
        way = viewer.way
        if way.path.layer is not None:
            way.leave(self._streams["video", way.path.layer].sent)
        if first is not None and way.wanted is not None:
            way.enter(way.wanted, first)
        self._groups.setdefault(viewer.group, {})[viewer.peer] = None
        viewer.chooser.changed(way.path.layer, now)

    def _seat(self, viewer: Viewer) -> None:
        layer = viewer.way.path.layer or 0
        video = self._streams.get(("video", layer))
        viewer.wait_for([("video", layer, packet) for packet in video.opening] if video else [])
        self._catching_up[viewer.peer] = viewer
        viewer.chooser.changed(viewer.way.path.layer, viewer.peer.connected_at)
        self.catch_up()
        packet = self._sender_reports(*viewer.group, viewer.peer.connected_at)
        if packet:
            viewer.peer.send_report(packet)
        if video and not video.opening:
            self.ask_picture(viewer.peer.connected_at, layer)

    def _serve(self, viewer: Viewer, found: Reports, now: float) -> None:
        """A viewer's reports: repair what it misses, pass on its wish for a whole picture."""
        kinds = {stream.ssrc: kind for (kind, _), stream in self._streams.items()}
        for ssrc, sequence in found.missing:
            if kinds.get(ssrc) == "video":
                layers = {layer: stream for (kind, layer), stream in self._streams.items() if kind == "video"}
                if (again := viewer.way.again(layers, sequence)) is not None:
                    viewer.repair("video", again[0], now, again[1])
            elif ssrc in kinds and (packet := self._streams["audio", 0].again(sequence)) is not None:
                viewer.repair("audio", packet, now)
        if any(ssrc in kinds for ssrc in found.picture_wanted):
            viewer.reception.pictures_asked += 1
            self.ask_picture(now, viewer.way.path.layer or 0)
        picture = self._streams["video", 0].ssrc if ("video", 0) in self._streams else 0
        viewer.note(found, {stream.ssrc: stream.rate for stream in self._streams.values()}, self._reported, now, picture)

    def _sender_reports(self, numbers: Numbers, path: Path, now: float) -> bytes:
        """One compound packet for all streams of a group, or nothing while nothing was sent."""
        tracks = [(kind, path.layer if kind == "video" else 0) for kind, number in zip(KINDS, numbers, strict=True) if number]
        sent = [(kind, layer) for kind, layer in tracks if layer is not None and (kind, layer) in self._streams]
        sent = [track for track in sent if self._streams[track].packets]
        clocks = {track: self.source.clock_of(*track) if self.source else None for track in sent}
        own = all(clocks.values())
        ticks = {"video": path.ticks, "audio": 0}
        parts = [self._sender_report(self._streams[one], clocks[one] if own else None, ticks[one[0]], now) for one in sent]
        return b"".join(parts) + reports.description([self._streams[one].ssrc for one in sent]) if parts else b""

    def _sender_report(self, stream: OutgoingStream, clock: tuple[SenderReport, float] | None, ticks: int, now: float) -> bytes:
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
        return reports.sender_report(stream.ssrc, ntp, (timestamp + ticks) & 0xFFFFFFFF, stream.packets, stream.octets)

    def _send_home(self) -> None:
        for peer in list(self.viewers):
            peer.close()
            self.leave(peer)
