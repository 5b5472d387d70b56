"""The real command with a recording of a question: it prints the answer and writes it down as sound, which is heard again."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from accessibility.hearing import Listener
from accessibility.speaking import RATE, Manner, Speaker
from tests.accessibility.hearing.recordings import recording
from tests.phonemes import cost_of
from tests.servers import ROOT, python
from tests.towns import demo_town

from .test_true_voice import decoded

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]  # torch and numba warn about themselves


def test_a_recorded_question_is_answered_in_print_and_in_sound(town_engines: tuple[Speaker, Listener], tmp_path: Path) -> None:
    voice, ears = town_engines
    (tmp_path / "question.webm").write_bytes(
        recording(np.concatenate(list(voice.sentences("扇風機を捨てたいんですが。", Manner()))), "WebM/Opus from Chromium", RATE)
    )
    command = python("-m", "inclusion", "ask", "--audio", str(tmp_path / "question.webm"), "--speak", str(tmp_path / "answer.ogg"))
    environment = {**os.environ, "INCLUSION_VAR": str(tmp_path), "WHISPER_MODEL": "", "WHISPER_ENGINE": "ctranslate2"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    fee = demo_town().items["S00246"].fee_yen
    assert fee is not None and f"{fee}円" in done.stdout and "こう聞こえました: 扇風機を捨てたいんですが" in done.stderr
    answer = (tmp_path / "answer.ogg").read_bytes()
    right, wrong = (
        cost_of(np.concatenate(list(voice.sentences(f"{yen}円です。", Manner()))), decoded(answer), RATE) for yen in (fee, fee + 500)
    )
    assert right < 0.8 * wrong
    assert f"{fee}円" in ears.hear(answer).text
