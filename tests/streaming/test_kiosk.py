"""The talk kiosk, really spoken to: Chromium's microphone plays a question that Open JTalk says, and the answer is heard and read."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from accessibility.speaking import RATE, Manner, Speaker

from .chromium import CHROMIUM, FLAGS, in_chromium

pytestmark = in_chromium
PATIENT_MS = 90_000
QUESTION = "スマホ教室はいつですか。"
LIKE = 0.5  # the shipped ears write about this much of a question right; how well they hear is measured elsewhere


@pytest.fixture(scope="module")
def spoken(tmp_path_factory) -> Path:
    """Silence while we are greeted, the question, then silence for the rest: the file is played once."""
    speaker = Speaker()
    question = np.concatenate(list(speaker.sentences(QUESTION, Manner())))
    speaker.stop()
    pause = np.zeros(RATE * 7, dtype=np.float32)
    file = tmp_path_factory.mktemp("voice") / "question.wav"
    sound = (np.clip(np.concatenate([pause, question, np.zeros(RATE * 60, dtype=np.float32)]), -1, 1) * 32767).astype("<i2")
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(sound.tobytes())
    return file


@pytest.fixture
def tablet(spoken) -> Iterator[Page]:
    with sync_playwright() as playwright:
        flags = [*FLAGS.split(), f"--use-file-for-fake-audio-capture={spoken}%noloop"]
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = chromium.new_context(viewport={"width": 1024, "height": 768}, locale="ja-JP", permissions=["microphone"]).new_page()
        # The connections are kept in sight, so that what was really heard can be measured.
        page.add_init_script("window.all = []; const Real = RTCPeerConnection; window.RTCPeerConnection = class extends Real "
                             "{ constructor(...given) { super(...given); window.all.push(this); } };")  # fmt: skip
        yield page
        chromium.close()


def heard_energy(page: Page) -> float:
    return page.evaluate(
        "async () => { let most = 0; for (const one of window.all) (await one.getStats()).forEach(row => "
        "{ if (row.type === 'inbound-rtp' && row.kind === 'audio') most = Math.max(most, row.totalAudioEnergy || 0); }); return most; }"
    )


def test_one_press_then_a_spoken_question_is_answered_aloud_and_in_large_letters(tablet, served):
    tablet.goto(f"{served[0]}/kiosk")
    tablet.locator("#begin").click()
    tablet.locator("#main[data-state='speaking']").wait_for(timeout=PATIENT_MS)
    tablet.locator("#heard:not(:empty)").wait_for(timeout=PATIENT_MS)
    tablet.locator("#lines p").first.wait_for(timeout=PATIENT_MS)
    heard = tablet.locator("#heard").inner_text()
    assert SequenceMatcher(None, heard, QUESTION).ratio() >= LIKE, heard
    assert "スマホ" in tablet.locator("#answer").inner_text() + tablet.locator("#lines").inner_text()
    tablet.locator("#main[data-state='speaking']").wait_for(timeout=PATIENT_MS)
    tablet.locator("#main[data-state='listening']").wait_for(timeout=PATIENT_MS)
    assert heard_energy(tablet) > 1e-4
    assert tablet.evaluate("parseFloat(getComputedStyle(document.querySelector('#answer')).fontSize)") >= 40
    tablet.get_by_text("終わりました").wait_for(timeout=PATIENT_MS)
    assert tablet.locator("#begin").is_visible()
