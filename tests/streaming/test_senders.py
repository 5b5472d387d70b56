"""All senders put the same bytes on the wire."""

import random
import socket

import pytest
from pylibsrtp import Policy, Session

from streaming.batching import SLOTS, BatchedSender, fastest_sender
from streaming.forwarding import PlainSender
from streaming.handshake import GCM_TAG, SHA1_TAG, Keys
from streaming.peer import Peer
from streaming.trains import LARGEST_PACKET

from .browsers import IDENTITY

GCM, SHA1 = Policy.SRTP_PROFILE_AEAD_AES_256_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80
SO_NO_CHECK = 11  # Linux refuses to cut messages apart on a socket that writes no checksums


def keys(number: int, profile: int = GCM) -> Keys:
    policy = Policy(key=bytes([number]) * (44 if profile == GCM else 30), ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)
    policy.allow_repeat_tx = True
    return Keys(Session(policy), Session(policy), GCM_TAG if profile == GCM else SHA1_TAG)


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
            seat.keys, seat.address = keys(number, SHA1 if number == 2 else GCM), ear.getsockname()
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


def packets(count: int, sizes=(1040, 1040, 1040, 700, 100, 1200, 1200, 160)) -> list[bytes]:
    """A picture of equally long packets with a shorter last one, a sound, a longer picture: in all orders that matter."""
    head = b"\x80\x60"
    return [head + number.to_bytes(2, "big") + bytes(8) + bytes([number % 256]) * sizes[number % len(sizes)] for number in range(count)]


@pytest.mark.parametrize("in_segments", [True, False])
def test_the_batched_sender_sends_byte_for_byte_what_the_plain_one_does(wire, in_segments):
    PlainSender().send(packets(24), wire.seats())
    plain = wire.heard(24)
    sender = BatchedSender(wire.out, in_segments)
    sender.send(packets(24), wire.seats())
    assert wire.heard(24) == plain
    assert sender.in_segments is in_segments


def test_packets_of_any_lengths_arrive_as_the_plain_sender_sends_them(wire):
    chance = random.Random(3)
    for _ in range(20):
        some = packets(chance.randrange(1, 12), sizes=[chance.randrange(1, 1300) for _ in range(3)] * 2 + [900] * 4)
        PlainSender().send(some, wire.seats())
        plain = wire.heard(len(some))
        BatchedSender(wire.out).send(some, wire.seats())
        assert wire.heard(len(some)) == plain


def test_a_picture_of_equal_packets_is_one_message_for_each_viewer(wire):
    sender, seats = BatchedSender(wire.out), wire.seats()
    handed = []
    calls = sender._slots.sendmmsg
    sender._slots.sendmmsg = lambda *call: handed.append(call[2]) or calls(*call)
    sender.send(packets(4, sizes=(1000,)), seats)
    assert sum(handed) == len(seats)
    assert [len(one) for one in wire.heard(4)] == [4] * 5


def test_where_the_system_refuses_to_cut_we_cut_ourselves_and_do_not_ask_again(wire):
    PlainSender().send(packets(24), wire.seats())
    plain = wire.heard(24)
    wire.out.setsockopt(socket.SOL_SOCKET, SO_NO_CHECK, 1)
    sender = BatchedSender(wire.out)
    sender.send(packets(24), wire.seats())
    assert wire.heard(24) == plain
    assert (sender.in_segments, sender.unsent) == (False, 0)


def test_what_cannot_be_encrypted_is_never_sent_in_clear(wire):
    """The danger: the slot of a viewer whose session refuses still holds the packet as it came."""
    seats = wire.seats()
    seats[1].keys = Keys(Session(), Session())  # without any key
    BatchedSender(wire.out).send(packets(3), seats)
    refused = wire.ears.pop(1)
    assert [len(one) for one in wire.heard(3)] == [3] * 4
    refused.setblocking(False)
    with pytest.raises(BlockingIOError):
        refused.recv(2048)
    refused.close()


def test_who_comes_goes_or_moves_is_noticed(wire):
    sender, seats = BatchedSender(wire.out), dict.fromkeys(wire.seats())
    sender.send(packets(2), seats)
    wire.heard(2)
    first, second, *_ = seats
    first.closed, second.address = True, wire.ears[0].getsockname()
    sender.send(packets(4)[2:], seats)
    assert len({wire.ears[0].recv(2048) for _ in range(2)}) == 2
    assert [len(ear.recv(2048)) for ear in wire.ears[2:]] == [1062, 1068, 1068]


def test_more_than_one_row_of_slots_arrives_whole(wire):
    count = SLOTS // 4
    BatchedSender(wire.out).send(packets(count), wire.seats())
    assert [len(one) for one in wire.heard(count)] == [count] * 5


def test_an_unreachable_viewer_and_an_oversized_packet_do_not_stop_the_others(wire):
    seats = wire.seats()
    seats[0].address = ("240.0.0.1", 1)
    wire.ears.pop(0).close()
    BatchedSender(wire.out).send([*packets(3), b"\x80\x60" + bytes(LARGEST_PACKET)], seats)
    assert [len(one) for one in wire.heard(3)] == [3] * 4


def test_the_sender_falls_back_where_the_system_lacks_the_call(wire, monkeypatch):
    assert isinstance(fastest_sender(wire.out), BatchedSender)
    monkeypatch.setattr("streaming.batching.sys.platform", "darwin")
    assert isinstance(fastest_sender(wire.out), PlainSender)
