"""Hosts' links taken back one by one, and live events in a calendar: also after a restart, with a control for each."""

from __future__ import annotations

import re

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from inclusion.web.live.publishing import host_ticket
from inclusion.web.wiring import build_app
from tests.inclusion.staff.conftest import Browser
from tests.platforms import demo_platform

from .test_live_pages import ADDRESS, app, local, plan, settings

__all__ = ["app", "settings"]


def host_links(app: Browser, page: str) -> list[str]:
    return re.findall(r'class="outside host-link" href="http://127\.0\.0\.1:8000([^"]+)"', app.get(page).text)


def opens(app: Browser, link: str) -> int:
    return TestClient(app.app, base_url=ADDRESS).get(link).status_code


def bearer(link: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {link.partition('ticket=')[2]}"}


def test_one_hosts_link_is_taken_back_and_the_other_goes_on(app: Browser):
    page = plan(app, room="two-hosts")
    app.fill_in(page, f"{page}/hosts")
    first, second = host_links(app, page)
    number = re.search(rf'action="{page}/hosts/(\d+)/revoke"', app.get(page).text)[1]
    app.fill_in(page, f"{page}/hosts/{number}/revoke")
    assert (opens(app, first), opens(app, second)) == (404, 200)
    assert app.get("/whip/two-hosts", headers=bearer(first)).status_code == 401
    assert app.get("/whip/two-hosts", headers=bearer(second)).status_code // 100 == 2
    assert len(host_links(app, page)) == 1


def test_what_was_opened_by_a_link_ends_with_it(app: Browser):
    page = plan(app, room="opened")
    (link,) = host_links(app, page)
    own = re.search(r'data-ticket="([^"]+)"', app.get(link).text)[1]
    clap = {"headers": {"Authorization": f"Bearer {own}"}, "json": {"act": "clap"}}
    assert app.post("/live/opened/deeds", **clap).status_code == 204
    number = re.search(rf'action="{page}/hosts/(\d+)/revoke"', app.get(page).text)[1]
    app.fill_in(page, f"{page}/hosts/{number}/revoke")
    assert app.post("/live/opened/deeds", **clap).status_code == 401


def test_a_link_made_without_a_plan_is_listed_and_taken_back_also_after_a_restart(app: Browser, settings):
    made = app.fill_in("/staff/live", "/staff/live/links", room="rehearsal", hours="3").text
    link = re.search(r'href="http://127\.0\.0\.1:8000(/live/rehearsal/host\?ticket=[^"]+)"', made)[1]
    assert opens(app, link) == 200
    row = app.get("/staff/live").text.partition("「rehearsal」")[2]
    number = re.search(r'action="/staff/live/links/(\d+)/revoke"', row)[1]
    app.fill_in("/staff/live", f"/staff/live/links/{number}/revoke")
    assert opens(app, link) == 404
    assert "「rehearsal」" not in app.get("/staff/live").text
    with TestClient(build_app(demo_platform(settings)), base_url=ADDRESS) as again:
        assert again.get(link).status_code == 404


@pytest.mark.parametrize("act", ["host", "publish"])
def test_a_ticket_from_the_command_line_is_listed_and_taken_back_and_whoever_holds_another_goes_on(app: Browser, settings, act):
    room = f"terminal-{act}"
    told, other = (host_ticket(settings, room, act, 3) for _ in range(2))
    keys = [{"Authorization": f"Bearer {one}"} for one in (told, other)]
    assert [app.get(f"/whip/{room}", headers=one).status_code // 100 for one in keys] == [2, 2]
    numbers = re.findall(rf'「{room}」.*?action="/staff/live/links/(\d+)/revoke"', app.get("/staff/live").text, re.DOTALL)
    assert len(numbers) == 2
    app.fill_in("/staff/live", f"/staff/live/links/{numbers[0]}/revoke")
    assert [app.get(f"/whip/{room}", headers=one).status_code // 100 for one in keys] == [4, 2]


def test_nobody_takes_back_what_is_not_there_or_another_events(app: Browser):
    one, other = plan(app, room="mine"), plan(app, room="yours")
    number = re.search(rf'action="{other}/hosts/(\d+)/revoke"', app.get(other).text)[1]
    key = app.key_of(one, f"{one}/hosts")
    assert app.post(f"{one}/hosts/{number}/revoke", data={"key": key}).status_code == 422
    assert len(host_links(app, other)) == 1
    assert app.post("/staff/live/links/999999/revoke", data={"key": app.key_of("/staff/live", "/staff/live/links")}).status_code == 404


def events(app: Browser, path: str) -> dict[str, object]:
    found = Calendar.from_ical(app.get(path).content)
    return {str(one["UID"]): one for one in found.walk("VEVENT")}


def test_an_event_keeps_its_uid_grows_its_sequence_and_stays_when_cancelled(app: Browser):
    page = plan(app, room="dated", name_ja="月見の会", place="公園")
    ((uid, before),) = events(app, "/live/dated/event.ics").items()
    assert (str(before["SUMMARY"]), before["SEQUENCE"], str(before["STATUS"])) == ("月見の会", 0, "CONFIRMED")
    assert [alarm["TRIGGER"].dt.total_seconds() for alarm in before.walk("VALARM")] == [-900]
    changes = {"name_ja": "月見の会", "end": local(hours=26), "mode": "festival", "entry": "open", "capacity": "0", "place": "公園"}
    app.fill_in(page, page, start=local(hours=25), **changes)
    moved = events(app, "/live/events.ics")[uid]
    assert moved["SEQUENCE"] == 1
    assert moved["DTSTART"].dt > before["DTSTART"].dt
    app.fill_in(page, f"{page}/cancel")
    gone = events(app, "/live/events.ics")[uid]
    assert (gone["SEQUENCE"], str(gone["STATUS"]), gone.walk("VALARM")) == (2, "CANCELLED", [])


def test_a_save_that_changes_nothing_is_no_change_for_calendars(app: Browser):
    """Control: SEQUENCE tells of changes, not of presses."""
    when = {"start": local(hours=30), "end": local(hours=31)}
    page = plan(app, room="same", **when)
    app.fill_in(page, page, name_ja="秋まつり", mode="festival", entry="open", capacity="0", **when)
    assert [one["SEQUENCE"] for one in events(app, "/live/same/event.ics").values()] == [0]


def test_rooms_for_two_stand_in_no_calendar(app: Browser):
    plan(app, room="private", mode="pair")
    assert app.get("/live/private/event.ics").status_code == 404
    assert "private" not in app.get("/live/events.ics").text
