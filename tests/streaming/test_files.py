"""The picture as files: put together in order, behind a playlist, through nginx, and taken by the page itself where UDP is stopped."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import asynccontextmanager

import av
import pytest

from streaming import Hall, House
from streaming.answers import Medium
from streaming.assembling import PATIENCE, Assembler
from streaming.matching import PREFERRED
from streaming.packets import Arrived, Outgoing
from streaming.playing import ClipPlayer
from streaming.sample import make_clip
from streaming.scribe import Scribe

from .browsers import DELTA_FRAME, KEY_FRAME
from .chromium import in_chromium, shown, watch
from .nginx import NGINX, in_front_of


def packet(index: int, payload: bytes = DELTA_FRAME, timestamp: int | None = None) -> Outgoing:
    return Outgoing(index, 3000 * index if timestamp is None else timestamp, 1, 7, payload)


def units(assembler: Assembler, *packets: Outgoing) -> list[int]:
    return [unit.ticks for one in packets for unit in assembler.add(one)]


def test_packets_that_overtook_each_other_come_out_in_order():
    assembler = Assembler("video", "vp8")
    assert units(assembler, packet(5, KEY_FRAME), packet(7), packet(6)) == [15000, 18000, 21000]


def test_after_a_loss_pictures_wait_for_a_whole_one():
    assembler = Assembler("video", "vp8")
    units(assembler, packet(1, KEY_FRAME))
    lost = units(assembler, *[packet(index) for index in range(3, 4 + PATIENCE)])
    assert lost == []
    assert units(assembler, packet(4 + PATIENCE, KEY_FRAME)) == [3000 * (4 + PATIENCE)]


def test_time_runs_on_where_the_timestamp_begins_again():
    assembler = Assembler("audio", "opus")
    assert units(assembler, packet(1, b"x", 0xFFFFFC40), packet(2, b"x", 0)) == [0xFFFFFC40, 0x100000000]


@asynccontextmanager
async def on_the_air(folder):
    """A hall whose room plays a short clip."""
    house = House(lambda datagram, address: None, time.monotonic)
    player = ClipPlayer(house, "hall", await asyncio.to_thread(make_clip, 2))
    playing = asyncio.create_task(player.run())
    hall = Hall(house, "hall", folder)
    yield hall
    await hall.close()
    playing.cancel()


async def test_the_playlist_begins_with_the_first_who_asks(tmp_path):
    async with on_the_air(tmp_path) as hall:
        first, second = await asyncio.gather(hall.playlist(), hall.playlist())
        assert first == second
        assert first is not None
        name = first.split('URI="')[1].split('"')[0]
        assert hall.part(name) is not None
        assert hall.part("../../../etc/passwd") is None


async def test_a_film_of_the_stage_plays_with_picture_and_sound(tmp_path):
    async with on_the_air(tmp_path) as hall:
        assert await hall.record(tmp_path / "film.mp4")
        await asyncio.sleep(3)
        await hall.stop_recording()
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert sum(1 for _ in film.decode(video=0)) >= 15


async def test_nobody_on_the_air_means_no_playlist_and_no_process(tmp_path):
    hall = Hall(House(lambda datagram, address: None, time.monotonic), "hall", tmp_path)
    assert await hall.playlist() is None
    assert not hall.files.exists()


async def test_a_process_that_is_slow_to_start_is_waited_for_and_never_doubled(tmp_path, monkeypatch):
    started, start = [], Scribe.start

    async def slowly(scribe):
        started.append(scribe)
        await asyncio.sleep(0.3)
        await start(scribe)

    monkeypatch.setattr(Scribe, "start", slowly)
    async with on_the_air(tmp_path) as hall:
        asking = asyncio.gather(hall.listen(), hall.listen())
        for _ in range(10):
            await asyncio.sleep(0.05)
            await hall.tick()
        assert await asking == [True, True]
        assert len(started) == 1


async def test_the_sound_is_heard_only_as_long_as_somebody_reads(tmp_path):
    """Ears that nobody reads took a fifth of a processor for ever, once somebody had looked in."""
    later = 0.0
    house = House(lambda datagram, address: None, lambda: time.monotonic() + later)
    player = ClipPlayer(house, "hall", await asyncio.to_thread(make_clip, 2))
    playing = asyncio.create_task(player.run())
    hall = Hall(house, "hall", tmp_path, lambda sound: None)
    async with asyncio.timeout(10):
        while not await hall.listen():  # noqa: ASYNC110 - the player tells nobody that it has begun
            await asyncio.sleep(0.05)
    later = 50.0
    hall.still_listening()
    later = 100.0
    await hall.tick()
    assert hall._scribe is not None  # control: asked for 50 seconds ago
    later = 120.0
    await hall.tick()
    assert hall._scribe is None
    assert await hall.listen()  # and begins again with the next who reads
    assert hall._scribe is not None
    await hall.close()
    playing.cancel()


class SilentCamera:
    """A browser's: it sends a whole picture when it begins, and then only when asked."""

    live = True

    def __init__(self) -> None:
        self.asked = 0

    def ask_picture(self, now, layer=0):
        self.asked += 1

    def ask_missing(self, now): ...
    def report(self, now): ...
    def close(self): ...
    def clock_of(self, kind, layer=0): ...


