"""Who gets in at /staff, who does not, and what forged forms and stale cookies are told."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI

from inclusion.staff.accounts import Staff
from inclusion.web.routes import unguarded_routes
from inclusion.web.staff.session import SIGN_IN, StaffDoor, StaffServices

from .conftest import PASSWORD, Browser, Clock

PAGES = ["/staff", "/staff/password", "/staff/people"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_signing_in(browser: Browser, page: str) -> None:
    answer = browser.get(page, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, SIGN_IN)


def test_every_staff_route_but_the_sign_in_page_is_guarded(app: Callable[..., FastAPI]) -> None:
    ours = [path for path in unguarded_routes(app()) if path.startswith("/staff")]
    assert sorted(set(ours)) == [SIGN_IN]


def test_signing_in_leads_to_today_and_signing_out_ends_it(browser: Browser) -> None:
    assert "今日のようす" in browser.sign_in().text
    browser.fill_in("/staff", "/staff/sign-out")
    assert browser.get("/staff").url.path == SIGN_IN


@pytest.mark.parametrize(("login", "password"), [("boss", "wrong password"), ("nobody", PASSWORD), ("", "")])
def test_a_refused_sign_in_says_so_kindly_and_the_same_for_everybody(browser: Browser, login: str, password: str) -> None:
    answer = browser.sign_in(login, password)
    assert answer.status_code == 422
    assert "ログイン名かパスワードが違うか、試した回数が多すぎます。" in answer.text
    assert login == "" or f'value="{login}"' not in answer.text


def test_the_cookie_is_closed_to_scripts_and_other_sites(browser: Browser) -> None:
    browser.key_of(SIGN_IN, SIGN_IN)
    answer = browser.post(
        SIGN_IN, data={"key": browser.key_of(SIGN_IN, SIGN_IN), "login": "boss", "password": PASSWORD}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_with_https_the_cookie_is_secure_and_bound_to_this_host(app: Callable[..., FastAPI], browser: Browser) -> None:
    secure = Browser(app(cookies_secure=True, public_url="https://testserver"), base_url="https://testserver")
    assert "今日のようす" in secure.sign_in().text
    cookies = secure.get(SIGN_IN).headers["set-cookie"]
    assert cookies.startswith("__Host-staff-form=")
    assert "Secure" in cookies
    assert "Domain" not in cookies
    assert "__Host-staff" in secure.cookies


def test_a_session_ends_after_half_an_hour_without_a_click(browser: Browser, clock: Clock) -> None:
    browser.sign_in()
    clock.advance(minutes=29)
    assert browser.get("/staff").url.path == "/staff"
    clock.advance(minutes=30)
    assert browser.get("/staff").url.path == SIGN_IN


def test_signing_in_again_ends_the_older_session_of_this_browser(browser: Browser) -> None:
    browser.sign_in()
    older = browser.cookies["staff"]
    browser.sign_in()
    browser.cookies.set("staff", older)
    browser.cookies.delete("staff", domain="testserver.local")
    assert browser.get("/staff").url.path == SIGN_IN


FORMS: list[tuple[str, dict[str, Any]]] = [
    ("/staff/sign-out", {}),
    ("/staff/password", {"present": PASSWORD, "new": "a new long one"}),
    ("/staff/people", {"login": "taro", "name": "新", "password": "a new long one", "roles": "clerk"}),
    ("/staff/people/2/deactivation", {}),
]


@pytest.mark.parametrize(("action", "fields"), FORMS)
@pytest.mark.parametrize("key", ["", "0" * 64, "鍵"])
def test_a_form_without_this_sessions_key_is_refused(browser: Browser, action: str, fields: dict[str, Any], key: str) -> None:
    browser.sign_in()
    answer = browser.post(action, data=fields | {"key": key})
    assert answer.status_code == 403
    assert "ページを開き直して" in answer.text


@pytest.mark.parametrize(("action", "fields"), FORMS)
def test_a_form_from_another_site_is_refused_even_with_the_key(browser: Browser, action: str, fields: dict[str, Any]) -> None:
    browser.sign_in()
    key = browser.key_of("/staff", "/staff/sign-out")
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        answer = browser.post(action, data=fields | {"key": key}, headers=headers)
        assert answer.status_code == 403
    assert browser.get("/staff").url.path == "/staff"


@pytest.mark.parametrize(("action", "fields"), FORMS)
def test_control_the_same_forms_with_the_key_from_our_page_are_taken(browser: Browser, action: str, fields: dict[str, Any]) -> None:
    browser.sign_in()
    key = browser.key_of("/staff", "/staff/sign-out")
    answer = browser.post(action, data=fields | {"key": key}, headers={"Origin": "http://testserver"}, follow_redirects=False)
    assert answer.status_code == 303


def test_the_sign_in_form_is_protected_too(browser: Browser, app: Callable[..., FastAPI]) -> None:
    someone_elses_key = Browser(app()).key_of(SIGN_IN, SIGN_IN)
    fields = {"login": "boss", "password": PASSWORD}
    assert browser.post(SIGN_IN, data=fields).status_code == 403
    assert browser.post(SIGN_IN, data=fields | {"key": someone_elses_key}).status_code == 403


def test_a_sessions_key_is_useless_in_another_session(browser: Browser, app: Callable[..., FastAPI]) -> None:
    browser.sign_in()
    other = Browser(app())
    other.sign_in("clerk")
    key = other.key_of("/staff", "/staff/sign-out")
    assert browser.post("/staff/sign-out", data={"key": key}).status_code == 403


@pytest.mark.parametrize("action", ["/staff/people", "/staff/people/1/deactivation"])
def test_a_page_for_administrators_refuses_others_in_a_clear_sentence(browser: Browser, action: str) -> None:
    browser.sign_in("clerk")
    answer = browser.post(action, data={"key": browser.key_of("/staff", "/staff/sign-out")})
    assert answer.status_code == browser.get("/staff/people").status_code == 403
    assert "このページは、ほかの役割の人のためのものです。" in answer.text
    assert "/staff/people" not in browser.get("/staff").text


def test_other_routers_can_use_the_same_door(app: Callable[..., FastAPI], services: StaffServices, browser: Browser) -> None:
    door, other = StaffDoor.of(services), app()

    @other.get("/staff/classes")
    def classes(staff: Annotated[Any, Depends(door.needs_role("volunteer_lead"))]) -> str:
        return str(staff.name)

    visitor = Browser(other)
    assert visitor.get("/staff/classes").url.path == SIGN_IN
    visitor.sign_in("clerk")
    assert visitor.get("/staff/classes").status_code == 403
    visitor.sign_in("boss")
    assert visitor.get("/staff/classes").json() == "bossさん"


def test_a_switched_off_colleague_is_out_with_the_next_click(
    browser: Browser, app: Callable[..., FastAPI], add: Callable[..., Staff]
) -> None:
    leaving = Browser(app())
    leaving.sign_in("clerk")
    browser.sign_in()
    browser.fill_in("/staff/people", "/staff/people/2/deactivation")
    assert leaving.get("/staff").url.path == SIGN_IN
