"""Where a volunteer says when they can come and plans a class; without it staff would collect both by telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

from babel.dates import get_day_names
from fastapi import APIRouter, Depends, Form, Request
from holidays import country_holidays
from sqlmodel import Session, col, select
from starlette.responses import RedirectResponse, Response

from inclusion.helpers.post import post_notices
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.written import LOCALES
from lessons import Availability, Course, LessonError, Room, Venue, our_day, team
from lessons.team import WEEKDAYS, ClassClashes, Proposal

from .volunteers import TeamServices, VolunteerDesk, days_off, known
from .words import LessonWords

Typed = Annotated[str, Form(max_length=200)]
Gladness = Literal["available", "preferred"]
HALVES: Final = (("morning", "09:00", "12:00"), ("afternoon", "12:00", "20:00"))
HOURS: Final = tuple(range(9, 18))
TIMES: Final = (1, 2, 4, 8)
A_WEEK: Final = timedelta(days=7)


def volunteer_planning_router(services: TeamServices, pages: Pages) -> APIRouter:
    """/volunteers/{key}/week and /volunteers/{key}/plan."""
    desk = _PlanningDesk(services, pages)
    router = APIRouter(include_in_schema=False, dependencies=[Depends(services.limit)])
    own_forms = [Depends(OwnFormsOnly(services.public_url))]
    router.add_api_route("/volunteers/{key}/week", desk.week, methods=["GET"])
    router.add_api_route("/volunteers/{key}/week", desk.set_week, methods=["POST"], dependencies=own_forms)
    router.add_api_route("/volunteers/{key}/away", desk.away, methods=["POST"], dependencies=own_forms)
    router.add_api_route("/volunteers/{key}/back", desk.back, methods=["POST"], dependencies=own_forms)
    router.add_api_route("/volunteers/{key}/plan", desk.plan, methods=["GET"])
    router.add_api_route("/volunteers/{key}/plan", desk.propose, methods=["POST"], dependencies=own_forms)
    return router


class _PlanningDesk(VolunteerDesk):
    def week(self, request: Request, key: str) -> Response:
        today = self.services.clock().astimezone(self.pages.zone).date()
        with self.services.database.reading() as session:
            volunteer = known(session, key)
            patterns = team.patterns_of(session, [volunteer.id])[volunteer.id]
            away = days_off(session, volunteer, self.words(request), today, self.services.clock())
        values: dict[str, Any] = {"chosen": _chosen(patterns), "away": away, "today": today, "weekdays": WEEKDAYS, "halves": HALVES}
        names = day_names(Reader.of(request).language)
        return self.show(request, "week", key, volunteer, refusal="", day_names=names, **values)

    async def set_week(self, request: Request, key: str) -> Response:
        """The form names every cell MO_morning … SU_afternoon."""
        typed = await request.form()
        wanted: dict[tuple[str, str, str], Gladness] = {}
        for weekday in WEEKDAYS:
            for half, starts, ends in HALVES:
                kind = str(typed.get(f"{weekday}_{half}", ""))
                if kind in ("available", "preferred"):
                    wanted[(weekday, starts, ends)] = "preferred" if kind == "preferred" else "available"
        first = self.services.clock().astimezone(self.pages.zone).date()
        return self.do(request, key, lambda session, volunteer, now: team.set_week(session, volunteer.id, wanted, first))

    def away(self, request: Request, key: str, first: Typed = "", last: Typed = "") -> Response:
        return self.do(request, key, lambda session, volunteer, now: team.note_days(session, volunteer.id, first, last), then="/week")

    def back(self, request: Request, key: str, id: Typed = "") -> Response:
        """Days away are taken back."""
        return self.do(request, key, lambda session, volunteer, now: team.unblock_days(session, volunteer.id, id), then="/week")

    def plan(self, request: Request, key: str) -> Response:
        return self._form(request, key, None)

    def propose(
        self,
        request: Request,
        key: str,
        course: Typed = "",
        room: Typed = "",
        day: Typed = "",
        hour: Annotated[int, Form(ge=0, le=23)] = 10,
        times: Annotated[int, Form(ge=1, le=12)] = 1,
        helpers: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        """Put the class down; with clashes they are all shown, and the nearest free times as buttons."""
        now, wanted_day, wanted = self.services.clock(), our_day(day), None
        venue, _, name = room.partition("/")
        try:
            with self.services.database.writing() as session:
                volunteer = known(session, key)
                if wanted_day is None:
                    raise team.VolunteerIncomplete("day")
                start = datetime.combine(wanted_day, time(hour), self.pages.zone)
                people = (volunteer.id, *[one for one in helpers or () if one != volunteer.id][:5])
                wanted = team.with_room(session, Proposal(course, venue, name, start, helpers=people))
                place = team.propose(session, wanted, closed, now)
                left_out = team.copy_to_series(session, place.id, times, closed, now).left_out if times > 1 else ()
                post_notices(session, self.services.telling, now)
        except LessonError as refused:
            return self._form(request, key, wanted, refused, times)
        self.services.notify()
        if left_out:
            return self._form(request, key, None, left_out=left_out)
        return RedirectResponse(f"/volunteers/{key}?done=1", status_code=303)

    def _form(
        self, request: Request, key: str, wanted: Proposal | None, refused: LessonError | None = None, times: int = 1, left_out: Any = ()
    ) -> Response:
        now, words = self.services.clock(), self.words(request)
        with self.services.database.reading() as session:
            volunteer = known(session, key)
            courses = session.exec(select(Course).order_by(col(Course.code))).all()
            rooms = all_rooms(session)
            others = [one for one in team.all_volunteers(session) if one.id != volunteer.id and one.state == "approved"]
            free = team.nearest_free(session, wanted, closed, now) if wanted and isinstance(refused, ClassClashes) else ()
        clashes = [words.clash(one) for one in refused.clashes] if isinstance(refused, ClassClashes) else []
        other = LessonWords(self.pages, Reader.of(request)).refusal(refused) if refused and not clashes else ""
        usual = now.astimezone(self.pages.zone).date() + A_WEEK
        skipped = [(words.moment(at), [words.clash(one) for one in why]) for at, why in left_out]
        values = {"courses": courses, "rooms": rooms, "others": others, "hours": HOURS, "all_times": TIMES, "times": times, "usual": usual}
        shown = {
            "free": sorted(free, key=lambda one: one.start),
            "clashes": clashes,
            "wanted": wanted,
            "skipped": skipped,
            "refusal": other,
        }
        return self.show(request, "plan", key, volunteer, 422 if refused else 200, **values, **shown)


def closed(day: date) -> bool:
    """Public holidays; venues' own closed days are in the books."""
    return day in country_holidays("JP", years=day.year)


