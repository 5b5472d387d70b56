"""Where the buttons of an application's page after the class are pressed; without it they would lead nowhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from inclusion.classes.after import Tap, note_tap
from inclusion.web.errors import NotFound
from inclusion.web.security import OwnFormsOnly

from .pages import LessonServices

Value = Annotated[str, Form(max_length=20)]
Skill = Annotated[str, Form(max_length=60)]


def lesson_after_router(services: LessonServices) -> APIRouter:
    """POST /lessons/applications/{id}/after: one tap."""
    router = APIRouter(include_in_schema=False)
    own_forms = [Depends(OwnFormsOnly(services.public_url)), Depends(services.limit)]

    def press(request: Request, application_id: str, tap: Annotated[Tap, Form()], value: Value, skill: Skill = "") -> Response:
        with services.writing() as session:
            noted = note_tap(session, application_id, tap, value, skill, services.clock())
        if not noted:
            raise NotFound
        return RedirectResponse(f"/lessons/applications/{application_id}", status_code=303)

    router.add_api_route("/lessons/applications/{application_id}/after", press, methods=["POST"], dependencies=own_forms)
    return router
