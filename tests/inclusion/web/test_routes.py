"""Every address is either meant for everybody, by name, or asks for staff."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from inclusion.settings import Settings
from inclusion.web.app import create_app
from inclusion.web.routes import PUBLIC_ROUTES, asks_for_staff, unguarded_routes
from inclusion.web.serving import open_migrated_database
from inclusion.web.wiring import build_app, build_platform

from .fakes import services


@asks_for_staff
def signed_in() -> None: ...


def nothing() -> str:
    return ""


def test_every_route_is_public_by_name_or_asks_for_staff():
    assert unguarded_routes(create_app(services())) == []


def test_the_public_list_holds_no_address_that_is_gone(tmp_path):
    settings = Settings(inclusion_var=tmp_path, database_url="", _env_file=None)
    whole = build_app(build_platform(settings, open_migrated_database(settings)))
    assert PUBLIC_ROUTES - set(unguarded_routes(whole, frozenset())) == set()


def test_a_route_added_without_a_guard_is_noticed():
    router = APIRouter(prefix="/staff")
    router.add_api_route("/open", nothing)
    router.add_api_route("/guarded", nothing, dependencies=[Depends(signed_in)])
    assert unguarded_routes(create_app(services(extra_routers=[router]))) == ["/staff/open"]


def test_a_guard_on_the_whole_router_counts():
    router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])
    router.add_api_route("/guarded", nothing)
    assert unguarded_routes(create_app(services(extra_routers=[router]))) == []
