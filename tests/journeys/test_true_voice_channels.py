"""The spoken round trip through LINE, Telegram and a browser's microphone, with the real ears and the real voice."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright
from sqlmodel import select

from accessibility.hearing import Listener
from accessibility.people import Person, Preferences
from accessibility.speaking import RATE, Manner, Speaker, SpeechShelf
from accessibility.speaking.containers import recorded
from inclusion.municipalities import load_town
from tests.doubles.line import audio_event
from tests.doubles.line_content import Recording
from tests.doubles.telegram import voice as telegram_voice
from tests.headless import WHOLE as CHROMIUM
from tests.inclusion.web.test_browser import FLAGS
from tests.servers import free_port, python, running
from tests.towns import demo_town

from .lent_engines import LentEars, LentVoice
from .small_town import SmallTown
from .test_true_voice import decoded
from .test_voice_messages import Speaking
from .test_voice_messages import running as channels_running

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]
SOFA = ("ソファを捨てたいんですが", "2人掛けです")
Engines = tuple[Speaker, Listener]
PLAYS = """window.played = []; const Real = Audio; window.Audio = function () { const one = new Real();
  one.defaultPlaybackRate = 8; /* this listener is in a hurry */
  one.addEventListener("ended", () => window.played.push([one.currentSrc, one.currentTime])); return one; };"""


def fee() -> str:
    return f"{load_town('chiyoda').items['S00077'].fee_yen:,}円"


def wishes_of(town: SmallTown) -> tuple[bool, bool]:
    """Whether the one resident is spoken to more slowly, and louder, from now on."""
    with town.database.reading() as session:
        (person,) = session.exec(select(Person)).all()
        return person.preferences.speed < Preferences().speed, person.preferences.loud


def talking(town: SmallTown, engines: Engines, folder: Path) -> Any:
    """The town with LINE and Telegram open, the `engines` lent to it."""
    return channels_running(town, LentEars(engines[1]), folder, 60, LentVoice(engines[0]))


async def says(live: Speaking, channel: str, speaker: Speaker, *said: str) -> None:
    """All that is `said`, one after the other, each after the answer to the one before."""
    double: Any = getattr(live, channel)
    for words in said:
        number, sound = len(double.delivered), speaker.say(words, Manner(), "m4a" if channel == "line" else "ogg").content
        if channel == "line":
            double.recordings.kept[str(number)] = Recording(sound)
            await live.receives(channel, audio_event(str(number)))
        else:
            double.files[f"v{number}"] = sound
            await live.receives(channel, telegram_voice(f"v{number}", number + 1))
        await live.until(lambda number=number: len(double.delivered) > number, 60)


async def test_on_line_a_sofa_and_its_fee_in_text_and_sound_of_one_reply(
    small_town: SmallTown, town_engines: Engines, tmp_path: Path
) -> None:
    speaker, ears = town_engines
    async with talking(small_town, town_engines, tmp_path) as live:
        await says(live, "line", speaker, *SOFA, "もう一度")
        told = [one.messages for one in live.line.delivered]
    words = [json.dumps(messages, ensure_ascii=False) for messages in told]
    assert "何人で座る" in words[0] and fee() in words[1] and fee() in words[2]
    assert {one.how for one in live.line.delivered} == {"reply"}
    sound = told[2][-1]  # what is said once more is kept, so it never misses its reply
    answer = SpeechShelf(tmp_path, speaker, "only for tests").fetch(sound["originalContentUrl"].split("/")[-1].split(".")[0], "m4a")
    assert answer is not None and fee().replace(",", "") in ears.hear(answer.content).text
    assert sound["type"] == "audio" and sound["duration"] == answer.duration_ms
    assert abs(decoded(answer.content).size * 1000 / RATE - sound["duration"]) < 90  # AAC is padded to two whole frames


async def test_on_telegram_the_fee_is_in_the_voice_note(small_town: SmallTown, town_engines: Engines, tmp_path: Path) -> None:
    speaker, ears = town_engines
    async with talking(small_town, town_engines, tmp_path) as live:
        await says(live, "telegram", speaker, *SOFA)
        await live.until(lambda: len(live.telegram.voices) > 1, 60)
        notes, texts = list(live.telegram.voices), list(live.telegram.texts())
    assert fee() in texts[1] and all(len(note) < 1_000_000 for note in notes)
    assert fee().replace(",", "") in ears.hear(notes[1]).text


WISHES = ("短く", "もう一度", "ゆっくり", "大きな声で")


@pytest.mark.parametrize("channel", ["line", pytest.param("telegram", marks=pytest.mark.soak)])
async def test_wishes_are_said_and_kept(small_town: SmallTown, town_engines: Engines, tmp_path: Path, channel: str) -> None:
    """The answers are those about a fan, which are short."""
    async with talking(small_town, town_engines, tmp_path) as live:
        await says(live, channel, town_engines[0], "扇風機を捨てたいんですが", *WISHES)
        told = [json.dumps(getattr(one, "messages", one), ensure_ascii=False) for one in getattr(live, channel).delivered]
    assert all("300円" in one for one in told)
    assert wishes_of(small_town) == (True, True)


async def test_too_quiet_too_noisy_and_too_long_are_each_told_kindly(small_town: SmallTown, town_engines: Engines, tmp_path: Path) -> None:
    """The same question each time, first as a control: far away, beside a waterfall, and followed by a minute of its own."""
    question = np.concatenate([np.zeros(RATE // 2, np.float32), *town_engines[0].sentences(SOFA[0], Manner())])
    water = np.random.default_rng(1).normal(0, 1.3 * question.std(), question.size).astype(np.float32)
    told = []
    async with talking(small_town, town_engines, tmp_path) as live:
        for number, sound in enumerate((question, 0.0005 * question, 0.5 * (question + water), np.resize(question, 61 * RATE))):
            live.telegram.files[f"v{number}"] = recorded(sound, "ogg").content
            await live.receives("telegram", telegram_voice(f"v{number}", number + 1))
            await live.until(lambda number=number: len(live.telegram.delivered) > number, 60)
        told = live.telegram.texts()
    assert [
        word in text
        for word, text in zip(("何人で座る", "声が遠いようです", "まわりの音が大きくて", "録音が長すぎます"), told, strict=True)
    ] == [True] * 4, told


@pytest.fixture
def page(town_engines: Engines, tmp_path: Path) -> Iterator[Page]:
    """The first page of a server as `make run` starts it, in a browser whose microphone asks about a fan once and then is still."""
    quiet = np.zeros(RATE, dtype=np.float32)
    question = np.concatenate([quiet, *town_engines[0].sentences("扇風機を捨てたいんですが。", Manner()), np.tile(quiet, 20)])
    (tmp_path / "microphone.wav").write_bytes(recorded(question, "wav").content)
    port, settings = free_port(), {"INCLUSION_VAR": str(tmp_path / "var"), "DATABASE_URL": "", "WHISPER_MODEL": ""}
    newcomer = settings | {"WHISPER_ENGINE": "ctranslate2", "ENGINES_AT_START": "true"}
    sound = f"--use-file-for-fake-audio-capture={tmp_path / 'microphone.wav'}%noloop"
    flags = [*FLAGS.split(), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", sound]
    with running(python("-m", "inclusion", "serve", "--port", str(port)), port, "/readyz", newcomer), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        opened = browser.new_page(locale="ja-JP")
        opened.add_init_script(PLAYS)
        opened.goto(f"http://127.0.0.1:{port}/")
        yield opened
        browser.close()


def played_to_its_end(page: Page) -> tuple[str, float]:
    """The address of what the page has played, and how many seconds of sound that was."""
    until = time.monotonic() + 60
    while not (played := page.evaluate("window.played")) and time.monotonic() < until:
        page.wait_for_timeout(100)
    ((address, seconds),) = played
    return address, seconds


@pytest.mark.browser
@pytest.mark.soak  # a server, both engines and a browser to themselves: half a minute of a processor
@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so the microphone was not tried.")
def test_in_a_browser_a_question_into_the_microphone_is_answered_and_played_to_its_end(page: Page, town_engines: Engines) -> None:
    """The answer's own recording is heard again, and the page has played all of it."""
    yen = next(item.fee_yen for item in demo_town().items.values() if item.said == "扇風機")
    page.get_by_role("button", name="話して聞く").click()
    page.wait_for_timeout(5_000)
    page.get_by_role("button", name="終わったら押す").click()
    page.locator(".said").get_by_text("扇風機を捨てたいんですが").wait_for(timeout=60_000)
    page.get_by_text(f"{yen}円").first.wait_for(timeout=20_000)
    address, seconds = played_to_its_end(page)
    with urllib.request.urlopen(address, timeout=30) as reply:
        answer = reply.read()
    assert abs(decoded(answer).size / RATE - seconds) < 0.3 and seconds > 2
    assert f"{yen}円" in town_engines[1].hear(answer).text
