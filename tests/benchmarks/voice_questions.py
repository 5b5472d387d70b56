"""Spoken questions beside the same ones typed: how many are answered right, how often we say back, how soon sound comes back.

Voices and sentences here are used nowhere else: no model was taught with them. All of it is synthetic speech.
`VOICE_QUESTIONS=20` asks fewer; a fifth of the answers is heard out (`VOICE_HEARD_OUT=1`: each). `VOICE_NOISES` and `VOICE_PAUSES`
(100 each) likewise.
"""

from __future__ import annotations

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

import numpy as np

from accessibility.hearing import RATE as HEARD_RATE
from accessibility.hearing import EarsAway, HearingError, Listener, SpeechEnded
from accessibility.hearing.training.speakers import Studio, new_speaker
from accessibility.hearing.training.spoken import Speller
from accessibility.speaking import Manner, Speaker
from accessibility.speaking.containers import recorded
from accessibility.speaking.sound import resampled
from inclusion.municipalities import load_town
from inclusion.settings import Settings
from inclusion.turn import Memory, Turn, take_turn
from inclusion.understanding import Understanding, believe
from inclusion.web.town_voice import open_ears, town_speaker
from tests.noises import noises
from tests.servers import Server

Booth = tuple[Speller, Studio]


@dataclass(frozen=True, slots=True)
class Wait:
    """From the end of speaking to the first sound: by the clock, and in processor seconds of all three processes."""

    seconds: float = 0.0
    cpu_s: float = 0.0


