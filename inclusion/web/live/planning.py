"""Events planned by staff: create, change, cancel, host links, tickets one by one; without it rooms would be known by word of mouth."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from accessibility import LANGUAGES
from inclusion.live.events import (
    HELP_ROOM,
    MODES,
    OPEN_STATES,
    CapacityUnclear,
    EventPlan,
    EventUnknown,
    LiveRefused,
    TimesWrong,
    cancel_event,
    change_event,
    event_of,
    events_from,
    open_event,
    plan_event,
)
from inclusion.live.hosts import hosts_of, make_host, move_hosts, revoke_host
from inclusion.live.tables import LiveEvent, LiveHost
from inclusion.live.tickets import AFTER_END, make_tickets, places_left, revoke_ticket, tickets_of
from inclusion.staff.accounts import ADMIN, Staff
from inclusion.staff.audit import record
from inclusion.web.errors import NotFound
from inclusion.web.numbered import Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.staff.session import StaffDoor, StaffServices
from inclusion.web.typed_text import whole_number
from lessons import our_moment

from .book import LiveBook, host_link
from .stage import LiveStage

Typed = Annotated[str, Form(max_length=200)]
MOST_PLACES: Final = 100_000
Count = Annotated[int, Form(ge=0, le=MOST_PLACES)]
Deed = Callable[[Session, datetime], object]
LOOKS_BACK: Final = timedelta(days=7)


def live_planning_router(services: StaffServices, pages: Pages, stage: LiveStage) -> APIRouter:
    """Everything under /staff/live/events."""
    door = StaffDoor.of(services)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    if stage.book is not None:
        desk = _PlanDesk(services, pages, door, stage, stage.book)
        _add_plans(router, desk)
        _add_tickets(router, desk)
        _add_hosts(router, desk)
    return router


class _PlanDesk:
    """What the routes share."""

    def __init__(self, services: StaffServices, pages: Pages, door: StaffDoor, stage: LiveStage, book: LiveBook) -> None:
        self.services, self.pages, self.door, self.stage, self.book = services, pages, door, stage, book
        self.own_forms = [Depends(OwnFormsOnly(services.public_url))]

    def list_page(self, request: Request, staff: Staff, error: str = "") -> Response:
        with self.services.database.reading() as session:
            found = events_from(session, self.services.clock() - LOOKS_BACK)
        events = [one for one in found if not one.room.startswith(HELP_ROOM)]
        return self._page(request, staff, "events", error, events=events)

    def event_page(self, request: Request, staff: Staff, number: int, error: str = "") -> Response:
        now = self.services.clock()
        with self.services.database.reading() as session:
            try:
                event = event_of(session, number)
            except EventUnknown:
                raise NotFound from None
            tickets, left = tickets_of(session, number), places_left(session, event, now)
            hosts = [(one, self._host_link(event, one)) for one in hosts_of(session, event.room)]
        base = f"{self.services.public_url}/live/{event.room}"
        links = {one.number: f"{base}?key={self.book.keys.key(one.number or 0)}" for one in tickets}
        return self._page(request, staff, "event", error, event=event, tickets=tickets, left=left, links=links, viewers=base, hosts=hosts)

    def do(self, request: Request, staff: Staff, key: str, number: int, action: str, deed: Deed) -> Response:
        """One change in one transaction with its entry in the audit; a refusal is shown on the event's page."""
        self.door.check_form(request, key)
        try:
            with self.services.database.writing() as session:
                deed(session, self.services.clock())
                self._note(session, staff, action, number)
        except LiveRefused as refused:
            return self.event_page(request, staff, number, self._sentence(request, refused))
        self.book.refresh()
        self.book.changed()
        return RedirectResponse(f"/staff/live/events/{number}?done=1", status_code=303)

    def create(self, request: Request, staff: Staff, key: str, values: dict[str, Any]) -> Response:
        self.door.check_form(request, key)
        try:
            with self.services.database.writing() as session:
                now = self.services.clock()
                event = plan_event(session, self.plan(values), now)
                if event.mode == "pair":
                    make_tickets(session, event.number or 0, event.capacity, now)
                new_host(session, event.number or 0, now)
                self._note(session, staff, "plan", event.number or 0)
        except LiveRefused as refused:
            return self.list_page(request, staff, self._sentence(request, refused))
        self.book.refresh()
        return RedirectResponse(f"/staff/live/events/{event.number}?done=1", status_code=303)

    def plan(self, values: dict[str, Any]) -> EventPlan:
        """Raises TimesWrong, CapacityUnclear."""
        start, end = (self._moment(values[name]) for name in ("start", "end"))
        if values["capacity"] is None or values["capacity"] > MOST_PLACES:
            raise CapacityUnclear
        rest = {name: value for name, value in values.items() if name not in ("start", "end")}
        return EventPlan(start_at=start, end_at=end, languages=LANGUAGES, **rest)

    def _page(self, request: Request, staff: Staff, name: str, error: str, **values: Any) -> Response:
        reader = Reader.of(request)
        shown = {"staff": staff, "is_admin": staff.may(ADMIN), "form_key": self.door.form_key(request), "error": error}
        notice = "staff.live.done" if "done" in request.query_params else ""
        tools = {"moment": lambda at: self.pages.moment(reader, at), "local": self._local, "languages": LANGUAGES, "modes": MODES}
        return self.pages.render(f"live/staff_{name}.html", reader, 422 if error else 200, notice=notice, **shown, **tools, **values)

    def _host_link(self, event: LiveEvent, host: LiveHost) -> str:
        now = self.services.clock()
        if event.state not in OPEN_STATES or host.revoked_at is not None or host.expires_at <= now:
            return ""
        ticket = self.stage.gate.issue(event.room, "host", now, host.expires_at - now, host.seat, host_link(event.number or 0))
        return f"{self.services.public_url}/live/{event.room}/host?ticket={ticket}"

    def _moment(self, typed: str) -> datetime:
        at = our_moment(typed, self.pages.zone)
        if at is None:
            raise TimesWrong
        return at

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self.pages.zone):%Y-%m-%dT%H:%M}"

    def _note(self, session: Session, staff: Staff, action: str, number: int) -> None:
        record(session, at=self.services.clock(), staff_id=staff.id, action=f"live.{action}", subject_kind="event", subject_id=str(number))

    def _sentence(self, request: Request, refused: LiveRefused) -> str:
        return self.pages.say(Reader.of(request), refused.message_id, **refused.values())


