"""The desk as staff see it: the transcript, a reply, the end; and the page where a resident leaves a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlmodel import select

from bots.accounts import open_account
from bots.line import line_messages, message_from, staff_messages
from inclusion.database import Database
from inclusion.desk import Desk
from inclusion.handover import HelpTicket, Said, open_ticket
from inclusion.outbox import OutboxRow
from inclusion.staff.accounts import Staff
from inclusion.staff.audit import last_entries
from inclusion.telling import Door, Telling
from inclusion.web.assets import Assets
from inclusion.web.pages import Pages
from inclusion.web.staff.pages import staff_router
from inclusion.web.staff.people import people_router
from inclusion.web.staff.session import StaffServices
from tests.towns import demo_town

from .conftest import Browser, Clock

TALK = (("resident", "扇風機はいくら"), ("bot", "扇風機は300円です"), ("resident", "<b>係の人</b>"))


@pytest.fixture
def desk_browser(services: StaffServices, add: Callable[..., Staff], clock: Clock) -> Iterator[Browser]:
    town = demo_town()
    services = replace(services, messages=town.messages)
    office = lambda text, quote: staff_messages(text, "係の者", "", quote)  # noqa: E731
    door = Door(message_from, lambda rendered: line_messages(rendered, "案内"), write_staff=office)
    pages, app = Pages(town, town.messages, Assets.gather()), FastAPI()
    app.include_router(staff_router(services, pages))
    app.include_router(people_router(services, pages, Desk(town, Telling(town, {"line": door})), lambda: None))
    add("boss", "admin")
    add("lead", "volunteer_lead")
    clock.now = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    yield Browser(app)


@pytest.fixture
def ticket(database: Database, clock: Clock, desk_browser: Browser) -> HelpTicket:
    with database.writing() as session:
        account = open_account(session, "line", "U" + "1" * 32, clock())
        talk = [Said(who, text, clock()) for who, text in TALK]
        return open_ticket(session, "line", account.id, talk, clock())


def test_staff_read_the_talk_and_the_answers_already_tried(desk_browser: Browser, ticket: HelpTicket, database: Database) -> None:
    desk_browser.sign_in()
    assert "&lt;b&gt;係の人" in desk_browser.get("/staff/help").text
    page = desk_browser.get(f"/staff/help/{ticket.number}").text
    assert "扇風機はいくら" in page and "<li>扇風機は300円です</li>" in page
    with database.reading() as session:
        assert last_entries(session)[0].action == "help.read"


def test_a_reply_goes_out_under_the_offices_name_and_is_kept(desk_browser: Browser, ticket: HelpTicket, database: Database) -> None:
    desk_browser.sign_in()
    page = desk_browser.fill_in(f"/staff/help/{ticket.number}", f"/staff/help/{ticket.number}/reply", text="お待たせしました。")
    assert "返事を送りました。" in page.text and "お待たせしました。" in page.text and "職員が対応中" in page.text
    with database.reading() as session:
        (sent,) = session.exec(select(OutboxRow)).all()
    assert sent.payload == [{"type": "text", "text": "お待たせしました。", "sender": {"name": "係の者"}}]


def test_an_empty_reply_is_explained_and_nothing_is_sent(desk_browser: Browser, ticket: HelpTicket, database: Database) -> None:
    desk_browser.sign_in()
    page = desk_browser.fill_in(f"/staff/help/{ticket.number}", f"/staff/help/{ticket.number}/reply", text=" ")
    assert page.status_code == 422 and "返事を書いてから" in page.text


def test_finishing_takes_it_off_the_list_and_erases_the_number(desk_browser: Browser, ticket: HelpTicket, database: Database) -> None:
    desk_browser.sign_in()
    with database.writing() as session:
        session.get_one(HelpTicket, ticket.number).phone = "03-1234-5678"
    page = desk_browser.fill_in(f"/staff/help/{ticket.number}", f"/staff/help/{ticket.number}/closing")
    assert "待っている人はいません。" in page.text
    with database.reading() as session:
        assert session.get_one(HelpTicket, ticket.number).phone == ""


def test_only_clerks_may_read_what_residents_said(desk_browser: Browser, ticket: HelpTicket) -> None:
    desk_browser.sign_in("lead")
    assert desk_browser.get("/staff/help").status_code == desk_browser.get(f"/staff/help/{ticket.number}").status_code == 403


def test_a_resident_leaves_a_time_and_a_number_on_our_own_page(desk_browser: Browser, ticket: HelpTicket, database: Database) -> None:
    address = f"/call-back/{ticket.token}"
    slots = re.findall(r'name="slot" value="([^"]+)"', desk_browser.get(address).text)
    refused = desk_browser.post(address, data={"slot": slots[1], "phone": "でんわ"}).text
    assert refused.count("電話番号を、数字で") == 2 and 'href="#phone"' in refused  # above, leading to its field, and at the field
    assert re.findall(r'value="([^"]+)" checked', refused) == [slots[1]] and 'value="でんわ"' in refused  # nothing to give again
    assert "申し込みました" in desk_browser.post(address, data={"slot": slots[0], "phone": "０３ー１２３４ー５６７８"}).text
    with database.reading() as session:
        assert session.get_one(HelpTicket, ticket.number).phone == "03-1234-5678"


def test_a_time_nobody_offered_and_a_page_nobody_was_given_are_refused(desk_browser: Browser, ticket: HelpTicket) -> None:
    answer = desk_browser.post(f"/call-back/{ticket.token}", data={"slot": "2026-12-31T03:00:00+09:00", "phone": "03-1234-5678"})
    assert answer.status_code == 422 and 'href="#slot-1"' in answer.text and answer.text.count("時間を選んでください") == 2
    assert "電話番号を、数字で" not in answer.text
    assert desk_browser.get("/call-back/guessed").status_code == 404


def test_the_bot_and_a_person_have_faces_that_line_can_fetch(desk_browser: Browser) -> None:
    bot, staff = (desk_browser.get(f"/pictures/{name}.png") for name in ("bot", "staff"))
    assert bot.headers["content-type"] == "image/png" and bot.content != staff.content
