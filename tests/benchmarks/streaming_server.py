"""The server under measurement, in a process of its own: an offer a line in, an answer a line out; null asks what it holds."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay

from streaming import Call, Gate, Limits, MediaPort, Negotiation, Relays, own_addresses
from streaming.admission import Act
from streaming.batching import BatchedSender
from streaming.forwarding import PlainSender
from streaming.playing import ClipPlayer
from streaming.publishing import SamplePicture, SampleSound
from streaming.sample import Clip, Piece
from streaming.sessions import Session
from streaming.viewer import Viewer


def one_megabit(seconds: int = 2) -> Clip:
    """30 pictures a second in four packets of 1040 bytes, a whole picture every 2 s, and Opus of 64 kbit/s: 170 packets, 1.06 Mbit/s."""
    pieces = []
    for number in range(30 * seconds):
        head = b"\x65" if number == 0 else b"\x61"
        pieces.append(Piece(number / 30, "video", number * 3000, [head + bytes(1039)] + [b"\x61" + bytes(1039)] * 3))
    pieces += [Piece(number / 50, "audio", number * 960, [bytes(160)]) for number in range(50 * seconds)]
    return Clip(sorted(pieces, key=lambda piece: piece.at), seconds)


def quarter_of_a_megabit(seconds: int = 2) -> Clip:
    """15 pictures a second in one packet of 1040 bytes, and Opus of 64 kbit/s in packets of 60 ms: 32 packets, 0.19 Mbit/s."""
    pieces = [Piece(at / 15, "video", at * 6000, [(b"\x65" if at == 0 else b"\x61") + bytes(1039)]) for at in range(15 * seconds)]
    pieces += [Piece(at * 0.06, "audio", at * 2880, [bytes(480)]) for at in range(int(seconds / 0.06))]
    return Clip(sorted(pieces, key=lambda piece: piece.at), seconds)


def one_picture() -> Clip:
    """Something to see, and then nothing more for an hour."""
    return Clip([Piece(0.0, "video", 0, [b"\x65" + bytes(1039)])], 3600)


class Ours:
    """`kind` is ours, whole (the system cuts no message apart), plain (no batches either), slow (a quarter of the bits) or quiet
    (one picture only).
    """

    CLIPS: Final = {"quiet": one_picture, "slow": quarter_of_a_megabit}

    def __init__(self, kind: str) -> None:
        self.kind = kind

    async def start(self) -> None:
        self.port = MediaPort.open(0, own_addresses(), Limits(sessions=5000, connecting=5000))
        if self.kind == "plain":
            self.port.house.use(PlainSender())
        if self.kind == "whole":
            self.port.house.use(BatchedSender(self.port.socket, in_segments=False))
        self.gate = Gate("benchmark")
        self.negotiation = Negotiation(self.port.house, self.gate, Relays(), lambda: datetime.now(UTC))
        clip = self.CLIPS.get(self.kind, one_megabit)()
        self.playing = asyncio.create_task(ClipPlayer(self.port.house, "hall", clip).run())

    async def answer(self, sdp: str) -> str:
        return self.asked("whep", "watch", "hall", sdp)

    def asked(self, protocol: Literal["whip", "whep"], act: Act, room: str, sdp: str) -> str:
        token = self.gate.issue(room, act, datetime.now(UTC), timedelta(hours=1))
        headers = {"authorization": f"Bearer {token}", "content-type": "application/sdp"}
        return self.negotiation.answer(Call(protocol, "POST", room, "", headers, sdp.encode())).body.decode()


class Relayed:
    """The naive way: aiortc's MediaRelay, which encodes once for each viewer."""

    async def start(self) -> None:
        self.relay = MediaRelay()
        self.connections: list[RTCPeerConnection] = []
        self.tracks: list[MediaStreamTrack] = [SamplePicture(), SampleSound()]

    async def answer(self, sdp: str) -> str:
        connection = RTCPeerConnection(RTCConfiguration([]))
        self.connections.append(connection)
        for track in self.tracks:
            connection.addTrack(self.relay.subscribe(track))
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp


def held() -> dict[str, int]:
    """How many tasks run, and how many sessions and viewers are in memory, whoever still holds them."""
    gc.collect()
    kinds = Counter(map(type, gc.get_objects()))
    return {"tasks": len(asyncio.all_tasks()), "sessions": kinds[Session], "viewers": kinds[Viewer]}


async def serve(kind: str) -> None:
    server = Relayed() if kind == "relay" else Ours(kind)
    await server.start()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        told = json.loads(line)
        if isinstance(told, list):  # protocol, act, room, offer
            reply: object = server.asked(*told)
        else:
            reply = held() if told is None else await server.answer(told)
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