def day_names(language: str) -> dict[str, str]:
    """MO -> 月曜日."""
    named = get_day_names("wide", locale=LOCALES[language])
    return {weekday: named[n] for n, weekday in enumerate(WEEKDAYS)}


def all_rooms(session: Session) -> Sequence[tuple[str, str]]:
    """("hall_a/研修室", "会場A 研修室") for every room; a venue without written rooms offers itself."""
    venues = session.exec(select(Venue).order_by(col(Venue.id))).all()
    rooms = session.exec(select(Room).order_by(col(Room.venue_id), col(Room.name))).all()
    named = {one.venue_id for one in rooms}
    of = {one.id: one.name for one in venues}
    with_rooms = [(f"{one.venue_id}/{one.name}", f"{of[one.venue_id]} {one.name}") for one in rooms]
    return [*with_rooms, *((f"{one.id}/", one.name) for one in venues if one.id not in named)]


def _chosen(patterns: Sequence[Availability]) -> dict[str, str]:
    """Which cell of the form is set to what."""
    halves = {starts: half for half, starts, _ in HALVES}
    found = {}
    for one in patterns:
        weekday = one.event_schedule.removeprefix("FREQ=WEEKLY;BYDAY=")
        if one.kind != "blocked" and weekday in WEEKDAYS and one.starts in halves:
            found[f"{weekday}_{halves[one.starts]}"] = one.kind
    return found


__all__ = ["all_rooms", "closed", "day_names", "volunteer_planning_router"]
