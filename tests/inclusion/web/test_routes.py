"""Every address is either meant for everybody, by name, or asks for staff."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from inclusion.web.app import create_app
from inclusion.web.routes import PUBLIC_ROUTES, asks_for_staff, unguarded_routes

from .fakes import services


@asks_for_staff
def signed_in() -> None: ...


def nothing() -> str:
    return ""


def test_every_route_is_public_by_name_or_asks_for_staff():
    assert unguarded_routes(create_app(services())) == []


def test_the_public_list_holds_no_address_that_is_gone():
    assert set(unguarded_routes(create_app(services()), frozenset())) == PUBLIC_ROUTES


def test_a_route_added_without_a_guard_is_noticed():
    router = APIRouter(prefix="/staff")
    router.add_api_route("/open", nothing)
    router.add_api_route("/guarded", nothing, dependencies=[Depends(signed_in)])
    assert unguarded_routes(create_app(services(extra_routers=[router]))) == ["/staff/open"]


def test_a_guard_on_the_whole_router_counts():
    router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])
    router.add_api_route("/guarded", nothing)
    assert unguarded_routes(create_app(services(extra_routers=[router]))) == []
