"""Numbers that never lie: continuity over publishers, repair, and where a picture begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.packets import REMEMBERED, Arrived, OutgoingStream, starts_picture
from streaming.reports import bandwidth_estimate, description, nack, picture_loss, read_reports


def stream() -> OutgoingStream:
    return OutgoingStream(ssrc=1, rate=90_000, first_index=65_500)


def packet(sequence: int, timestamp: int = 0, payload: bytes = b"x") -> Arrived:
    return Arrived(sequence & 0xFFFF, timestamp, 0, payload)


def test_numbers_run_on_over_the_wrap():
    out = stream()
    indexes = [out.pass_on(packet(65_530 + step), 0.0).index for step in range(20)]
    assert indexes == list(range(65_500, 65_520))


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(min_size=1, max_size=3), st.booleans()), max_size=200))
def test_no_number_is_ever_given_to_two_different_packets(arrivals):
    """The danger: under GCM a number used twice with different contents gives the key away."""
    out, given_out = stream(), {}
    for at, (sequence, payload, new_source) in enumerate(arrivals):
        if new_source:
            out.new_source()
        sent = out.pass_on(packet(sequence, payload=payload), at / 10)
        if sent is not None:
            assert sent.index not in given_out
            given_out[sent.index] = payload


def test_only_what_is_remembered_can_be_had_again():
    out = stream()
    sent = [out.pass_on(packet(number), 0.0) for number in range(REMEMBERED + 10)]
    assert out.again(sent[-1].index & 0xFFFF) == sent[-1]
    assert out.again(sent[20].index & 0xFFFF) == sent[20]
    assert out.again(sent[0].index & 0xFFFF) is None


def test_media_time_runs_on_while_nobody_publishes():
    out = stream()
    before = out.pass_on(packet(1, 500), 10.0).timestamp
    out.new_source()
    assert (out.pass_on(packet(9000, 123_456), 12.0).timestamp - before) & 0xFFFFFFFF == 180_000


def test_the_opening_begins_with_the_parameter_sets_even_when_they_travel_alone():
    """OBS sends SPS, PPS and the picture in packets of their own, all at one time."""
    out = stream()
    units = [b"\x67abc", b"\x68abc", b"\x65abc", b"\x61abc"]
    for number, unit in enumerate(units):
        out.pass_on(packet(number, 0 if number < 3 else 3000, unit), 0.0, starts_picture("h264", unit))
    assert [one.payload for one in out.opening] == units


@pytest.mark.parametrize("first", [[b"\x09\xf0\x00\x00", b"\x67abc", b"\x68abc"], [b"\x78\x00\x02\x09\xf0\x00\x04\x67abc\x00\x04\x68abc"]])
def test_the_opening_begins_with_the_parameter_sets_even_behind_a_delimiter(first):
    """x264 in a transport stream begins each picture with an access unit delimiter; without the sets behind it nothing can be decoded."""
    out = stream()
    units = [b"\x61abc", *first, b"\x06abc", b"\x65abc", b"\x65def", b"\x61abc"]
    for number, unit in enumerate(units):
        timestamp = 3000 * ((number > 0) + (number == len(units) - 1))
        out.pass_on(packet(number, timestamp, unit), 0.0, starts_picture("h264", unit))
    assert [one.payload for one in out.opening] == units[1:]


def test_where_a_whole_picture_begins():
    assert starts_picture("h264", b"\x7c\x85rest")
    assert not starts_picture("h264", b"\x7c\x45rest")
    assert starts_picture("h264", b"\x78\x00\x04\x67abc")
    assert starts_picture("vp8", b"\x90\x80\x05\x00\x00\x00\x9d")
    assert not starts_picture("vp8", b"\x90\x80\x05\x01\x00\x00\x9d")
    assert not starts_picture("vp8", b"\x80\x80\x05\x00\x00\x00\x9d")


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=40, unique=True))
def test_missing_numbers_survive_the_wire(missing):
    found = read_reports(nack(1, 7, sorted(missing)))
    assert sorted(number for _, number in found.missing) == sorted(missing)


def test_wishes_and_estimates_survive_the_wire():
    found = read_reports(description([7]) + picture_loss(1, 7) + bandwidth_estimate(1, 7, 1_250_000))
    assert found.picture_wanted == [7]
    assert abs(found.bandwidth - 1_250_000) < 10


@given(st.binary(max_size=200))
def test_no_report_breaks_the_reader_or_hides_what_came_before_it(noise):
    read_reports(noise)
    assert read_reports(picture_loss(1, 7) + noise).picture_wanted[:1] == [7]
