"""Both engines over a checkpoint of the published "tiny" shape: what goes through them, not how well, because its weights are random."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from accessibility.hearing import Heard, Listener, NotUnderstood
from accessibility.hearing.checkpoint import read_checkpoint
from accessibility.hearing.conversion import converted
from accessibility.hearing.ctranslate2_engine import Ct2Encoder, Ct2Recogniser
from accessibility.hearing.ears import RATE, Sound
from accessibility.hearing.engine import CTRANSLATE2
from accessibility.hearing.recogniser import MOST_HINT_SIGNS, Recogniser, prompt_of
from accessibility.hearing.training.speakers import resampled
from accessibility.hearing.whisper_engine import WhisperRecogniser
from accessibility.hearing.wording import PublishedWording
from accessibility.speaking import RATE as SPOKEN_RATE
from accessibility.speaking import Manner, Pcm, Speaker
from accessibility.speaking.containers import recorded
from tests.benchmarks.hearing_sizes import random_checkpoint

pytestmark = [
    pytest.mark.xdist_group("town ears"),
    pytest.mark.skipif(not (find_spec("whisper") and find_spec("torch")), reason="openai-whisper or torch is not installed."),
    pytest.mark.filterwarnings("ignore"),  # torch and numba warn about themselves
]
HINTS = tuple(f"千代田区役所{number}階の窓口" for number in range(60))
VOCABULARY = 51_865


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_checkpoint("tiny", tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def light(tiny: Path) -> Path:
    return converted(tiny, tiny.parent)


@pytest.fixture(scope="module")
def spoken(speaker: Speaker) -> Pcm:
    return np.concatenate(list(speaker.sentences("ソファーはいくらですか。", Manner())))


@pytest.fixture(scope="module")
def question(spoken: Pcm) -> Sound:
    return resampled(spoken, SPOKEN_RATE, RATE)


def recogniser(engine: str, tiny: Path, light: Path) -> Recogniser:
    return WhisperRecogniser(tiny) if engine == "torch" else Ct2Recogniser(light, 80, wording())


@pytest.mark.soak
def test_ctranslate2_makes_of_the_sound_what_openai_whisper_makes(tiny: Path, light: Path, question: Sound) -> None:
    assert read_checkpoint(tiny).sizes["n_audio_state"] == 384
    whole = np.tile(question, 1 + 30 * RATE // question.size)[: 30 * RATE]  # as long as both were built for
    backwards = whole[::-1].copy()
    ours = _beside_silence(Ct2Encoder(light, 80), whole)
    theirs, other = (_beside_silence(WhisperRecogniser(tiny), sound) for sound in (whole, backwards))
    assert ours.shape == theirs.shape == (1500, 384)
    alike, otherwise = (np.corrcoef(ours.ravel(), one.ravel())[0, 1] for one in (theirs, other))
    assert alike > 0.95 > otherwise  # the control; eight bits gave 0.964 on one processor


def _beside_silence(engine: Ct2Encoder | WhisperRecogniser, sound: Sound) -> Sound:
    """What the sound itself makes: with random weights most of the output is the same for every sound."""
    return engine.encode(sound) - engine.encode(np.zeros_like(sound))


@pytest.mark.parametrize("engine", [pytest.param("torch", marks=pytest.mark.soak), "ctranslate2"])
def test_the_words_of_the_town_reach_the_engine_as_far_as_it_reads(
    engine: str, tiny: Path, light: Path, question: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accessibility.hearing.whisper_engine.SECOND_LOOK", ())  # random weights are never sure
    engine_of_it = recogniser(engine, tiny, light)

    def heard(hints: tuple[str, ...]) -> tuple[str, float]:
        first = engine_of_it.recognise(question[: RATE // 4], "ja", hints)[0]
        return first.text, first.logprob

    fitting = next(many for many in range(60, 0, -1) if len(signs_of(HINTS[:many])) <= MOST_HINT_SIGNS)
    told = heard(HINTS)
    assert told != heard(())
    assert told == heard(HINTS[:fitting])  # the rest was left out, from the end
    assert told != heard(HINTS[: fitting - 1])  # control: the last that fits was not


def signs_of(hints: tuple[str, ...]) -> list[int]:
    return encoded(" " + "、".join(reversed(hints)))


def encoded(text: str) -> list[int]:
    return list(wording()._encoding.encode(text))


@cache
def wording() -> PublishedWording:
    return PublishedWording(VOCABULARY)


def test_a_prompt_holds_whole_words_and_the_likeliest_last() -> None:
    signs = prompt_of(HINTS, "ja", encoded)
    text = wording().text(signs).strip()
    assert MOST_HINT_SIGNS - 20 < len(signs) <= MOST_HINT_SIGNS
    assert text.endswith(HINTS[0]) and all(part in HINTS for part in text.split("、"))
    assert prompt_of((), "ja", encoded) == []


def test_a_recording_goes_through_the_light_engine_with_a_full_prompt(tiny: Path, spoken: Pcm) -> None:
    listener = Listener(str(tiny), tiny.parent, engine=CTRANSLATE2)
    file = recorded(spoken, "m4a").content
    try:
        heard = [_heard(listener, file, hints) for hints in ((), HINTS)]
        assert all(one is None or one.text for one in heard)
    finally:
        listener.stop()


def _heard(listener: Listener, file: bytes, hints: tuple[str, ...]) -> Heard | None:
    """None: random weights said nothing that can be believed; anything else that goes wrong is raised."""
    try:
        return listener.hear(file, "ja", hints)
    except NotUnderstood:
        return None
