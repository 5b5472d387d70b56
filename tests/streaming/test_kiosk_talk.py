"""A talk in this process, with scripted ears and a clock: barge-in, kind endings, what is shown; sound goes through a real house."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest

from accessibility.hearing import EarsAway, Heard, HeardSoFar, Hypothesis, SpeechBegan, SpeechEnded, TurnHeard, TurnUnheard
from accessibility.people import Preferences
from accessibility.speaking import RATE, Manner
from inclusion.web.kiosk_talk import KioskTalk
from streaming.telephone import FRAME, IN_RATE, SILENCE, Hearing, Mouth

from .browsers import HEADER, IDENTITY, OPUS, SECTION, Browser, World

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
SOUND = np.zeros(IN_RATE // 10, dtype=np.float32)


PATIENCE_S = 30.0  # of a test, for what takes a moment


@pytest.fixture(autouse=True)
def quick_clock(monkeypatch):
    """The talk looks for sound a hundred times a second; everything else waits for what happens, not for a time."""
    monkeypatch.setattr("inclusion.web.kiosk_talk.PIECE_S", 0.01)


async def until(holds) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.002)


class ScriptedStream:
    """Gives the events laid before it with the next piece, and nothing with others."""

    def __init__(self) -> None:
        self.coming, self.pieces, self.forgotten, self.expected = [], 0, 0, []

    def expect(self, hints) -> None:
        self.expected.append(hints)

    def interrupt(self) -> None:
        self.forgotten += 1

    def push(self, piece):
        self.pieces += 1
        found = self.coming.pop(0) if self.coming else ()
        if isinstance(found, Exception):
            raise found
        return found


class ScriptedVoice:
    def __init__(self, seconds: float = 0.2) -> None:
        self.said: list[str] = []
        self.manners: list[Manner] = []
        self.seconds = seconds

    def sentences(self, text, manner):
        self.said.append(text)
        self.manners.append(manner)
        yield np.full(int(RATE * self.seconds), 0.1, dtype=np.float32)


class ScriptedAsker:
    def expects(self, conversation, language, now):
        return (f"{language} after {conversation}",)

    def ask(self, text, conversation, preferences, now):
        rendered = SimpleNamespace(headline=f"答え：{text.text}", lines=("二行目",), notes=(), spoken="お答えします。", language="ja")
        wishes = {"ゆっくり": Preferences(speed=0.75), "大きな声で": Preferences(speed=0.75, loud=True)}.get(text.text)
        return SimpleNamespace(conversation="talk", rendered=rendered, asked=text.text, preferences=wishes)


class QuietMouth:
    """A mouth that has said short words at once and is never done with long ones."""

    heard_by_somebody = True

    def __init__(self) -> None:
        self.speaking, self.hushed, self.closed = False, 0, False

    def say(self, sound, rate) -> None:
        self.speaking = self.speaking or sound.size / rate > 1

    def hush(self) -> None:
        self.speaking, self.hushed = False, self.hushed + 1

    def close(self) -> None:
        self.closed = True


def heard(text: str) -> TurnHeard:
    return TurnHeard(Heard((Hypothesis(text, 0.9, 0.0, 1.0),), "ja", 1.0))


async def talked(*script, voice=None, quiet=0.0):
    """Each step of the script is what the ears find in the next piece of sound, or something to be done."""
    mouth, voice, stream = QuietMouth(), voice or ScriptedVoice(), ScriptedStream()
    talk = KioskTalk(mouth, stream, voice, ScriptedAsker(), lambda one: f"<{one}>", {"language": "ja"}, lambda: NOW, quiet)
    running = asyncio.create_task(talk.run())

    async def heard_out() -> None:
        """Another piece is taken only when the last one's events are dealt with; then we speak, or have spoken."""
        before = stream.pieces
        talk.take(SOUND)
        await until(lambda: talk.ended or stream.pieces > before)
        await until(lambda: talk.ended or mouth.speaking or (talk._speaking is not None and talk._speaking.done()))

    await heard_out()
    for step in script:
        if callable(step):
            if (waits := step()) is not None:
                await waits
            continue
        stream.coming.append(step)
        await heard_out()
        await heard_out()
    talk.end()
    await running
    return talk, mouth, voice


