"""People who pause are waited for; people who have finished are not kept waiting."""

import pytest

from accessibility.hearing.endpointing import FRAME_S
from accessibility.hearing.turn_taking import Moment, Patience, TurnTaker


def moments(taker: TurnTaker, *stretches: tuple[float, float], said: str = "") -> list[tuple[Moment, float]]:
    """What happens when, for stretches of (seconds, chance of a voice)."""
    found, now = [], 0.0
    for seconds, chance in stretches:
        for _ in range(round(seconds / FRAME_S)):
            now += FRAME_S
            moment = taker.feed(chance)
            if moment is Moment.PAUSED:
                taker.so_far(said)
            if moment is not None:
                found.append((moment, round(now, 1)))
    return found


def ended(said: str, pause_s: float) -> bool:
    return Moment.ENDED in [moment for moment, _ in moments(TurnTaker(), (1.0, 0.9), (pause_s, 0.05), said=said)]


@pytest.mark.parametrize("said", ["えーと", "ソファーを", "古いソファーなんですけど", "ソファー", "そふぁーと", ""])
def test_a_pause_of_two_and_a_half_seconds_in_the_middle_cuts_nobody_off(said: str) -> None:
    assert not ended(said, 2.6)


@pytest.mark.parametrize("said", ["ソファーはいくらですか", "はい", "もう一度お願いします", "たんすを捨てたいです"])
def test_a_whole_question_is_answered_within_a_second(said: str) -> None:
    assert ended(said, 1.0)


def test_the_control_a_fixed_pause_would_have_cut_the_speaker_off() -> None:
    hasty = TurnTaker(Patience(0.8, 0.8, 0.8))
    assert Moment.ENDED in [moment for moment, _ in moments(hasty, (1.0, 0.9), (2.5, 0.05), said="ソファーを")]


def test_nobody_is_hurried_before_the_first_word() -> None:
    assert moments(TurnTaker(), (7.5, 0.05)) == []
    assert moments(TurnTaker(), (8.5, 0.05))[0][0] is Moment.NOBODY


def test_a_click_is_no_speech_and_somebody_who_never_stops_is_ended_kindly() -> None:
    assert moments(TurnTaker(), (0.1, 0.9), (2.0, 0.05)) == []
    assert moments(TurnTaker(), (31.0, 0.9))[-1][0] is Moment.TOO_LONG
