"""Where staff decide how a doubtful word is read; without it a wrong reading would wait for whoever edits the town's folder."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import jaconv
from fastapi import APIRouter, Depends, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from inclusion.learning import learned
from inclusion.learning.learned import AdditionGone
from inclusion.learning.teaching import Teaching
from inclusion.municipalities import Town
from inclusion.staff.accounts import Staff
from inclusion.web.numbered import Number
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.town_readings import PHONES, numbers_together

from .reading_review import DoubtfulReading, ReadingReview
from .session import StaffDoor, StaffServices

LIST: Final = "/staff/readings"
AT_ONCE: Final = 15
LONGEST: Final = 40
PATIENCE_S: Final = 8.0
KANJI: Final = re.compile(r"[㐀-鿿豈-﫿々〆ヶ]")
KANA: Final = re.compile(r"[ぁ-ゖー]{1,80}")
WHERE: Final = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
NOTICES: Final = ("decided", "undone")
Typed = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class ReadingPages:
    services: StaffServices
    pages: Pages
    teaching: Teaching
    review: ReadingReview
    town: Town
    door: StaffDoor

    def show(self, request: Request, staff: Staff, error: str = "", **typed: str) -> Response:
        """The list; with an error its sentence stands on top, what was typed stays, and the status is 422."""
        with self.services.database.reading() as session:
            decided = [one for one in learned.additions(session) if one.kind == learned.READING]
        settled = {one.word for one in decided}
        ready = self.review.ready(PATIENCE_S)
        open_ones = [one for one in self._doubts() if one.written not in settled] if ready else []
        reader, done = Reader.of(request), request.query_params.get("done", "")
        return self.pages.render(
            "staff/readings.html",
            reader,
            422 if error else 200,
            **self.door.shown(request, staff, self.pages.say(reader, error) if error else "", _notice(done)),
            doubts=[(one, marked(one)) for one in open_ones[:AT_ONCE]],
            more=max(len(open_ones) - AT_ONCE, 0),
            decided=decided,
            ready=ready,
            typed={"word": "", "reading": "", **typed},
            longest=LONGEST,
        )

    def decide(self, request: Request, staff: Staff, word: str, kana: str, where: str) -> Response:
        """The word is read so from now on; the list again with a sentence when that cannot be."""
        error = refused(word, kana)
        if error:
            return self.show(request, staff, error, word=word, reading=kana)
        self.teaching.decide_reading(word, kana, where if WHERE.fullmatch(where) else "", staff.id)
        return _see("decided")

    def _doubts(self) -> Sequence[DoubtfulReading]:
        taught = self.teaching.growing.renew().town.faqs
        own = tuple(faq for faq_id, faq in taught.items() if faq_id not in self.town.faqs)
        return (*self.review.of(own), *self.review.of_the_pack())


def reading_router(services: StaffServices, pages: Pages, teaching: Teaching, town: Town) -> APIRouter:
    """/staff/readings for clerks."""
    door = StaffDoor.of(services)
    desk = ReadingPages(services, pages, teaching, ReadingReview(town), town, door)
    router = APIRouter(include_in_schema=False, route_class=door.route_class(pages))
    clerk = Annotated[Staff, Depends(door.needs_role("clerk"))]
    own_forms = [Depends(OwnFormsOnly(services.public_url))]

    @router.get(LIST)
    def readings(request: Request, staff: clerk) -> Response:
        return desk.show(request, staff)

    @router.post(LIST, dependencies=own_forms)
    def decide(request: Request, staff: clerk, word: Typed = "", reading: Typed = "", where: Typed = "", key: Typed = "") -> Response:
        door.check_form(request, key)
        return desk.decide(request, staff, "".join(word.split()), jaconv.kata2hira("".join(reading.split())), where)

    _add_undoing(router, desk, clerk, own_forms)
    return router


def _add_undoing(router: APIRouter, desk: ReadingPages, clerk: Any, own_forms: Sequence[Any]) -> None:
    @router.post(LIST + "/{number}/undoing", dependencies=[*own_forms])
    def undo(request: Request, staff: clerk, number: Number, key: Typed = "") -> Response:
        desk.door.check_form(request, key)
        try:
            desk.teaching.undo(number, staff.id)
        except AdditionGone as gone:
            return desk.show(request, staff, gone.message_id)
        return _see("undone")


def refused(word: str, reading: str) -> str:
    """The message id of what is wrong; "" when nothing is. One kanji alone would be read so in every word that holds it (日曜日, 毎日)."""
    if not KANJI.search(word) or not 2 <= len(word) <= LONGEST:
        return "staff.readings.error.word"
    return "" if KANA.fullmatch(reading) else "staff.readings.error.reading"


def marked(one: DoubtfulReading) -> Markup:
    """The text it was found in, the word marked."""
    before, word, after = one.sentence.partition(one.written)
    return Markup("{}<mark>{}</mark>{}").format(numbers_together(before, PHONES), word, numbers_together(after, PHONES))


def _notice(done: str) -> str:
    return f"staff.readings.done.{done}" if done in NOTICES else ""


def _see(done: str) -> RedirectResponse:
    return RedirectResponse(f"{LIST}?done={done}", status_code=303)
