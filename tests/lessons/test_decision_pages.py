"""What a clerk decides on the page of a class: calling it off, putting out of the queue, a seat past it, an invitation."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from sqlmodel import select
from starlette.testclient import TestClient

from inclusion.staff.accounts import create_staff
from inclusion.staff.audit import AuditEntry
from inclusion.staff.passwords import Passwords
from inclusion.web.platform import clock
from lessons import Application, Notice, ScheduledSession

from .test_day_pages import press
from .test_pages import FORM, app, apply, clerk, first_class, key_in, platform, visitor
from .test_today_pages import move_to

__all__ = ["app", "clerk", "platform", "visitor"]

OFF = {"reason": "weather", "sure": "yes"}


@pytest.fixture
def lead(app, platform) -> TestClient:
    """Signed in, but not a clerk."""
    login = f"lead{clock().timestamp():.6f}".replace(".", "")
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    create_staff(platform.database, login, "まとめ役", "correct horse battery", ("volunteer_lead",), clock(), passwords=quick)
    client = TestClient(app, headers={"accept-language": "ja"})
    key = key_in(client.get("/staff/sign-in").text)
    client.post("/staff/sign-in", data={"key": key, "login": login, "password": "correct horse battery"})
    return client


def decide(client: TestClient, room: str, deed: str, **fields: str):
    page = f"/staff/lessons/{room}"
    return press(client, page, f"{page}/{deed}", **fields)


def person(number: int) -> dict[str, str]:
    return {**FORM, "name": f"電話{number}"}


def step(clerk: TestClient, page, name: str):
    """Press a button in the row of whoever has this page of an application."""
    with_class = f"/staff/lessons/{page.room}"
    return press(clerk, with_class, f"{with_class}/people/{page.url.path.rsplit('/', 1)[1]}", step=name)


def applied(visitor: TestClient, room: str, number: int):
    page = apply(visitor, room, number)
    page.room = room
    return page


def test_a_class_is_called_off_with_a_reason_and_everybody_is_to_be_told(clerk, visitor, platform):
    room = first_class(platform, seats=1)
    pages = [apply(visitor, room, number) for number in (601, 602)]
    done = decide(clerk, room, "calling-off", **OFF)
    assert done.text.count("中止になった（天候のため）") == 2 and "花子601" in done.text and "花子602" in done.text
    assert "この教室を中止する" not in done.text and "中止になりました" in visitor.get(f"/lessons/{room}").text
    assert all("天候のため中止になりました" in visitor.get(page.url.path).text for page in pages)
    with platform.database.reading() as session:
        told = session.exec(select(Notice.kind).where(Notice.session_id == room, Notice.kind == "called_off")).all()
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "lesson.call_off", AuditEntry.subject_id == room)).one()
    assert len(told) == 2 and noted.staff_id


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "weather"}, "中止はしていません"),
        ({"reason": "", "sure": "yes"}, "理由を書くか、選んでください"),
        ({"reason": "<b>", "sure": "yes"}, "理由を書くか、選んでください"),
    ],
)
def test_without_the_tick_or_a_reason_the_class_stands(clerk, platform, fields, sentence):
    room = first_class(platform)
    refused = decide(clerk, room, "calling-off", **fields)
    assert refused.status_code == 422 and sentence in refused.text
    assert stands(platform, room) == ("published", 0)


def test_a_class_that_is_over_is_not_called_off(clerk, platform):
    room = first_class(platform)
    move_to(platform, room, hours=2)
    assert "この教室を中止する" not in clerk.get(f"/staff/lessons/{room}").text
    assert decide(clerk, room, "calling-off", **OFF).status_code == 422 and stands(platform, room) == ("published", 0)


@pytest.mark.parametrize("deed", ["calling-off", "seats", "invitations"])
def test_only_a_clerk_decides(clerk, lead, visitor, platform, deed):
    room = first_class(platform)
    apply(visitor, room, 651)
    typed = {**OFF, **person(1), "until": until(hours=5)}
    assert "calling-off" not in lead.get(f"/staff/lessons/{room}").text
    refused = decide(lead, room, deed, **typed)
    assert refused.status_code == 403 and stands(platform, room) == ("published", 1)
    decide(clerk, room, deed, **typed)
    assert stands(platform, room) != ("published", 1)


@pytest.mark.parametrize("deed", ["calling-off", "seats", "invitations"])
def test_a_form_that_is_not_from_our_page_changes_nothing(clerk, visitor, platform, deed):
    room = first_class(platform)
    path, typed = f"/staff/lessons/{room}/{deed}", {**OFF, **person(2), "until": until(hours=5)}
    assert clerk.post(path, data={**typed, "key": "wrong"}).status_code == 403
    own = {**typed, "key": key_in(clerk.get(f"/staff/lessons/{room}").text)}
    assert clerk.post(path, data=own, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert visitor.post(path, data=own).url.path == "/staff/sign-in"
    assert stands(platform, room) == ("published", 0)


def test_who_is_put_out_of_the_queue_makes_room_for_the_next(clerk, visitor, platform):
    room = first_class(platform, seats=1)
    _seated, second, third = (applied(visitor, room, number) for number in (611, 612, 613))
    assert "順番から外す" in clerk.get(f"/staff/lessons/{room}").text
    assert "空きを待つ1番目" in step(clerk, second, "out").text
    assert "終わっています" in visitor.get(second.url.path).text and "1番" in visitor.get(third.url.path).text


def test_a_declined_offer_goes_to_the_next_at_once(clerk, visitor, platform):
    room = first_class(platform, seats=1)
    first, second, third = (applied(visitor, room, number) for number in (621, 622, 623))
    visitor.post(first.url.path, data={"step": "cancel"})
    assert "席が空きました" in visitor.get(second.url.path).text and "席が空きました" not in visitor.get(third.url.path).text
    assert "断る（席を次の方へ）" in clerk.get(f"/staff/lessons/{room}").text
    step(clerk, second, "decline")
    assert "席が空きました" in visitor.get(third.url.path).text and "終わっています" in visitor.get(second.url.path).text
    assert step(clerk, second, "decline").status_code == 422


def test_a_seat_past_the_queue_keeps_its_reason_and_never_passes_the_room(clerk, visitor, platform):
    room = first_class(platform, seats=1)
    decide(clerk, room, "helpers", number="0")
    assert "空きを待つ" in apply(visitor, room, 631).text
    assert decide(clerk, room, "seats", reason=" ", **person(3)).status_code == 422 and stands(platform, room)[1] == 0
    decide(clerk, room, "seats", reason="家族が付き添う", **person(3))
    assert stands(platform, room)[1] == 1
    full = decide(clerk, room, "seats", reason="家族が付き添う", **person(4))
    assert full.status_code == 422 and "席すべて決まっています" in full.text and stands(platform, room)[1] == 1
    with platform.database.reading() as session:
        reasons = session.exec(select(Application.reason).where(Application.session_id == room, Application.state == "confirmed")).all()
    assert reasons == ["家族が付き添う"]


def test_an_invitation_holds_a_seat_in_a_class_nobody_can_apply_for(clerk, visitor, platform):
    room = first_class(platform, "staff_invite")
    assert "ご案内した方のための教室です" in visitor.get(f"/lessons/{room}").text
    assert apply(visitor, room, 641).status_code == 422 and stands(platform, room)[1] == 0
    held = decide(clerk, room, "invitations", until=until(days=1), **person(5))
    assert "取っておきます" in held.text and "席の案内" in held.text and stands(platform, room)[1] == 1
    again = decide(clerk, room, "invitations", until=until(days=1), **person(5))
    assert again.status_code == 422 and "もう申し込んでいらっしゃいます" in again.text and stands(platform, room)[1] == 1


@pytest.mark.parametrize("typed", ["", "tomorrow", "2020-01-01T10:00", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_seat_is_held_from_now_until_the_class_begins(clerk, platform, typed):
    room = first_class(platform, "staff_invite")
    refused = decide(clerk, room, "invitations", until=typed, **person(6))
    assert refused.status_code == 422 and "今より後で" in refused.text and stands(platform, room)[1] == 0


def until(**ahead: float) -> str:
    return f"{(clock() + timedelta(**ahead)).astimezone(ZoneInfo('Asia/Tokyo')):%Y-%m-%dT%H:%M}"


def stands(platform, room: str) -> tuple[str, int]:
    with platform.database.reading() as session:
        place = session.get_one(ScheduledSession, room)
        return place.state, place.seats_taken
