"""The staff door on the web: cookies, form keys and who may pass; without it every staff page would guard itself, or forget to."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import HTTPException
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from accessibility import Messages
from inclusion.database import Database
from inclusion.staff.accounts import ADMIN, Staff
from inclusion.staff.passwords import Passwords
from inclusion.staff.sessions import ABSOLUTE, IDLE, staff_of
from inclusion.web.errors import ForeignForm
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.routes import asks_for_staff

SIGN_IN: Final = "/staff/sign-in"

StaffGuard = Callable[[Request], Staff]


@dataclass(frozen=True, slots=True)
class StaffServices:
    """What the staff pages need. `cookies_secure` is True when PUBLIC_URL is https."""

    database: Database
    messages: Messages
    clock: Callable[[], datetime]
    cookies_secure: bool
    public_url: str = ""
    idle: timedelta = IDLE
    passwords: Passwords = field(default_factory=Passwords)


class NotSignedIn(HTTPException):
    """Leads to the sign-in page, also where only FastAPI's own handler sees it."""

    def __init__(self) -> None:
        super().__init__(303, headers={"Location": SIGN_IN})


class NotAllowed(HTTPException):
    """Signed in, but this page is for another role, or the form is not from our page. `message_id` says which."""

    def __init__(self, message_id: str) -> None:
        super().__init__(403)
        self.message_id = message_id


@dataclass(frozen=True, slots=True)
class StaffDoor:
    """Guards for staff routers: `Depends(door.signed_in_staff)`, `Depends(door.needs_role("clerk"))`."""

    services: StaffServices
    signed_in_staff: StaffGuard

    @classmethod
    def of(cls, services: StaffServices) -> StaffDoor:
        @asks_for_staff
        def signed_in_staff(request: Request) -> Staff:
            staff = staff_of(services.database, session_token(services, request), services.clock(), services.idle)
            if staff is None:
                raise NotSignedIn
            return staff

        return cls(services, signed_in_staff)

    def needs_role(self, role: str) -> StaffGuard:
        """A guard for one role; an administrator passes everywhere."""

        @asks_for_staff
        def guard(request: Request) -> Staff:
            staff = self.signed_in_staff(request)
            if not staff.may(role):
                raise NotAllowed("staff.error.not_allowed")
            return staff

        return guard

    def form_key(self, request: Request) -> str:
        """The key for every form of this session."""
        return form_key_of(session_token(self.services, request))

    def check_form(self, request: Request, key: str) -> None:
        """Raises NotAllowed unless the form carries this session's key."""
        check_key(session_token(self.services, request), key)

    def shown(self, request: Request, staff: Staff, error: str = "", notice: str = "") -> dict[str, Any]:
        """What the frame of every staff page needs: who is signed in, the key of its forms, a refusal or a word of success on top."""
        return {"staff": staff, "is_admin": staff.may(ADMIN), "form_key": self.form_key(request), "error": error, "notice": notice}

    def route_class(self, pages: Pages) -> type[APIRoute]:
        """Routes of this class answer a refusal with a staff page and one clear sentence."""

        class StaffRoute(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                return _with_refusal_page(super().get_route_handler(), pages)

        return StaffRoute


def session_token(services: StaffServices, request: Request) -> str:
    return request.cookies.get(_session_cookie(services.cookies_secure), "")


def remember_session(services: StaffServices, response: Response, token: str) -> None:
    name = _session_cookie(services.cookies_secure)
    _set_cookie(response, name, token, services.cookies_secure, int(ABSOLUTE.total_seconds()))


def forget_session(services: StaffServices, response: Response) -> None:
    secure = services.cookies_secure
    response.delete_cookie(_session_cookie(secure), path="/", secure=secure, httponly=True, samesite="lax")


def visitor_token(services: StaffServices, request: Request) -> str:
    """Before anybody is signed in a token of its own ties the sign-in form to this browser."""
    return request.cookies.get(_visitor_cookie(services.cookies_secure), "") or secrets.token_urlsafe(32)


def remember_visitor(services: StaffServices, response: Response, token: str) -> None:
    _set_cookie(response, _visitor_cookie(services.cookies_secure), token, services.cookies_secure, 3600)


def check_visitor(services: StaffServices, request: Request, key: str) -> None:
    """Raises NotAllowed unless the sign-in form was made for this browser."""
    check_key(request.cookies.get(_visitor_cookie(services.cookies_secure), ""), key)


def form_key_of(token: str) -> str:
    """One way: whoever sees a form cannot work out the cookie."""
    return hashlib.sha256(f"form of {token}".encode()).hexdigest()


def check_key(token: str, key: str) -> None:
    if not token or not hmac.compare_digest(form_key_of(token).encode(), key.encode()):
        raise NotAllowed("staff.error.form")


def _with_refusal_page(
    handler: Callable[[Request], Coroutine[Any, Any, Response]], pages: Pages
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except NotSignedIn:
            return RedirectResponse(SIGN_IN, status_code=303)
        except NotAllowed as refused:
            return _refusal(request, pages, refused.message_id)
        except ForeignForm:
            return _refusal(request, pages, "staff.error.form")

    return answer


def _refusal(request: Request, pages: Pages, message_id: str) -> Response:
    return pages.render("staff/refused.html", Reader.of(request), status=403, message_id=message_id)


def _set_cookie(response: Response, name: str, value: str, secure: bool, max_age: int) -> None:
    response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="lax", secure=secure)


def _session_cookie(secure: bool) -> str:
    """With https the browser itself keeps other hosts from setting it (__Host-)."""
    return "__Host-staff" if secure else "staff"


def _visitor_cookie(secure: bool) -> str:
    return "__Host-staff-form" if secure else "staff-form"
