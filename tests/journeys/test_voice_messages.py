"""Residents speak on LINE and Telegram: fetched, heard, shown, answered in text and sound, and never met with silence."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accessibility.hearing import Ears, EarsAway, Heard, Listener, NobodySpoke
from accessibility.speaking import SpeechShelf, Tone, Voice
from bots.line import open_line
from bots.telegram import open_telegram
from bots.telegram.pacing import Pace
from inclusion.answerer import Answerer
from inclusion.courier import Courier
from inclusion.group_commit import GroupCommit
from inclusion.inbox import IncomingEvent
from inclusion.listening import Listening
from inclusion.voices import Voices
from tests.doubles.faults import Fault
from tests.doubles.line import LineDouble, audio_event, text_event, unsend_event
from tests.doubles.line_content import Recording
from tests.doubles.telegram import TelegramDouble, voice

from .small_town import SmallTown
from .test_taking_back import traces

COUNTING = "tests.accessibility.counting_engine"
RIGHT = "「ソファ」ですね。何人で座る大きさですか。"


@dataclass
class KnowingEars:
    """Ears that know what each recording says, or why it says nothing; `held` lets a test keep them busy."""

    known: dict[bytes, Heard | Exception] = field(default_factory=dict)
    held: threading.Event = field(default_factory=threading.Event)
    given: list[bytes] = field(default_factory=list)
    expected: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.held.set()

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        self.held.wait(10)
        self.given.append(recording)
        self.expected.append(hints)
        found = self.known[recording]
        if isinstance(found, Exception):
            raise found
        return found

    def stop(self) -> None:
        """Nothing runs."""


@dataclass
class Speaking:
    """A town that is running: its doubles, and what residents do there."""

    town: SmallTown
    line: LineDouble
    telegram: TelegramDouble
    answerer: Answerer
    commits: GroupCommit

    async def receives(self, channel: str, *events: dict[str, Any]) -> None:
        read = self.town.answering.doors[channel].read
        now = datetime.now(UTC)
        await self.town.inbox.save([IncomingEvent(channel, read(e).event_id, e, now, read(e).sender.chat_id) for e in events])
        self.answerer.notify()

    async def until(self, arrived: Callable[[], Any], seconds: float = 15.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := arrived()):  # noqa: ASYNC110  # the doubles do not tell when something arrives
                await asyncio.sleep(0.02)
        return found

    def words(self) -> str:
        return json.dumps([one.messages for one in self.line.delivered], ensure_ascii=False)


@pytest.fixture
def ears() -> Iterator[KnowingEars]:
    found = KnowingEars({b"sofa": Heard.of("ソファを捨てたいんですが", 0.95), b"fan?": Heard.of("扇風機はいくら", 0.6)})
    yield found
    found.held.set()


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def running(
    small_town: SmallTown,
    ears: Ears,
    folder: Path,
    patience_s: float = 5.0,
    voice: Voice | None = None,
    clock: Callable[[], datetime] = now,
) -> Any:
    """The real answerer, courier and channels around the town, with LINE and Telegram as doubles. It hums unless a `voice` is given."""
    voices = Voices(SpeechShelf(folder, voice or Tone(), "only for tests"), "https://town.example", wait_s=60 if voice else 5)
    answering = replace(small_town.answering, aloud=voices.aloud, hush=voices.forget)
    async with LineDouble(clock=clock) as line, TelegramDouble() as telegram:
        channels = {
            "line": await open_line(line.access_token, line.url),
            "telegram": await open_telegram(telegram.token, telegram.url, pace=Pace(0, 0, 0), recordings=voices.note),
        }
        commits = GroupCommit(small_town.database)
        courier = Courier(small_town.database, channels, clock, commits, look_every_s=0.1)
        listening = Listening(ears, channels, patience_s=patience_s)
        answerer = Answerer(small_town.inbox, answering, channels, commits, clock, courier.notify, listening)
        works = [asyncio.create_task(answerer.run()), asyncio.create_task(courier.run())]
        try:
            yield Speaking(replace(small_town, answering=answering), line, telegram, answerer, commits)
        finally:
            works[0].cancel()
            await courier.stop()
            await asyncio.gather(*works, return_exceptions=True)
            for channel in channels.values():
                await channel.close()
            await commits.close()
            listening.close()
            voices.close()


async def test_a_voice_message_is_shown_as_heard_and_answered_in_text_and_sound_in_one_reply(
    small_town: SmallTown, ears: KnowingEars, tmp_path: Path
) -> None:
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa", looks=1, accepts=1)
        await live.receives("line", audio_event("9"))
        (answer,) = await live.until(lambda: live.line.delivered)
    bubble, sound = answer.messages
    assert answer.how == "reply" and sound["type"] == "audio" and sound["duration"] > 1000
    assert "こう聞こえました：「ソファを捨てたいんですが」" in json.dumps(bubble, ensure_ascii=False) and RIGHT in bubble["altText"]
    assert live.line.thinking and sound["quickReply"]


async def test_a_doubtful_hearing_is_said_back_and_yes_settles_it(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"fan?")
        await live.receives("line", audio_event("9"))
        await live.until(lambda: live.line.delivered)
        assert "「扇風機」のことでよろしいですか" in live.words()
        await live.receives("line", text_event("はい"))
        await live.until(lambda: len(live.line.delivered) > 1)
    assert "「扇風機」の手数料は300円です。" in live.line.delivered[1].messages[0]["altText"]


async def test_the_ears_are_told_what_was_just_offered(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept |= {"8": Recording(b"sofa"), "9": Recording(b"sofa")}
        for number in ("8", "9"):
            await live.receives("line", audio_event(number))
            await live.until(lambda number=number: len(live.line.delivered) == int(number) - 7)
    before, after = ears.expected
    assert "一人用です" in after[:3] and "一人用です" not in before  # control: nothing was offered before
    assert "千代田区" in before


async def test_slow_ears_hold_up_nobody_who_types(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    ears.held.clear()
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa")
        await live.receives("line", audio_event("9"), text_event("扇風機はいくら", "U" + "7" * 32))
        await live.until(lambda: "300円" in live.words())
        assert RIGHT not in live.words()
        ears.held.set()
        await live.until(lambda: RIGHT in live.words())


@pytest.mark.parametrize(("why", "said"), [(NobodySpoke(), "声が聞こえませんでした"), (EarsAway("late"), "いま声を聞き取れません")])
async def test_what_cannot_be_heard_gets_its_own_kind_sentence(
    small_town: SmallTown, ears: KnowingEars, tmp_path: Path, why: Exception, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inclusion.answerer.LISTEN_AT_MOST", 1)
    ears.known[b"?"] = why
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"?")
        await live.receives("line", audio_event("9"))
        await live.until(lambda: said in live.words())
    assert len(live.line.delivered) == 1 and RIGHT not in live.words()


@pytest.mark.parametrize(("late_s", "how"), [(90, "push"), (0, "reply")], ids=["later than the token", "control"])
async def test_an_answer_that_took_longer_than_the_reply_token_lives_is_pushed(
    small_town: SmallTown, ears: KnowingEars, tmp_path: Path, late_s: float, how: str
) -> None:
    """LINE prepares the recording in its time (transcoding, 202), the ears are slow, and the first try is given up."""
    passed = timedelta()
    ears.held.clear()
    async with running(small_town, ears, tmp_path, patience_s=1.0, clock=lambda: now() + passed) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa", looks=2, accepts=2)
        await live.receives("line", audio_event("9"))
        await live.until(lambda: live.line.recordings.calls.count("content") >= 3)
        await asyncio.sleep(1.5)
        passed = timedelta(seconds=late_s)
        ears.held.set()
        (answer,) = await live.until(lambda: live.line.delivered)
    assert answer.how == how and RIGHT in json.dumps(answer.messages, ensure_ascii=False)
    assert {"transcoding", "content"} <= set(live.line.recordings.calls) and len(ears.given) >= 2


async def test_ears_that_hang_are_told_kindly_and_chat_goes_on(
    small_town: SmallTown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real process with an engine that never answers: ended after its time, started anew, and who types waits for nothing."""
    monkeypatch.setattr("accessibility.hearing.listener.FACTORY", f"{COUNTING}:open_stuck_engine")
    monkeypatch.setattr("inclusion.answerer.LISTEN_AT_MOST", 2)
    hanging = Listener("town", tmp_path, timeout_s=1.0)
    pids: set[int | None] = set()

    def told(live: Speaking, words: str) -> bool:
        pids.add(hanging.pid)
        return words in live.words()

    async with running(small_town, hanging, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa")
        await live.receives("line", audio_event("9"), text_event("扇風機はいくら", "U" + "7" * 32))
        await live.until(lambda: told(live, "300円"))
        assert not told(live, "いま声を聞き取れません")
        await live.until(lambda: told(live, "いま声を聞き取れません"), 60)
    assert len(pids - {None}) == 2 and RIGHT not in live.words()


async def test_dead_ears_are_tried_again_before_anybody_is_disappointed(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    ears.known[b"sofa"], right = EarsAway("stopped"), ears.known[b"sofa"]
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa")
        await live.receives("line", audio_event("9"))
        await live.until(lambda: ears.given)
        ears.known[b"sofa"] = right
        await live.until(lambda: RIGHT in live.words())
    assert ears.given == [b"sofa", b"sofa"] and len(live.line.delivered) == 1


async def test_trouble_at_line_is_waited_out_too(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa")
        live.line.faults.next_requests(2, Fault(500))  # the loading sign, and the first look
        await live.receives("line", audio_event("9"))
        await live.until(lambda: RIGHT in live.words())
    assert not live.line.faults.waiting and len(live.line.delivered) == 1  # both troubles came, and one answer


async def test_too_long_a_message_is_not_even_fetched(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    async with running(small_town, ears, tmp_path) as live:
        await live.receives("line", audio_event("9", duration=3 * 3600 * 1000))
        await live.until(lambda: "録音が長すぎます" in live.words())
    assert ears.given == [] and live.line.recordings.calls == []


async def test_an_unsent_voice_message_leaves_no_word_behind(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    ears.known[b"secret"] = Heard.of("ひみつのマンドリンを捨てたい", 0.95)
    async with running(small_town, ears, tmp_path) as live:
        live.line.recordings.kept["9"] = Recording(b"secret")
        await live.receives("line", audio_event("9"))
        await live.until(lambda: "ひみつのマンドリン" in live.words())
        assert {"conversation", "outbox_message"} <= set(traces(live.town))  # control: it was kept until now
        await live.receives("line", unsend_event("9"))
        await live.until(lambda: not traces(live.town))


async def test_on_telegram_the_text_comes_and_the_voice_note_behind_it(small_town: SmallTown, ears: KnowingEars, tmp_path: Path) -> None:
    async with running(small_town, ears, tmp_path) as live:
        live.telegram.files["v"] = b"sofa"
        await live.receives("telegram", voice("v"))
        (note,) = await live.until(lambda: live.telegram.voices)
    (text,) = live.telegram.texts()
    assert text.startswith("こう聞こえました：「ソファを捨てたいんですが」\n") and RIGHT in text
    assert note.startswith(b"OggS") and len(note) < 1_000_000


def spoken_files(folder: Path) -> list[str]:
    return sorted(file.suffix for file in folder.iterdir())


async def test_the_sound_of_an_answer_goes_with_the_question_that_was_unsent(
    small_town: SmallTown, ears: KnowingEars, tmp_path: Path
) -> None:
    shelf = tmp_path / "speech"
    async with running(small_town, ears, shelf) as live:
        live.line.recordings.kept["9"] = Recording(b"sofa")
        await live.receives("line", audio_event("9"))
        await live.until(lambda: live.line.delivered)
        assert spoken_files(shelf) == [".m4a", ".order"]  # control: it was kept until now
        await live.receives("line", unsend_event("9"))
        await live.until(lambda: not spoken_files(shelf))


async def test_control_what_somebody_else_was_told_in_the_same_words_can_still_be_heard(
    small_town: SmallTown, ears: KnowingEars, tmp_path: Path
) -> None:
    shelf = tmp_path / "speech"
    async with running(small_town, ears, shelf) as live:
        live.line.recordings.kept |= {"9": Recording(b"sofa"), "8": Recording(b"sofa")}
        await live.receives("line", audio_event("9"), audio_event("8", "U" + "7" * 32))
        await live.until(lambda: len(live.line.delivered) == 2)
        await live.receives("line", unsend_event("9"), text_event("扇風機はいくら"))
        await live.until(lambda: "300円" in live.words())
        assert ".m4a" in spoken_files(shelf)
        await live.receives("line", unsend_event("8", "U" + "7" * 32))
        await live.until(lambda: spoken_files(shelf).count(".m4a") == 1)  # the fan's alone


async def test_the_voice_note_on_telegram_goes_with_the_question_that_was_changed(
    small_town: SmallTown, ears: KnowingEars, tmp_path: Path
) -> None:
    shelf, spoken = tmp_path / "speech", voice("v")
    async with running(small_town, ears, shelf) as live:
        live.telegram.files["v"] = b"sofa"
        await live.receives("telegram", spoken)
        await live.until(lambda: live.telegram.voices)
        before = set(shelf.iterdir())
        assert {file.suffix for file in before} == {".ogg", ".order"}
        kept = {name: value for name, value in spoken["message"].items() if name != "voice"}
        edited = {"update_id": 900, "edited_message": {**kept, "text": "扇風機はいくら", "edit_date": 1_777_600_100}}
        await live.receives("telegram", edited)
        await live.until(lambda: not before & set(shelf.iterdir()))
