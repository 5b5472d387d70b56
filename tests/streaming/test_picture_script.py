"""The viewer page's own script, on a clock and a connection of the story's making: what it does when a picture stands still.

Cheaper than a browser by a minute; that a browser does the same is told in test_browser.py and, long, in test_crew.py.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[2] / "inclusion" / "web" / "static"
STORY = Path(__file__).with_name("picture_story.mjs")
GOOD = {"frames": True, "sound": True}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed, so the page's script was not run.")


@pytest.fixture
def tell(tmp_path):
    """Runs phases of (seconds, what comes); gives what the page said and did."""
    for name in ("live-picture.js", "live-link.js", "live-files.js"):
        shutil.copy(STATIC / name, tmp_path / name)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="ascii")

    def run(*phases: tuple[float, dict[str, Any]], without: str = "") -> dict[str, Any]:
        command = ["node", str(STORY), (tmp_path / "live-picture.js").as_uri(), json.dumps(phases), without]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)

    return run


def states(told: dict[str, Any]) -> list[str]:
    return [state for _, state in told["said"]]


def test_a_good_picture_is_asked_for_once(tell):
    told = tell((60, GOOD))
    assert (states(told), len(told["offers"]), told["freezes"]) == (["connecting", "playing"], 1, 0)


def test_when_the_process_that_served_it_dies_the_page_asks_anew_within_ten_seconds_and_plays_on(tell):
    """Nothing comes any more and nobody says goodbye, as after the kill in test_crew.py; what is asked then is answered elsewhere."""
    told = tell((10, GOOD), (8.6, {}), (10, GOOD))
    assert states(told) == ["connecting", "playing", "lost", "playing"]
    assert len(told["offers"]) == 2
    assert 10 < told["offers"][1] <= 20
    assert not told["files"]


def test_when_the_connection_itself_says_so_it_is_a_second(tell):
    told = tell((10, GOOD), (0.2, {"connection": "failed"}), (5, GOOD))
    assert (states(told), told["offers"][1] <= 11.5) == (["connecting", "playing", "lost", "playing"], True)


def test_where_the_connection_carries_sound_only_the_page_says_so_and_stays_connected(tell):
    """The server has left the picture out by itself (streaming/layers.py) and tries it again after a while."""
    told = tell((10, GOOD), (40, {"sound": True}), (10, GOOD))
    assert states(told) == ["connecting", "playing", "lost", "sound", "playing"]
    assert (len(told["offers"]), told["freezes"]) == (1, 1)


def test_control_without_sound_either_it_does_not_stay(tell):
    told = tell((10, GOOD), (40, {}))
    assert "sound" not in states(told)
    assert len(told["offers"]) >= 3


def test_when_no_picture_ever_comes_the_files_are_taken(tell):
    told = tell((9, {}))
    assert told["files"]
    full = tell((3, {"status": 503}))
    assert full["files"]


def test_a_browser_without_the_rooms_codec_takes_the_files_or_else_the_sound(tell):
    """A fresh Firefox has no H264 before it has fetched that part; it was told to wait for ever."""
    files = tell((5, {"status": 406}))
    assert files["files"]
    assert len(files["offers"]) == 1
    sound = tell((5, {"status": 406}), without="no H264 at all")
    assert not sound["files"]
    assert states(sound) == ["connecting", "sound-instead"]  # and why
    assert len(sound["offers"]) == 2


def test_a_browser_that_can_do_neither_is_told_so_and_does_not_ask_for_ever(tell):
    told = tell((60, {"status": 422}), without="no H264 at all")
    assert states(told) == ["connecting", "unable"]
    assert len(told["offers"]) == 2


def test_a_browser_that_counts_no_frames_of_live_streams_keeps_its_picture_all_the_same(tell):
    """Firefox: its good picture was taken for none and given up for the files after seven seconds."""
    told = tell((30, GOOD), (8.6, {}), (10, GOOD), without="frames on the element")
    assert states(told) == ["connecting", "playing", "lost", "playing"]
    assert (len(told["offers"]), told["files"]) == (2, False)
