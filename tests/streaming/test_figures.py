"""How rooms and viewers are doing, as staff see it: who is who by seat number only, and rooms that everybody left are forgotten."""

from __future__ import annotations

import json
import re

import pytest

from inclusion.web.live.figures import PageFigures
from streaming import Gathering, Meter, reports
from streaming.gathering import EMPTY_S

from .browsers import NOW, Browser, World, on_the_air
from .test_floor import LIVES

ADDRESS = ("198.51.100.7", 5000)


@pytest.fixture
def world() -> World:
    return World()


def gathered(world: World) -> Gathering:
    return Gathering(world.house, world.gate, "hall", lambda: NOW)


def watching(world: World, gathering: Gathering, person: str) -> Browser:
    token = world.gate.issue("hall", "watch", NOW, LIVES, person)
    seat = gathering.sit(world.gate.admit(token, "hall", ("watch",), NOW))
    gathering.floor.came(seat, world.house.clock())
    return Browser(world, token=token, address=ADDRESS).join()


def test_every_viewer_is_a_seat_with_what_the_server_and_the_page_say(world):
    on_the_air(world)
    gathering, pages = gathered(world), PageFigures()
    viewer = watching(world, gathering, "hana")
    video = world.house.rooms["hall"].ssrc("video")
    lossy = reports.receiver_report(5, [reports.Reception(video, 64, 9, 1, 900, 0, 0)])
    viewer.send(viewer.handshake.keys.leaving.protect_rtcp(lossy))
    pages.note("hall", gathering.floor.seats["hana"], 240, 2, "quick")
    (room,) = [pages.of(one, gathering, world.house.clock()) for one in Meter(world.house).read()]
    (row,) = room["viewers"]
    assert (row["seat"], row["lost"], row["jitter_ms"], row["first_picture_ms"], row["freezes"]) == (1, 0.25, 10, 240, 2)
    assert (room["joined"], room["people"], room["first_picture_ms"], room["freezes"]) == (1, 1, 240, 2)


def test_nobodys_name_or_address_is_told(world):
    on_the_air(world)
    gathering = gathered(world)
    watching(world, gathering, "hana")
    told = json.dumps([PageFigures().of(one, gathering, 0.0) for one in Meter(world.house).read()])
    assert "hana" not in told
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", told)


def test_who_watches_by_files_or_with_a_program_is_told_as_such(world):
    on_the_air(world)
    gathering, pages = gathered(world), PageFigures()
    Browser(world).join()
    pages.note("hall", gathering.floor.sit("taro", False, 0.0), 3000, 0, "files")
    (room,) = [pages.of(one, gathering, 0.0) for one in Meter(world.house).read()]
    assert [(one["seat"], one["way"]) for one in room["viewers"]] == [(0, ""), (1, "files")]


def test_a_room_is_empty_when_all_have_left_for_long_and_nobody_sends(world):
    gathering = gathered(world)
    seat = gathering.floor.sit("hana", False, world.seconds)
    gathering.floor.came(seat, world.seconds)
    world.seconds += EMPTY_S + 1
    assert not gathering.empty  # the page is open still
    gathering.floor.went(seat, world.seconds)
    assert not gathering.empty
    world.seconds += EMPTY_S + 1
    assert gathering.empty


def test_control_a_room_somebody_sends_into_is_not_empty(world):
    gathering = gathered(world)
    world.seconds += EMPTY_S + 1
    assert gathering.empty
    on_the_air(world)
    assert not gathering.empty
