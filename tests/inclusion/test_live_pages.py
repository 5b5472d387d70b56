"""Planned events on the pages: staff plan, hand out links and take them back; the rooms follow, also after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select, update
from starlette.testclient import TestClient

from inclusion.live.films import begin_film, end_film, new_film
from inclusion.settings import Settings
from inclusion.staff.accounts import create_staff
from inclusion.web.live.book import promised_rooms
from inclusion.web.platform import clock
from inclusion.web.serving import open_migrated_database
from inclusion.web.wiring import build_app
from lessons import ScheduledSession
from tests.inclusion.staff.conftest import PASSWORD, Browser
from tests.platforms import demo_database, demo_platform

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    var = tmp_path_factory.mktemp("town") / "var"
    found = Settings(inclusion_var=var, database_url="", voice="off", whisper_model="off", _env_file=None)
    create_staff(demo_database(found), "boss", "係長", PASSWORD, ["admin"], clock())
    return found


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Browser]:
    with Browser(build_app(demo_platform(settings)), base_url=ADDRESS) as browser:
        browser.headers["accept-language"] = "ja"
        browser.sign_in()
        yield browser


def local(**later: float) -> str:
    return f"{datetime.now().astimezone() + timedelta(**later):%Y-%m-%dT%H:%M}"


def plan(app: Browser, **changes: object) -> str:
    """A new event; returns its staff page's address."""
    usual = {"name_ja": "秋まつり", "start": local(hours=20), "end": local(hours=22), "mode": "festival", "entry": "open", "capacity": "0"}
    made = app.fill_in("/staff/live/events", **{**usual, **changes})
    assert made.status_code == 200, made.text
    return str(made.url.path)


def tickets(app: Browser, page: str) -> list[str]:
    return sorted(set(re.findall(r"/live/[a-z0-9-]+\?key=[0-9a-f-]+", app.get(page).text)))


def test_what_staff_plan_stands_on_the_page_with_its_time_and_one_button(app: Browser):
    plan(app, room="aki", name_en="Autumn festival", place="駅前広場")
    shown = app.get("/live").text
    card = shown[shown.index("秋まつり") :].split("</li>")[0]
    assert "駅前広場" in card
    assert card.count("main-action") == shown.count("main-action") == 1
    assert 'href="/live/aki"' in card
    assert "Autumn festival" in app.get("/live", headers={"accept-language": "en"}).text
    assert "【見本】" in shown


def test_a_wrong_plan_is_refused_in_words_and_nothing_is_kept(app: Browser):
    refused = app.fill_in("/staff/live/events", name_ja="逆さま", start=local(hours=5), end=local(hours=4))
    assert refused.status_code == 422
    assert "終わりは始まりより後に" in refused.text
    assert "逆さま" not in app.get("/live").text


@pytest.mark.parametrize("year", ["0001", "1999", "2200", "9999"])
def test_a_year_that_nobody_plans_for_is_refused_with_the_same_sentence(app: Browser, year: str):
    refused = app.fill_in("/staff/live/events", name_ja="千年祭", start=f"{year}-12-31T23:00", end=f"{year}-12-31T23:30")
    assert refused.status_code == 422 and "終わりは始まりより後に" in refused.text
    assert "千年祭" not in app.get("/staff/live/events").text


@pytest.mark.parametrize(("typed", "kept"), [("１０", "10"), ("10", "10"), ("", "0")])
def test_a_capacity_is_read_as_a_japanese_keyboard_types_it(app: Browser, typed: str, kept: str):
    page = plan(app, name_ja="定員つき", capacity=typed)
    assert re.search(r'name="capacity"[^>]*value="(\d+)"', app.get(page).text)[1] == kept