def new_host(session: Session, number: int, now: datetime) -> None:
    """One more link for the host of an event, good as long as its tickets. Raises LiveRefused."""
    event = open_event(session, number)
    make_host(session, event.room, now, event.end_at + AFTER_END)


def changed(session: Session, number: int, plan: EventPlan) -> None:
    event = change_event(session, number, plan)
    move_hosts(session, event.room, event.end_at + AFTER_END)


async def _typed(request: Request) -> dict[str, Any]:
    """The plan's fields; the languages' names are as many as the town has tongues."""
    form = await request.form()
    text = {name: str(value)[:200] for name, value in form.items()}
    return {
        "names": {one: text.get(f"name_{one}", "") for one in LANGUAGES},
        "start": text.get("start", ""),
        "end": text.get("end", ""),
        "place": text.get("place", ""),
        "mode": text.get("mode", "festival"),
        "by_ticket": text.get("entry") == "ticket",
        "capacity": whole_number(text.get("capacity") or "0"),
        "room": text.get("room", ""),
    }


Planned = Annotated[dict[str, Any], Depends(_typed)]


def _add_plans(router: APIRouter, desk: _PlanDesk) -> None:
    signed_in = Annotated[Staff, Depends(desk.door.signed_in_staff)]

    @router.get("/staff/live/events")
    def planned(request: Request, staff: signed_in) -> Response:
        return desk.list_page(request, staff)

    @router.post("/staff/live/events", dependencies=desk.own_forms)
    def create(request: Request, staff: signed_in, values: Planned, key: Typed = "") -> Response:
        return desk.create(request, staff, key, values)

    @router.get("/staff/live/events/{number}")
    def one(request: Request, staff: signed_in, number: Number) -> Response:
        return desk.event_page(request, staff, number)

    @router.post("/staff/live/events/{number}", dependencies=desk.own_forms)
    def change(request: Request, staff: signed_in, number: Number, values: Planned, key: Typed = "") -> Response:
        return desk.do(request, staff, key, number, "change", lambda session, _now: changed(session, number, desk.plan(values)))

    @router.post("/staff/live/events/{number}/cancel", dependencies=desk.own_forms)
    def cancel(request: Request, staff: signed_in, number: Number, key: Typed = "") -> Response:
        return desk.do(request, staff, key, number, "cancel", lambda session, _now: cancel_event(session, number))


def _add_hosts(router: APIRouter, desk: _PlanDesk) -> None:
    signed_in = Annotated[Staff, Depends(desk.door.signed_in_staff)]

    @router.post("/staff/live/events/{number}/hosts", dependencies=desk.own_forms)
    def hosts(request: Request, staff: signed_in, number: Number, key: Typed = "") -> Response:
        return desk.do(request, staff, key, number, "host", lambda session, now: new_host(session, number, now))

    @router.post("/staff/live/events/{number}/hosts/{host}/revoke", dependencies=desk.own_forms)
    def revoke_host_link(request: Request, staff: signed_in, number: Number, host: Number, key: Typed = "") -> Response:
        def deed(session: Session, now: datetime) -> None:
            revoke_host(session, host, now, event_of(session, number).room)

        return desk.do(request, staff, key, number, "host.revoke", deed)


def _add_tickets(router: APIRouter, desk: _PlanDesk) -> None:
    signed_in = Annotated[Staff, Depends(desk.door.signed_in_staff)]

    @router.post("/staff/live/events/{number}/tickets", dependencies=desk.own_forms)
    def tickets(request: Request, staff: signed_in, number: Number, count: Count = 1, key: Typed = "") -> Response:
        return desk.do(request, staff, key, number, "tickets", lambda session, now: make_tickets(session, number, count, now))

    @router.post("/staff/live/events/{number}/tickets/{ticket}/revoke", dependencies=desk.own_forms)
    def revoke(request: Request, staff: signed_in, number: Number, ticket: Number, key: Typed = "") -> Response:
        return desk.do(request, staff, key, number, "revoke", lambda session, now: revoke_ticket(session, number, ticket, now))
