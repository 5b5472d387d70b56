"""Press, speak, press: the recorder in a real Chromium with a microphone that plays a file, and everything that can be wrong with one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from accessibility.hearing import Heard, NobodySpoke, ScriptedEars
from accessibility.speaking import RATE, SpeechShelf, Tone
from accessibility.speaking.containers import recorded
from inclusion.voices import Voices
from inclusion.web.app import create_app
from tests.headless import WHOLE as CHROMIUM

from .fakes import FakeAsker
from .test_browser import FLAGS, PHONE, look_with_axe, whole_web
from .test_speech import DeafEars

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so the microphone was not tried."),
]
FAKE_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
TELLS_WHAT_PLAYS = """window.played = []; const Real = Audio; window.Audio = function () { const one = new Real();
  one.addEventListener("playing", () => window.played.push(one.src)); return one; };"""


def sound(folder: Path, *parts: tuple[float, float]) -> Path:
    """A file for the microphone: (seconds, loudness) one after the other. Chromium takes a steady hum for noise and suppresses it, so
    what stands for a voice has overtones, a wandering pitch and four syllables a second."""
    voice = []
    for seconds, level in parts:
        at = np.arange(int(seconds * RATE)) / RATE
        phase = 2 * np.pi * (180 * at + 6 * np.sin(2 * np.pi * 0.7 * at))
        buzz = sum(np.sin(overtone * phase) / overtone for overtone in range(1, 12))
        voice.append(level * buzz * (np.sin(2 * np.pi * 4 * at) > -0.4))
    file = folder / "microphone.wav"
    file.write_bytes(recorded(np.concatenate(voice).astype(np.float32), "wav").content)
    return file


class Deaf(DeafEars):
    """Hears nobody, and keeps what it was given."""


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
def serve(asker: FakeAsker, tmp_path: Path) -> Iterator[Callable[..., int]]:
    """`serve(ears)` runs the pages with these ears and a humming voice; returns the port."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(ears=None) -> int:
        voices = Voices(SpeechShelf(tmp_path / "speech", Tone(), "only for tests"), "http://testserver")
        web = replace(whole_web(asker), ears=ears or ScriptedEars(Heard.of("2人掛けの長いすはいくら", 0.9)), voices=voices)
        server = uvicorn.Server(uvicorn.Config(create_app(web), port=0, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        return int(server.servers[0].sockets[0].getsockname()[1])

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


@pytest.fixture
def browse() -> Iterator[Callable[..., Page]]:
    """`browse(address, *flags)` opens a page of a browser of its own: microphones are a browser's, not a page's."""
    with sync_playwright() as playwright:
        browsers = []

        def open_page(address: str, *flags: str, **options) -> Page:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS.split(), *flags])
            browsers.append(browser)
            context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="ja-JP", **options)
            page = context.new_page()
            page.add_init_script(TELLS_WHAT_PLAYS)
            page.goto(address)
            return page

        yield open_page
        for browser in browsers:
            browser.close()


def microphone(file: Path, once: bool = True) -> tuple[str, ...]:
    return (*FAKE_MICROPHONE, f"--use-file-for-fake-audio-capture={file}{'%noloop' if once else ''}")


def state(page: Page, words: str) -> None:
    page.locator(".recorder__state").get_by_text(words).wait_for(timeout=20_000)


def played(page: Page) -> list[str]:
    """The addresses of the sounds that began, once one has."""
    until = time.monotonic() + 20
    while not page.evaluate("window.played.length") and time.monotonic() < until:
        page.wait_for_timeout(50)
    return list(page.evaluate("window.played"))


def test_press_speak_press_shows_what_was_heard_answers_and_plays_it(serve, browse, asker, tmp_path):
    page = browse(f"http://127.0.0.1:{serve()}/", *microphone(sound(tmp_path, (4, 0.3)), once=False))
    button = page.get_by_role("button", name="話して聞く")
    assert button.bounding_box()["height"] >= 88
    button.click()
    state(page, "聞いています。")
    page.wait_for_timeout(800)
    look_with_axe(page)
    page.get_by_role("button", name="終わったら押す").click()
    page.locator(".said").get_by_text("こう聞こえました").wait_for()
    assert len(played(page)) == 1
    assert [text for text, _, _ in asker.asked] == ["2人掛けの長いすはいくら"]
    assert page.get_by_role("button", name="話して聞く").count() == 1 and page.locator(".recorder__state").inner_text() == ""


@pytest.mark.soak
def test_after_a_silence_it_stops_by_itself_but_not_in_a_pause_for_breath(serve, browse, asker, tmp_path):
    page = browse(f"http://127.0.0.1:{serve()}/", *microphone(sound(tmp_path, (1, 0.3), (2.6, 0.0), (1, 0.3), (9, 0.0))))
    page.get_by_role("button", name="話して聞く").click()
    state(page, "まだ聞いています。")
    state(page, "聞いています。ゆっくり")
    assert asker.asked == []
    page.locator(".said").get_by_text("こう聞こえました").wait_for(timeout=20_000)
    assert len(asker.asked) == 1


