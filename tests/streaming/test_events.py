"""An evening as it is: a clerk plans an event with tickets, the host goes on the air, a guest watches, one link is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from inclusion.database import open_database
from inclusion.staff.accounts import create_staff

from .chromium import in_chromium, shown, watch

pytestmark = in_chromium
PATIENT_MS = 60_000
PASSWORD = "correct horse battery"


def test_a_planned_event_is_watched_by_ticket_until_the_ticket_is_taken_back(open_page, served):
    address, var = served
    create_staff(open_database(f"sqlite:///{var}/inclusion.sqlite3"), "clerk", "係", PASSWORD, ["clerk"], datetime.now(UTC))
    desk = open_page(f"{address}/staff/sign-in")
    desk.locator("[name=login]").fill("clerk")
    desk.locator("[name=password]").fill(PASSWORD)
    desk.locator("main button[type=submit]").click()
    desk.goto(f"{address}/staff/live/events")
    plan(desk)
    desk.locator("#count").fill("1")
    desk.get_by_role("button", name="券を作る").click()
    link = desk.locator("#tickets a").get_attribute("href")
    host = open_page(desk.locator(".host-link").first.get_attribute("href").replace("http://127.0.0.1:8000", address))
    host.locator("#publish").click()
    guest = open_page(link.replace("http://127.0.0.1:8000", address))
    watch(guest)
    assert shown(guest, 10, patience_s=60) >= 10
    schedule = open_page(f"{address}/live")
    assert "夜の会" in schedule.locator("main").inner_text()
    desk.locator("#tickets").get_by_role("button", name="取り消す").click()
    guest.get_by_text("この部屋のご案内は終わりました").wait_for(timeout=PATIENT_MS)
    guest.reload()
    guest.get_by_text("このリンクは使えなくなりました").wait_for(timeout=PATIENT_MS)


def plan(desk) -> None:
    now = datetime.now(UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    desk.locator("#name_ja").fill("夜の会")
    desk.locator("#start").fill(f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}")
    desk.locator("#end").fill(f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    desk.locator("#entry").select_option("ticket")
    desk.locator("#capacity").fill("1")
    desk.get_by_role("button", name="予定を作る").click()
