"""The whole spoken round trip with nothing faked between microphone and loudspeaker.

A voice asks, the town's own ears hear, the town answers aloud, and the fee is found in the sound of the answer: by how it sounds, and by
the ears themselves.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import av
import numpy as np
import pytest

from accessibility import Furigana
from accessibility.hearing import Listener
from accessibility.speaking import RATE, Manner, Speaker
from inclusion.municipalities import Town
from inclusion.turn import Memory, Turn, take_turn
from inclusion.understanding import Understanding, believe
from tests.accessibility.hearing.recordings import AS_THEY_COME, FORMS, can_be_made, recording
from tests.phonemes import cost_of

pytestmark = [pytest.mark.xdist_group("town ears"), pytest.mark.filterwarnings("ignore")]  # torch and numba warn about themselves
NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


@dataclass
class Loop:
    """One resident who only speaks, and a town that only hears."""

    speaker: Speaker
    ears: Listener
    understanding: Understanding
    memory: Memory

    def say(self, words: str, form: str = "m4a/AAC") -> Turn:
        sound = np.concatenate(list(self.speaker.sentences(words, Manner())))
        heard = self.ears.hear(recording(sound, form, RATE))
        talk = self.memory.talk
        believed = believe(heard, lambda text: self.understanding.understand(text, talk, NOW)[0])
        turn = take_turn(believed.text, self.memory, self.understanding.town, self.understanding, NOW, sure=believed.sure)
        self.memory = turn.memory
        return turn


@dataclass(frozen=True)
class Listened:
    """What the ears heard in a spoken answer, and how badly its fee, and another one, fit into the sound of it."""

    text: str
    fits: float
    another_fits: float


@pytest.fixture
def loop(town_engines: tuple[Speaker, Listener], chiyoda: tuple[Town, Understanding, Furigana]) -> Loop:
    return Loop(*town_engines, chiyoda[1], Memory())


def decoded(content: bytes) -> np.ndarray:
    with av.open(io.BytesIO(content)) as file:
        resampler = av.AudioResampler("flt", "mono", RATE)
        return np.concatenate([part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)])


@pytest.fixture(scope="module")
def listened(town_engines: tuple[Speaker, Listener]) -> Callable[[str, int], Listened]:
    """Speaks an answer and listens to it; the same answer to another container's question is not spoken and measured again."""
    speaker, ears = town_engines

    def listen(words: str, fee: int) -> Listened:
        spoken = speaker.say(words, Manner(), "ogg").content
        answer = decoded(spoken)
        fits = [cost_of(np.concatenate(list(speaker.sentences(f"{yen}円です。", Manner()))), answer, RATE) for yen in (fee, fee + 500)]
        return Listened(ears.hear(spoken).text, *fits)

    return cache(listen)


@pytest.mark.parametrize("form", [*FORMS, *AS_THEY_COME])
def test_a_sofa_is_asked_about_and_answered_aloud_with_the_right_fee(
    loop: Loop, listened: Callable[[str, int], Listened], form: str
) -> None:
    if not can_be_made(form):
        pytest.skip("This build of PyAV cannot write it.")
    assert loop.say("ソファを捨てたいんですが", form).answer.ids == ("sofa",)
    turn = loop.say("2人掛けです", form)
    if turn.answer.action == "confirm":
        turn = loop.say("はい", form)
    fee = turn.answer.total_yen
    assert fee == loop.understanding.town.items["S00077"].fee_yen
    answer = listened(turn.rendered.spoken, fee)
    assert f"{fee}円" in answer.text
    assert answer.fits < 0.8 * answer.another_fits


WISHES = (("もう一度", "s.repeat"), ("ゆっくり", "s.slower"), ("短く", "s.shorter"), ("大きな声で", "s.louder"))


@pytest.mark.parametrize(("said", "wish"), WISHES)
def test_the_words_after_an_answer_are_heard(loop: Loop, said: str, wish: str) -> None:
    assert loop.say(said).request.ids == (wish,)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("あのー、すみませんけどもね、扇風機なんですが、いくらでしょうか", ("S00246",)),
        ("ソ、ソファを、えーと、捨てたいんですけど", ("sofa",)),
        ("冷蔵庫、じゃなくて、電子レンジを捨てたいんです", ("S00311",)),
        ("すみませんが、布団を出したいのですけれども、お願いできますでしょうか", ("S00376",)),
    ],
)
def test_fillers_restarts_and_polite_endings_do_not_hurt(loop: Loop, said: str, ids: tuple[str, ...]) -> None:
    """What is only half sure is put as a question, never as another thing."""
    assert loop.say(said).request.ids == ids
