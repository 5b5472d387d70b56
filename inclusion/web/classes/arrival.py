"""What a learner's own telephone shows on the day: the board's QR says "I am here", and a certificate can be printed; no account needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from sqlmodel import Session, select
from starlette.responses import Response

from inclusion.web.errors import NotFound
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from inclusion.web.sheets import Sheets
from inclusion.web.typed_text import cleaned
from inclusion.written import long_day
from lessons import Application, LessonError, Outcome, one_class, outcome_of
from lessons.arriving import arrive_by_code
from lessons.errors import CodeUnknown
from lessons.learning_tables import CheckInCode
from lessons.progress import skills_of
from lessons.tables import Learner, ScheduledSession

from .own_classes import Holder
from .pages import LessonServices
from .words import LessonWords

Typed = Annotated[str, Form(max_length=40)]


def lesson_arrival_router(services: LessonServices, sheets: Sheets) -> APIRouter:
    desk = _Arrival(services, sheets)
    router = APIRouter(include_in_schema=False)
    own_forms = [Depends(OwnFormsOnly(services.public_url)), Depends(services.limit)]
    router.add_api_route("/lessons/here/{session_id}/{code}", desk.board, methods=["GET"])
    router.add_api_route("/lessons/here/{session_id}/{code}", desk.here, methods=["POST"], dependencies=own_forms)
    limited = [Depends(services.limit)]
    router.add_api_route("/lessons/applications/{application_id}/certificate", desk.certificate, methods=["GET"], dependencies=limited)
    return router


class _Arrival:
    def __init__(self, services: LessonServices, sheets: Sheets) -> None:
        self._services, self._sheets, self._pages = services, sheets, sheets.pages

    def board(self, request: Request, session_id: str, code: str) -> Response:
        """Whoever applied from this telephone presses one button; others type the receipt number."""
        with self._services.database.reading() as session:
            self._check(session, session_id, code)
            mine = self._mine(session, request, session_id)
        return self._page(request, session_id, code, receipt=mine.receipt_number if mine else "")

    def here(self, request: Request, session_id: str, code: str, receipt: Typed = "") -> Response:
        words, wanted = LessonWords(self._pages, Reader.of(request)), cleaned(receipt).upper()
        try:
            with self._services.writing() as session:
                self._check(session, session_id, code)
                application = self._by_receipt(session, session_id, wanted)
                arrive_by_code(session, [application.learner_id], code, "qr", self._services.clock())
        except LessonError as refused:
            return self._page(request, session_id, code, receipt=receipt, problem=words.refusal(refused))
        return self._page(request, session_id, code, done=True)

    def certificate(self, request: Request, application_id: str) -> Response:
        """What was shown in class, on one A4 sheet. Only skills that somebody saw being done stand on it."""
        words = LessonWords(self._pages, Reader.of(request))
        with self._services.database.reading() as session:
            application = session.get(Application, application_id)
            if application is None:
                raise NotFound
            learner = session.get_one(Learner, application.learner_id)
            card = words.card(one_class(session, application.session_id), self._services.clock())
            skills = [(one.skill, words.day(one.shown_on)) for one in skills_of(session, learner.id)]
            outcome = outcome_of(session, application)
        if not skills:
            raise NotFound
        return self._printed(words, card.one.session.name, learner.name, skills, outcome)

    def _printed(self, words: LessonWords, name: str, who: str, skills: Sequence[tuple[str, str]], outcome: Outcome) -> Response:
        values = {
            "course": name,
            "who": who,
            "skills": skills,
            "given": long_day(self._services.clock().astimezone(self._pages.zone).date(), words.reader.language),
            "receipt": outcome.receipt_number,
        }
        pdf = self._sheets.draw("lessons/certificate.html", words.reader, "/lessons", **values)
        return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="certificate.pdf"'})

    def _page(self, request: Request, session_id: str, code: str, *, receipt: str = "", problem: str = "", done: bool = False) -> Response:
        words = LessonWords(self._pages, Reader.of(request))
        with self._services.database.reading() as session:
            card = words.card(one_class(session, session_id), self._services.clock())
        values = {"card": card, "code": code, "receipt": receipt, "problem": problem, "done": done}
        return self._pages.render("lessons/here.html", words.reader, 422 if problem else 200, **values)

    def _check(self, session: Session, session_id: str, code: str) -> None:
        """The address must be the one on the board; a guessed one does not exist."""
        kept = session.get(CheckInCode, session_id)
        if session.get(ScheduledSession, session_id) is None or kept is None or kept.code != code:
            raise NotFound

    def _mine(self, session: Session, request: Request, session_id: str) -> Application | None:
        made = (session.get(Application, one) for one in Holder.of(request).applications)
        return next((one for one in made if one is not None and one.session_id == session_id), None)

    def _by_receipt(self, session: Session, session_id: str, receipt: str) -> Application:
        found = session.exec(select(Application).where(Application.receipt_number == receipt, Application.session_id == session_id)).first()
        if found is None:
            raise CodeUnknown
        return found
