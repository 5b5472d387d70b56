"""Questions to the host, typed and spoken, as stories without a network: who may ask how much, and when voices are gone."""

from __future__ import annotations

import pytest

from streaming import Floor, Gathering
from streaming.errors import NotAllowed, SeatRemoved, TooManyQuestions
from streaming.questions import (
    BETWEEN_SPOKEN_S,
    LONGEST_QUESTION,
    MOST_OF_ONE,
    MOST_SOUNDS,
    MOST_SOUNDS_OF_ONE,
    MOST_UNCONFIRMED,
    UNCONFIRMED_LIVES_S,
)

from .browsers import NOW, World
from .test_floor import seated

SOUND = b"a voice"


def speaks(floor: Floor, seat, text: str = "トイレはどこですか", now: float = 0.0) -> int:
    floor.may_speak_a_question(seat, now)
    return floor.spoken(seat, text, SOUND, now).number


def told(floor: Floor) -> list[tuple[str, bool, bytes]]:
    return [(one.text, one.heard, one.sound) for one in floor.questions]


def test_what_was_heard_reaches_the_host_only_when_its_asker_says_that_it_is_right():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    number = speaks(floor, hana)
    assert told(floor) == []
    floor.confirm(hana, number, False, 1.0)
    assert told(floor) == [("トイレはどこですか", True, b"")]
    with pytest.raises(NotAllowed):
        floor.confirm(hana, number, False, 2.0)  # a second press is not a second question


def test_a_voice_goes_along_only_where_its_owner_agreed():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    floor.confirm(hana, speaks(floor, hana), True, 1.0)
    assert told(floor) == [("トイレはどこですか", True, SOUND)]
    unclear = speaks(floor, hana, "", now=10.0)
    with pytest.raises(NotAllowed):
        floor.confirm(hana, unclear, False, 11.0)  # neither words nor leave to play the voice
    floor.confirm(hana, unclear, True, 12.0)
    assert told(floor)[1] == ("", False, SOUND)


def test_nobody_confirms_what_another_said():
    floor = Floor()
    hana, taro = seated(floor, "hana", "taro")
    with pytest.raises(NotAllowed):
        floor.confirm(taro, speaks(floor, hana), True, 1.0)


def test_words_longer_than_a_question_go_as_a_voice():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    assert floor.spoken(hana, "あ" * (LONGEST_QUESTION + 1), SOUND, 0.0).text == ""
    assert floor.spoken(hana, "あ" * LONGEST_QUESTION, SOUND, 0.0).text != ""


def test_a_person_speaks_again_after_a_moment_not_at_once():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    speaks(floor, hana)
    with pytest.raises(TooManyQuestions):
        floor.may_speak_a_question(hana, BETWEEN_SPOKEN_S - 0.1)
    floor.may_speak_a_question(hana, BETWEEN_SPOKEN_S)


def test_voices_that_wait_are_few_of_one_person_and_bounded_in_a_room():
    floor = Floor()
    for number in range(MOST_SOUNDS // MOST_SOUNDS_OF_ONE):
        (seat,) = seated(floor, f"person {number}")
        for turn in range(MOST_SOUNDS_OF_ONE):
            floor.confirm(seat, speaks(floor, seat, now=10.0 * turn), True, 0.0)
        with pytest.raises(TooManyQuestions):
            floor.confirm(seat, speaks(floor, seat, now=100.0), True, 0.0)
    (late,) = seated(floor, "late")
    number = speaks(floor, late)
    with pytest.raises(TooManyQuestions):
        floor.confirm(late, number, True, 0.0)
    floor.confirm(late, number, False, 0.0)  # words need no such place
    assert sum(bool(sound) for _, _, sound in told(floor)) == MOST_SOUNDS


def test_of_what_waits_to_be_confirmed_the_oldest_gives_way_so_that_nobody_is_kept_from_asking():
    floor = Floor()
    first, second = seated(floor, "first", "second")
    oldest, kept = speaks(floor, first), speaks(floor, second)
    for number in range(MOST_UNCONFIRMED - 2):
        speaks(floor, *seated(floor, f"person {number}"))
    (late,) = seated(floor, "late")
    floor.confirm(late, speaks(floor, late), True, 0.0)
    with pytest.raises(NotAllowed):
        floor.confirm(first, oldest, True, 0.0)
    floor.confirm(second, kept, True, 0.0)


def test_what_nobody_confirms_is_not_kept_for_long():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    number = speaks(floor, hana)
    floor.tick(UNCONFIRMED_LIVES_S)
    with pytest.raises(NotAllowed):
        floor.confirm(hana, number, True, 0.0)


def test_spoken_questions_count_with_the_written_ones():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    for _ in range(MOST_OF_ONE):
        floor.ask(hana, "どこですか", 0.0)
    with pytest.raises(TooManyQuestions):
        floor.may_speak_a_question(hana, 0.0)


def test_a_voice_is_gone_when_it_is_answered_its_asker_is_sent_out_or_the_event_closes():
    floor = Floor()
    hana, taro, jiro = seated(floor, "hana", "taro", "jiro")
    first, second, third = (
        floor.confirm(one, speaks(floor, one, text), True, 0.0).number for one, text in ((hana, ""), (taro, "は"), (jiro, "に"))
    )
    assert all(floor.questions.sound(number) == SOUND for number in (first, second, third))  # the control
    floor.answered(first)
    floor.remove(taro.number)
    assert not floor.questions.sound(first) and not floor.questions.sound(second)
    unsent = speaks(floor, hana, now=50.0)
    floor.close()
    assert not floor.questions.sound(third)
    assert told(floor) == [("に", True, b"")]  # what is written may still be read
    with pytest.raises(NotAllowed):
        floor.confirm(hana, unsent, True, 60.0)
    with pytest.raises(NotAllowed):
        floor.ask(hana, "まだですか", 60.0)


def test_of_whom_the_host_sends_out_while_the_ears_still_listen_nothing_is_kept():
    floor = Floor()
    hana, taro = seated(floor, "hana", "taro")
    for one in (hana, taro):
        floor.may_speak_a_question(one, 0.0)
    floor.remove(taro.number)
    with pytest.raises(SeatRemoved):
        floor.spoken(taro, "は", SOUND, 1.0)
    assert floor.spoken(hana, "は", SOUND, 1.0).sound == SOUND  # the control


def test_only_the_host_is_shown_questions_and_the_sound_itself_is_in_no_view():
    world = World()
    gathering = Gathering(world.house, world.gate, "hall", lambda: NOW)
    host, hana = (gathering.floor.sit(person, person == "host", 0.0) for person in ("host", "hana"))
    gathering.floor.confirm(hana, speaks(gathering.floor, hana), True, 0.0)
    assert gathering.view(host)["questions"] == [
        {"number": 1, "seat": hana.number, "text": "トイレはどこですか", "heard": True, "voice": True}
    ]
    assert "questions" not in gathering.view(hana)
