"""Raising a hand, being given the floor, being thanked, and being sent out, as stories without a network."""

from __future__ import annotations

from datetime import timedelta

import pytest

from streaming import Floor, Gathering, StreamingError
from streaming.errors import FloorTaken, HouseFull, NotAllowed, SeatRemoved, TicketRefused, TooManyQuestions
from streaming.floor import CLAPS_PER_S, GONE_S
from streaming.questions import MOST_OF_ONE
from streaming.sample_host import GIVES_AFTER_S, LEFT_S, LISTENS_S, SampleHost

from .browsers import NOW, Browser, World, on_the_air

LIVES = timedelta(minutes=5)


def seated(floor: Floor, *people: str, now: float = 0.0) -> list:
    seats = [floor.sit(person, person == "host", now) for person in people]
    for seat in seats:
        floor.came(seat, now)
    return seats


def test_hands_are_called_in_the_order_they_were_raised():
    floor = Floor()
    hana, taro = seated(floor, "hana", "taro")
    floor.raise_hand(taro, 1.0)
    floor.raise_hand(hana, 2.0)
    floor.raise_hand(taro, 3.0)  # pressing again does not lose the place
    assert floor.hands() == [taro, hana]


def test_one_speaks_at_a_time_and_is_thanked():
    floor = Floor()
    hana, taro = seated(floor, "hana", "taro")
    floor.give(hana.number, 1.0)
    with pytest.raises(FloorTaken):
        floor.give(taro.number, 2.0)
    floor.thank()
    assert (hana.turns, floor.speaker) == (1, None)


def test_nobody_is_live_without_the_floor():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    with pytest.raises(NotAllowed):
        floor.begin(hana)


def test_whoever_comes_back_has_the_same_seat():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    floor.raise_hand(hana, 1.0)
    assert floor.sit("hana", False, 9.0) is hana


def test_who_left_without_a_word_does_not_keep_the_floor():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    floor.give(hana.number, 0.0)
    floor.went(hana, 1.0)
    floor.tick(1.0 + GONE_S / 2)
    assert floor.speaker is hana
    floor.tick(1.0 + GONE_S)
    assert floor.speaker is None


def test_a_full_room_says_so_but_lets_the_host_in():
    floor = Floor(capacity=1)
    seated(floor, "hana")
    with pytest.raises(HouseFull):
        floor.sit("taro", False, 0.0)
    assert floor.sit("host", True, 0.0).host


def test_in_a_class_only_the_teacher_sees_a_learner_who_agreed():
    floor = Floor("class")
    teacher, hana, taro = seated(floor, "host", "hana", "taro")
    with pytest.raises(NotAllowed):
        floor.begin(hana)
    floor.agree(hana, True)
    floor.begin(hana)
    assert list(floor.seen_by(teacher)) == [hana]
    assert list(floor.seen_by(taro)) == []


def test_in_a_room_for_two_both_are_heard_and_a_screen_can_be_shown():
    floor = Floor("pair")
    tutor, hana = seated(floor, "host", "hana")
    floor.begin(tutor)
    floor.begin(hana)
    floor.begin(hana, screen=True)
    assert (list(floor.seen_by(tutor)), list(floor.seen_by(hana)), hana.screen) == ([hana], [tutor], True)


def test_clapping_without_end_counts_as_a_few():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    for _ in range(100):
        floor.clap(hana, 5.0)
    assert floor.claps == CLAPS_PER_S


@pytest.mark.parametrize("text", ["", "  \n ", "あ" * 201])
def test_a_question_is_short_and_says_something(text):
    floor = Floor()
    (hana,) = seated(floor, "hana")
    with pytest.raises(TooManyQuestions):
        floor.ask(hana, text, 0.0)


def test_one_person_cannot_bury_the_host_in_questions():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    for _ in range(MOST_OF_ONE):
        floor.ask(hana, "トイレはどこですか", 0.0)
    with pytest.raises(TooManyQuestions):
        floor.ask(hana, "もう一つ", 0.0)
    floor.answered(1)
    floor.ask(hana, "もう一つ", 0.0)


def test_the_sample_host_gives_the_floor_listens_and_thanks():
    floor = Floor()
    (hana,) = seated(floor, "hana")
    host = SampleHost(floor)
    floor.raise_hand(hana, 10.0)
    host.tick(10.0 + GIVES_AFTER_S)
    assert floor.speaker is hana
    floor.begin(hana)
    host.tick(15.0)
    host.tick(15.1 + LISTENS_S)
    assert (floor.speaker, hana.turns) == (None, 1)


def test_the_sample_host_keeps_nobody_waiting_for_somebody_who_left():
    floor = Floor()
    hana, taro, jiro = seated(floor, "hana", "taro", "jiro")
    host = SampleHost(floor)
    for seat in (hana, taro, jiro):
        floor.raise_hand(seat, 10.0)
    host.tick(13.0)
    assert floor.speaker is hana
    for seat in (hana, taro):
        floor.went(seat, 14.0)
    host.tick(14.0 + LEFT_S / 2)
    assert floor.speaker is hana  # her page may be loading anew
    host.tick(14.1 + LEFT_S)
    host.tick(15.1 + LEFT_S)
    assert floor.speaker is jiro


class TestWhoIsReallyHeard:
    def gathering(self, world: World) -> Gathering:
        return Gathering(world.house, world.gate, "hall", lambda: NOW)

    def test_a_speaker_is_heard_by_the_others_and_by_nobody_once_silenced(self):
        world = World()
        gathering = self.gathering(world)
        hana, taro = (gathering.sit(world.gate.admit(world.ticket(), "hall", ("watch",), NOW)) for _ in range(2))
        gathering.floor.give(hana.number, 0.0)
        rights = gathering.view(hana)["send"]
        speaker = on_the_air(world, room=rights["room"], token=rights["ticket"])
        gathering.floor.begin(hana)
        part = gathering.view(taro)["parts"][0]
        listener = Browser(world, room=part["room"], token=part["ticket"], address=("198.51.100.8", 5000)).join()
        assert listener.resource
        gathering.silence(hana.number)
        assert gathering.view(taro)["parts"] == []
        assert speaker.ask().status == TicketRefused.status  # the old right to speak opens nothing any more

    def test_nobody_is_given_a_ticket_to_anothers_voice_before_the_turn(self):
        world = World()
        gathering = self.gathering(world)
        hana = gathering.sit(world.gate.admit(world.ticket(), "hall", ("watch",), NOW))
        shown = gathering.view(hana)
        assert (shown["send"], shown["parts"], "hands" in shown) == (None, [], False)

    def test_who_was_sent_out_is_sent_out_everywhere_and_stays_out(self):
        world = World()
        gathering = self.gathering(world)
        on_the_air(world)
        token = world.gate.issue("hall", "watch", NOW, LIVES, "hana")
        viewer = Browser(world, token=token).join()
        seat = gathering.sit(world.gate.admit(token, "hall", ("watch",), NOW))
        gathering.remove(seat.number)
        assert viewer.delete().status == 404
        with pytest.raises(SeatRemoved):
            gathering.sit(world.gate.admit(token, "hall", ("watch",), NOW))

    def test_tickets_given_for_a_link_end_with_the_link(self):
        world = World()
        link = world.gate.admit(world.ticket(), "hall", ("watch",), NOW)
        seat = world.gate.issue("hall", "watch", NOW, LIVES, "hana", link.number)
        assert world.gate.admit(seat, "hall", ("watch",), NOW).person == "hana"
        world.gate.revoke(link)
        with pytest.raises(StreamingError):
            world.gate.admit(seat, "hall", ("watch",), NOW)
