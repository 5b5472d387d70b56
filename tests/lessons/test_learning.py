"""On the day and after: arriving, opinions, skills, help by one person, and a report that gives nobody away."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lessons import Application
from lessons.arriving import arrive, arrive_by_code, board_code
from lessons.attendance import close_class, excuse
from lessons.errors import CodeUnknown, IllegalMove, NotToday, OpinionUnclear, TicketUnknown
from lessons.learning_tables import Attendance, SkillEvidence
from lessons.opinions import give_opinion
from lessons.progress import kept_after_a_month, note_evidence, reviews_due, skills_of
from lessons.reports import as_csv, programme_report
from lessons.tables import Learner, Notice
from lessons.tutoring import (
    Need,
    ask_for_help,
    begin,
    close_for_today,
    end_duty,
    leave_queue,
    match,
    place_of,
    resolve,
    start_duty,
)

DAY = timedelta(days=10)


@pytest.fixture
def learner(session, now):
    def learner(name: str) -> str:
        row = Learner(name=name, name_key=name, phone="", consented_at=now)
        session.add(row)
        session.flush()
        return row.id

    return learner


def test_the_digits_on_the_board_check_in_whoever_has_a_seat(plan, join, session, now):
    room = plan()
    one = join(room, "花子")
    learner = session.get_one(Application, one.application_id).learner_id
    for _ in range(2):
        arrive_by_code(session, [learner], board_code(session, room), "voice", now + DAY)
    assert [row.method for row in session.exec(select(Attendance)).all()] == ["voice"]


def test_digits_of_another_class_or_day_check_nobody_in(plan, join, session, now):
    room, other = plan(), plan()
    learner = session.get_one(Application, join(room, "花子").application_id).learner_id
    with pytest.raises(CodeUnknown):
        arrive_by_code(session, [learner], board_code(session, other), "code", now + DAY)
    with pytest.raises(CodeUnknown):
        arrive_by_code(session, [learner], board_code(session, room), "code", now)


def test_nobody_arrives_a_day_early(plan, join, session, now):
    with pytest.raises(NotToday, match="one hour before"):
        arrive(session, join(plan()).application_id, "list", now + DAY - timedelta(days=1))


def test_who_could_not_come_and_says_why_is_excused(plan, join, session, now):
    one = join(plan())
    close_class(session, [one.application_id], now + DAY)
    assert excuse(session, one.application_id, "体調", now + DAY).state == "excused"


def test_three_taps_are_one_opinion_and_a_new_tap_replaces_the_old(plan, join, session, now):
    one = join(plan()).application_id
    give_opinion(session, one, now, satisfaction=3)
    give_opinion(session, one, now, satisfaction=5)
    given = give_opinion(session, one, now, pace="right", again="yes")
    assert (given.satisfaction, given.pace, given.again) == (5, "right", "yes")


def test_what_is_no_answer_is_refused(plan, join, session, now):
    one = join(plan()).application_id
    for wrong in ({"satisfaction": 9}, {"pace": "?"}, {"again": "yes"}):
        with pytest.raises(OpinionUnclear):
            give_opinion(session, one, now, **wrong)


def test_a_skill_is_known_only_when_shown_alone_and_looked_at_again_after_1_3_7_21_and_30_days(session, now, learner):
    who = learner("花子")
    note_evidence(session, who, "call", "teach_back", "helped", "staff 1", now)
    assert skills_of(session, who) == []
    note_evidence(session, who, "call", "teach_back", "alone", "staff 1", now)
    for days in (1, 3, 7, 21, 30):
        (skill,) = skills_of(session, who)
        assert skill.next_review == now + timedelta(days=days)
        assert reviews_due(session, now + timedelta(days=days)) == [(who, skill)]
        note_evidence(session, who, "call", "review", "alone", "staff 1", now + timedelta(days=days))
    assert skills_of(session, who)[0].next_review is None
    assert kept_after_a_month(session.exec(select(SkillEvidence)).all()) == {"looked_at": 1, "kept": 1}


@pytest.mark.parametrize(("day", "due"), [(2, 1), (5, 3), (20, 7), (25, 21), (40, 30)])
def test_a_look_that_was_missed_gives_way_to_the_next(session, now, learner, day, due):
    """Somebody who answers nothing is still asked after 3, 7, 21 and 30 days, and the report hears of it."""
    who = learner("花子")
    note_evidence(session, who, "call", "teach_back", "alone", "staff 1", now)
    ((_, skill),) = reviews_due(session, now + timedelta(days=day))
    assert skill.next_review == now + timedelta(days=due)
    note_evidence(session, who, "call", "review", "helped", "self", now + timedelta(days=day))
    assert reviews_due(session, now + timedelta(days=day)) == []


def test_a_skill_that_was_lost_is_looked_at_again_the_next_day(session, now, learner):
    who = learner("花子")
    note_evidence(session, who, "call", "teach_back", "alone", "staff 1", now)
    note_evidence(session, who, "call", "review", "not_yet", "staff 1", now + timedelta(days=3))
    assert skills_of(session, who)[0].next_review == now + timedelta(days=4)


def test_kept_after_a_month_counts_only_what_was_looked_at_then(session, now, learner):
    for number, (days, result) in enumerate(((31, "alone"), (31, "not_yet"), (5, "alone"))):
        who = learner(f"人{number}")
        note_evidence(session, who, "call", "teach_back", "alone", "", now)
        note_evidence(session, who, "call", "review", result, "", now + timedelta(days=days))
    assert kept_after_a_month(session.exec(select(SkillEvidence)).all()) == {"looked_at": 2, "kept": 1}


def test_one_open_ticket_each_and_leaving_is_always_possible(session, now, learner):
    who = learner("花子")
    first = ask_for_help(session, Need(who), now)
    assert ask_for_help(session, Need(who), now).id == first.id
    assert leave_queue(session, who, now) and not leave_queue(session, who, now)
    assert ask_for_help(session, Need(who), now).id != first.id


def test_helpers_get_whom_they_understand(session, now, learner):
    korean = ask_for_help(session, Need(learner("김"), in_language="ko", device_os="android"), now)
    japanese = ask_for_help(session, Need(learner("花子"), device_os="iphone"), now + timedelta(minutes=1))
    only_japanese = start_duty(session, "甲", ["ja"], ["iphone"], now)
    both = start_duty(session, "乙", ["ja", "ko"], ["android"], now)
    match(session, now)
    assert (korean.tutor_id, japanese.tutor_id) == (both.id, only_japanese.id)


def test_the_wait_is_told_only_when_somebody_helps(session, now, learner):
    tickets = [ask_for_help(session, Need(learner(f"人{n}")), now + timedelta(minutes=n)) for n in range(3)]
    assert place_of(session, tickets[2], now).wait is None
    start_duty(session, "甲", ["ja"], ["iphone"], now)
    assert (place_of(session, tickets[2], now).ahead, place_of(session, tickets[2], now).wait) == (2, timedelta(minutes=30))


def test_what_is_left_at_closing_keeps_its_place(session, now, learner):
    early, late = (ask_for_help(session, Need(learner(f"人{n}")), now + timedelta(minutes=n)) for n in range(2))
    tutor = start_duty(session, "甲", ["ja"], ["iphone"], now)
    match(session, now)
    begin(session, early.id, now)
    assert close_for_today(session, now) == 1
    new = ask_for_help(session, Need(learner("新しい人")), now + timedelta(days=1))
    start_duty(session, "甲", ["ja"], ["iphone"], now + timedelta(days=1))
    assert [one.id for one in match(session, now + timedelta(days=1))] == [early.id]
    assert (early.carried, late.state, new.state, tutor.until) == (1, "carried_over", "open", now)


def test_a_room_is_opened_for_who_asked_to_see_somebody(session, now, learner):
    ticket = ask_for_help(session, Need(learner("花子"), mode="room"), now)
    start_duty(session, "甲", ["ja"], [], now)
    match(session, now)
    assert begin(session, ticket.id, now, make_room=lambda ticket_id: f"/live/{ticket_id[:4]}").room.startswith("/live/")
    assert resolve(session, ticket.id, now).room == ""


def test_help_that_does_not_exist_cannot_begin_or_end(session, now, learner):
    with pytest.raises(TicketUnknown):
        begin(session, "nowhere", now)
    with pytest.raises(TicketUnknown):
        end_duty(session, "nobody", now)
    with pytest.raises(IllegalMove):
        resolve(session, ask_for_help(session, Need(learner("花子")), now).id, now)


def opinions(session, plan, join, now, satisfied, unsatisfied):
    room = plan(room_capacity=30, devices=30)
    for number in range(satisfied + unsatisfied):
        one = join(room, f"人{number}", channel="line")
        arrive(session, one.application_id, "list", now + DAY)
        give_opinion(session, one.application_id, now + DAY, satisfaction=5 if number < satisfied else 1)
    return programme_report(session, now, now + DAY + timedelta(days=1))


def cells(report, table):
    return {row.name: row.value for row in report.tables[table]}


def test_the_report_counts_who_came_and_how_satisfied_they_were(plan, join, session, now):
    report = opinions(session, plan, join, now, 12, 6)
    assert cells(report, "attendance")["came"] == 18
    assert (cells(report, "satisfaction")["5"], cells(report, "satisfaction")["1"]) == (12, 6)


def test_who_has_a_seat_in_a_class_to_come_is_not_counted_as_not_noted(plan, join, session, now):
    room = plan(room_capacity=10)
    for number in range(6):
        join(room, f"人{number}")
    over = now + timedelta(days=20)
    assert cells(programme_report(session, now, over, now), "attendance")["not_noted"] == 0
    assert cells(programme_report(session, now, over), "attendance")["not_noted"] == 6


def test_small_numbers_are_hidden_with_the_one_that_would_give_them_away(plan, join, session, now):
    report = opinions(session, plan, join, now, 12, 2)
    assert (cells(report, "satisfaction")["5"], cells(report, "satisfaction")["1"]) == (None, None)
    assert "5未満" in as_csv(report, {"satisfaction": "満足度"}, "5未満")


def test_the_report_proposes_more_classes_for_queues_and_draws_and_counts_each_person_once(plan, join, session, now):
    first, second = plan(helper_ratio=0), plan(helper_ratio=0)
    lottery = plan(helper_ratio=0, allocation="lottery")
    for number in range(9):
        join(first, f"人{number}")
    for number in (2, 3):  # they wait in both queues of the topic, and one day get a seat in the second
        join(second, f"人{number}")
    assert cells(programme_report(session, now, now + timedelta(days=20)), "extra") == {"電話の使い方": 3}  # five people, two seats
    for number in range(10, 14):
        join(lottery, f"人{number}")
    report = programme_report(session, now, now + timedelta(days=20))
    assert cells(report, "extra") == {"電話の使い方": 4}  # and two of four will lose the draw
    assert "足す回数,電話の使い方,4" in as_csv(report, {"extra": "足す回数"}, "5未満")


def test_fewer_than_five_left_over_are_not_told(plan, join, session, now):
    room = plan(helper_ratio=0)
    for number in range(5):
        join(room, f"人{number}")
    assert cells(programme_report(session, now, now + timedelta(days=20)), "extra") == {"電話の使い方": None}


def test_waits_are_told_as_the_median_of_each_way_in_and_small_groups_are_not(plan, join, session, now):
    """Six on LINE wait from nothing to ten days for a seat; two on the page are too few to be told of."""
    room = plan(room_capacity=1, devices=30)
    join(room, "先", channel="voice")
    waiting = [join(room, f"人{number}", channel="line" if number < 6 else "web") for number in range(8)]
    for days, one in zip((0, 1, 2, 4, 8, 10, 3, 3), waiting, strict=True):
        session.add(
            Notice(kind="confirmed", session_id=room, application_id=one.application_id, until=now + DAY, made_at=now + timedelta(days))
        )
    session.flush()
    report = programme_report(session, now, now + DAY + timedelta(days=1))
    assert {name: cells(report, "waits")[name] for name in ("line", "web")} == {"line": 3, "web": None}


def test_the_report_tells_which_skills_are_kept_after_thirty_days(session, now, learner):
    """Of twelve looked at after a month six are still there; one looked at after ten days does not count."""
    then = now - timedelta(days=40)
    for number in range(13):
        who = learner(f"人{number}")
        note_evidence(session, who, "写真を送る", "teach_back", "alone", "staff", then)
        later = timedelta(days=10 if number == 12 else 31)
        note_evidence(session, who, "写真を送る", "review", "alone" if number < 6 else "not_yet", "self", then + later)
    report = programme_report(session, now - timedelta(days=60), now)
    kept = next(row for row in report.tables["skills"] if row.name == "kept")
    assert (cells(report, "skills")["looked_at"], kept.value, kept.percent) == (12, 6, 50)
