"""Classes go out as the standard event list and come back; what cannot be read is named with its line; nobody loses a seat by a list."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from lessons import (
    BooksNotEmpty,
    Course,
    Room,
    ScheduledSession,
    SheetWrong,
    Venue,
    bring_in,
    call_off,
    classes_of,
    national_topics,
    read_event_list,
    read_sheets,
    topic_of,
    write_event_list,
    write_sheets,
)
from lessons.class_sheets import OURS
from lessons.event_list import COLUMNS
from lessons.topics import course_of

from .programme import books, open_engine, plan_class

OLD_HEADING = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,イベント名,イベント名_カナ,開始日,終了日,"
    "開始時間,終了時間,料金（基本）,場所名称,住所,方書,定員"
)
OLD_ROW = (
    "131016,55,東京都,見本区,スマホ相談会,スマホソウダンカイ,2026/12/8,2026/12/8,10時,11時30分,無料,見本会館,見本町1-1,3階 会議室,１２名"
)
TZ = "Asia/Tokyo"


@pytest.fixture
def planned(session, now):
    plan_class(session, now, id="a", sample=True, what_to_bring="スマホ。めがね", room="研修室", fee_yen=500, target_audience="どなたでも")
    off = plan_class(session, now, id="b", start_date=now + timedelta(days=3), end_date=now + timedelta(days=3, hours=2))
    call_off(session, off, now)
    return write_event_list(classes_of(session), "131016", "見本区", "https://town.example")


@pytest.fixture
def empty(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
    engine.dispose()


def test_the_list_comes_back_byte_for_byte_from_an_empty_programme(planned, empty, now):
    done = bring_in(empty, read_event_list(planned, TZ), TZ, now)
    assert done.made == ["b", "a"] and done.refused == []
    assert write_event_list(classes_of(empty), "131016", "見本区", "https://town.example") == planned


def test_bringing_the_same_list_in_again_changes_nothing(planned, session, now):
    done = bring_in(session, read_event_list(planned, TZ), TZ, now)
    assert (done.made, done.changed, done.same) == ([], [], ["b", "a"])


def test_the_heading_is_the_standards(planned):
    assert planned.splitlines()[0].split(",") == list(COLUMNS) and planned.startswith("全国地方公共団体コード,ID,地方公共団体名,イベント名")


def test_the_older_heading_and_its_habits_are_read(empty, now):
    (one,) = read_event_list(f"\ufeff{OLD_HEADING}\r\n{OLD_ROW}\r\n", TZ)
    assert (one.id, one.capacity, one.fee_yen, one.floor, one.room) == ("55", 12, 0, "3階", "会議室")
    assert one.start.isoformat() == "2026-12-08T10:00:00+09:00" and one.end - one.start == timedelta(minutes=90)


@pytest.mark.parametrize(("column", "wrong"), [("開始日", "12月ごろ"), ("終了時間", "9:00"), ("定員", "たくさん"), ("場所名称", "")])
def test_a_cell_that_cannot_be_used_is_named_with_line_and_column(column, wrong):
    cells = dict(zip(OLD_HEADING.split(","), OLD_ROW.split(","), strict=True)) | {column: wrong}
    with pytest.raises(SheetWrong, match=f"Line 2, column '{column}'"):
        read_event_list(f"{OLD_HEADING}\n{','.join(cells.values())}\n", TZ)


def test_a_moved_class_raises_its_sequence_and_a_room_too_small_is_refused(planned, session, join, now):
    for name in ("花子", "太郎"):
        join("a", name)
    wanted = {one.id: one for one in read_event_list(planned, TZ)}["a"]
    smaller = bring_in(session, [replace(wanted, capacity=1)], TZ, now)
    assert [line for line, _ in smaller.refused] == [wanted.line] and books(session, "a").maximum_attendee_capacity == 2
    bring_in(session, [replace(wanted, start=wanted.start + timedelta(hours=1), end=wanted.end + timedelta(hours=1))], TZ, now)
    assert books(session, "a").sequence == 1 and books(session, "a").seats_taken == 2


def test_every_sheet_comes_back_into_an_empty_programme(planned, session, empty, tmp_path):
    session.add(Room(venue_id="hall", name="研修室", capacity=8, is_accessible=["step_free"]))
    write_sheets(session, tmp_path / "sheets")
    read_sheets(empty, tmp_path / "sheets")
    for table in (Course, Venue, Room, ScheduledSession):
        rows, back = ([one.model_dump(exclude=set(OURS)) for one in where.exec(select(table)).all()] for where in (session, empty))
        assert sorted(rows, key=str) == sorted(back, key=str)
    with pytest.raises(BooksNotEmpty):
        read_sheets(empty, tmp_path / "sheets")


@pytest.mark.parametrize(("column", "taken"), [("enrollment_mode", True), ("enrolment", False)])
def test_a_column_of_an_older_sheet_is_passed_over_and_an_unknown_one_is_named(planned, session, empty, tmp_path, column, taken):
    write_sheets(session, tmp_path / "sheets")
    (tmp_path / "sheets" / "series.csv").write_text(
        f"id,course_code,name,event_schedule,{column},details\n1,call,電話,FREQ=WEEKLY,single,{{}}\n", encoding="utf-8"
    )
    with nullcontext() if taken else pytest.raises(SheetWrong, match=column):
        read_sheets(empty, tmp_path / "sheets")


def test_a_wrong_cell_in_a_sheet_is_named(planned, session, empty, tmp_path):
    write_sheets(session, tmp_path / "sheets")
    file = tmp_path / "sheets" / "sessions.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-12-11", "2026-13-11"), encoding="utf-8")
    with pytest.raises(SheetWrong, match="start_date"):
        read_sheets(empty, tmp_path / "sheets")


def test_the_national_topics_have_a_source_a_version_and_lead_back_from_their_course():
    topics = national_topics()
    assert len(topics) >= 14 and all(one.source and one.version and one.skills for one in topics.values())
    assert topic_of(course_of(topics["etax"])) == topics["etax"]
    assert {one.level for one in topics.values()} == {"basic", "applied"}
