"""A volunteer joins a chat by six digits, plans a series, promises, falls ill, and somebody else steps in on another channel."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from accessibility import Person
from inclusion import linking
from inclusion.helpers.post import post_notices
from lessons import Assignment, Course, Room, ScheduledSession, Venue, Volunteer, team
from tests.lessons.crew import helper

from .conversations import talking
from .small_town import SmallTown
from .test_whole_life import heard

ILL, OTHER = "U" + "1" * 32, "U" + "2" * 32


@pytest.fixture
def crew(small_town: SmallTown) -> list[str]:
    return two_helpers(small_town)


def two_helpers(small_town: SmallTown) -> list[str]:
    """Two volunteers with persons of their own, not yet in any chat; returns their codes."""
    with small_town.database.writing() as session:
        session.add_all([Course(code="map", name="地図の使い方"), Venue(id="hall", name="区民館")])
        session.flush()
        session.add(Room(venue_id="hall", name="会議室", capacity=8))
        return [_with_code(session, small_town, name, code) for name, code in (("あお", "123456"), ("みどり", "234567"))]


def _with_code(session: Session, small_town: SmallTown, name: str, code: str) -> str:
    volunteer, person = helper(session, small_town.now, name, ("map",)), Person(created_at=small_town.now)
    session.add(person)
    session.flush()
    volunteer.person_id = person.id
    session.add(volunteer)
    linking.keep_code(session, code, person.id, small_town.now)
    return code


def asked(small_town: SmallTown) -> str:
    """Both are asked for one class on Tuesday; returns its id."""
    start = small_town.now + timedelta(days=6, hours=-2)
    with small_town.database.writing() as session:
        facts = {"course_code": "map", "venue_id": "hall", "name": "地図", "room": "会議室", "room_capacity": 8, "devices": 8}
        times = {"start_date": start, "end_date": start + timedelta(hours=1), "registration_opens": small_town.now}
        rest = {"registration_closes": start, "cancel_deadline": start, "changed_at": small_town.now, "helper_ratio": 4}
        place = ScheduledSession(**facts, **times, **rest, maximum_attendee_capacity=8)
        session.add(place)
        session.flush()
        first = session.exec(select(Volunteer).where(Volunteer.name == "あお")).one()
        team.ask(session, team.assign(session, place.id, first.id, small_town.now), small_town.now)
        post_notices(session, small_town.answering.telling, small_town.now)
        return place.id


def states(small_town: SmallTown, room: str) -> dict[str, str]:
    with small_town.database.reading() as session:
        rows = session.exec(
            select(Volunteer.name, Assignment.state).where(Assignment.session_id == room, Assignment.volunteer_id == Volunteer.id)
        )
        return dict(rows.all())


async def test_a_volunteer_promises_on_line_falls_ill_and_another_steps_in_on_telegram(small_town: SmallTown, crew: list[str]) -> None:
    await small_town.line(crew[0])
    await small_town.telegram(crew[1])
    room = asked(small_town)
    assert "手伝っていただけますか" in await small_town.deliver()
    assert "お待ちしています" in await small_town.line("出られます")
    assert states(small_town, room) == {"あお": "accepted"}
    heard = await small_town.line("代わりをお願いします")
    assert "お大事に" in heard and "代わりに出ていただけますか" in heard
    assert "お待ちしています" in await small_town.telegram("代わりに出ます")
    assert states(small_town, room) == {"あお": "covered", "みどり": "accepted"}


async def test_a_volunteer_plans_a_series_in_the_chat_choice_by_choice(small_town: SmallTown, crew: list[str]) -> None:
    await small_town.line(crew[0])
    assert "どの教室" in await small_town.line("教室を開きたい")
    assert "選んでください" in await small_town.line("教室を開く 地図の使い方")
    assert "仮に入れました" in await small_town.line("教室を開く 地図の使い方 12/8（火）10:00")
    assert "毎週4回" in await small_town.line("教室を開く 地図の使い方 12/8（火）10:00 4回")
    with small_town.database.reading() as session:
        planned = session.exec(select(ScheduledSession)).all()
    assert [one.state for one in planned] == ["draft"] * 4 and len({one.super_event for one in planned}) == 1


async def test_a_series_and_the_search_for_cover_through_the_real_clients_to_both_doubles(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Planned on LINE, published by staff, promised, given up; somebody steps in on Telegram, and everybody concerned hears of it."""
    async with talking(tmp_path, migrated_sqlite) as talk:
        town = talk.town
        for code, write in zip(two_helpers(town), (talk.say, talk.write), strict=True):
            await write(code)
        assert "仮に入れました" in await heard(talk, talk.say("教室を開く 地図の使い方 12/8（火）10:00"))
        assert "毎週2回" in await heard(talk, talk.say("教室を開く 地図の使い方 12/8（火）10:00 2回"))
        first = published(town)
        assert "手伝って" in await heard(talk, talk.deliver()) or states(town, first)["あお"] == "accepted"
        await talk.say("出られます")
        assert states(town, first)["あお"] == "accepted"
        assert "どの教室" in await heard(talk, talk.say("代わりをお願いします"))  # there are two
        assert "代わりに出ていただけますか" in await heard(talk, talk.say("12/8（火）10:00 地図の使い方 代わりをお願いします"))
        assert "お待ちしています" in await heard(talk, talk.write("代わりに出ます"))
        assert states(town, first) == {"あお": "covered", "みどり": "accepted"}


def published(town: SmallTown) -> str:
    """Staff publish the series with one press; returns its first class."""
    with town.database.writing() as session:
        planned = session.exec(select(ScheduledSession).order_by(col(ScheduledSession.start_date))).all()
        team.publish_class(session, planned[0].id, town.now)
        assert [one.state for one in planned] == ["published", "published"]
        post_notices(session, town.answering.telling, town.now)
        return planned[0].id