async def test_a_camera_that_sends_whole_pictures_only_when_asked_is_asked_while_files_are_written(tmp_path):
    """Files begin and are cut at whole pictures: a room published from a telephone had none for twenty seconds, and then very long ones."""
    house, camera = House(lambda datagram, address: None, time.monotonic), SilentCamera()
    room = house.play("hall", camera, {"video": Medium(PREFERRED)})
    hall = Hall(house, "hall", tmp_path)
    await hall._with_scribe(hall._begin_hls)
    assert camera.asked == 1  # to begin with
    hall._seen = house.clock()
    await hall.tick()
    assert camera.asked == 2  # none has come yet
    room.pass_on("video", Arrived(1, 0, 1, b"\x65whole"), house.clock())
    await hall.tick()
    assert camera.asked == 2  # one just came: a publisher that sends them by itself is left alone
    await hall.close()
    await hall.tick()
    assert camera.asked == 2


async def test_a_process_that_dies_is_started_again_after_a_pause_only(tmp_path):
    async with on_the_air(tmp_path) as hall:
        assert await hall.listen()
        hall._scribe._process.kill()
        await hall._scribe._process.wait()
        assert not await hall.listen()
        hall._not_before = 0.0  # the pause has passed
        assert await hall.listen()


class TestInABrowser:
    pytestmark = in_chromium

    @pytest.mark.skipif(not NGINX, reason="nginx is not installed, so nothing was played through it.")
    def test_a_bare_video_plays_the_playlist_through_nginx(self, open_page, served, tmp_path):
        address, var = served
        with in_front_of(address, var, tmp_path) as front:
            page = open_page(f"{front}/live/sample?files=1")
            watch(page)
            assert shown(page, 30, patience_s=90) >= 30
            assert page.evaluate("document.getElementById('picture').src").endswith("/live/sample/index.m3u8")

    def test_the_page_takes_the_files_by_itself_where_udp_leads_nowhere(self, open_page, served):
        def send_packets_astray(route):
            reply = route.fetch()
            route.fulfill(
                response=reply, body=re.sub(r"(127\.0\.0\.1|\d+\.\d+\.\d+\.\d+) \d+ typ host", "127.0.0.1 9 typ host", reply.text())
            )

        page = open_page("about:blank")
        page.route("**/whep/sample", send_packets_astray)
        page.goto(f"{served[0]}/live/sample")
        watch(page)
        assert shown(page, 20, patience_s=90) >= 20
        assert "少し遅れて" in page.locator("#status").inner_text()

    def test_a_browser_without_its_own_player_is_fed_piece_by_piece(self, open_page, served):
        page = open_page("about:blank")
        page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
        page.goto(f"{served[0]}/live/sample?files=1")
        watch(page)
        assert shown(page, 30, patience_s=90) >= 30
        assert page.evaluate("document.getElementById('picture').src").startswith("blob:")
