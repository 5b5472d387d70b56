"""Help by one person that nobody ended: it ends by itself, never while two people may still talk, and everybody concerned hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from inclusion.forgotten_help import ForgottenHelp
from inclusion.live.events import end_event, move_on
from inclusion.live.pairs import PairRooms
from inclusion.web.classes.tutoring import TutoringRooms
from lessons.learning_tables import TutoringTicket
from lessons.tables import Learner
from lessons.tutoring import Need, ask_for_help, ended_by_themselves, match, on_duty, start_duty
from tests.doubles.line_events import RESIDENT

from .small_town import SmallTown
from .test_learner import met


async def begun(town: SmallTown, mode: str) -> None:
    """The resident asks and is helped by the only helper, in a chat or in a live room."""
    await met(town, RESIDENT)
    await town.line("スマホの相談をしたい")
    await town.line("1番")
    pairs = PairRooms("secret", town.answering.town.messages, "https://town.example")
    with town.database.writing() as session:
        ticket = session.exec(select(TutoringTicket)).one()
        ticket.mode = mode
        start_duty(session, "係", ["ja"], ["iphone"], town.now)
        match(session, town.now)
        TutoringRooms(town.answering.telling, pairs=pairs).begin(session, ticket.id, town.now)
    await town.deliver()


def tend(town: SmallTown) -> int:
    with town.database.writing() as session:
        return ForgottenHelp(town.answering.telling).end(session, town.now)


def state(town: SmallTown) -> str:
    with town.database.reading() as session:
        return session.exec(select(TutoringTicket.state).where(TutoringTicket.began_at.is_not(None))).one()


@pytest.mark.parametrize(("hours", "ended"), [(1, 0), (10.9, 0), (11.1, 1)])  # from noon: the desk closes at nine
async def test_at_the_desk_it_ends_hours_after_closing(small_town: SmallTown, hours: float, ended: int) -> None:
    await begun(small_town, "chat")
    small_town.later(hours=hours)
    assert tend(small_town) == ended
    assert state(small_town) == ("resolved" if ended else "in_help")
    assert ("個別相談を終わりにしました" in await small_town.deliver()) == bool(ended)


@pytest.mark.parametrize("live", [True, False])
async def test_two_who_talk_in_a_room_are_never_cut_off(small_town: SmallTown, live: bool) -> None:
    await begun(small_town, "room")
    small_town.later(hours=12)
    with small_town.database.writing() as session:
        room = session.exec(select(TutoringTicket.room)).one()
        move_on(session, frozenset([f"{room}.1"]) if live else frozenset(), small_town.now)
    assert tend(small_town) == (0 if live else 1)
    assert state(small_town) == ("in_help" if live else "resolved")
    with small_town.database.reading() as session:
        assert len(on_duty(session, small_town.now)) == (1 if live else 0)


@pytest.mark.parametrize(("minutes", "ended"), [(10, 0), (46, 1)])
async def test_a_room_that_was_closed_frees_the_helper_for_the_next(small_town: SmallTown, minutes: int, ended: int) -> None:
    await begun(small_town, "room")
    with small_town.database.writing() as session:
        end_event(session, session.exec(select(TutoringTicket.room)).one())
        next_one = waiting(session, small_town.now)
    small_town.later(minutes=minutes)
    assert tend(small_town) == ended
    with small_town.database.reading() as session:
        assert session.get_one(TutoringTicket, next_one).state == ("claimed" if ended else "open")
        assert len(ended_by_themselves(session, small_town.now - timedelta(days=1))) == ended


async def test_who_was_only_called_keeps_the_place_when_the_helper_went_home_without_a_word(small_town: SmallTown) -> None:
    with small_town.database.writing() as session:
        called = waiting(session, small_town.now)
        start_duty(session, "係", ["ja"], [], small_town.now)
        match(session, small_town.now)
        queued = session.get_one(TutoringTicket, called).queued_at
    small_town.later(hours=12)
    assert tend(small_town) == 0
    with small_town.database.reading() as session:
        kept = session.get_one(TutoringTicket, called)
        assert (kept.state, kept.tutor_id, kept.queued_at) == ("carried_over", None, queued)


def waiting(session, now: datetime) -> str:
    learner = Learner(name="次の人", name_key="次の人", phone="", consented_at=now)
    session.add(learner)
    session.flush()
    return ask_for_help(session, Need(learner.id), now).id
