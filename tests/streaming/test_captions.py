"""From sound to lines on a page: cut at pauses, written down by ears, remembered, and given as WebVTT."""

from __future__ import annotations

import asyncio

import numpy as np

from accessibility.hearing import Heard, NobodySpoke
from inclusion.web import live_caption_doors
from inclusion.web.live_caption_doors import Layers
from inclusion.web.live_captions import Captioner, CaptionState
from streaming import CaptionLog
from streaming.captions import REMEMBERED, Caption, as_webvtt
from streaming.telegraph import Sound
from streaming.utterances import RATE, Cutter


def spoken(seconds: float) -> bytes:
    at = np.arange(int(seconds * RATE)) / RATE
    return (3000 * np.sin(2 * np.pi * 220 * at)).astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


def heard_by(cutter: Cutter, whole: bytes, piece_s: float = 0.02) -> list:
    size = 2 * int(piece_s * RATE)
    pieces = [Sound(100 + (at + size) / 2 / RATE, whole[at : at + size]) for at in range(0, len(whole), size)]
    return [utterance for piece in pieces for utterance in cutter.add(piece)]


def test_speech_is_cut_at_pauses_with_its_times():
    found = heard_by(Cutter(), silence(1) + spoken(1.5) + silence(0.8) + spoken(1) + silence(0.8))
    assert len(found) == 2
    assert abs(found[0].start - 100.8) < 0.05
    assert abs(found[0].end - 103.0) < 0.05


def test_a_click_is_no_speech_and_a_speech_without_pause_is_cut_somewhere():
    assert heard_by(Cutter(), silence(1) + spoken(0.1) + silence(1)) == []
    assert len(heard_by(Cutter(), spoken(25))) == 2


class Ears:
    """An honest fake: hears in turn what it was told, or nobody."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        assert recording.startswith(b"RIFF")
        text = self.texts.pop(0)
        if not text:
            raise NobodySpoke()
        return Heard.of(text, 0.2 if text.endswith("？") else 0.9)


async def test_only_what_was_surely_heard_becomes_a_line():
    lines = CaptionLog()
    captioner = Captioner(Ears("お祭りです", "", "なに？", "拍手をどうぞ"), lines)
    writing = asyncio.create_task(captioner.run())
    whole = (spoken(1) + silence(0.8)) * 4
    captioner.take(Sound(100 + len(whole) / 2 / RATE, whole))
    await asyncio.wait_for(_until(lambda: lines.newest == 2), 5)
    assert [line.text for line in lines.since(0)] == ["お祭りです", "拍手をどうぞ"]
    writing.cancel()


async def test_ears_that_are_too_slow_lose_old_speech_and_hold_up_nobody():
    captioner = Captioner(Ears(), CaptionLog())
    captioner.take(Sound(200.0, (spoken(1) + silence(0.8)) * 9))
    assert captioner.dropped == 5


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


async def _until(holds) -> None:
    while not holds():  # noqa: ASYNC110 - a thread decides
        await asyncio.sleep(0.01)


class Stage:
    """What the captions' addresses need of the live stage: a room without captions that gets them."""

    closing = False

    def __init__(self) -> None:
        self.silent, self.lines, self.state = CaptionLog(), CaptionLog(), CaptionState()

    async def captions(self, room: str) -> tuple[CaptionLog, CaptionState]:
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
    assert Layers(easy=True).over(line)["text"] == line.text
