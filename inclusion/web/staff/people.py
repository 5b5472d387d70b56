"""Where staff help those who asked for a person, and where a resident leaves a number; without it 「人に聞く」 would lead nowhere."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion import handover
from inclusion.desk import Desk
from inclusion.handover import HelpTicket, TicketGone
from inclusion.quiet_hours import OfficeHours
from inclusion.staff.accounts import Staff
from inclusion.staff.audit import record
from inclusion.web.errors import NotFound
from inclusion.web.numbered import Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.written import slot_words

from .session import StaffDoor, StaffServices

LONGEST_REPLY: Final = 1000
PHONE: Final = re.compile(r"\+?\d[\d\-()\s]{8,16}")
SLOTS_SHOWN: Final = 6
PICTURES: Final = ("bot.png", "staff.png")
NOTICES: Final = ("replied", "finished")
Typed = Annotated[str, Form(max_length=4000)]


@dataclass(frozen=True, slots=True)
class HelpPages:
    services: StaffServices
    pages: Pages
    desk: Desk
    door: StaffDoor
    notify: Callable[[], None]

    def show(self, request: Request, name: str, staff: Staff, error: str = "", **values: Any) -> Response:
        """A staff page of ours; with an error its sentence stands on top."""
        done = request.query_params.get("done", "")
        return self.pages.render(
            f"staff/{name}.html",
            Reader.of(request),
            422 if error else 200,
            **self.door.shown(request, staff, error, f"staff.done.{done}" if done in NOTICES else ""),
            **values,
        )

    def say(self, request: Request, message_id: str, **values: object) -> str:
        return self.pages.say(Reader.of(request), message_id, **values)

    @property
    def now(self) -> datetime:
        return self.services.clock()


def people_router(services: StaffServices, pages: Pages, desk: Desk, notify: Callable[[], None]) -> APIRouter:
    """/staff/help for clerks, /call-back/{token} for the resident who holds the token. `notify` wakes the courier."""
    door = StaffDoor.of(services)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    help_pages = HelpPages(services, pages, desk, door, notify)
    _add_staff(router, help_pages)
    _add_call_back(router, help_pages)
    _add_pictures(router)
    return router


def _add_staff(router: APIRouter, help_pages: HelpPages) -> None:
    clerk = Annotated[Staff, Depends(help_pages.door.needs_role("clerk"))]
    own_forms = [Depends(OwnFormsOnly(help_pages.services.public_url))]

    @router.get("/staff/help")
    def everyone(request: Request, staff: clerk) -> Response:
        with help_pages.services.database.reading() as session:
            tickets = [one for one in handover.open_tickets(session) if one.account_id or one.phone]
            words = handover.first_words(session, [one.number or 0 for one in tickets])
        return help_pages.show(request, "people_to_help", staff, tickets=tickets, words=words)

    @router.get("/staff/help/{number}")
    def one(request: Request, staff: clerk, number: Number) -> Response:
        return _ticket_page(help_pages, request, staff, number)

    @router.post("/staff/help/{number}/reply", dependencies=own_forms)
    def reply(request: Request, staff: clerk, number: Number, text: Typed = "", key: Typed = "") -> Response:
        help_pages.door.check_form(request, key)
        return _reply(help_pages, request, staff, number, text.replace("\x00", "").strip())

    @router.post("/staff/help/{number}/closing", dependencies=own_forms)
    def finish(request: Request, staff: clerk, number: Number, key: Typed = "") -> Response:
        help_pages.door.check_form(request, key)
        return _finish(help_pages, staff, number)


def _add_call_back(router: APIRouter, help_pages: HelpPages) -> None:
    own_forms = [Depends(OwnFormsOnly(help_pages.services.public_url))]

    @router.get("/call-back/{token}")
    def ask(request: Request, token: str) -> Response:
        return _call_back_page(help_pages, request, token)

    @router.post("/call-back/{token}", dependencies=own_forms)
    def keep(request: Request, token: str, phone: Typed = "", slot: Typed = "") -> Response:
        return _keep_number(help_pages, request, token, phone, slot)


def _add_pictures(router: APIRouter) -> None:
    """The faces beside our messages in LINE: whether the bot or a person speaks is seen before it is read."""
    static = files("inclusion.web") / "static"
    drawn = {name: (static / name).read_bytes() for name in PICTURES}

    @router.get("/pictures/{name}")
    def picture(name: str) -> Response:
        if name not in drawn:
            raise NotFound()
        return Response(drawn[name], media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


def _ticket_page(help_pages: HelpPages, request: Request, staff: Staff, number: int, error: str = "", typed: str = "") -> Response:
    """The transcript. That somebody read it is written down."""
    with help_pages.services.database.writing() as session:
        ticket = session.get(HelpTicket, number)
        if ticket is None or ticket.state == "closed":
            return _see("/staff/help")
        lines = handover.lines_of(session, number)
        _witness(session, help_pages.now, staff, "help.read", number)
    tried = [line.text for line in lines if line.who == "bot" and line.text]
    name = help_pages.say(request, "help.staff_name", town=help_pages.desk.town.name)
    values = {"ticket": ticket, "lines": lines, "tried": tried, "office": name, "typed": typed, "longest": LONGEST_REPLY}
    return help_pages.show(request, "people_to_help_one", staff, error, **values)


def _reply(help_pages: HelpPages, request: Request, staff: Staff, number: int, text: str) -> Response:
    wrong = "staff.help.empty" if not text else "staff.help.long" if len(text) > LONGEST_REPLY else ""
    if wrong:
        return _ticket_page(help_pages, request, staff, number, help_pages.say(request, wrong, most=LONGEST_REPLY), text)
    try:
        with help_pages.services.database.writing() as session:
            sent = help_pages.desk.reply(session, number, staff.id, text, help_pages.now)
            _witness(session, help_pages.now, staff, "help.reply", number)
    except TicketGone:
        return _see("/staff/help")
    if not sent:
        return _ticket_page(help_pages, request, staff, number, help_pages.say(request, "staff.help.no_chat"), text)
    help_pages.notify()
    return _see(f"/staff/help/{number}?done=replied")


def _finish(help_pages: HelpPages, staff: Staff, number: int) -> Response:
    try:
        with help_pages.services.database.writing() as session:
            help_pages.desk.finish(session, number, help_pages.now)
            _witness(session, help_pages.now, staff, "help.close", number)
    except TicketGone:
        return _see("/staff/help")
    help_pages.notify()
    return _see("/staff/help?done=finished")


def _call_back_page(
    help_pages: HelpPages,
    request: Request,
    token: str,
    problems: Mapping[str, str] = MappingProxyType({}),
    typed: Mapping[str, str] = MappingProxyType({}),
    done: str = "",
) -> Response:
    """`problems`: what is wrong with "slot" and "phone"; `typed`: what was given for them, which nobody has to give again."""
    with help_pages.services.database.reading() as session:
        ticket = handover.by_token(session, token)
    slots = _hours(help_pages).slots(help_pages.now, SLOTS_SHOWN)
    if ticket is not None and ticket.call_back_at is not None:
        slots = (ticket.call_back_at.astimezone(help_pages.desk.town.timezone),)
    status = 404 if ticket is None else 422 if problems else 200
    values = {"ticket": ticket, "slots": slots, "problems": problems, "typed": typed, "done": done, "token": token}
    return help_pages.pages.render("people_call_back.html", Reader.of(request), status=status, **values)


def _keep_number(help_pages: HelpPages, request: Request, token: str, phone: str, slot: str) -> Response:
    """The number and the time are kept together, in our own database and nowhere else."""
    number = unicodedata.normalize("NFKC", phone).replace("ー", "-").replace("−", "-").strip()
    chosen = next((one for one in _offered(help_pages, token) if one.isoformat() == slot), None)
    wrong = {"slot": "help.page.choose" if chosen is None else "", "phone": "" if PHONE.fullmatch(number) else "help.page.wrong"}
    problems = {field: help_pages.say(request, message) for field, message in wrong.items() if message}
    if chosen is None or problems:
        return _call_back_page(help_pages, request, token, problems, {"slot": slot, "phone": phone})
    with help_pages.services.database.writing() as session:
        ticket = handover.by_token(session, token)
        if ticket is not None:
            ticket.phone, ticket.call_back_at, ticket.last_at = number, chosen, help_pages.now
            session.add(ticket)
    when = help_pages.say(request, "help.slot_label", **slot_words(chosen, Reader.of(request).language))
    return _call_back_page(help_pages, request, token, done=help_pages.say(request, "help.page.done", when=when))


def _offered(help_pages: HelpPages, token: str) -> tuple[datetime, ...]:
    with help_pages.services.database.reading() as session:
        ticket = handover.by_token(session, token)
    if ticket is None:
        return ()
    zone = help_pages.desk.town.timezone
    return (ticket.call_back_at.astimezone(zone),) if ticket.call_back_at else _hours(help_pages).slots(help_pages.now, SLOTS_SHOWN)


def _hours(help_pages: HelpPages) -> OfficeHours:
    town = help_pages.desk.town
    return OfficeHours.of(town.contacts[town.help_contact], town.timezone)


def _witness(session: Any, now: datetime, staff: Staff, action: str, number: int) -> None:
    record(session, at=now, staff_id=staff.id, action=action, subject_kind="help", subject_id=str(number))


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)
