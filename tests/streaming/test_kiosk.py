"""The talk kiosk, really spoken to: Chromium sends a question that Open JTalk says, and the answer is heard and read.

Chromium's own microphone is opened as the page asks for it; what it would hear is put in its place at a moment the test chooses, so that
a slow machine cuts nobody short. That silence ends a talk kindly is proven without a browser in test_kiosk_talk.py.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from difflib import SequenceMatcher

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from accessibility.speaking import RATE, Manner, Speaker

from .chromium import CHROMIUM, FLAGS, in_chromium

pytestmark = in_chromium
PATIENT_MS = 60_000
QUESTION = "スマホ教室はいつですか。"
LIKE = 0.8  # how well the shipped ears hear is measured elsewhere
# The connections are kept in sight, so that what was really heard can be measured; `say` speaks into the microphone.
MICROPHONE = """
window.all = [];
const Real = RTCPeerConnection;
window.RTCPeerConnection = class extends Real { constructor(...given) { super(...given); window.all.push(this); } };
const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  (await asked(wanted)).getTracks().forEach((track) => track.stop());
  const room = new AudioContext(), microphone = room.createMediaStreamDestination(), quiet = room.createConstantSource();
  quiet.offset.value = 0;
  quiet.connect(microphone);
  quiet.start();  // a microphone is never without sound
  window.say = (packed, rate) => {
    const sound = new Float32Array(Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0)).buffer);
    const buffer = room.createBuffer(1, sound.length, rate), source = room.createBufferSource();
    buffer.copyToChannel(sound, 0);
    source.buffer = buffer;
    source.connect(microphone);
    source.start();
  };
  return microphone.stream;
};
"""
HEARD = """async () => {
  let most = 0;
  for (const one of window.all) (await one.getStats()).forEach((row) => {
    if (row.type === "inbound-rtp" && row.kind === "audio") most = Math.max(most, row.totalAudioEnergy || 0);
  });
  return most;
}"""


@pytest.fixture(scope="module")
def question() -> str:
    """As samples of RATE a second, fit for a page."""
    speaker = Speaker()
    sound = np.concatenate(list(speaker.sentences(QUESTION, Manner())))
    speaker.stop()
    return base64.b64encode(sound.astype("<f4").tobytes()).decode("ascii")


@pytest.fixture
def tablet() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        page = chromium.new_context(viewport={"width": 1024, "height": 768}, locale="ja-JP", permissions=["microphone"]).new_page()
        page.add_init_script(MICROPHONE)
        yield page
        chromium.close()


def grown(page: Page, before: float) -> float:
    """What was heard in all, once more was heard than `before`."""
    until = time.monotonic() + PATIENT_MS / 1000
    while (energy := page.evaluate(HEARD)) <= before + 1e-4 and time.monotonic() < until:
        time.sleep(0.1)
    return energy


def test_one_press_then_a_spoken_question_is_answered_aloud_and_in_large_letters(tablet, served, question):
    tablet.goto(f"{served[0]}/kiosk")
    tablet.locator("#begin").click()
    assert grown(tablet, 0.0) > 1e-4  # we are greeted
    tablet.evaluate("([sound, rate]) => window.say(sound, rate)", [question, RATE])  # and speak in the middle of it
    tablet.locator("#lines p").first.wait_for(timeout=PATIENT_MS)
    greeting = tablet.evaluate(HEARD)
    heard = tablet.locator("#heard").inner_text()
    assert SequenceMatcher(None, heard, QUESTION).ratio() >= LIKE, heard
    assert "教室" in tablet.locator("#answer").inner_text() + tablet.locator("#lines").inner_text()
    assert tablet.evaluate("parseFloat(getComputedStyle(document.querySelector('#answer')).fontSize)") >= 40
    tablet.locator("#main[data-state='speaking']").wait_for(timeout=PATIENT_MS)
    assert grown(tablet, greeting) > greeting + 1e-4
    tablet.get_by_role("button", name="終わる").click()
    tablet.get_by_text("終わりました").wait_for(timeout=PATIENT_MS)
    assert tablet.locator("#begin").is_visible()