NOT_WAITED = Wait()
NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
FORMS = (
    "{}を手放したいのですが、おいくらでしょうか",
    "うちの{}を片付けようと思うんですけど、料金を教えてくださいな",
    "{}はおいくらで引き取ってもらえるんでしょう",
    "あのう、{}を粗大ごみに出したいんです",
    "古い{}がありまして、捨てるにはいくらかかりますか",
    "{}を処分するとなると、だいたいどれくらいするものでしょうか",
    "恐れ入ります、{}が壊れてしまって、引き取りをお願いできますか",
    "{}なんですけどね、うちの前に置いておけば持っていってくれるんですか",
    "孫が使っていた{}、もう要らないのでなんとかしたくて",
    "{}を出すときのシールは何円分いるんですか",
)
HEARD_OUT = int(os.environ.get("VOICE_HEARD_OUT", "5"))  # of so many answers one
QUIET = np.zeros(HEARD_RATE // 2, dtype=np.float32)
PAUSE_S = 2.5
PAUSED = ("ソファーを", "捨てたいんですが")


def measure() -> Mapping[str, object]:
    """The figures of docs/voice.md: right answers by voice and typed, say-backs, the wait for the first sound, silence and noise."""
    town = load_town("chiyoda")
    speaker, understanding = town_speaker(town), Understanding.of(town)
    ears = open_ears(Settings(whisper_model=os.environ.get("WHISPER_MODEL", "town")), town)
    questions = _questions(understanding, int(os.environ.get("VOICE_QUESTIONS", "200")))
    booth = Speller(), Studio()
    ears.wake()
    speaker.wake()
    many_noises, pauses = (int(os.environ.get(name, "100")) for name in ("VOICE_NOISES", "VOICE_PAUSES"))
    try:
        asked = [
            _ask(question, _as_somebody(question[0], number, booth), speaker if number % HEARD_OUT == 0 else None, ears, understanding)
            for number, question in enumerate(questions)
        ]
        nothing = [name for name, sound in noises(many_noises) if _answers_to(recorded(resampled(sound, HEARD_RATE), "wav").content, ears)]
        cut_off = sum(_cut_off(ears, booth, number) for number in range(pauses))
    finally:
        speaker.stop()
        ears.stop()
    waits = sorted(wait.seconds for _, wait in asked if wait.seconds)
    outcomes = Counter(outcome for outcome, _ in asked)
    typed = sum(_typed(question, understanding).request.ids == ids for question, ids in questions)
    return {
        "questions": len(questions),
        "typed_right": typed,
        "spoken_right_at_once": outcomes["right"],
        "spoken_right_after_one_say_back": outcomes["right after say-back"],
        "outcomes": dict(outcomes),
        "first_sound_s": {"p50": round(median(waits), 2), "p95": round(waits[int(0.95 * (len(waits) - 1))], 2)} if waits else {},
        "cpu_s_until_first_sound_p50": round(median(wait.cpu_s for _, wait in asked if wait.seconds), 2) if waits else 0.0,
        "load_after": round(os.getloadavg()[0], 1),
        "answers_to_silence_and_noise": f"{len(nothing)} of {many_noises} {nothing}",
        "cut_off_in_a_pause_of_2.5_s": f"{cut_off} of {pauses}",
        "by_form": _by_form(questions, asked),
    }


def _questions(understanding: Understanding, many: int) -> list[tuple[str, tuple[str, ...]]]:
    """Items that are answered at once when typed, in sentences nobody was taught; the same ones every time."""
    items = [item for item in understanding.town.items.values() if item.fee_yen is not None and len(item.said) <= 8]
    chosen = random.Random(28)
    chosen.shuffle(items)
    found = []
    for number, item in enumerate(items):
        text = FORMS[number % len(FORMS)].format(item.said)
        ids = _typed(text, understanding).request.ids
        if ids and not ids[0].startswith("r."):
            found.append((text, ids))
    return found[:many]


def _typed(text: str, understanding: Understanding) -> Turn:
    return take_turn(text, Memory(), understanding.town, understanding, NOW)


def _ask(
    question: tuple[str, tuple[str, ...]], recording: bytes, speaker: Speaker | None, ears: Listener, understanding: Understanding
) -> tuple[str, Wait]:
    """What became of one question, and how long its asker waited for the first sound of the answer, where it is heard out."""
    _, ids = question
    began = Wait(time.perf_counter(), _cpu_s(ears.pid, speaker.pid if speaker else None))
    try:
        heard = ears.hear(recording)
    except EarsAway:
        return "ears away", NOT_WAITED
    except HearingError as refused:
        return f"not heard ({refused.code})", NOT_WAITED
    words = believe(heard, lambda said: understanding.understand(said, Memory().talk, NOW)[0])
    if not words.clear:
        return "asked to say it again", NOT_WAITED
    turn = take_turn(words.text, Memory(), understanding.town, understanding, NOW, sure=words.sure)
    waited = _until_first_sound(turn.rendered.spoken, speaker, ears, began) if speaker is not None else NOT_WAITED
    if turn.answer.action == "refuse":
        return "turned away", waited
    if turn.request.ids != ids:
        return ("said back wrongly" if turn.answer.action == "confirm" else "wrong"), waited
    return ("right after say-back" if turn.answer.action == "confirm" else "right"), waited


def _until_first_sound(spoken: str, speaker: Speaker, ears: Listener, began: Wait) -> Wait:
    pieces = iter(speaker.stream(spoken, Manner()))
    next(pieces)  # the rest is not made
    return Wait(time.perf_counter() - began.seconds, _cpu_s(ears.pid, speaker.pid) - began.cpu_s)


def _cpu_s(*pids: int | None) -> float:
    """Processor seconds of this process (which understands) and of the engines so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime + sum(Server(0, pid).cpu_seconds() for pid in pids if pid is not None)


def _by_form(questions: Sequence[tuple[str, tuple[str, ...]]], asked: Sequence[tuple[str, Wait]]) -> Mapping[str, Mapping[str, int]]:
    """What became of each sentence form."""
    found: dict[str, Counter[str]] = {form: Counter() for form in FORMS}
    for (question, _), (outcome, _) in zip(questions, asked, strict=True):
        found[next(form for form in FORMS if question.endswith(form.split("{}")[1]))][outcome] += 1
    return {form: dict(outcomes) for form, outcomes in found.items()}


def _as_somebody(text: str, number: int, booth: Booth) -> bytes:
    """Said by a voice training kept back (an espeak-ng variant, or Open JTalk with a longer vocal tract), with a little noise, as m4a."""
    speller, studio = booth
    spoken = speller.spoken(text)
    if spoken is None:
        raise ValueError(f"'{text}' cannot be read aloud.")
    voice = np.concatenate([QUIET, studio.say(spoken, new_speaker(random.Random(number))).sound, QUIET])
    noisy = voice + np.random.default_rng(number).normal(0, 0.004, voice.size)
    return recorded(resampled(noisy.astype(np.float32), HEARD_RATE), "m4a").content


def _cut_off(ears: Listener, booth: Booth, number: int) -> bool:
    """Whether somebody who pauses for 2.5 s in the middle of a sentence is taken to have finished."""
    speller, studio = booth
    speaker = new_speaker(random.Random(900 + number))
    first, second = (studio.say(spoken, speaker).sound for part in PAUSED if (spoken := speller.spoken(part)))
    stream, ended = ears.stream(), 0
    sound = np.concatenate([QUIET, first, np.zeros(int(PAUSE_S * HEARD_RATE), dtype=np.float32), second])
    for piece in np.array_split(sound, sound.size // (HEARD_RATE // 4)):
        ended += sum(isinstance(event, SpeechEnded) for event in stream.push(piece))
    return ended > 0


def _answers_to(recording: bytes, ears: Listener) -> bool:
    try:
        return bool(ears.hear(recording).text)
    except HearingError:
        return False
