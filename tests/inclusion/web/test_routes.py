"""Every address is either meant for everybody, by name, or asks for staff."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Path
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from inclusion.settings import Settings
from inclusion.web.app import create_app
from inclusion.web.numbered import MOST
from inclusion.web.routes import PUBLIC_ROUTES, asks_for_staff, unguarded_routes
from inclusion.web.wiring import build_app
from tests.platforms import demo_platform

from .fakes import services


@asks_for_staff
def signed_in() -> None: ...


def nothing() -> str:
    return ""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> FastAPI:
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("whole"), database_url="", _env_file=None)
    return build_app(demo_platform(settings))


def test_every_route_is_public_by_name_or_asks_for_staff():
    assert unguarded_routes(create_app(services())) == []


def test_the_public_list_holds_no_address_that_is_gone(whole: FastAPI):
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


def boundless_numbers(app: FastAPI) -> list[str]:
    """Addresses with a number in them that may be larger than a table can hold."""
    with_parts = [(route.path, getattr(route.route, "dependant", None)) for route in iter_route_contexts(app.routes)]
    numbers = [(path, one) for path, its in with_parts if its for one in its.path_params if one.field_info.annotation is int]
    return sorted({path for path, one in numbers if MOST not in (getattr(rule, "le", None) for rule in one.field_info.metadata)})


def test_no_number_in_an_address_can_be_too_large_for_the_tables(whole: FastAPI):
    assert boundless_numbers(whole) == []


def test_a_boundless_number_is_noticed():
    router = APIRouter()
    router.add_api_route("/films/{number}/x", _numbered)
    router.add_api_route("/films/{number}/y", _bounded)
    assert boundless_numbers(create_app(services(extra_routers=[router]))) == ["/films/{number}/x"]


def _numbered(number: int) -> str:
    return str(number)


def _bounded(number: Annotated[int, Path(le=MOST)]) -> str:
    return str(number)


@pytest.mark.parametrize("number", [str(MOST + 1), "9" * 30, "-1", "x"])
def test_a_number_that_is_no_films_is_a_page_that_is_not_there(whole: FastAPI, number: str):
    client = TestClient(whole, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    for path in (f"/films/{number}", f"/films/{number}/film.mp4"):
        assert client.get(path).status_code == 404
