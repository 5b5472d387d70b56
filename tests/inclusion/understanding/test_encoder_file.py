"""The nameless file under the word table is closed with its rows, so that a process ends without a word about it."""

from __future__ import annotations

import subprocess
from tempfile import TemporaryFile

import numpy as np

from inclusion.understanding.encoder import Rows
from tests.servers import ROOT, python


def test_the_file_is_closed_with_its_rows():
    file = TemporaryFile(buffering=0)  # noqa: SIM115 - whether it is closed is the question
    file.write(b"onetwo")
    rows = Rows(file, chunks=1, each=2, wide=3)
    assert rows[np.array([1, 0])].tobytes() == b"twoone"
    del rows
    assert file.closed


def said_at_the_end(program: str) -> str:
    ended = subprocess.run(python("-W", "default", "-c", program), cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return ended.stderr


def test_a_process_that_ends_with_the_rows_in_hand_says_nothing():
    opened = "from inclusion.understanding.encoder import Rows\nfrom tempfile import TemporaryFile\nfile = TemporaryFile(buffering=0)\n"
    assert said_at_the_end(opened + "rows = Rows(file, 1, 1, 1)") == ""
    assert "ResourceWarning" in said_at_the_end(opened)  # control: Python does tell of an open file
