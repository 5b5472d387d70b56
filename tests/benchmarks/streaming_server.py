"""The server under measurement, in a process of its own: an offer a line in, an answer a line out."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay

from streaming import Call, Gate, Limits, MediaPort, Negotiation, Relays
from streaming.playing import ClipPlayer
from streaming.publishing import SamplePicture, SampleSound
from streaming.sample import Clip, Piece


def one_megabit(seconds: int = 2) -> Clip:
    """30 pictures a second in four packets of 1040 bytes, a whole picture every 2 s, and Opus of 64 kbit/s: 170 packets, 1.06 Mbit/s."""
    pieces = []
    for number in range(30 * seconds):
        head = b"\x65" if number == 0 else b"\x61"
        pieces.append(Piece(number / 30, "video", number * 3000, [head + bytes(1039)] + [b"\x61" + bytes(1039)] * 3))
    pieces += [Piece(number / 50, "audio", number * 960, [bytes(160)]) for number in range(50 * seconds)]
    return Clip(sorted(pieces, key=lambda piece: piece.at), seconds)


class Ours:
    async def start(self) -> None:
        self.port = MediaPort.open(0, ["127.0.0.1"], Limits(sessions=5000, connecting=5000))
        self.gate = Gate("benchmark")
        self.negotiation = Negotiation(self.port.house, self.gate, Relays(), lambda: datetime.now(UTC))
        self.playing = asyncio.create_task(ClipPlayer(self.port.house, "hall", one_megabit()).run())

    async def answer(self, sdp: str) -> str:
        token = self.gate.issue("hall", "watch", datetime.now(UTC), timedelta(hours=1))
        headers = {"authorization": f"Bearer {token}", "content-type": "application/sdp"}
        return self.negotiation.answer(Call("whep", "POST", "hall", "", headers, sdp.encode())).body.decode()


class Relayed:
    """The naive way: aiortc's MediaRelay, which encodes once for each viewer."""

    async def start(self) -> None:
        self.relay, self.connections = MediaRelay(), []
        self.tracks: list[MediaStreamTrack] = [SamplePicture(), SampleSound()]

    async def answer(self, sdp: str) -> str:
        connection = RTCPeerConnection(RTCConfiguration([]))
        self.connections.append(connection)
        for track in self.tracks:
            connection.addTrack(self.relay.subscribe(track))
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp


async def serve(kind: str) -> None:
    server = Ours() if kind == "ours" else Relayed()
    await server.start()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await server.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