async def test_a_clash_is_told_with_the_nearest_free_times(small_town: SmallTown, crew: list[str]) -> None:
    await small_town.line(crew[0])
    heard = await small_town.line("教室を開く 地図の使い方 1/1 10時")
    assert "祝日です" in heard and "空いている時間" in heard


@pytest.fixture
def three_more(small_town: SmallTown, crew: list[str]) -> None:
    """Another room, another venue, and three helpers, two of whom share a family name."""
    with small_town.database.writing() as session:
        session.add(Venue(id="west", name="西会館"))
        session.flush()
        session.add_all([Room(venue_id="hall", name="和室", capacity=6), Room(venue_id="west", name="工作室", capacity=8)])
        for name in ("鈴木 花子", "佐藤 一郎", "佐藤 次郎"):
            helper(session, small_town.now, name, ("map",))


def planned_with(small_town: SmallTown) -> list[tuple[str, str, set[str]]]:
    """Every class that was put down: venue, room, and whose assignments stand."""
    with small_town.database.reading() as session:
        made = session.exec(select(ScheduledSession).order_by(col(ScheduledSession.start_date))).all()
        return [(one.venue_id, one.room, set(states(small_town, one.id))) for one in made]


@pytest.mark.parametrize("channel", ["line", "telegram", "web"])
async def test_a_named_room_and_a_named_helper_are_understood_on_every_channel(small_town, crew, three_more, channel) -> None:
    said = "来週の火曜日の午後2時に、和室で、鈴木さんと一緒に地図の教室を開きたいです"
    series = "教室を開く 地図の使い方 12/1（火）14:00 区民館 和室 鈴木 花子さんと"
    if channel == "web":
        talk, _ = small_town.web(crew[0])
        heard = small_town.web(said, talk)[1]
        heard += small_town.web(f"{series} 3回", talk)[1]
    else:
        write = getattr(small_town, channel)
        await write(crew[0])
        heard = await write(said)
        assert f"{series} 4回" in heard  # the button
        heard += await write(f"{series} 3回")
    assert "12月1日" in heard and "区民館 和室" in heard and "鈴木 花子さんにも都合を聞きます" in heard and "毎週3回" in heard
    assert planned_with(small_town) == [("hall", "和室", {"あお", "鈴木 花子"})] * 3


async def test_a_room_keeps_its_venue_and_the_helper_stays_from_button_to_button(small_town, crew, three_more) -> None:
    await small_town.line(crew[0])
    heard = await small_town.line("工作室で鈴木花子さんと地図の教室をやりたい")
    assert "選んでください" in heard and "西会館 工作室 鈴木 花子さんと" in heard
    await small_town.line("教室を開く 地図の使い方 12/8（火）10:00 西会館 工作室 鈴木 花子さんと")
    assert planned_with(small_town) == [("west", "工作室", {"あお", "鈴木 花子"})]


async def test_a_named_helper_who_is_elsewhere_clashes_at_once_with_free_times(small_town, crew, three_more) -> None:
    await small_town.line(crew[0])
    await small_town.line("教室を開く 地図の使い方 12/8 10時 工作室 鈴木さんと")
    await small_town.telegram(crew[1])
    heard = await small_town.telegram("教室を開く 地図の使い方 12/8 10時 会議室 鈴木さんと")
    assert "鈴木 花子さんは「地図の使い方」" in heard and "空いている時間" in heard and "会議室 鈴木 花子さんと" in heard
    assert len(planned_with(small_town)) == 1
    assert "仮に入れました" in await small_town.telegram("教室を開く 地図の使い方 12/8 10時 会議室")  # control: alone there is no clash


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("佐藤さんと", "「佐藤」さんは、2人以上います"),
        ("渡辺さんと", "「渡辺」さんは、手伝う人の名簿に見つかりません"),
        ("大ホールで", "「大ホール」という部屋は、ありません"),
        ("西会館 和室", "「和室」という部屋は、ありません"),
    ],
)
async def test_what_means_nobody_or_no_room_is_asked_about_and_nothing_is_put_down(small_town, crew, three_more, said, told) -> None:
    await small_town.line(crew[0])
    heard = await small_town.line(f"教室を開く 地図の使い方 12/8 10時 {said}")
    assert told in heard and "教室を開く 地図の使い方 12/8（火）10:00" in heard
    assert planned_with(small_town) == []
    await small_town.line("教室を開く 地図の使い方 12/8 10時 佐藤次郎さんと")  # control: a whole name is enough
    assert [people for *_, people in planned_with(small_town)] == [{"あお", "佐藤 次郎"}]


async def test_a_class_said_twice_is_put_down_once(small_town, crew) -> None:
    await small_town.line(crew[0])
    for _ in range(2):
        assert "仮に入れました" in await small_town.line("教室を開く 地図の使い方 12/8 10時")
    assert len(planned_with(small_town)) == 1


async def test_control_somebody_who_is_no_volunteer_is_not_taken_for_one(small_town: SmallTown, crew: list[str]) -> None:
    assert "お大事に" not in await small_town.line("代わりをお願いします", OTHER)
    assert "仮に入れました" not in await small_town.line("教室を開く 地図の使い方 12/8 10時", OTHER)


async def test_no_name_of_a_helper_ever_reaches_a_chat(small_town: SmallTown, crew: list[str]) -> None:
    heard = await small_town.line(crew[0]) + await small_town.telegram(crew[1])
    asked(small_town)
    heard += await small_town.deliver() + await small_town.line("出られます") + await small_town.line("代わりをお願いします")
    heard += await small_town.telegram("代わりに出ます")
    assert "あお" not in heard and "みどり" not in heard
