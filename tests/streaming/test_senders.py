"""Both senders put the same bytes on the wire."""

import socket

import pytest
from pylibsrtp import Policy, Session

from streaming.batching import LARGEST, SLOTS, BatchedSender, fastest_sender
from streaming.forwarding import PlainSender
from streaming.handshake import Keys
from streaming.peer import Peer

from .browsers import IDENTITY

PROFILE = Policy.SRTP_PROFILE_AEAD_AES_256_GCM


def session(key: bytes) -> Session:
    return Session(Policy(key=key, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILE))


class Wire:
    """One sending socket and as many receiving ones as there are viewers."""

    def __init__(self, viewers: int) -> None:
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ears = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(viewers)]
        for ear in self.ears:
            ear.bind(("127.0.0.1", 0))
            ear.settimeout(2)

    def seats(self) -> list[Peer]:
        seats = []
        for number, ear in enumerate(self.ears):
            seat = Peer(IDENTITY, "", lambda datagram, address: self.out.sendto(datagram, address), 0.0)
            key = bytes([number]) * 44
            seat.keys, seat.address = Keys(session(key), session(key)), ear.getsockname()
            seats.append(seat)
        return seats

    def heard(self, count: int) -> list[list[bytes]]:
        return [[ear.recv(2048) for _ in range(count)] for ear in self.ears]

    def close(self) -> None:
        for one in (self.out, *self.ears):
            one.close()


@pytest.fixture
def wire():
    opened = Wire(5)
    yield opened
    opened.close()


def packets(count: int) -> list[bytes]:
    return [b"\x80\x60" + number.to_bytes(2, "big") + bytes(8) + bytes([number % 256]) * (50 + number) for number in range(count)]


def test_the_batched_sender_sends_byte_for_byte_what_the_plain_one_does(wire):
    PlainSender().send(packets(20), wire.seats())
    plain = wire.heard(20)
    BatchedSender(wire.out.fileno()).send(packets(20), wire.seats())
    assert wire.heard(20) == plain


def test_more_than_one_row_of_slots_arrives_whole(wire):
    count = SLOTS // 4
    BatchedSender(wire.out.fileno()).send(packets(count), wire.seats())
    assert [len(one) for one in wire.heard(count)] == [count] * 5


def test_an_unreachable_viewer_and_an_oversized_packet_do_not_stop_the_others(wire):
    seats = wire.seats()
    seats[0].address = ("240.0.0.1", 1)
    wire.ears.pop(0).close()
    BatchedSender(wire.out.fileno()).send([*packets(3), b"\x80\x60" + bytes(LARGEST)], seats)
    assert [len(one) for one in wire.heard(3)] == [3] * 4


def test_the_sender_falls_back_where_the_system_lacks_the_call(wire, monkeypatch):
    assert isinstance(fastest_sender(wire.out), BatchedSender)
    monkeypatch.setattr("streaming.batching.sys.platform", "darwin")
    assert isinstance(fastest_sender(wire.out), PlainSender)
