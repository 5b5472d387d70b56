"""Classes in a real Chromium: a learner waits, is offered a seat, takes it, is reminded, arrives and is asked again.

A volunteer plans a series and finds cover; staff make a series.

PICTURES=FOLDER keeps a picture of every page, to be looked at.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlmodel import col, select, update

from inclusion.settings import Settings
from inclusion.staff.accounts import create_staff
from inclusion.staff.passwords import Passwords
from inclusion.web.platform import Platform, clock
from inclusion.web.wiring import build_app
from lessons import Application, Assignment, Availability, ScheduledSession, team, upcoming
from lessons.learning_tables import SkillEvidence
from tests.headless import CHROMIUM
from tests.platforms import demo_platform
from tests.servers import free_port

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 900}
PASSWORD = "correct horse battery"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed, so the journeys were not made in a browser."),
]


@dataclass
class Town:
    """A served town and the browser that visits it."""

    platform: Platform
    address: str
    chromium: Browser

    @contextmanager
    def visitor(self, size: dict[str, int] = PHONE, scripts: bool = True) -> Iterator[Page]:
        """Somebody with a browser of their own."""
        context = self.chromium.new_context(viewport=size, locale="ja-JP", base_url=self.address, java_script_enabled=scripts)  # type: ignore[arg-type]  # their dict
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page
        context.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(
        inclusion_var=tmp_path_factory.mktemp("var"), database_url="", public_url=address, live_sample=False, _env_file=None
    )
    platform = demo_platform(settings)
    platform.lesson_keeping().open_timetable()
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    create_staff(platform.database, "clerk", "係", PASSWORD, ("clerk",), clock(), passwords=quick)
    server = uvicorn.Server(uvicorn.Config(build_app(platform), port=port, log_level="error", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield Town(platform, address, browser)
        browser.close()
    server.should_exit = True
    thread.join()
    platform.database.close()


def keep_picture(page: Page, name: str) -> None:
    """Nothing is wider than the screen, whatever the page shows."""
    assert page.evaluate(SIDEWAYS) <= 0, name
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def small_class(town: Town) -> str:
    """A class of one seat that is for everybody."""
    with town.platform.database.writing() as session:
        one = next(one for one in upcoming(session, clock()) if one.session.allocation == "first_come" and not one.course.conditions)
        one.session.room_capacity = one.session.maximum_attendee_capacity = 1
        session.add(one.session)
        return one.id


def applies(page: Page, room: str, name: str, phone: str) -> None:
    page.goto(f"/lessons/{room}")
    keep_picture(page, "class")
    page.fill("#name", name)
    page.fill("#phone", phone)
    page.check("#consent")
    page.get_by_role("button", name="申し込む").click()
    page.wait_for_url("**/lessons/applications/**")


def test_a_learner_waits_is_offered_takes_the_seat_is_reminded_arrives_and_is_asked_again(served: Town) -> None:
    room = small_class(served)
    with served.visitor() as first, served.visitor() as second:
        applies(first, room, "山田 花子", "03-1234-5678")
        keep_picture(first, "seat")
        applies(second, room, "鈴木 太郎", "03-8765-4321")
        expect(second.locator("h1")).to_contain_text("空きを待つ1番目")
        assert second.locator(".others .class-card").count() == 3
        keep_picture(second, "waiting")
        first.get_by_role("button", name="申し込みを取り消す").click()
        expect(first.locator("h1")).to_contain_text("終わっています")
        second.reload()
        expect(second.locator("h1")).to_contain_text("席が空きました")
        keep_picture(second, "offered")
        second.get_by_role("button", name="この席に決める").click()
        expect(second.locator("h1")).to_contain_text("席が取れました")
        is_reminded(served, room)
        begins_soon(served, room)
        mine = second.url
        arrives(served, second, room)
        second.goto(mine)
        says_how_it_was(served, second)


def is_reminded(town: Town, room: str) -> None:
    """The day before, by the list of people to call: an application on the page left a telephone number and no chat."""
    here = town.platform.town.timezone
    noon = (clock().astimezone(here) + timedelta(days=1)).replace(hour=12)  # nobody is called at night
    with town.platform.database.writing() as session:
        moved = update(ScheduledSession).where(col(ScheduledSession.id) == room)
        session.exec(moved.values(start_date=noon + timedelta(hours=20), end_date=noon + timedelta(hours=21)))
        session.exec(update(Application).where(col(Application.session_id) == room).values(submitted_at=clock() - timedelta(days=3)))
        town.platform.class_notices().remind(session, noon)
    with signed_in(town) as clerk:
        clerk.goto(f"/staff/lessons/{room}")
        to_call = clerk.locator("main tr, main li").filter(has_text="前の日のお知らせ")
        expect(to_call).to_have_count(1)  # not who gave the seat up
        expect(to_call).to_contain_text("鈴木 太郎")


def says_how_it_was(town: Town, learner: Page) -> None:
    """Three taps; two days later the page asks whether the skill is still there, and once is enough."""
    for button in ("満足", "ちょうどよい", "また来たい"):
        learner.get_by_role("button", name=button, exact=True).click()
    expect(learner.get_by_role("status")).to_contain_text("次の教室に生かします")
    with town.platform.database.writing() as session:
        session.exec(update(SkillEvidence).values(observed_at=clock() - timedelta(days=2)))
    learner.reload()
    keep_picture(learner, "asked_again")
    learner.get_by_role("button", name="ひとりでできる").click()
    expect(learner.locator("main")).not_to_contain_text("今もおひとりで")
    with town.platform.database.reading() as session:
        assert session.exec(select(SkillEvidence.result).where(SkillEvidence.kind == "review")).all() == ["alone"]


def begins_soon(town: Town, room: str) -> None:
    start = clock() + timedelta(minutes=10)
    with town.platform.database.writing() as session:
        moved = update(ScheduledSession).where(col(ScheduledSession.id) == room)
        session.exec(moved.values(start_date=start, end_date=start + timedelta(hours=1)))


def arrives(town: Town, learner: Page, room: str) -> None:
    """By the address that the QR on the board holds; then staff note what was shown, and the sheet can be printed."""
    with signed_in(town) as clerk:
        clerk.goto(f"/staff/lessons/{room}/day")
        keep_picture(clerk, "day")
        learner.goto(str(clerk.locator("svg title").first.text_content()))
        keep_picture(learner, "here")
        learner.get_by_role("button", name="着きました").click()
        expect(learner.locator("main")).to_contain_text("ようこそ")
        clerk.reload()
        clerk.locator("td button[value=shown], td button[name=step]").first.click()
        expect(clerk.locator("td").filter(has_text="✓").first).to_be_visible()
        clerk.get_by_role("button", name="教室を終える").click()
        keep_picture(clerk, "closed")


@contextmanager
def signed_in(town: Town, scripts: bool = True) -> Iterator[Page]:
    with town.visitor(DESK, scripts) as page:
        page.goto("/staff/sign-in")
        page.fill("input[name=login]", "clerk")
        page.fill("input[name=password]", PASSWORD)
        page.locator("main form button").first.click()
        page.wait_for_url("**/staff")
        yield page


def helpers(town: Town) -> list[str]:
    """Two volunteers who may come at any time; returns the addresses of their pages."""
    made = []
    with town.platform.database.writing() as session:
        for name in ("青木", "緑川"):
            volunteer, key = team.register(session, team.Profile(name, "0312340000", ("map",)), clock())
            team.change_state(session, volunteer.id, "approved")
            day = clock().date()
            session.add(Availability(volunteer_id=volunteer.id, event_schedule="FREQ=DAILY", first_day=day, starts="08:00", ends="20:00"))
            made.append(f"/volunteers/{key}")
    return made


def test_a_volunteer_plans_a_series_and_somebody_else_steps_in(served: Town) -> None:
    own, other = helpers(served)
    with served.visitor() as ill, served.visitor() as well, signed_in(served) as clerk:
        ill.goto(f"{own}/plan")
        keep_picture(ill, "plan")
        ill.select_option("#course", "map")
        ill.select_option("#times", "2")
        ill.get_by_role("button", name="この日で仮に入れる").first.click()
        settled(ill)
        keep_picture(ill, "planned")
        clerk.goto("/staff/roster")
        keep_picture(clerk, "roster")
        clerk.get_by_role("button", name="地図").first.click()
        ill.goto(own)
        expect(ill.locator(".class-card").first).to_be_visible()
        keep_picture(ill, "helper")
        ill.get_by_role("button", name="代わり").first.click()
        expect(ill.locator(".volunteers__searching").first).to_be_visible()
        well.goto(other)
        keep_picture(well, "asked")
        well.get_by_role("button", name="代わりに出ます").click()
        expect(well.locator(".class-card").first).to_be_visible()
        clerk.goto("/staff/roster")
    with served.platform.database.reading() as session:
        assert "covered" in {row.state for row in session.exec(select(Assignment)).all()}


def test_staff_make_a_series_without_any_script_mend_it_and_publish_it(served: Town) -> None:
    day = clock().date() + timedelta(weeks=9)
    sunday = (day + timedelta(days=6 - day.weekday())).isoformat()
    with signed_in(served, scripts=False) as clerk, served.visitor() as resident:
        clerk.goto("/staff/lessons")
        clerk.get_by_role("link", name="新しい教室を作る").click()
        clerk.select_option("#course", "map")
        for field, value in {"name": "写真の会", "day": sunday, "times": "3", "seats": "0", "devices": "0", "bring": "めがね"}.items():
            clerk.fill(f"#{field}", value)
        clerk.select_option("#repeat", "weekly")
        clerk.select_option("#allocation", "lottery")
        keep_picture(clerk, "class-form")
        clerk.get_by_role("button", name="下書きを作る").click()
        expect(clerk.locator("[role=alert]")).to_contain_text("書き直すところが1つ")
        clerk.get_by_role("link", name="席の数は").click()
        keep_picture(clerk, "class-form-wrong")
        clerk.fill("#seats", "8")
        clerk.get_by_role("button", name="下書きを作る").click()
        expect(clerk.locator("h1")).to_contain_text("下書き：写真の会")
        keep_picture(clerk, "class-draft")
        clerk.get_by_role("button", name="公開する（3回）").click()
        expect(clerk.locator("[role=status]")).to_be_visible()
        resident.goto("/lessons")
        assert resident.get_by_role("link", name="写真の会").count() == 3
        resident.get_by_role("link", name="写真の会").first.click()
        expect(resident.locator("main")).to_contain_text("抽選")


def settled(page: Page) -> None:
    """With clashes the nearest free time is one press."""
    page.wait_for_load_state()
    for _ in range(3):
        if page.locator("[role=alert]").count() == 0:
            return
        page.locator("main form[action$='/plan'] button").first.click()
        page.wait_for_load_state()


def test_every_page_of_the_classes_opens_and_is_not_wider_than_the_screen(served: Town) -> None:
    on_a_phone = ("/lessons", "/staff/places", "/staff/lessons/plan", "/staff/report")
    on_a_desk = ("/staff/lessons", "/staff/places", "/staff/volunteers", "/staff/tutoring", "/staff/report")
    with signed_in(served) as page:
        for path, size in [*((one, PHONE) for one in on_a_phone), *((one, DESK) for one in on_a_desk)]:
            page.set_viewport_size(size)  # type: ignore[arg-type]  # their dict
            answer = page.goto(path)
            assert answer is not None and answer.status == 200, path
            keep_picture(page, f"{path.strip('/').replace('/', '-')}-{size['width']}")
