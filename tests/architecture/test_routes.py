"""Every route of the whole application is on the public list or asks for staff, and is written down for whoever calls it."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from inclusion.settings import Settings
from inclusion.web.routes import PUBLIC_ROUTES, unguarded_routes
from inclusion.web.staff.session import SIGN_IN
from inclusion.web.wiring import build_app
from tests.platforms import demo_platform

HTTP = Path(__file__).parents[2] / "docs" / "http.md"


@pytest.fixture(scope="module")
def whole_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("var"), database_url="", _env_file=None)
    return build_app(demo_platform(settings))


def test_every_route_is_public_by_name_or_asks_for_staff(whole_app: FastAPI) -> None:
    assert unguarded_routes(whole_app, PUBLIC_ROUTES | {SIGN_IN}) == []


def test_a_route_that_nobody_listed_is_noticed(whole_app: FastAPI) -> None:
    """Control."""

    @whole_app.get("/residents")
    def residents() -> list[str]:
        return []

    assert unguarded_routes(whole_app, PUBLIC_ROUTES | {SIGN_IN}) == ["/residents"]


@pytest.mark.parametrize("route", sorted(PUBLIC_ROUTES))
def test_every_public_route_is_written_down(route: str) -> None:
    assert f"`{route}`" in HTTP.read_text(encoding="utf-8")
