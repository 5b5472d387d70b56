"""Pages of a mapped file are given back, and what is read afterwards is the same."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from accessibility import Readings
from accessibility.mapped_files import let_go

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process its mappings")


def _resident(name: str) -> int:
    """KiB of a mapped file in memory."""
    blocks = re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text())
    return sum(int(re.findall(r"Rss:\s+(\d+)", block)[0]) for block in blocks if name in block)


def test_the_dictionary_is_smaller_after_letting_go_and_reads_the_same() -> None:
    readings = Readings()
    before = readings.kana("粗大ごみの処理券はどこで買えますか")
    held = _resident("system.dic")
    readings.let_go()
    assert _resident("system.dic") < held
    assert readings.kana("粗大ごみの処理券はどこで買えますか") == before


def test_a_long_talk_lets_go_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accessibility.readings.READ_BEFORE_LETTING_GO", 3)
    readings = Readings()
    for _ in range(3):
        readings.words("長いすを捨てたい")
    assert _resident("system.dic") == 0


def test_nothing_happens_where_no_such_file_is_mapped() -> None:
    assert let_go("/no-such-file.dic") == 0
