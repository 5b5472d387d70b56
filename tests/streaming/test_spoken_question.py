"""A question really spoken at home: Chromium records our own voice, the shipped ears write it down, the host reads and hears it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from accessibility.hearing import Rewriter
from accessibility.speaking import RATE, Manner, Speaker
from inclusion.settings import Settings
from inclusion.web.live.spoken import LIMITS, QuestionEars
from inclusion.web.town_voice import open_ears
from streaming import Gate
from tests.towns import demo_town

from .chromium import in_chromium, watch
from .test_kiosk import MICROPHONE

PATIENT_MS = 60_000
CLEAR, WRITTEN = "車いすでも行けますか。", "車椅子でもいけますか"
STRANGE = "この踊りはいつ始まったものですか。"  # words that the ears do not know


@pytest.fixture(scope="module")
def voice() -> Iterator[Speaker]:
    speaker = Speaker()
    yield speaker
    speaker.stop()


def packed(voice: Speaker, words: str) -> list[object]:
    """As samples of RATE a second, fit for a page."""
    sound = np.concatenate(list(voice.sentences(words, Manner())))
    return [base64.b64encode(sound.astype("<f4").tobytes()).decode("ascii"), RATE]


def test_the_shipped_ears_write_down_what_they_know_and_leave_the_rest_to_the_voice(voice: Speaker, tmp_path: Path):
    ears, rewriter = open_ears(Settings(inclusion_var=tmp_path, _env_file=None), demo_town()), Rewriter(LIMITS)
    asked = QuestionEars(ears, rewriter)
    try:
        ears.wake()
        clear, strange = (asyncio.run(asked.listen(voice.say(words, Manner(), "ogg").content, "ja")) for words in (CLEAR, STRANGE))
        heard = ears.hear(strange.sound)
    finally:
        ears.stop()
        rewriter.stop()
    assert clear.text == WRITTEN
    assert heard.text and heard.text != STRANGE.rstrip("。")  # the control: nonsense there would have been
    assert strange.text == "" and strange.sound


def host_page(open_page, address: str, var: Path, room: str) -> Page:
    ticket = Gate((var / "secret.key").read_text()).issue(room, "host", datetime.now(UTC), timedelta(minutes=5))
    return open_page(f"{address}/live/{room}/host?ticket={ticket}")


def says(page: Page, sound: list[object]) -> None:
    page.get_by_role("button", name="声で質問する").or_(page.get_by_role("button", name="もう一度話す")).first.click()
    page.locator("[data-recorder][data-recording]").wait_for(timeout=PATIENT_MS)
    assert page.evaluate("document.querySelector('#picture').muted")  # the festival does not speak in between
    page.evaluate("([sound, rate]) => window.say(sound, rate)", sound)
    page.wait_for_timeout(1000 * len(base64.b64decode(str(sound[0]))) // 4 // RATE + 500)
    page.get_by_role("button", name="終わったら押す").click()
    page.locator("#heard").wait_for(timeout=PATIENT_MS)
    assert not page.evaluate("document.querySelector('#picture').muted")


class TestInChromium:
    pytestmark = in_chromium

    def test_a_spoken_question_is_confirmed_by_who_asked_and_read_and_heard_by_the_host(self, open_page, served, voice, tmp_path):
        address, var = served
        host = host_page(open_page, address, var, "ask-aloud")
        viewer = open_page(f"{address}/live/ask-aloud", MICROPHONE)
        watch(viewer)
        viewer.get_by_text("質問する", exact=True).click()
        says(viewer, packed(voice, CLEAR))
        assert viewer.locator("#heard-text").inner_text() == WRITTEN
        assert viewer.evaluate("parseFloat(getComputedStyle(document.querySelector('#heard-text')).fontSize)") >= 34
        assert host.locator("#questions li").count() == 0  # nothing goes by itself
        viewer.screenshot(path=str(tmp_path / "heard.png"), full_page=True)
        viewer.get_by_label("声もいっしょに送る").check()
        viewer.get_by_role("button", name="これで送る").click()
        viewer.get_by_text("質問が届きました").wait_for(timeout=PATIENT_MS)
        host.locator("#questions li").get_by_text("「車椅子でもいけますか」").wait_for(timeout=PATIENT_MS)
        assert "聞き取り" in host.locator("#questions li").inner_text()
        with host.expect_response("**/questions/*") as played:
            host.get_by_role("button", name="声を聞く").click()
        assert played.value.status == 200 and played.value.headers["content-type"] == "audio/mp4"

    def test_what_the_ears_do_not_know_goes_as_a_voice_or_is_typed_instead(self, open_page, served, voice, tmp_path):
        address, var = served
        host = host_page(open_page, address, var, "ask-strange")
        viewer = open_page(f"{address}/live/ask-strange", MICROPHONE)
        watch(viewer)
        viewer.get_by_text("質問する", exact=True).click()
        says(viewer, packed(voice, STRANGE))
        assert viewer.locator("#heard-text").inner_text() == ""
        assert not viewer.get_by_label("声もいっしょに送る").is_visible()
        viewer.screenshot(path=str(tmp_path / "unsure.png"), full_page=True)
        viewer.get_by_role("button", name="文字で書く").click()
        assert viewer.evaluate("document.activeElement.id") == "question" and not viewer.locator("#heard").is_visible()
        viewer.wait_for_timeout(4000)  # as long as the server wants between two
        says(viewer, packed(voice, STRANGE))
        viewer.get_by_role("button", name="声のまま送る").click()
        host.locator("#questions li").get_by_text("（声の質問）").wait_for(timeout=PATIENT_MS)
        assert "聞き取り" not in host.locator("#questions li").inner_text()
        host.screenshot(path=str(tmp_path / "host.png"), full_page=True)

    def test_the_microphone_is_not_left_open_when_the_room_closes_or_one_stops_to_watch(self, open_page, served):
        address, var = served
        host = host_page(open_page, address, var, "ask-late")
        viewer = open_page(f"{address}/live/ask-late", MICROPHONE)
        sent = []
        viewer.on("request", lambda request: sent.append(request.url) if request.url.endswith("/spoken") else None)
        host.locator("details:has(#close) > summary").click()
        watch(viewer)
        viewer.get_by_text("質問する", exact=True).click()
        for leave in (viewer.locator("#stop"), host.locator("#close")):
            if not viewer.locator("#during").is_visible():
                watch(viewer)
            viewer.get_by_role("button", name="声で質問する").click()
            viewer.locator("[data-recorder][data-recording]").wait_for(timeout=PATIENT_MS)
            leave.click()
            viewer.locator("[data-recorder]:not([data-recording])").wait_for(state="attached", timeout=5_000)
            assert not viewer.evaluate("document.querySelector('#picture').muted")
        assert sent == []

    def test_a_recording_of_the_telephone_that_is_too_large_is_called_too_long(self, open_page, served):
        viewer = open_page(f"{served[0]}/live/sample", "MediaDevices.prototype.getUserMedia = async () => { throw new Error(); };")
        watch(viewer)
        viewer.get_by_text("質問する", exact=True).click()
        viewer.get_by_role("button", name="声で質問する").click()
        for size, told in ((100, "うまく届きませんでした"), (LIMITS.size + 1, "30秒より短く")):
            viewer.locator("#recording").set_input_files({"name": "a.m4a", "mimeType": "audio/mp4", "buffer": b"x" * size})
            viewer.locator(".recorder__send").click()
            viewer.get_by_text(told).first.wait_for(timeout=PATIENT_MS)

    def test_without_scripts_a_question_is_typed(self, one_chromium, open_page, served):
        address, var = served
        host = host_page(open_page, address, var, "ask-plain")
        context = one_chromium.new_context(java_script_enabled=False, locale="ja-JP")
        page = context.new_page()
        page.goto(f"{address}/live/ask-plain")
        page.get_by_label("質問（お名前や電話番号は書かないでください）").last.fill("雨でもやりますか")
        page.get_by_role("button", name="質問を送る").last.click()
        page.get_by_text("質問が届きました").wait_for(timeout=PATIENT_MS)
        context.close()
        host.locator("#questions li").get_by_text("「雨でもやりますか」").wait_for(timeout=PATIENT_MS)
