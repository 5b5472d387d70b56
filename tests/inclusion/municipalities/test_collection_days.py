"""Collection days: the facts behind a reminder, counted on real calendars of days."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from inclusion.municipalities import AreaUnknown, Collection, Town, check_town, in_words, load_town, next_collections, parse_rule
from inclusion.municipalities.collection_rules import write_rule
from inclusion.municipalities.exporting import area_calendar
from inclusion.understanding import Talk, Understanding

from .conftest import TinyTown

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)  # a Tuesday
CALENDAR = """area,category,rule,note
東町,燃やすごみ,毎週 火 金; 休止 2026-12-29〜2027-01-03,
東町,資源,第2水 第4水; 対象月 4 12,朝8時まで
東町,びん,隔週 木 2026-11-12から,
東町,乾電池,日付 2026-11-30 2026-12-25,
東町,古布,第1火; 休止 2026-12-01 翌週へ,
東町,かん,毎週 月; 振替 2026-11-30→2026-12-02,
"""


@pytest.fixture
def kosato(town: TinyTown) -> Town:
    town.write("collections.csv", CALENDAR)
    return load_town(town.folder)


def days_of(town: Town, category: str, n: int = 4) -> list[str]:
    only = replace(town, collections=tuple(row for row in town.collections if row.category == category))
    return [one.day.isoformat() for one in next_collections(only, "東町", TODAY, n)]


@pytest.mark.parametrize(
    ("category", "days"),
    [
        ("燃やすごみ", ["2026-11-24", "2026-11-27", "2026-12-01", "2026-12-04"]),
        ("資源", ["2026-12-09", "2026-12-23", "2027-04-14", "2027-04-28"]),
        ("びん", ["2026-11-26", "2026-12-10", "2026-12-24", "2027-01-07"]),
        ("乾電池", ["2026-11-30", "2026-12-25"]),
        ("古布", ["2026-12-08", "2027-01-05", "2027-02-02", "2027-03-02"]),
        ("かん", ["2026-12-02", "2026-12-07", "2026-12-14", "2026-12-21"]),
    ],
)
def test_the_next_days_are_those_on_the_wall_calendar(kosato: Town, category: str, days: list[str]) -> None:
    assert days_of(kosato, category) == days


def test_nothing_is_collected_in_a_closure(kosato: Town) -> None:
    days = days_of(kosato, "燃やすごみ", 20)
    assert "2026-12-29" not in days
    assert "2027-01-01" not in days
    assert "2027-01-05" in days


def test_one_day_tells_everything_collected_on_it(kosato: Town) -> None:
    second = next(one for one in next_collections(kosato, "東町", TODAY, 15) if one.day == date(2026, 12, 9))
    assert (second.categories, second.notes) == (("資源",), ("朝8時まで",))


def test_an_unknown_area_is_answered_with_names_alike(kosato: Town) -> None:
    with pytest.raises(AreaUnknown, match="もしかして: 東町"):
        next_collections(kosato, "東町2丁目", TODAY)


@pytest.mark.parametrize("row", CALENDAR.splitlines()[1:])
def test_a_written_rule_reads_back_the_same(row: str) -> None:
    rule = parse_rule(row.split(",")[2])
    assert rule is not None
    assert parse_rule(write_rule(rule)) == rule


@pytest.mark.parametrize(
    "cell", ["", "月 木", "第6月", "隔週 水 2026-11-24から", "日付 2026-13-01", "毎週 月; 休止 2026-01-03〜2026-01-01", "毎週 晴"]
)
def test_a_rule_nobody_can_read_is_an_error_and_tells_no_day(town: TinyTown, cell: str) -> None:
    town.write("collections.csv", f"area,category,rule,note\n東町,びん,{cell},\n")
    assert (town.only().file, town.only().column) == ("collections.csv", "rule")
    assert load_town(town.folder).collections == ()


def test_the_rule_is_said_as_a_neighbour_would(kosato: Town) -> None:
    said = {row.category: in_words(row.rule) for row in kosato.collections}
    assert said["燃やすごみ"] == "毎週火曜と金曜"
    assert said["資源"] == "第2・第4水曜（4・12月だけ）"
    assert said["びん"] == "1週おきの木曜（2026年11月12日から数えます）"


def occurrences(ical: bytes, summary: str, last: date) -> set[date]:
    """The days a calendar application would show: our small reading of RRULE, RDATE and EXDATE, independent of the writer."""
    shown: set[date] = set()
    for event in Calendar.from_ical(ical).walk("VEVENT"):
        if str(event["SUMMARY"]) == summary:
            start = event["DTSTART"].dt
            ours = {day for day in (start + timedelta(n) for n in range((last - start).days + 1)) if fits(event, start, day)}
            shown |= (ours | {start} | dates(event.get("RDATE"))) - dates(event.get("EXDATE"))
    return {day for day in shown if day <= last}


def fits(event: dict, start: date, day: date) -> bool:  # type: ignore[type-arg]  # icalendar's events are untyped mappings
    rule = event.get("RRULE")
    if rule is None:
        return False
    name = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    if day.month not in rule.get("BYMONTH", range(1, 13)):
        return False
    if rule["FREQ"] == ["MONTHLY"]:
        return f"{(day.day - 1) // 7 + 1}{name}" in [str(one) for one in rule["BYDAY"]]
    if "INTERVAL" in rule:
        return (day - start).days % 14 == 0
    return name in [str(one) for one in rule["BYDAY"]]


def dates(values: object) -> set[date]:
    lists = values if isinstance(values, list) else [values] if values else []
    return {one.dt for each in lists for one in each.dts}


@pytest.mark.parametrize("category", ["燃やすごみ", "資源", "びん", "乾電池", "古布", "かん"])
def test_the_calendar_file_shows_the_same_days_as_the_facts(kosato: Town, category: str) -> None:
    last = TODAY + timedelta(days=200)
    wanted = {date.fromisoformat(day) for day in days_of(kosato, category, 200)}
    shown = occurrences(area_calendar(kosato, "東町", NOW), f"{category}の収集", last)
    assert shown == {day for day in wanted if day <= last}


def test_the_calendar_file_keeps_its_ids_and_its_short_lines(kosato: Town) -> None:
    long = replace(kosato, collections=(Collection("東町", "とても長い名前の資源ごみ" * 6, kosato.collections[0].rule),))
    today, later = area_calendar(long, "東町", NOW), area_calendar(long, "東町", NOW + timedelta(days=30))
    assert Calendar.from_ical(today).walk("VEVENT")[0]["UID"] == Calendar.from_ical(later).walk("VEVENT")[0]["UID"]
    assert max(map(len, today.split(b"\r\n"))) <= 75
    assert "資源ごみの収集" in str(Calendar.from_ical(today).walk("VEVENT")[0]["SUMMARY"])


def test_a_town_without_a_calendar_knows_no_areas(town: TinyTown) -> None:
    assert not Path(town.folder / "collections.csv").exists()
    with pytest.raises(AreaUnknown):
        next_collections(load_town(town.folder), "東町", TODAY)


def test_days_a_clerk_wrote_by_hand_are_told_by_the_name_of_the_area(kosato: Town) -> None:
    (told,) = [policy for policy in kosato.policies.values() if policy.name == "東町の収集日"]
    assert told.headline == "「東町」の収集日です。" and "燃やすごみ … 毎週火曜と金曜" in told.details
    assert {alias.word for alias in kosato.aliases if alias.target == told.id} >= {"東町", "東町のごみの日", "東町の燃やすごみ"}
    request, _ = Understanding.of(kosato).understand("東町の燃やすごみはいつ", Talk(), NOW)
    assert request.ids == (told.id,)


def test_what_the_clerk_wrote_about_an_area_is_left_alone(town: TinyTown) -> None:
    """Control: a row of that name stands, and no second one comes beside it; check-town tells that it differs."""
    town.write("collections.csv", CALENDAR)
    policies = town.read("waste/policy.csv")
    town.write("waste/policy.csv", policies + "b.days001,東町の収集日,ひがしまちのしゅうしゅうび,収集日,毎日です。,,,own,\n")
    loaded = load_town(town.folder)
    assert [policy.headline for policy in loaded.policies.values() if policy.name == "東町の収集日"] == ["毎日です。"]
    assert any("collections.csv と違います" in finding.what for finding in check_town(town.folder, TODAY))


def test_an_answer_that_says_what_the_calendar_says_is_not_complained_about(town: TinyTown) -> None:
    town.write("collections.csv", "area,category,rule,note\n東町,資源,毎週 月,\n")
    row = "b.days001,東町の収集日,ひがしまちのしゅうしゅうび,収集日,「東町」の収集日です。,資源 … 毎週月曜,,own,\n"
    town.write("waste/policy.csv", town.read("waste/policy.csv") + row)
    assert not any("collections.csv と違います" in finding.what for finding in check_town(town.folder, TODAY))
