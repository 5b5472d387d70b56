"""A picture in several sizes: everybody sees the largest that the own connection carries, and sees it go on from one to the next."""

from __future__ import annotations

from itertools import pairwise

import pytest

from streaming import reports
from streaming.layers import LayerChooser, first_layer
from streaming.offers import read_offer

from .browsers import DELTA_FRAME, World
from .layered import LAYERED, LAYERS, OFFER, Browser, Camera, Line, Watcher, go_on

RATES = {0: 80e3, 1: 320e3, 2: 1280e3}


@pytest.fixture
def world() -> World:
    return World()


def begin(world: World, bits: float, **options) -> tuple[Camera, Watcher, Line]:
    camera = Camera(world, **options).join()
    for _ in range(20):
        camera.picture()
        world.pass_time(0.1, step=0.02)
    line = Line(world, bits)
    return camera, Watcher(world).join(), line


def test_the_answer_takes_every_size_that_was_offered(world):
    camera = Camera(world).join()
    text = camera.reply.body.decode()
    assert "a=simulcast:recv low;mid;high" in text
    assert all(f"a=rid:{name} recv" in text for name in LAYERS)
    assert "rtp-stream-id" in text


@pytest.mark.parametrize(
    ("video", "found"),
    [
        (OFFER, ("low", "mid", "high")),
        (LAYERED, ()),
        (LAYERED + "a=simulcast:send ~low,x;nobody;high recv low\r\n", ("low", "high")),
        (LAYERED + "a=simulcast:recv low\r\n", ()),
        (LAYERED + "a=simulcast:send\r\n", ()),
    ],
)
def test_sizes_are_read_strictly(world, video, found):
    section = read_offer(Browser(world, act="publish", video=video).offer().encode()).section("video")
    assert section is not None and tuple(section.layers) == found


def test_a_good_line_climbs_to_the_largest_and_its_numbers_have_no_hole(world):
    camera, watcher, _ = begin(world, 10e6)
    seen = go_on(world, camera, watcher, 20)
    assert seen[0] == "mid" and seen[-1] == "high"
    numbers = [sequence for _, sequence in watcher.order]
    assert all((after - before) & 0xFFFF == 1 for before, after in pairwise(numbers))
    assert all((after - before) & 0xFFFFFFFF < 45_000 for before, after in pairwise(watcher.times))
    assert len({ssrc for ssrc, _ in watcher.order}) == 1


def test_a_change_begins_with_a_whole_picture(world):
    camera, watcher, line = begin(world, 10e6)
    go_on(world, camera, watcher, 12)
    line.bits = 400e3
    go_on(world, camera, watcher, 12)
    sizes = [(next(name for name in LAYERS if name.encode() in watcher.got[key]), watcher.got[key]) for key in watcher.order]
    changes = [after for before, after in pairwise(sizes) if before[0] != after[0]]
    assert len(changes) >= 2
    assert all(not payload[1] & 0x01 for _, payload in changes)


def test_a_line_that_gets_narrow_steps_down_in_time_and_stays_there(world):
    camera, watcher, line = begin(world, 10e6)
    assert go_on(world, camera, watcher, 12)[-1] == "high"
    line.bits = 400e3
    seen = go_on(world, camera, watcher, 40)
    assert "mid" in seen[:5]
    assert seen.count("high") <= 10  # it is tried again, each time later
    assert sum(before != after for before, after in pairwise(seen)) <= 8


def test_a_line_that_carries_no_picture_keeps_the_sound_and_gets_the_picture_back(world):
    camera, watcher, line = begin(world, 10e6)
    line.bits = 40e3
    seen = go_on(world, camera, watcher, 20)
    assert seen[-1] == ""
    camera.publish(b"sound", number=111, ssrc=78)
    watcher.listen()
    assert b"sound" in watcher.got.values()
    line.bits = 10e6
    assert "mid" in go_on(world, camera, watcher, 30)


def test_what_a_viewer_believes_is_followed_down_before_anything_is_lost(world):
    camera, watcher, _ = begin(world, 10e6)
    assert go_on(world, camera, watcher, 12)[-1] == "high"
    watcher.believes = 350_000
    assert "mid" in go_on(world, camera, watcher, 5)
    assert set(go_on(world, camera, watcher, 15)) == {"mid"}


def test_a_size_that_the_camera_stops_sending_is_left_at_once(world):
    camera, watcher, _ = begin(world, 10e6)
    assert go_on(world, camera, watcher, 12)[-1] == "high"
    camera.sizes = ("low", "mid")
    assert go_on(world, camera, watcher, 4)[-1] in ("low", "mid")
    camera.sizes = ("low",)  # nothing is left to choose
    assert go_on(world, camera, watcher, 4)[-1] == "low"


def test_what_was_lost_before_and_after_a_change_can_be_asked_for_under_its_own_number(world):
    camera, watcher, _ = begin(world, 10e6)
    world.loses = lambda number, datagram: datagram[0] >= 128 and len(datagram) > 1000 and number % 80 == 0
    go_on(world, camera, watcher, 9)
    assert watcher.size == "high"
    numbers = {sequence for _, sequence in watcher.order}
    lost = sorted(set(range(min(numbers), max(numbers))) - numbers)
    watcher.report(reports.nack(5, watcher.ssrc, lost))
    world.loses = lambda number, datagram: False
    watcher.listen()
    sizes = {watcher.got[watcher.ssrc, sequence][len(DELTA_FRAME) :].rstrip(b"\0") for sequence in lost}
    assert sizes == {b"mid", b"high"}


def test_listeners_hear_of_one_size_only(world):
    camera = Camera(world).join()
    passed: list = []
    world.house.rooms["hall"].listeners.add(lambda kind, packet: passed.append(packet))
    for _ in range(40):
        camera.picture()
        world.pass_time(0.1, step=0.02)
    assert all(after.index - before.index == 1 for before, after in pairwise(passed))


def test_two_viewers_on_different_lines_do_not_disturb_each_other(world):
    camera, watcher, _ = begin(world, 10e6)
    world.loses = lambda number, datagram: False
    other = Watcher(world, address=("198.51.100.9", 7)).join()
    other.believes = 100_000
    go_on(world, camera, watcher, 14, lambda second: other.second())
    assert (watcher.size, other.size) == ("high", "low")


def test_one_size_alone_is_never_changed_by_a_little_loss():
    chooser, now = LayerChooser(0), 0.0
    for _ in range(30):
        now += 1.0
        chooser.note(0.2, 0, now)
        assert chooser.tick({0: 1e6}, now) == 0


def test_a_newcomer_begins_with_the_largest_that_nearly_everybody_carries():
    assert first_layer(RATES) == 1
    assert first_layer({0: 2e6, 1: 3e6}) == 0
    assert first_layer({}) == 0
