"""The programme report as a page with charts and as a spreadsheet; without it the council would get a folder of lists."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from inclusion.staff.accounts import Staff
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.staff.session import StaffDoor, StaffServices
from lessons import FIRST_DAY, LAST_DAY
from lessons.reports import Report, Row, as_csv, programme_report

Day = Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY)]
USUAL_DAYS: Final = 92


def lesson_report_router(services: StaffServices, pages: Pages) -> APIRouter:
    """/staff/report and /staff/report.csv; `since` and `until` are days."""
    door = StaffDoor.of(services)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    signed_in = Annotated[Staff, Depends(door.signed_in_staff)]

    @router.get("/staff/report")
    def page(request: Request, staff: signed_in, since: Day | None = None, until: Day | None = None) -> Response:
        report, reader = _counted(services, pages, since, until), Reader.of(request)
        words = _Words(pages, reader)
        bars = {name: words.bars(rows) for name, rows in report.tables.items()}
        shown: dict[str, Any] = door.shown(request, staff)
        period = (report.since.astimezone(pages.zone).date().isoformat(), report.until.astimezone(pages.zone).date().isoformat())
        return pages.render("lessons/staff_report.html", reader, report=report, bars=bars, line=words.line, period=period, **shown)

    @router.get("/staff/report.csv")
    def sheet(request: Request, staff: signed_in, since: Day | None = None, until: Day | None = None) -> Response:
        report, words = _counted(services, pages, since, until), _Words(pages, Reader.of(request))
        text = as_csv(report, words.names(report), words.hidden)
        headers = {"Content-Disposition": 'attachment; filename="programme-report.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _counted(services: StaffServices, pages: Pages, since: date | None, until: date | None) -> Report:
    """The last quarter and the month to come, unless other days are asked for."""
    now = services.clock()
    today = now.astimezone(pages.zone).date()
    first, last = since or today - timedelta(days=USUAL_DAYS), until or today + timedelta(days=31)
    with services.database.reading() as session:
        return programme_report(session, _midnight(first, pages), _midnight(last, pages), now)


class _Words:
    """Tables and lines in the reader's words, and bars beside the numbers."""

    def __init__(self, pages: Pages, reader: Reader) -> None:
        self._pages, self._reader = pages, reader
        self.hidden = pages.say(reader, "staff.report.hidden")

    def title(self, table: str) -> str:
        return self._pages.say(self._reader, f"staff.report.{table}")

    def names(self, report: Report) -> dict[str, str]:
        """Every table and line by its key, for the spreadsheet."""
        found = {name: self.title(name) for name in report.tables}
        lines = {f"{table}.{row.name}": self.line(table, row.name) for table, rows in report.tables.items() for row in rows}
        return {**found, **lines}

    def line(self, table: str, name: str) -> str:
        """A channel we do not know (a town's own) keeps its name, and so does a topic."""
        known = table in ("channels", "waits") and name not in ("line", "telegram", "web", "phone", "api")
        group = {"waits": "channels", "waits_by_age": "ages"}.get(table, table)
        return name if known or table == "extra" else self._pages.say(self._reader, f"staff.report.{group}.{name}")

    def bars(self, rows: Sequence[Row]) -> dict[str, Markup]:
        """A bar for each line that has a number; it stands beside that number, so nothing is told by its length alone."""
        most = max((row.value or 0 for row in rows), default=0) or 1
        shape = '<svg class="chart" aria-hidden="true"><rect width="{}%" height="100%" rx="4"/></svg>'
        return {row.name: Markup(shape).format(round(100 * row.value / most)) for row in rows if row.value}  # noqa: S704 - ours


def _midnight(day: date, pages: Pages) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=pages.zone).astimezone(UTC)
