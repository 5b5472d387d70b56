"""Timed lines on a page: remembered, shown while they grow, and given as WebVTT."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request

from inclusion.web.live import caption_doors as live_caption_doors
from inclusion.web.live.caption_doors import Layers
from inclusion.web.live.captions import CaptionState
from inclusion.web.live.together import last_seen
from streaming import CaptionLog
from streaming.captions import REMEMBERED, Caption, as_webvtt


def test_a_page_that_was_away_is_given_what_it_missed():
    lines = CaptionLog()
    for number in range(REMEMBERED + 3):
        lines.add(number, number + 1, str(number))
    assert [line.text for line in lines.since(REMEMBERED + 1)] == [str(REMEMBERED + 1), str(REMEMBERED + 2)]
    assert len(lines.since(10_000)) == REMEMBERED


def test_webvtt_has_times_and_no_markup():
    lines = CaptionLog()
    lines.add(3661.5, 3663.0, "<b>拍手</b> & 花火")
    text = as_webvtt(lines.since(0), zero=0.0)
    assert text == "WEBVTT\n\n01:01:01.500 --> 01:01:03.000\n&lt;b>拍手&lt;/b> &amp; 花火\n"


@pytest.mark.parametrize(("told", "since"), [("7", 7), ("", None), ("x", None), ("-1", None), ("9" * 5000, None)])
def test_where_a_page_left_off_is_read_or_it_begins(told, since):
    assert last_seen(Request({"type": "http", "headers": [(b"last-event-id", told.encode())]})) == since


class Stage:
    """What the captions' addresses need of the live stage: a room without captions that gets them."""

    closing = False

    def __init__(self) -> None:
        self.silent, self.lines, self.state, self.asked = CaptionLog(), CaptionLog(), CaptionState(), 0

    async def captions(self, room: str) -> tuple[CaptionLog, CaptionState]:
        self.asked += 1
        return (self.lines, self.state) if self.state.on else (self.silent, self.state)


async def test_who_came_before_the_room_began_gets_its_captions_too(monkeypatch):
    monkeypatch.setattr(live_caption_doors, "LOOK_AGAIN_S", 0.05)
    stage = Stage()
    told = live_caption_doors._told(stage, "hall", None, Layers())
    assert '"on": false' in await anext(told)
    assert await anext(told) == ": still there\n\n"
    stage.state = CaptionState(on=True, trial=True)
    stage.lines.add(1.0, 2.0, "始まりました")
    assert '"on": true, "trial": true' in await anext(told)
    assert "始まりました" in await asyncio.wait_for(anext(told), 5)


async def test_who_reads_goes_on_asking_for_the_ears_though_the_lines_never_pause(monkeypatch):
    """They stop where nobody has asked for a minute (streaming/hall.py): a long speech would have ended without its last words."""
    monkeypatch.setattr(live_caption_doors, "STILL_THERE_S", 0.05)
    stage = Stage()
    stage.state = CaptionState(on=True)
    told = live_caption_doors._told(stage, "hall", 0, Layers())
    assert '"on": true' in await anext(told)
    for number in range(20):
        stage.lines.add(number, number + 1, "まだ話しています")
        while "まだ話しています" not in await anext(told):
            pass
        await asyncio.sleep(0.01)
    assert 3 <= stage.asked <= 15


async def test_lines_missed_come_again_by_their_number_and_the_latest_without_one():
    stage = Stage()
    stage.state = CaptionState(on=True)
    for number in range(5):
        stage.lines.add(number, number + 1, f"{number + 1}行目")
    for since, first in ((2, "3行目"), (None, "4行目"), (0, "1行目")):
        told = live_caption_doors._told(stage, "hall", since, Layers())
        await anext(told)
        line = await anext(told)
        assert first in line
        assert line.startswith(f"id: {first[0]}\n")


async def test_a_line_is_shown_while_it_grows_without_a_number_to_come_back_to():
    stage = Stage()
    stage.state = CaptionState(on=True)
    stage.lines.add(0.0, 1.0, "一行目")
    told = live_caption_doors._told(stage, "hall", 1, Layers())
    await anext(told)
    stage.lines.coming_is(1.0, 1.5, "ただ")
    growing = await anext(told)
    assert growing.startswith("data:") and '"final": false' in growing and "ただ" in growing
    stage.lines.coming_is(1.0, 2.0, "ただいま")
    assert "ただいま" in await asyncio.wait_for(anext(told), 5)
    stage.lines.add(1.0, 2.5, "ただいまから")
    assert (await asyncio.wait_for(anext(told), 5)).startswith("id: 2\n")
    assert stage.lines.coming is None


async def test_a_line_that_comes_between_the_look_and_the_wait_is_told_at_once():
    stage = Stage()
    stage.state = CaptionState(on=True)
    told = live_caption_doors._told(stage, "hall", 0, Layers())
    await anext(told)
    asyncio.get_running_loop().call_soon(stage.lines.add, 0.0, 1.0, "間の一行")
    async with asyncio.timeout(5):
        assert "間の一行" in await anext(told)


async def test_a_bell_forgets_those_who_have_left_and_tells_nobody_twice():
    """Control: who waits for the next ring is not woken by the last one, and a page that goes away leaves no task behind."""
    stage = Stage()
    stage.state = CaptionState(on=True)
    before = asyncio.all_tasks()
    told = live_caption_doors._told(stage, "hall", 0, Layers())
    await anext(told)
    gone = asyncio.ensure_future(anext(told))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert asyncio.all_tasks() == before
    stage.lines.bell.ring()
    assert not await stage.lines.bell.next.within(0)


async def test_kana_stands_above_where_the_reader_wants_it():
    stage = Stage()
    stage.state = CaptionState(on=True)
    stage.lines.add(0.0, 1.0, "祭り")
    told = live_caption_doors._told(stage, "hall", 0, Layers(lambda text: [(text[0], "まつ"), (text[1:], "")]))
    await anext(told)
    assert '"pieces": [["祭", "まつ"], ["り", ""]]' in await anext(told)


def test_hard_words_are_explained_to_who_reads_easy_japanese_only():
    line = Caption(1, 0.0, 1.0, "住民票を見せます")
    assert Layers(easy=True).over(line)["notes"][0].startswith("「住民票」は、")
    assert "notes" not in Layers().over(line)
    with_kana = Layers(lambda text: [(text, "かな")], easy=True).over(line)
    assert [[text for text, _ in note] for note in with_kana["note_pieces"]] == [[note] for note in with_kana["notes"]]
    assert Layers(easy=True).over(line)["text"] == line.text