@pytest.mark.soak
def test_when_nothing_was_said_nothing_is_sent(serve, browse, asker, tmp_path):
    page = browse(f"http://127.0.0.1:{serve()}/", *microphone(sound(tmp_path, (6, 0.0))))
    page.get_by_role("button", name="話して聞く").click()
    state(page, "聞いています。")
    page.wait_for_timeout(700)
    page.get_by_role("button", name="終わったら押す").click()
    state(page, "声が聞こえませんでした。")
    assert asker.asked == []


@pytest.mark.soak
def test_what_the_ears_refuse_is_told_above_the_button_and_can_be_said_again(serve, browse, asker, tmp_path):
    page = browse(f"http://127.0.0.1:{serve(Deaf(NobodySpoke()))}/", *microphone(sound(tmp_path, (4, 0.3))))
    for _ in range(2):
        page.get_by_role("button", name="話して聞く").click()
        state(page, "聞いています。")
        page.wait_for_timeout(600)
        page.get_by_role("button", name="終わったら押す").click()
        page.get_by_role("alert").get_by_text("声が聞こえませんでした").wait_for()
    assert asker.asked == []


def test_a_refused_microphone_is_explained_and_typing_goes_on(serve, browse, asker):
    page = browse(f"http://127.0.0.1:{serve()}/", "--use-fake-device-for-media-stream", "--deny-permission-prompts")
    page.get_by_role("button", name="話して聞く").click()
    state(page, "マイクを使う許しが、まだありません。")
    assert asker.asked == []
    page.get_by_label("聞きたいこと").fill("2人掛け")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.get_by_text("1,600円").first.wait_for()
    assert [text for text, _, _ in asker.asked] == ["2人掛け"]


def test_without_a_microphone_a_recording_can_be_sent(serve, browse, asker, tmp_path):
    page = browse(f"http://127.0.0.1:{serve()}/", "--use-fake-ui-for-media-stream", permissions=["microphone"])
    page.get_by_role("button", name="話して聞く").click()
    state(page, "マイクが見つかりませんでした。")
    page.get_by_label("録音したものを送る").set_input_files(str(sound(tmp_path, (1, 0.3))))
    page.get_by_role("button", name="録音で聞く").click()
    page.get_by_text("1,600円").first.wait_for()
    assert [text for text, _, _ in asker.asked] == ["2人掛けの長いすはいくら"]


def test_on_a_page_that_is_not_safe_the_reason_is_told(serve, browse):
    port = serve()
    page = browse(f"http://town.test:{port}/", *FAKE_MICROPHONE, "--host-resolver-rules=MAP town.test 127.0.0.1")
    state(page, "https で始まるアドレス")
    assert page.get_by_role("button", name="話して聞く").count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_slower_is_pressed_once_and_heard_at_the_new_pace(serve, browse, asker, script):
    page = browse(f"http://127.0.0.1:{serve()}/", java_script_enabled=script)
    page.get_by_label("聞きたいこと").fill("2人掛け")
    page.get_by_role("button", name="聞く", exact=True).click()
    page.locator(".again").get_by_role("button", name="ゆっくり").click()
    page.locator("form[data-speed='75']").wait_for()
    assert len(asker.asked) == 1 and page.get_by_text("1,600円").count()
    if script:
        assert len(played(page)) == 1
    else:
        assert page.locator("audio[controls]").count() == 1
    assert page.locator(".again").get_by_role("button", name="ゆっくり").count() == 0


def test_line_s_own_browser_is_offered_a_way_out(serve, browse):
    address = f"http://127.0.0.1:{serve()}/"
    line = browse(address, *FAKE_MICROPHONE, user_agent="Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36 Line/14.0.0")
    assert "openExternalBrowser=1" in line.get_by_role("link", name="ふだんのブラウザー").get_attribute("href")
    assert browse(address, *FAKE_MICROPHONE).get_by_role("link", name="ふだんのブラウザー").count() == 0


def test_without_a_script_a_recording_is_sent_as_a_file(serve, browse, asker, tmp_path):
    page = browse(f"http://127.0.0.1:{serve()}/", java_script_enabled=False)
    page.get_by_label("録音したものを送る").set_input_files(str(sound(tmp_path, (1, 0.3))))
    page.get_by_role("button", name="録音で聞く").click()
    page.get_by_text("1,600円").first.wait_for()
    assert page.get_by_text("こう聞こえました").count() == 1


class _Tags(HTMLParser):
    """Attributes that hold tags, and words that are left of a broken one."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.broken += [f"{name}={value}" for name, value in attrs if name != "srcdoc" and "<" in (value or "")]

    def handle_data(self, data: str) -> None:
        self.broken += [data] if '="' in data and self.get_starttag_text() and "script" not in str(self.get_starttag_text()) else []


def broken_tags(page: str) -> list[str]:
    tags = _Tags()
    tags.feed(page)
    return tags.broken


def test_with_kana_above_the_words_no_tag_is_broken(serve):
    with_kana = Request(f"http://127.0.0.1:{serve()}/", headers={"Cookie": "reading=ja.large.on.on.90.on"})
    with urlopen(with_kana, timeout=20) as reply:
        page = reply.read().decode()
    assert 'class="recorder__stop"' in page and "<rt>" in page
    assert broken_tags(page) == []


def test_control_kana_inside_an_attribute_are_noticed():
    assert broken_tags('<span data-start="<ruby lang="ja">話<rt>はな</rt></ruby>す" data-stop="x">') != []
