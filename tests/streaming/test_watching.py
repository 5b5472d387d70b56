"""From the first offer to the last picture, with real encryption and a network that does what each story needs."""

import pytest

from streaming import reports
from streaming.peer import CONSENT_S
from streaming.room import HOLD_S

from .browsers import DELTA_FRAME, H264, KEY_FRAME, Browser, World, on_the_air


@pytest.fixture
def world():
    return World()


def watched(world: World, **options) -> Browser:
    viewer = Browser(world, **options).join()
    viewer.listen()
    return viewer


def numbered(count: int) -> list[bytes]:
    return [DELTA_FRAME + bytes([number]) for number in range(count)]


def test_a_viewer_receives_what_is_published(world):
    publisher, viewer = on_the_air(world), watched(world)
    publisher.publish(DELTA_FRAME, 3000)
    viewer.listen()
    assert viewer.payloads() == [KEY_FRAME, DELTA_FRAME]


def test_the_first_picture_comes_at_once_although_the_publisher_ignores_requests(world):
    publisher = on_the_air(world)
    for number, payload in enumerate(numbered(40)):
        publisher.publish(payload, 3000 * number)
    viewer = watched(world)
    world.pass_time(0.1)
    viewer.listen()
    assert viewer.payloads() == [KEY_FRAME, *numbered(40)]


def test_the_opening_is_paced_and_what_comes_meanwhile_waits_its_turn(world):
    publisher = on_the_air(world)
    for payload in numbered(60):
        publisher.publish(payload, 3000)
    viewer = watched(world)
    assert len(viewer.got) < 20
    publisher.publish(b"\x10\x01new", 6000)
    world.pass_time(0.2)
    viewer.listen()
    assert viewer.order == sorted(viewer.order)
    assert viewer.payloads()[-1] == b"\x10\x01new"


def test_the_packets_of_a_picture_wait_for_its_last_one_and_leave_as_one(world):
    publisher, viewer = on_the_air(world), watched(world)
    for number, payload in enumerate(numbered(3)):
        publisher.publish(payload, 3000, marker=0 if number < 2 else 1)
        viewer.listen()
        assert len(viewer.got) == (1 if number < 2 else 4)


def test_a_picture_whose_last_packet_is_lost_waits_only_a_moment_and_sound_never_waits(world):
    publisher, viewer = on_the_air(world), watched(world)
    publisher.publish(DELTA_FRAME, 3000, marker=0)
    world.seconds += HOLD_S
    world.house.flush()
    viewer.listen()
    assert len(viewer.got) == 2
    publisher.publish(DELTA_FRAME + b"2", 6000, marker=0)
    publisher.publish(b"sound", number=111, ssrc=78, marker=0)
    viewer.listen()
    assert len(viewer.got) == 4


def test_every_viewer_gets_the_same_numbers(world):
    publisher, one, other = on_the_air(world), watched(world), watched(world, address=("198.51.100.8", 1))
    publisher.publish(DELTA_FRAME)
    one.listen()
    other.listen()
    assert one.got == other.got


@pytest.mark.parametrize("lost_every", [2, 3, 10])
def test_lost_packets_are_sent_again_byte_for_byte(world, lost_every):
    publisher, viewer = on_the_air(world), watched(world)
    world.loses = lambda number, datagram: number % lost_every == 0
    for number, payload in enumerate(numbered(100)):
        publisher.publish(payload, 3000 * number)
    viewer.listen()
    world.loses = lambda number, datagram: False
    (ssrc, first), last = viewer.order[0], viewer.order[-1][1]
    missing = [n & 0xFFFF for n in range(first, last) if (ssrc, n & 0xFFFF) not in viewer.got]
    assert missing
    viewer.report(reports.nack(5, ssrc, missing))
    viewer.listen()
    assert viewer.payloads() == [KEY_FRAME, *numbered(100)][: len(viewer.got)]
    assert len(viewer.got) == last - first + 1


def test_a_flood_of_repair_requests_is_served_only_so_far(world):
    publisher, viewer = on_the_air(world), watched(world)
    (ssrc, first) = viewer.order[0]
    before = world.sent
    for _ in range(2000):
        viewer.report(reports.nack(5, ssrc, [first]))
    assert world.sent - before <= 300
    publisher.publish(DELTA_FRAME)


def test_what_the_network_reordered_or_doubled_on_the_way_in_reaches_viewers_once(world):
    publisher, viewer = on_the_air(world), watched(world)
    for sequence in (4, 3, 3, 2, 5, 4):
        publisher.publish(DELTA_FRAME + bytes([sequence]), sequence=sequence)
    viewer.listen()
    assert viewer.payloads() == [KEY_FRAME, *(DELTA_FRAME + bytes([n]) for n in (2, 3, 4, 5))]


