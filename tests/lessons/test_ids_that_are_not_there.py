"""A form of staff that names something which is not there (gone since the page was opened, or mistyped) says so; nothing is called done."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from inclusion.staff.audit import AuditEntry
from inclusion.web.platform import clock
from lessons import Notice, ScheduledSession, Venue, new_feed
from lessons.feeds import has_feed
from lessons.learning_tables import SkillEvidence

from .test_day_pages import press, today
from .test_pages import app, apply, clerk, first_class, platform, visitor

__all__ = ["app", "clerk", "platform", "today", "visitor"]
PLACES, ROSTER, TUTORING, TEAM = "/staff/places", "/staff/roster", "/staff/tutoring", "/staff/volunteers"
GONE = [
    (PLACES, f"{PLACES}/away", {"kind": "closure", "row": "x"}),
    (PLACES, f"{PLACES}/away", {"kind": "devices", "row": "x"}),
    (PLACES, f"{PLACES}/away", {"kind": "room", "row": "x"}),
    (PLACES, f"{PLACES}/rooms", {"venue": "x", "name": "部屋", "capacity": "3"}),
    (PLACES, f"{PLACES}/devices", {"venue": "x", "name": "貸出機", "system": "iphone", "quantity": "3"}),
    (PLACES, f"{PLACES}/closures", {"venue": "x", "first": "2099-12-01"}),
    (PLACES, f"{PLACES}/calendars", {"venue": "x", "step": "new"}),
    (PLACES, f"{PLACES}/calendars", {"venue": "", "step": "end"}),
    (PLACES, f"{PLACES}/topics", {"code": "x"}),
    (ROSTER, f"{ROSTER}/told/x", {}),
    (ROSTER, f"{ROSTER}/x", {"step": "publish"}),
    (ROSTER, f"{ROSTER}/proposals/x", {"step": "publish"}),
    (TEAM, f"{TEAM}/x/state", {"step": "forgotten"}),
    (TEAM, f"{TEAM}/x/state", {"step": "approved"}),
    (TEAM, f"{TEAM}/x/address", {}),
    (TEAM, f"{TEAM}/x/away", {"first": "2099-12-01"}),
    (TUTORING, f"{TUTORING}/begin/x", {}),
    (TUTORING, f"{TUTORING}/resolve/x", {}),
    (TUTORING, f"{TUTORING}/left/x", {}),
    (TUTORING, f"{TUTORING}/home/x", {}),
    (TUTORING, f"{TUTORING}/talk/x", {"text": "はい"}),
]


def noted(platform):
    with platform.database.reading() as session:
        return session.exec(select(AuditEntry.number).order_by(col(AuditEntry.number).desc())).first()


@pytest.mark.parametrize(("page", "form", "fields"), GONE)
def test_what_is_not_there_is_refused_in_words_and_not_noted_as_done(clerk, platform, page, form, fields):
    clerk.get(page)
    before = noted(platform)
    answer = press(clerk, page, form, **fields)
    assert answer.status_code in (404, 422) and "done=1" not in str(answer.url)
    assert answer.status_code == 404 or 'role="alert"' in answer.text
    assert noted(platform) == before


@pytest.mark.parametrize("step", ["accept", "cancel", "out", "decline", "back"])
@pytest.mark.parametrize("which", ["x", "of another class"])
def test_a_person_who_is_not_in_this_class_is_not_moved_from_its_page(clerk, visitor, platform, today, step, which):
    room, _ = today
    page = f"/staff/lessons/{room}"
    other = "x" if which == "x" else of_another_class(platform, visitor, room)
    answer = press(clerk, page, f"{page}/people/{other}", step=step)
    assert answer.status_code == 422 and "見つかりません" in answer.text


@pytest.mark.parametrize("step", ["arrive", "excuse", "opinion", "shown"])
def test_nor_is_anything_noted_for_them_on_the_day(clerk, platform, today, step):
    day = f"/staff/lessons/{today[0]}/day"
    answer = press(clerk, day, f"{day}/x", step=step, value="3")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_skill_that_the_class_does_not_teach_is_not_noted(clerk, platform, today):
    room, application = today
    day = f"/staff/lessons/{room}/day"
    press(clerk, day, f"{day}/{application}", step="arrive")
    assert press(clerk, day, f"{day}/{application}", step="shown", value="飛行機の操縦").status_code == 422
    with platform.database.reading() as session:
        assert session.exec(select(SkillEvidence).where(SkillEvidence.skill == "飛行機の操縦")).all() == []


def test_news_that_is_not_there_is_not_told_and_control_news_that_is_there_is(clerk, visitor, platform):
    room = first_class(platform)
    page = f"/staff/lessons/{room}"
    assert press(clerk, page, f"{page}/told", notice="x").status_code == 422
    with platform.database.reading() as session:
        notice = session.exec(select(Notice.id).where(col(Notice.told_at).is_(None))).first()
    assert notice is None or press(clerk, page, f"{page}/told", notice=notice).status_code == 200


def test_the_calendar_of_one_venue_ends_and_those_of_others_stay(platform):
    with platform.database.writing() as session:
        session.add_all([Venue(id="gym", name="会館"), Venue(id="gym_b", name="別館")])
        session.flush()
        for venue in ("gym", "gym_b"):
            new_feed(session, "venue", venue, clock())
        new_feed(session, "venue", "gym", clock())
        assert has_feed(session, "venue", "gym_b") and has_feed(session, "venue", "gym")


def of_another_class(platform, visitor, room):
    with platform.database.reading() as session:
        ahead = select(ScheduledSession.id).where(
            ScheduledSession.state == "published", ScheduledSession.start_date > clock(), ScheduledSession.id != room
        )
        other = session.exec(ahead.order_by(col(ScheduledSession.start_date).desc())).first()
    return apply(visitor, other, 977).url.path.rsplit("/", 1)[1]
