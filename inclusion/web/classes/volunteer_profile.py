"""A volunteer keeps their own profile; without it every new language or telephone would be a call to the office.

The check (its expiry) and the approval stay with staff: nobody vouches for themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session, col, select
from starlette.responses import Response

from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.security import OwnFormsOnly
from lessons import Course, LessonError, Venue, Volunteer, team
from lessons.team import Profile

from .team import LANGUAGE_NAMES, SYSTEM_NAMES, typed_profile
from .volunteers import TeamServices, VolunteerDesk, known
from .words import LessonWords


def volunteer_profile_router(services: TeamServices, pages: Pages) -> APIRouter:
    """/volunteers/{key}/profile."""
    desk = _ProfileDesk(services, pages)
    router = APIRouter(include_in_schema=False, dependencies=[Depends(services.limit)])
    own_forms = [Depends(OwnFormsOnly(services.public_url))]
    router.add_api_route("/volunteers/{key}/profile", desk.open, methods=["GET"])
    router.add_api_route("/volunteers/{key}/profile", desk.keep, methods=["POST"], dependencies=own_forms)
    return router


class _ProfileDesk(VolunteerDesk):
    def open(self, request: Request, key: str) -> Response:
        return self.profile(request, key)

    def profile(self, request: Request, key: str, refused: LessonError | None = None) -> Response:
        with self.services.database.reading() as session:
            volunteer = known(session, key)
            courses = [(one.code, one.name) for one in session.exec(select(Course).order_by(col(Course.code))).all()]
            venues = [(one.id, one.name) for one in session.exec(select(Venue).order_by(col(Venue.name))).all()]
        refusal = LessonWords(self.pages, Reader.of(request)).refusal(refused) if refused else ""
        choices: dict[str, Any] = {"languages": LANGUAGE_NAMES.items(), "systems": SYSTEM_NAMES.items()}
        status = 422 if refused else 200
        return self.show(request, "profile", key, volunteer, status, courses=courses, venues=venues, refusal=refusal, **choices)

    def keep(self, request: Request, key: str, typed: Annotated[Profile, Depends(typed_profile)]) -> Response:
        def deed(session: Session, volunteer: Volunteer, now: datetime) -> None:
            own = replace(typed, check_expires=volunteer.check_expires, max_per_day=volunteer.max_per_day)
            team.change_profile(session, volunteer, own)

        return self.do(request, key, deed, lambda refused: self.profile(request, key, refused))
