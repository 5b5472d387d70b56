"""Sound that comes piece by piece: turns end when people have finished, captions settle and do not flicker."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from accessibility.hearing import RATE
from accessibility.hearing.ears import Sound
from accessibility.hearing.streams import CaptionLines, Streams, Turn

from .loud_ears import LoudIsVoice, words_by_length

PIECE_S = 0.1
VOICE = 0.3


def pieces(*stretches: tuple[float, float]) -> Iterator[Sound]:
    for seconds, loudness in stretches:
        for _ in range(round(seconds / PIECE_S)):
            yield np.full(int(PIECE_S * RATE), loudness, np.float32)


def events(stream: Turn | CaptionLines, *stretches: tuple[float, float]) -> list[dict[str, object]]:
    return [event for piece in pieces(*stretches) for event in stream.push(piece)]


def turn() -> Turn:
    return Turn(LoudIsVoice(), words_by_length("ソファーを", "捨てたいです"))  # type: ignore[arg-type]  # a fake of its shape


def test_a_turn_with_a_long_pause_is_heard_whole() -> None:
    found = events(turn(), (0.5, 0), (1, VOICE), (2.5, 0), (1, VOICE), (1.5, 0))
    assert found[0] == {"event": "began"}
    assert [one["event"] for one in found if one["event"] in ("ended", "heard")] == ["ended", "heard"]
    assert found[-1]["hypotheses"][0]["text"] == "ソファーを捨てたいです"  # type: ignore[index]  # JSON of a Heard


def test_the_next_turn_begins_by_itself() -> None:
    stream = turn()
    for _ in range(2):
        assert "heard" in [one["event"] for one in events(stream, (2, VOICE), (1.5, 0))]


def test_pressing_the_button_ends_the_turn_at_once() -> None:
    stream = turn()
    assert "heard" not in [one["event"] for one in events(stream, (2, VOICE))]
    assert [one["event"] for one in stream.finish()] == ["ended", "heard"]


def test_what_is_settled_in_a_caption_never_changes() -> None:
    lines = CaptionLines(LoudIsVoice(), words_by_length("ただいまから", "盆踊りを", "はじめます"))  # type: ignore[arg-type]  # as above
    found = [*events(lines, (3, VOICE), (1, 0), (1, VOICE)), *lines.finish()]
    for before, after in pairwise(one for one in found if one["line"] == 0):
        assert str(after["settled"]).startswith(str(before["settled"]))
    done = [one for one in found if one["done"]]
    assert [one["settled"] for one in done] == ["ただいまから盆踊りをはじめます", "ただいまから"]
    assert float(str(done[1]["start_s"])) == pytest.approx(3.7, abs=0.5)


def test_hours_of_silence_are_not_kept() -> None:
    lines = CaptionLines(LoudIsVoice(), words_by_length("あ"))  # type: ignore[arg-type]  # as above
    assert events(lines, (60, 0)) == []
    assert lines._sound.size < RATE


def test_streams_that_nobody_closes_make_room_for_new_ones() -> None:
    streams, opened = Streams(), []

    def opening() -> Turn:
        opened.append(turn())
        return opened[-1]

    silence = np.zeros(160, "<i2").tobytes()
    for name in (*map(str, range(20)), "19", "0"):
        list(streams.work({"op": "push", "stream": name}, silence, opening))
    assert len(opened) == 21  # "19" was still open, "0" had made room