def shown(talk, name):
    return [event[name] for event in talk.shown.events if name in event]


async def test_a_question_is_heard_answered_shown_and_spoken():
    talk, mouth, voice = await talked((), (), (SpeechBegan(),), (HeardSoFar("長いす"),), (SpeechEnded(1.0), heard("長いすはいくら")))
    assert shown(talk, "partial") == ["長いす"]
    assert shown(talk, "heard")[-1] == "長いすはいくら"
    assert shown(talk, "answer") == ["答え：長いすはいくら"]
    assert voice.said == ["<kiosk.hello>", "お答えします。"]
    assert shown(talk, "state")[-1] == "ended"
    assert mouth.closed


async def test_slower_and_louder_are_heard_from_the_next_word_on():
    _, _, voice = await talked((), (heard("ゆっくり"),), (), (), (heard("大きな声で"),), (), (), (heard("はい"),))
    assert [(manner.speed, manner.loud) for manner in voice.manners] == [(0.9, False), (0.75, False), (0.75, True), (0.75, True)]


async def test_whoever_speaks_interrupts_us():
    talk, mouth, _ = await talked((), (SpeechBegan(),), (), voice=ScriptedVoice(seconds=30))
    assert mouth.hushed == 1
    assert shown(talk, "interrupted") == [True]


async def test_control_without_a_voice_nothing_is_interrupted():
    talk, mouth, _ = await talked((), (), (), voice=ScriptedVoice(seconds=30))
    assert mouth.hushed == 0
    assert shown(talk, "interrupted") == []


class LongVoice(ScriptedVoice):
    """Makes sixty long sentences of every answer and remembers how far it came; behind the third it waits for leave to go on."""

    def __init__(self) -> None:
        super().__init__(seconds=10)
        self.made: list[int] = []
        self.may_go_on = Event()

    def sentences(self, text, manner):
        self.said.append(text)
        place = len(self.made)
        self.made.append(0)
        for number in range(60):
            if number == 3:
                self.may_go_on.wait(PATIENCE_S)
            self.made[place] += 1
            yield np.full(RATE * 10, 0.1, dtype=np.float32)


async def test_what_nobody_would_hear_is_not_made():
    voice = LongVoice()
    _, mouth, _ = await talked((SpeechBegan(),), voice.may_go_on.set, (heard("はい"),), voice=voice)
    greeting, answer = voice.made
    assert mouth.hushed == 1 and greeting <= 4 and answer > 0


async def test_control_a_greeting_nobody_interrupts_is_made_to_its_end():
    voice = LongVoice()
    voice.may_go_on.set()
    await talked((), lambda: until(lambda: voice.made == [60]), voice=voice)
    assert voice.made == [60]


async def test_the_ears_are_told_what_may_be_said_after_each_answer():
    talk, _, _ = await talked((), (heard("長いす"),), (), ())
    assert talk._stream.expected == [("ja after None",), ("ja after talk",)]


async def test_who_presses_the_end_leaves_no_half_sentence_in_the_ears():
    talk, _, _ = await talked((SpeechBegan(),))
    await until(lambda: talk._stream.forgotten)
    assert talk._stream.forgotten == 1


async def test_silence_is_asked_about_once_and_then_ends_kindly():
    nobody = (TurnUnheard("no_speech"),)
    talk, _, voice = await talked((), (), (), nobody, (), (), (), (), nobody)
    assert voice.said == ["<kiosk.hello>", "<kiosk.still_there>", "<kiosk.goodbye>"]
    assert talk.ended


