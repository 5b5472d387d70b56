"""Where staff turn what we could not answer into what we can; without it every missing word would need a programmer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.learning import learned
from inclusion.learning.learned import AdditionGone, TownAddition
from inclusion.learning.nearest import name_of
from inclusion.learning.teaching import Teaching, addition
from inclusion.staff.accounts import Staff
from inclusion.web.errors import NotFound
from inclusion.web.numbered import MOST, Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly

from .session import StaffDoor, StaffServices

LONGEST_WORD: Final = 80
LONGEST_BODY: Final = 1200
NOTICES: Final = ("taught", "drafted", "published", "out_of_scope", "undone")
LIST: Final = "/staff/questions"
Typed = Annotated[str, Form(max_length=4000)]


@dataclass(frozen=True, slots=True)
class TeachingPages:
    services: StaffServices
    pages: Pages
    teaching: Teaching
    door: StaffDoor
    notify: Callable[[], None]

    def show(self, request: Request, name: str, staff: Staff, error: str = "", **values: Any) -> Response:
        """A staff page of ours; with an error its sentence stands on top and the status is 422."""
        done = request.query_params.get("done", "")
        told = f"staff.questions.done.{done}" if done in NOTICES else ""
        return self.pages.render(
            f"staff/{name}.html",
            Reader.of(request),
            422 if error else 200,
            **self.door.shown(request, staff, self.pages.say(Reader.of(request), error) if error else "", told),
            **values,
        )


def teaching_router(services: StaffServices, pages: Pages, teaching: Teaching, notify: Callable[[], None]) -> APIRouter:
    """/staff/questions for clerks. `notify` wakes the courier when somebody is to be told."""
    door = StaffDoor.of(services)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    desk = TeachingPages(services, pages, teaching, door, notify)
    _add_list(router, desk)
    _add_lessons(router, desk)
    _add_drafts(router, desk)
    return router


def _add_list(router: APIRouter, desk: TeachingPages) -> None:
    clerk = Annotated[Staff, Depends(desk.door.needs_role("clerk"))]

    @router.get(LIST)
    def questions(request: Request, staff: clerk) -> Response:
        return _list_page(desk, request, staff)

    @router.post(LIST + "/{number}/undoing", dependencies=[Depends(OwnFormsOnly(desk.services.public_url))])
    def undo(request: Request, staff: clerk, number: Number, key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        try:
            desk.teaching.undo(number, staff.id)
        except AdditionGone as gone:
            return _list_page(desk, request, staff, gone.message_id)
        return _see("undone")


def _add_lessons(router: APIRouter, desk: TeachingPages) -> None:
    clerk = Annotated[Staff, Depends(desk.door.needs_role("clerk"))]
    own_forms = [Depends(OwnFormsOnly(desk.services.public_url))]

    @router.post(LIST + "/alias", dependencies=own_forms)
    def alias(request: Request, staff: clerk, numbers: Typed = "", word: Typed = "", target: Typed = "", key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        said, wanted = _clean(word), _clean(target)
        if not said or len(said) > LONGEST_WORD:
            return _list_page(desk, request, staff, "staff.questions.error.word")
        if not name_of(desk.teaching.growing.renew().town, wanted):
            return _list_page(desk, request, staff, "staff.questions.error.target")
        return _taught(desk, staff, "alias", said, numbers, wanted)

    @router.post(LIST + "/out-of-scope", dependencies=own_forms)
    def out_of_scope(request: Request, staff: clerk, numbers: Typed = "", word: Typed = "", key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        said = _clean(word)
        return (
            _taught(desk, staff, "out_of_scope", said, numbers) if said else _list_page(desk, request, staff, "staff.questions.error.word")
        )


def _add_drafts(router: APIRouter, desk: TeachingPages) -> None:
    clerk = Annotated[Staff, Depends(desk.door.needs_role("clerk"))]
    own_forms = [Depends(OwnFormsOnly(desk.services.public_url))]

    @router.post(LIST + "/drafts", dependencies=own_forms)
    def draft(request: Request, staff: clerk, numbers: Typed = "", word: Typed = "", key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        said = _clean(word)
        return _taught(desk, staff, "draft", said, numbers) if said else _list_page(desk, request, staff, "staff.questions.error.word")

    @router.get(LIST + "/drafts/{number}")
    def write(request: Request, staff: clerk, number: Number) -> Response:
        return _draft_page(desk, request, staff, number)

    @router.post(LIST + "/drafts/{number}", dependencies=own_forms)
    def publish(
        request: Request, staff: clerk, number: Number, title: Typed = "", body: Typed = "", source: Typed = "", key: Typed = ""
    ) -> Response:
        desk.door.check_form(request, key)
        return _published(desk, request, staff, number, _clean(title), body.replace("\x00", "").replace("\r\n", "\n").strip(), source)


def _taught(desk: TeachingPages, staff: Staff, kind: str, word: str, numbers: str, target: str = "") -> Response:
    teaching = desk.teaching
    understanding, now = teaching.growing.renew(), teaching.clock()
    one = addition(kind, word, target, understanding, staff.id, now, title=word if kind == "draft" else "")
    made = teaching.teach(one, _numbers(numbers))
    desk.notify()
    if kind == "draft":
        return RedirectResponse(f"{LIST}/drafts/{made.number}?done=drafted", status_code=303)
    return _see("out_of_scope" if kind == "out_of_scope" else "taught")


def _published(desk: TeachingPages, request: Request, staff: Staff, number: int, title: str, body: str, source: str) -> Response:
    typed = {"title": title, "body": body, "source": source}
    if not title or not body or len(body) > LONGEST_BODY:
        return _draft_page(desk, request, staff, number, "staff.questions.error.body", typed)
    if source not in desk.teaching.growing.renew().town.sources:
        return _draft_page(desk, request, staff, number, "staff.questions.error.source", typed)
    try:
        desk.teaching.publish(number, title, body, source, staff.id)
    except AdditionGone as gone:
        return _list_page(desk, request, staff, gone.message_id)
    desk.notify()
    return _see("published")


def _list_page(desk: TeachingPages, request: Request, staff: Staff, error: str = "") -> Response:
    clusters, town = desk.teaching.work_list(), desk.teaching.growing.renew().town
    with desk.services.database.reading() as session:
        taught = [one for one in learned.additions(session) if one.kind in learned.IN_FORCE]
        drafts = [one for one in learned.additions(session) if one.kind == "draft"]
    names = {one.target: name_of(town, one.target) for one in taught}
    return desk.show(request, "questions", staff, error, clusters=clusters, taught=taught, drafts=drafts, names=names, longest=LONGEST_WORD)


def _draft_page(
    desk: TeachingPages, request: Request, staff: Staff, number: int, error: str = "", typed: dict[str, str] | None = None
) -> Response:
    draft = _draft(desk, number)
    town = desk.teaching.growing.renew().town
    shown = typed or {"title": draft.title, "body": draft.body, "source": draft.source}
    return desk.show(request, "question_draft", staff, error, draft=draft, typed=shown, sources=town.sources, longest=LONGEST_BODY)


def _draft(desk: TeachingPages, number: int) -> TownAddition:
    with desk.services.database.reading() as session:
        try:
            found = learned.addition(session, number)
        except AdditionGone:
            raise NotFound from None
    if found.kind != "draft":
        raise NotFound
    return found


def _numbers(text: str) -> Sequence[int]:
    return [int(part) for part in text.split(",")[:400] if part.isascii() and part.strip().isdigit() and len(part) < len(str(MOST))]


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _see(done: str) -> RedirectResponse:
    return RedirectResponse(f"{LIST}?done={done}", status_code=303)
