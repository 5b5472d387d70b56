"""What a publisher sends us, watched over: losses asked for again, bandwidth told back; without it a weak uplink would spoil it for all."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aiortc.rate import RemoteBitrateEstimator
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import HeaderExtensionsMap, RtpPacket

from . import reports
from .answers import ABS_SEND_TIME, LAYER, REPAIRED_LAYER, Medium
from .packets import Arrived
from .peer import Peer
from .reports import Kind, Reception, SenderReport

OUR_SSRC: Final = 1
ASK_AGAIN_S: Final = 0.1
ASK_TIMES: Final = 8
MOST_MISSING: Final = 200
BETWEEN_PICTURE_REQUESTS_S: Final = 0.5
MOST_SSRCS: Final = 16  # of layers and their repairs: a sender that invents more is not followed

_NOTHING_NEW: Final = reports.receiver_report(OUR_SSRC, ())  # feedback travels behind a report (RFC 4585, section 3.1)

PassOn = Callable[[Kind, Arrived, float, int], None]
"""Medium, packet, when, and the layer of the picture."""


@dataclass(slots=True)
class _Missing:
    asked: int = 0
    last: float = 0.0


class IncomingStream:
    """One medium from the publisher, or one layer of its picture: statistics, and the numbers still missing."""

    def __init__(self, kind: Kind, medium: Medium, layer: int = 0) -> None:
        self.kind, self.medium, self.layer = kind, medium, layer
        self.ssrc = 0
        self.statistics = StreamStatistics(medium.codec.rate)
        self.missing: dict[int, _Missing] = {}
        self.report: SenderReport | None = None
        self.report_at = 0.0
        self.bytes = 0
        self._highest: int | None = None

    def note(self, packet: RtpPacket) -> None:
        self.ssrc = packet.ssrc
        self.bytes += len(packet.payload)
        self.statistics.add(packet)
        self._note_gap(packet.sequence_number)

    def reception(self, now: float) -> Reception:
        """For the next receiver report."""
        seen = self.statistics
        last = self.report.ntp >> 16 & 0xFFFFFFFF if self.report else 0
        delay = int((now - self.report_at) * 65536) if self.report else 0
        highest = seen.cycles + (seen.max_seq or 0)
        return Reception(self.ssrc, seen.fraction_lost, seen.packets_lost, highest, seen.jitter, last, delay)

    def to_ask(self, now: float) -> list[int]:
        """Numbers worth asking for now: at once, then every tenth of a second, a few times."""
        due = [number for number, one in self.missing.items() if now - one.last >= ASK_AGAIN_S]
        for number in due:
            one = self.missing[number]
            one.asked, one.last = one.asked + 1, now
            if one.asked >= ASK_TIMES:
                del self.missing[number]
        return due

    def _note_gap(self, number: int) -> None:
        self.missing.pop(number, None)
        if self._highest is None:
            self._highest = number
        gap = (number - self._highest) & 0xFFFF
        if gap >= 0x8000:
            return
        if gap > MOST_MISSING:
            self.missing.clear()
        else:
            self.missing.update({(self._highest + step) & 0xFFFF: _Missing() for step in range(1, gap)})
        self._highest = number


class Publisher:
    """The source of a room, over a peer."""

    def __init__(self, peer: Peer, media: dict[Kind, Medium], extensions: Mapping[str, int], pass_on: PassOn) -> None:
        """`extensions`: the numbers of header extensions, by address, that the answer agreed to."""
        self.peer, self._pass_on = peer, pass_on
        self.streams = dict(_streams(media))
        self._by_number = {stream.medium.codec.number: stream for stream in self.streams.values() if not stream.medium.layers}
        self._by_repair = {one.medium.repair.number: one for one in self.streams.values() if one.medium.repair and not one.medium.layers}
        self._by_name = {one.medium.layers[one.layer]: one for one in self.streams.values() if one.medium.layers}
        self._by_ssrc: dict[int, IncomingStream] = {}
        self._layered = {medium.codec.number for medium in media.values() if medium.layers}
        self._layered_repair = {medium.repair.number for medium in media.values() if medium.layers and medium.repair}
        self._extensions = _extensions(extensions)
        self._bandwidth = RemoteBitrateEstimator()
        self._picture_asked_at: dict[int, float] = {}
        peer.on_media, peer.on_reports = self._take_media, self._take_reports

    @property
    def live(self) -> bool:
        return not self.peer.closed

    def ask_picture(self, now: float, layer: int = 0) -> None:
        """Ask for a whole picture; requests of many viewers within half a second are one."""
        video = self.streams.get(("video", layer))
        if video is not None and video.ssrc and now - self._picture_asked_at.get(layer, 0.0) >= BETWEEN_PICTURE_REQUESTS_S:
            self._picture_asked_at[layer] = now
            self.peer.send_report(_NOTHING_NEW + reports.picture_loss(OUR_SSRC, video.ssrc))

    def ask_missing(self, now: float) -> None:
        for stream in self.streams.values():
            wanted = stream.to_ask(now) if stream.missing and stream.kind == "video" else []
            if wanted:
                self.peer.send_report(_NOTHING_NEW + reports.nack(OUR_SSRC, stream.ssrc, wanted))

    def report(self, now: float) -> None:
        """Once a second: what arrived."""
        if any(stream.ssrc for stream in self.streams.values()):
            receptions = [one.reception(now) for one in self.streams.values() if one.ssrc]
            self.peer.send_report(reports.receiver_report(OUR_SSRC, receptions))

    def clock_of(self, kind: Kind, layer: int = 0) -> tuple[SenderReport, float] | None:
        stream = self.streams.get((kind, layer))
        return (stream.report, stream.report_at) if stream and stream.report else None

    def close(self) -> None:
        self.peer.close()

    def _take_media(self, data: bytes, now: float) -> None:
        try:
            packet = RtpPacket.parse(data, self._extensions)
        except (ValueError, struct.error):  # a header extension of the wrong length
            return
        repaired = self._by_repair.get(packet.payload_type)
        stream = repaired or self._by_number.get(packet.payload_type) or self._layer_of(packet)
        if stream is None:
            return
        if packet.payload_type in self._layered_repair:
            repaired = stream
        sent = packet.extensions.abs_send_time
        if sent is not None and stream.kind == "video":
            self._note_bandwidth(sent, stream, now, len(data))
        if repaired:
            self._take_repair(repaired, packet, now)
        else:
            stream.note(packet)
            self._forward(stream, packet.sequence_number, packet, packet.payload, now)

    def _layer_of(self, packet: RtpPacket) -> IncomingStream | None:
        """By the layer's name, which comes until the sender knows that we know its SSRC (RFC 8853, section 5.5)."""
        number, told = packet.payload_type, packet.extensions
        if number not in self._layered and number not in self._layered_repair:
            return None
        name = told.rtp_stream_id if number in self._layered else told.repaired_rtp_stream_id
        if name in self._by_name and (packet.ssrc in self._by_ssrc or len(self._by_ssrc) < MOST_SSRCS):
            self._by_ssrc[packet.ssrc] = self._by_name[name]
        return self._by_ssrc.get(packet.ssrc)

    def _take_repair(self, stream: IncomingStream, packet: RtpPacket, now: float) -> None:
        """An RTX packet carries the lost one's number before its payload (RFC 4588); without more it only probed the bandwidth."""
        if len(packet.payload) > 2:
            number = int.from_bytes(packet.payload[:2], "big")
            stream.missing.pop(number, None)
            self._forward(stream, number, packet, packet.payload[2:], now)

    def _forward(self, stream: IncomingStream, number: int, packet: RtpPacket, payload: bytes, now: float) -> None:
        self._pass_on(stream.kind, Arrived(number, packet.timestamp, packet.marker, payload), now, stream.layer)

    def _note_bandwidth(self, sent: int, stream: IncomingStream, now: float, size: int) -> None:
        estimate = self._bandwidth.add(int(now * 1000), sent, size, stream.ssrc)
        if estimate is not None and stream.ssrc:
            self.peer.send_report(_NOTHING_NEW + reports.bandwidth_estimate(OUR_SSRC, stream.ssrc, estimate[0]))

    def _take_reports(self, data: bytes, now: float) -> None:
        for report in reports.read_reports(data).senders:
            for stream in self.streams.values():
                if stream.ssrc == report.ssrc:
                    stream.report, stream.report_at = report, now


def _streams(media: Mapping[Kind, Medium]) -> Iterator[tuple[tuple[Kind, int], IncomingStream]]:
    for kind, medium in media.items():
        for layer in range(len(medium.layers) or 1):
            yield (kind, layer), IncomingStream(kind, medium, layer)


def _extensions(agreed: Mapping[str, int]) -> HeaderExtensionsMap:
    known = HeaderExtensionsMap()
    named = [RTCRtpHeaderExtensionParameters(id=agreed[one], uri=one) for one in (ABS_SEND_TIME, LAYER, REPAIRED_LAYER) if one in agreed]
    known.configure(RTCRtpParameters(headerExtensions=named))
    return known
