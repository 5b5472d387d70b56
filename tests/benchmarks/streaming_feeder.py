"""Sends the benchmark's stream as plain RTP to two ports of this machine, for a peer that is fed this way."""

from __future__ import annotations

import socket
import struct
import sys
import time

from streaming.playing import RATES
from streaming.sample import Clip

from .streaming_server import one_megabit, quarter_of_a_megabit

NUMBERS = {"video": 102, "audio": 111}


def feed(ports: dict[str, int], clip: Clip) -> None:
    out, began, sequence = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), time.monotonic(), {"video": 0, "audio": 0}
    rounds = 0
    while True:
        for piece in clip.pieces:
            time.sleep(max(0.0, began + rounds * clip.seconds + piece.at - time.monotonic()))
            timestamp = (piece.timestamp + int(rounds * clip.seconds * RATES[piece.kind])) & 0xFFFFFFFF
            for at, payload in enumerate(piece.payloads):
                marker = 0x80 if piece.kind == "video" and at == len(piece.payloads) - 1 else 0
                ssrc = 7 if piece.kind == "video" else 8
                head = struct.pack("!BBHLL", 0x80, marker | NUMBERS[piece.kind], sequence[piece.kind], timestamp, ssrc)
                out.sendto(head + payload, ("127.0.0.1", ports[piece.kind]))
                sequence[piece.kind] = (sequence[piece.kind] + 1) & 0xFFFF
        rounds += 1


if __name__ == "__main__":
    feed({"video": int(sys.argv[1]), "audio": int(sys.argv[2])}, quarter_of_a_megabit() if "slow" in sys.argv else one_megabit())
