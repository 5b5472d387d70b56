"""The spoken round trip through LINE, Telegram and a browser's microphone with the real ears and the real voice: nothing of ours replaced.

It takes two minutes of work, so it runs in `make soak`.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import sync_playwright
from sqlmodel import select

from accessibility.hearing import Ears
from accessibility.people import Person, Preferences
from accessibility.speaking import RATE, Manner, Speaker
from accessibility.speaking.containers import recorded
from inclusion.municipalities import load_town
from inclusion.settings import Settings
from inclusion.web.town_voice import open_ears, town_speaker
from tests.doubles.line import audio_event
from tests.doubles.line_content import Recording
from tests.doubles.telegram import voice as telegram_voice
from tests.inclusion.web.test_browser import CHROMIUM, FLAGS
from tests.servers import free_port, python, running

from .small_town import SmallTown
from .test_voice_messages import running as channels_running

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]
SAID = ("ソファを捨てたいんですが", "2人掛けです", "もう一度", "ゆっくり", "短く", "大きな声で")


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Speaker, Ears]]:
    town = load_town("chiyoda")
    speaker, ears = town_speaker(town), open_ears(Settings(_env_file=None, whisper_model="town"), town)
    yield speaker, ears
    speaker.stop()
    ears.stop()


def fee() -> str:
    return f"{load_town('chiyoda').items['S00077'].fee_yen:,}円"


def wishes_of(town: SmallTown) -> tuple[bool, bool]:
    """Whether the one resident is spoken to more slowly, and louder, from now on."""
    with town.database.reading() as session:
        (person,) = session.exec(select(Person)).all()
        return person.preferences.speed < Preferences().speed, person.preferences.loud


def said(speaker: Speaker, words: str, container: Any) -> bytes:
    return speaker.say(words, Manner(), container).content


async def test_on_line_a_sofa_its_fee_and_all_wishes_by_voice(small_town: SmallTown, engines: tuple[Speaker, Ears], tmp_path: Path) -> None:
    speaker, ears = engines
    async with channels_running(small_town, ears, tmp_path, 60, speaker) as live:
        for number, words in enumerate(SAID):
            live.line.recordings.kept[str(number)] = Recording(said(speaker, words, "m4a"))
            await live.receives("line", audio_event(str(number)))
            await live.until(lambda number=number: len(live.line.delivered) > number, 60)
        told = [json.dumps(one.messages, ensure_ascii=False) for one in live.line.delivered]
    assert "何人で座る" in told[0] and fee() in told[1]
    assert fee() in told[2] and fee() in told[4]
    assert '"type": "audio"' in told[0]  # an answer soon after a late voice goes out without waiting for it
    assert wishes_of(small_town) == (True, True)


async def test_on_telegram_the_fee_is_in_the_voice_note(small_town: SmallTown, engines: tuple[Speaker, Ears], tmp_path: Path) -> None:
    speaker, ears = engines
    async with channels_running(small_town, ears, tmp_path, 60, speaker) as live:
        for number, words in enumerate(SAID):
            live.telegram.files[f"v{number}"] = said(speaker, words, "ogg")
            await live.receives("telegram", telegram_voice(f"v{number}", number + 1))
            await live.until(lambda number=number: len(live.telegram.texts()) > number, 60)
        await live.until(lambda: len(live.telegram.voices) > 1, 60)
        notes, texts = list(live.telegram.voices), list(live.telegram.texts())
    assert fee() in texts[1] and fee() in texts[2]
    assert fee().replace(",", "") in ears.hear(notes[1]).text
    assert wishes_of(small_town) == (True, True)
    assert all(len(note) < 1_000_000 for note in notes)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so the microphone was not tried.")
def test_in_a_browser_a_question_into_the_microphone_comes_back_as_the_right_fee(engines: tuple[Speaker, Ears], tmp_path: Path) -> None:
    """The server as `make run` starts it, a microphone that plays a file, and the answer's own recording heard again."""
    speaker, ears = engines
    quiet = np.zeros(RATE, dtype=np.float32)
    question = np.concatenate([quiet, *speaker.sentences("扇風機を捨てたいんですが。", Manner()), np.tile(quiet, 20)])
    (tmp_path / "microphone.wav").write_bytes(recorded(question, "wav").content)
    port = free_port()
    settings = {"INCLUSION_VAR": str(tmp_path / "var"), "DATABASE_URL": "", "WHISPER_MODEL": ""}
    yen = next(item.fee_yen for item in load_town("chiyoda").items.values() if item.said == "扇風機")
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/readyz", settings), sync_playwright() as playwright:
        sound = f"--use-file-for-fake-audio-capture={tmp_path / 'microphone.wav'}%noloop"
        flags = [*FLAGS.split(), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", sound]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = browser.new_page(locale="ja-JP")
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button", name="話して聞く").click()
        page.locator(".said").get_by_text("こう聞こえました").wait_for(timeout=60_000)
        if page.get_by_role("button", name="はい").count():
            page.get_by_role("button", name="はい").first.click()
        page.get_by_text(f"{yen}円").first.wait_for(timeout=20_000)
        address = page.evaluate("(document.querySelector('audio source, audio[src], [data-speech]') || {}).outerHTML || ''")
        browser.close()
        speech = address.split("/api/v1/speech/")[1].split(".")[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/speech/{speech}.m4a", timeout=30) as reply:
            answer = reply.read()
    assert f"{yen}円" in ears.hear(answer).text
