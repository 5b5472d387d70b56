"""Help by one person in a live room: two links of one tap each, a room that opens and closes with the help, and a place that is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from inclusion.database import Database, open_database
from inclusion.live.tables import LiveEvent
from inclusion.settings import Settings
from inclusion.web.live.keeping import EVERY_S
from inclusion.web.platform import clock
from lessons.learning_tables import TutoringTicket
from lessons.tables import Learner
from lessons.tutoring import Need, ask_for_help, leave_queue
from tests.inclusion.staff.conftest import Browser

from .test_live_pages import ADDRESS, app, local, settings

__all__ = ["app", "settings"]


@pytest.fixture
def database(settings: Settings, app: Browser) -> Iterator[Database]:
    opened = open_database(settings.effective_database_url)
    yield opened
    opened.close()


@pytest.fixture
def waiting(database: Database, app: Browser) -> Iterator[str]:
    """Somebody who wants to see a helper, claimed by the one helper on duty; returns the ticket."""
    with database.writing() as session:
        ticket = wish(session, "花子")
    press(app, "duty", name="甲", languages="ja")
    yield ticket
    press(app, "close/today")
    with database.writing() as session:
        for one in session.exec(select(TutoringTicket).where(TutoringTicket.open_key.is_not(None))).all():
            leave_queue(session, one.learner_id, clock())


def wish(session: Session, name: str) -> str:
    learner = Learner(name=name, name_key=f"{name}{clock().timestamp()}", phone="", consented_at=clock())
    session.add(learner)
    session.flush()
    return ask_for_help(session, Need(learner.id, mode="room"), clock()).id


def press(app: Browser, step: str, **fields: str):
    return app.fill_in("/staff/tutoring", f"/staff/tutoring/{step}", **fields)


def links(page: str) -> list[str]:
    """The helper's, then the learner's."""
    return re.findall(rf"{ADDRESS}(/live/help-\w+\?key=[0-9a-f-]+)", page)


def visit(app: Browser, link: str):
    return TestClient(app.app, base_url=ADDRESS).get(link, headers={"accept-language": "ja"})


def test_begun_help_gives_each_side_a_link_of_one_tap(app: Browser, waiting: str):
    helper, learner = links(press(app, f"begin/{waiting}").text)
    assert helper.partition("?")[0] == learner.partition("?")[0]
    assert helper != learner
    for link in (helper, learner):
        shown = visit(app, link)
        assert shown.status_code == 200
        assert "個別相談" in shown.text
        assert "data-ticket=" in shown.text


def test_when_the_help_is_over_the_links_open_nothing(app: Browser, waiting: str):
    both = links(press(app, f"begin/{waiting}").text)
    assert not links(press(app, f"resolve/{waiting}").text)
    assert [visit(app, link).status_code for link in both] == [410, 410]


def test_a_helper_who_goes_home_closes_the_room_and_the_learner_keeps_the_place(app: Browser, database: Database, waiting: str):
    before = links(press(app, f"begin/{waiting}").text)
    with database.reading() as session:
        tutor, queued = session.get_one(TutoringTicket, waiting).tutor_id, session.get_one(TutoringTicket, waiting).queued_at
    press(app, f"home/{tutor}")
    assert visit(app, before[0]).status_code == 410
    press(app, "duty", name="乙", languages="ja")
    again = links(press(app, f"begin/{waiting}").text)
    assert again[0].partition("?")[0] != before[0].partition("?")[0]
    with database.reading() as session:
        assert session.get_one(TutoringTicket, waiting).queued_at == queued
    assert visit(app, again[1]).status_code == 200


def test_a_learner_who_leaves_by_chat_closes_the_room_within_seconds(app: Browser, database: Database, waiting: str):
    helper, _ = links(press(app, f"begin/{waiting}").text)
    with database.writing() as session:
        leave_queue(session, session.get_one(TutoringTicket, waiting).learner_id, clock())
    until = time.monotonic() + 4 * EVERY_S
    while visit(app, helper).status_code != 410 and time.monotonic() < until:
        time.sleep(0.2)
    assert visit(app, helper).status_code == 410


def test_rooms_of_help_stand_on_no_public_page_and_staff_cannot_take_their_names(app: Browser, database: Database, waiting: str):
    helper, _ = links(press(app, f"begin/{waiting}").text)
    room = helper.split("/live/")[1].split("?")[0]
    assert room not in app.get("/live").text
    assert room not in app.get("/staff/live/events").text
    refused = app.fill_in("/staff/live/events", name_ja="会", start=local(hours=1), end=local(hours=2), room="help-me")
    assert refused.status_code == 422
    with database.reading() as session:
        assert session.exec(select(LiveEvent).where(LiveEvent.room == "help-me")).first() is None
