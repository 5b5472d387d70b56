"""Publishes a file, or the sample festival, to any WHIP address; without it a rehearsal would need a camera and a studio program."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer

from .doors import Door, leave, post
from .sample import FRAME_SAMPLES, RATE, SOUND_RATE, draw, play

PREFERRED: Final = "video/H264"


class SamplePicture(MediaStreamTrack):
    """The sample festival's picture, drawn as it is sent."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._number, self._began = 0, 0.0

    async def recv(self) -> av.VideoFrame:
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        await asyncio.sleep(self._began + self._number / RATE - loop.time())
        frame = av.VideoFrame.from_ndarray(draw(self._number / RATE), format="rgb24")
        frame.pts, frame.time_base = self._number, Fraction(1, RATE)
        self._number += 1
        return frame


class SampleSound(MediaStreamTrack):
    """The sample festival's flute and drum."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._number, self._began = 0, 0.0

    async def recv(self) -> av.AudioFrame:
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        first = self._number * FRAME_SAMPLES
        await asyncio.sleep(self._began + first / SOUND_RATE - loop.time())
        samples = (play(first, FRAME_SAMPLES)[None, :] * 32767).astype("int16")
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, first, Fraction(1, SOUND_RATE)
        self._number += 1
        return frame


@dataclass(slots=True)
class Publication:
    """A running publication. `close` ends it on the server too."""

    connection: RTCPeerConnection
    resource: str
    door: Door

    async def close(self) -> None:
        await leave(self.door, self.resource)
        await self.connection.close()


def tracks_of(file: Path | None) -> Sequence[MediaStreamTrack]:
    """Picture and sound of a file, played over and over, or of the sample. Raises av.FFmpegError for a file that cannot be played."""
    if file is None:
        return SamplePicture(), SampleSound()
    player = MediaPlayer(str(file), loop=True)
    return [track for track in (player.video, player.audio) if track is not None]


async def publish(address: str, token: str, tracks: Sequence[MediaStreamTrack]) -> Publication:
    """Publish to a WHIP endpoint. Raises urllib.error.URLError when it cannot be reached or refuses."""
    connection = RTCPeerConnection(RTCConfiguration([]))
    for track in tracks:
        transceiver = connection.addTransceiver(track, direction="sendonly")
        if track.kind == "video":
            codecs = RTCRtpSender.getCapabilities("video").codecs
            transceiver.setCodecPreferences(sorted(codecs, key=lambda codec: codec.mimeType != PREFERRED))
    await connection.setLocalDescription(await connection.createOffer())
    door = Door(address, token)
    try:
        place, answer = await post(door, _only_multiplexed(connection.localDescription.sdp))
    except OSError:
        await connection.close()
        raise
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return Publication(connection, place, door)


def _only_multiplexed(description: str) -> str:
    """With the line that a WHIP client must write into each bundled section (RFC 9725, section 4.4.1; RFC 8858) and aiortc does not."""
    return description.replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\na=rtcp-mux-only\r\n")