@pytest.mark.parametrize("typed", ["十人", "-1", "1.5", "100001", "9" * 5000])
def test_a_capacity_that_is_no_number_is_not_taken_for_no_limit(app: Browser, typed: str):
    refused = app.fill_in("/staff/live/events", name_ja="何人でも", start=local(hours=1), end=local(hours=2), capacity=typed)
    assert refused.status_code == 422 and "定員は" in refused.text
    assert "何人でも" not in app.get("/live").text


def test_an_address_nobody_will_send_from_says_so_and_shows_what_is_on(app: Browser):
    plan(app, room="fuyu", name_ja="冬まつり")
    gone = app.get("/live/fuyu-matsuri")
    assert gone.status_code == 404
    assert "この放送は見つかりません" in gone.text and 'href="/live/fuyu"' in gone.text
    assert 'id="watch"' not in gone.text
    assert 'id="watch"' in app.get("/live/fuyu").text


def test_a_room_staff_gave_a_link_for_can_be_waited_at(app: Browser):
    assert app.get("/live/rehearsal").status_code == 404
    app.fill_in("/staff/live", "/staff/live/links", room="rehearsal", hours="3")
    assert app.get("/live/rehearsal").status_code == 200


def test_a_room_a_class_is_held_in_can_be_waited_at(settings: Settings):
    database = open_migrated_database(settings)
    with database.writing() as session:
        room = session.exec(select(ScheduledSession.id)).first()
        moved = update(ScheduledSession).where(col(ScheduledSession.id) == room)
        session.exec(moved.values(remote_address=f"{ADDRESS}/live/kyoshitsu", end_date=clock() + timedelta(days=1)))
    with database.reading() as session:
        assert "kyoshitsu" in set(promised_rooms(session, clock()))
        assert "kyoshitsu" not in set(promised_rooms(session, clock() + timedelta(days=4)))


def test_a_ticketed_room_opens_for_its_links_only(app: Browser):
    page = plan(app, room="ticketed", entry="ticket", capacity="2")
    app.fill_in(page, f"{page}/tickets", count="2")
    one, other = tickets(app, page)
    visitor = TestClient(app.app, base_url=ADDRESS)
    assert visitor.get("/live/ticketed").status_code == 403
    assert visitor.get("/live/ticketed?key=1-0000000000000000000000").status_code == 403
    assert "data-ticket=" in visitor.get(one).text
    assert visitor.get("/live/ticketed/index.m3u8").status_code == 404  # admitted, but nothing is on yet
    assert TestClient(app.app, base_url=ADDRESS).get("/live/ticketed/index.m3u8").status_code == 403
    assert "data-ticket=" in visitor.get(other).text


def test_no_more_tickets_than_places(app: Browser):
    page = plan(app, room="small", entry="ticket", capacity="1")
    assert app.fill_in(page, f"{page}/tickets", count="2").status_code == 422
    assert tickets(app, page) == []


def seat(client: TestClient, link: str) -> str:
    return re.search(r'data-ticket="([^"]+)"', client.get(link).text).group(1)


def deed(client: TestClient, room: str, ticket: str, act: str = "clap") -> int:
    return client.post(f"/live/{room}/deeds", json={"act": act}, headers={"authorization": f"Bearer {ticket}"}).status_code


def test_a_revoked_link_ends_at_once_and_the_others_stay_also_after_a_restart(app: Browser, settings: Settings):
    page = plan(app, room="revoked", entry="ticket", capacity="2")
    app.fill_in(page, f"{page}/tickets", count="2")
    links = tickets(app, page)
    held = [seat(app, link) for link in links]
    assert [deed(app, "revoked", ticket) for ticket in held] == [204, 204]
    number = links[0].split("key=")[1].split("-")[0]
    app.fill_in(page, f"{page}/tickets/{number}/revoke")
    assert [deed(app, "revoked", ticket) for ticket in held] == [401, 204]
    assert app.get(links[0]).status_code == 403
    with TestClient(build_app(demo_platform(settings))) as again:
        assert [deed(again, "revoked", ticket) for ticket in held] == [401, 204]