@pytest.mark.parametrize("code", ["too_noisy", "too_quiet", "not_heard"])
async def test_who_was_not_made_out_is_told_why_and_is_no_silence(code):
    _, _, voice = await talked((), (), (), (TurnUnheard(code),), (), (), (), (), (TurnUnheard(code),))
    assert voice.said[1:] == [f"<web.error.{code}><web.error.{code}.next>"] * 2
    assert "<kiosk.still_there>" not in voice.said  # control above: no_speech is asked about


async def test_our_own_speaking_is_no_silence_of_theirs():
    _, _, voice = await talked((), (TurnUnheard("no_speech"),), (TurnUnheard("no_speech"),), voice=ScriptedVoice(seconds=30))
    assert voice.said == ["<kiosk.hello>"]


async def test_a_short_silence_after_our_answer_is_only_somebody_thinking():
    nobody = (TurnUnheard("no_speech"),)
    _, _, voice = await talked((), (), (), nobody, nobody, quiet=60.0)
    assert voice.said == ["<kiosk.hello>"]


async def test_what_was_not_understood_is_said_kindly():
    _, _, voice = await talked((), (TurnUnheard("not_heard"),))
    assert voice.said[-1] == "<web.error.not_heard><web.error.not_heard.next>"


async def test_ears_that_went_away_are_no_end():
    talk, _, _ = await talked((), EarsAway("gone"), (SpeechBegan(),), (heard("はい"),))
    assert shown(talk, "answer")[-1] == "答え：はい"


def test_what_the_program_says_comes_out_of_the_room_in_real_time():
    world = World()
    mouth = Mouth(world.house, "kiosk-1")
    listener = Browser(world, room="kiosk-1", video="", audio=OPUS)
    listener.offer = lambda: _audio_only(listener)
    listener.join()
    mouth.say(np.sin(np.arange(RATE) / 9).astype(np.float32), RATE)
    for _ in range(60):
        world.seconds += 0.02
        mouth.step()
    listener.listen()
    loud = [payload for payload in listener.payloads() if payload != SILENCE]
    assert len(listener.got) in (59, 60)
    assert 49 <= len(loud) <= 52
    assert not mouth.speaking


def test_what_the_person_says_arrives_as_sound_and_gaps_as_silence():
    world, got = World(), []
    mouth = Mouth(world.house, "kiosk-1")
    hearing = Hearing(lambda samples: got.append(samples))
    world.house.rooms["kiosk-1"].listeners.add(lambda kind, packet: hearing.take(kind, packet) if packet.index % 10 else None)
    mouth.say(np.sin(np.arange(RATE) / 9).astype(np.float32), RATE)
    for _ in range(50):
        world.seconds += 0.02
        mouth.step()
    samples = np.concatenate(got)
    assert abs(samples.size / IN_RATE - 1.0) < 0.1
    assert float(np.abs(samples).max()) > 0.5


def test_after_a_long_pause_of_the_process_nothing_is_rushed_through():
    world = World()
    mouth = Mouth(world.house, "kiosk-1")
    passed = []
    world.house.rooms["kiosk-1"].listeners.add(lambda kind, packet: passed.append(packet))
    world.seconds += 5
    mouth.step()
    assert len(passed) == 1
    assert FRAME == 960


@pytest.mark.parametrize("rate", [44_100, 32_000])
def test_a_rate_that_does_not_fit_is_refused(rate):
    with pytest.raises(ValueError, match="evenly"):
        Mouth(World().house, "kiosk-1").say(np.zeros(10, dtype=np.float32), rate)


def _audio_only(browser: Browser) -> str:
    facts = {"ufrag": browser.ufrag, "password": browser.password, "fingerprint": IDENTITY.fingerprint}
    section = SECTION.format(kind="audio", mid=0, direction="recvonly", numbers="111", codecs=OPUS, **facts)
    return HEADER.replace("BUNDLE 0 1", "BUNDLE 0") + section