def test_what_the_publisher_loses_is_asked_for_again(world):
    publisher = on_the_air(world)
    publisher.publish(DELTA_FRAME, sequence=5)
    world.pass_time(0.05)
    publisher.listen()
    assert [number for _, number in publisher.heard.missing][:3] == [2, 3, 4]


def test_many_wishes_for_a_whole_picture_are_one(world):
    publisher = on_the_air(world)
    viewers = [watched(world, address=("198.51.100.9", port)) for port in range(1, 11)]
    for viewer in viewers:
        viewer.report(reports.picture_loss(5, viewer.order[0][0]))
    publisher.listen()
    assert len(publisher.heard.picture_wanted) == 1


def test_a_publisher_who_comes_back_continues_where_the_numbers_stood(world):
    publisher, viewer = on_the_air(world), watched(world)
    publisher.delete()
    world.pass_time(5)
    again = Browser(world, act="publish", address=("198.51.100.1", 4001), token=publisher.token).join()
    again.publish(KEY_FRAME, timestamp=999_999, sequence=60_000, ssrc=88)
    again.publish(DELTA_FRAME, timestamp=1_002_999, sequence=60_001, ssrc=88)
    viewer.listen()
    (ssrc, first) = viewer.order[0]
    assert viewer.order == [(ssrc, first), (ssrc, first + 1), (ssrc, first + 2)]


def test_a_phone_that_changes_network_keeps_watching(world):
    publisher, viewer = on_the_air(world), watched(world)
    viewer.moved_to(("192.0.2.200", 60_000))
    publisher.publish(DELTA_FRAME)
    viewer.listen()
    assert viewer.payloads() == [KEY_FRAME, DELTA_FRAME]


def test_nobody_can_move_a_viewer_without_the_password(world):
    """Control to the story above: the same check with a wrong password changes nothing."""
    publisher, viewer = on_the_air(world), watched(world)
    thief = Browser(world, address=("192.0.2.66", 1))
    thief.answer = type(viewer.answer)((), viewer.answer.ufrag, "x" * 32, "", "")
    thief.check()
    publisher.publish(DELTA_FRAME)
    assert not world.inboxes.get(thief.address)
    viewer.listen()
    assert len(viewer.got) == 2


def test_a_viewer_who_vanishes_is_forgotten_and_one_who_stays_is_not(world):
    on_the_air(world)
    gone, stays = watched(world), watched(world, address=("198.51.100.8", 1))
    for _ in range(int(CONSENT_S) + 3):
        stays.check()
        world.pass_time(1.0, step=0.5)
    watching = [one.peer.address for one in world.house.sessions.values() if one.act == "watch"]
    assert watching == [stays.address] != [gone.address]


def test_lips_and_voice_are_told_how_their_clocks_stand(world):
    publisher, viewer = on_the_air(world), watched(world)
    publisher.publish(b"sound", number=111, ssrc=78)
    world.pass_time(1.1)
    viewer.listen()
    assert len({one.ssrc for one in viewer.heard.senders}) == 2
    assert len({one.ntp for one in viewer.heard.senders[-2:]}) == 1


def test_a_viewer_of_another_codec_gets_a_counter_offer_and_can_take_it(world):
    on_the_air(world)
    viewer = Browser(world, video=H264)
    reply = viewer.ask()
    assert reply.status == 406
    assert b"VP8/90000" in reply.body
    viewer.video = "a=rtpmap:96 VP8/90000\r\n"
    resource = dict(reply.headers)["Location"].rpartition("/")[2]
    accepted = viewer.world.call("whep", "PATCH", viewer.token, viewer.offer(), session=resource)
    assert accepted.status == 204


def test_with_another_codec_on_the_air_viewers_are_sent_home_to_come_back(world):
    publisher, viewer = on_the_air(world), watched(world)
    Browser(world, act="host", address=("198.51.100.2", 4002), video=H264).join()
    assert publisher.world.house.rooms["hall"].viewers == {}
    assert viewer.ask().status in (201, 406)


@pytest.mark.parametrize("visits", [50, pytest.param(10_000, marks=pytest.mark.soak)])
def test_nothing_stays_behind_after_many_visits(world, visits):
    on_the_air(world)
    for number in range(visits):
        visitor = Browser(world, address=("198.51.100.50", number + 1))
        visitor.join().delete()
        world.inboxes.clear()
    house = world.house
    assert len(house.sessions) == 1
    assert house.rooms["hall"].viewers == {}
    assert (len(house._by_ufrag), len(house._by_address)) == (1, 1)
    assert sum(len(seats) for seats in house.rooms["hall"]._groups.values()) == 0