def test_who_was_sent_out_stays_out_after_a_restart(app: Browser, settings: Settings):
    page = plan(app, room="rude")
    host = re.search(r"/live/rude/host\?ticket=([^\"]+)", app.get(page).text).group(1)
    rude, kind = (seat(TestClient(app.app, base_url=ADDRESS), "/live/rude") for _ in range(2))
    assert [deed(app, "rude", ticket) for ticket in (rude, kind)] == [204, 204]
    sent_out = app.post("/live/rude/deeds", json={"act": "remove", "seat": 1}, headers={"authorization": f"Bearer {host}"})
    assert sent_out.status_code == 204
    assert [deed(app, "rude", ticket) for ticket in (rude, kind)] == [403, 204]
    with TestClient(build_app(demo_platform(settings))) as again:
        assert [deed(again, "rude", ticket) for ticket in (rude, kind)] == [403, 204]


def test_a_class_keeps_its_mode_and_a_pair_gets_two_links(app: Browser):
    assert "data-ticket=" in app.get("/live/lesson-room" if plan(app, room="lesson-room", mode="class") else "").text
    page = plan(app, room="two", mode="pair", name_ja="個別の相談")
    assert len(tickets(app, page)) == 2
    assert "個別の相談" not in app.get("/live").text


def test_a_cancelled_event_says_so_and_its_host_is_let_in_no_more(app: Browser):
    page = plan(app, room="off", name_ja="中止の会")
    host = re.search(r"/live/off/host\?ticket=[^\"]+", app.get(page).text).group()
    assert app.get(host).status_code == 200
    app.fill_in(page, f"{page}/cancel")
    gone = app.get("/live/off")
    assert (gone.status_code, "中止になりました" in gone.text) == (410, True)
    assert "中止の会" not in app.get("/live").text
    assert app.get(host).status_code == 404


def test_every_change_is_noted_with_who_made_it(app: Browser, settings: Settings):
    plan(app, room="noted")
    assert "中継を計画した" in app.get("/staff/audit" if app.get("/staff/audit").status_code == 200 else "/staff").text


@pytest.mark.parametrize("page", ["", "/film.mp4", "/captions.vtt", "/chapters.vtt"])
def test_a_number_no_database_can_hold_is_no_film(app: Browser, page: str):
    assert app.get(f"/films/{10**22}{page}").status_code == app.get(f"/films/{2**31}{page}").status_code == 404


@pytest.mark.parametrize("by_ticket", [False, True])
def test_a_film_is_listed_watched_and_deleted(app: Browser, settings: Settings, by_ticket: bool):
    folder = settings.inclusion_var / "live" / "films"
    folder.mkdir(parents=True, exist_ok=True)
    film = new_film(f"film-{by_ticket}", {"ja": f"録画{by_ticket}"}, by_ticket, clock(), timedelta(days=3))
    (folder / film.file).write_bytes(b"a film")
    with open_migrated_database(settings).writing() as session:
        end_film(session, begin_film(session, film, True).number, [{"start": 0.0, "text": "0"}, {"start": 5.0, "text": "4"}], [], clock())
    number, desk = film.number, app.get("/staff/live/films").text
    assert (f"録画{by_ticket}" in app.get("/films").text) is not by_ticket
    assert app.get(f"/films/{number}").status_code == (404 if by_ticket else 200)
    link = re.search(rf'/films/{number}(\?key=[0-9a-f-]+)?"', desk).group().rstrip('"')
    shown = app.get(link).text
    assert "お席4番の方" in re.sub("<[^>]+>", "", shown)
    assert app.get(re.search(rf"/films/{number}/film.mp4[^\"#]*", shown).group()).content == b"a film"
    assert app.fill_in("/staff/live/films", f"/staff/live/films/{number}/delete").status_code == 200
    assert app.get(link).status_code == 404
    assert not (folder / film.file).exists()
