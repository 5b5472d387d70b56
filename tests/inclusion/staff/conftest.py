"""The staff pages in an app of their own, with one administrator, and a browser that fills in forms as a person would."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from accessibility import Messages
from inclusion.database import Database, open_database
from inclusion.migrations import upgrade
from inclusion.staff.accounts import Staff, create_staff
from inclusion.staff.passwords import Passwords
from inclusion.web.assets import Assets
from inclusion.web.pages import Pages
from inclusion.web.staff.pages import staff_router
from inclusion.web.staff.session import StaffServices
from tests.inclusion.web.fakes import town

PASSWORD = "correct horse battery"


@dataclass
class Clock:
    """Stands still until somebody moves it."""

    now: datetime = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Browser(TestClient):
    """Sends a form with the key the page gave, as a browser does."""

    def fill_in(self, page: str, action: str | None = None, **fields: Any) -> Any:
        """Open `page` and send the form there whose action is `action` (the page itself when left out)."""
        key = self.key_of(page, action or page)
        return self.post(action or page, data={"key": key, **fields})

    def key_of(self, page: str, action: str) -> str:
        form = re.search(rf'action="{re.escape(action)}".*?name="key" value="([^"]+)"', self.get(page).text, re.DOTALL)
        assert form is not None, f"{page} has no form for {action}"
        return form.group(1)

    def sign_in(self, login: str = "boss", password: str = PASSWORD) -> Any:
        return self.fill_in("/staff/sign-in", login=login, password=password)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("staff") / "migrated.db"
    upgrade(f"sqlite:///{file}")
    return str(file)


@pytest.fixture
def database(migrated_file: str, tmp_path: Any) -> Iterator[Database]:
    shutil.copy(migrated_file, tmp_path / "town.db")
    database = open_database(f"sqlite:///{tmp_path / 'town.db'}")
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def messages() -> Messages:
    folder = files("inclusion.municipalities") / "messages"
    return Messages.from_files(sorted(folder.glob("*.csv"), key=lambda file: file.name))


@pytest.fixture
def services(database: Database, messages: Messages, clock: Clock) -> StaffServices:
    quick = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return StaffServices(database, messages, clock, cookies_secure=False, public_url="http://testserver", passwords=quick)


@pytest.fixture
def app(services: StaffServices, messages: Messages) -> Callable[..., FastAPI]:
    def app(**changes: Any) -> FastAPI:
        app = FastAPI()
        app.include_router(staff_router(replace(services, **changes), Pages(town(), messages, Assets.gather())))
        return app

    return app


@pytest.fixture
def add(services: StaffServices, clock: Clock) -> Callable[..., Staff]:
    def add(login: str, *roles: str) -> Staff:
        return create_staff(services.database, login, f"{login}さん", PASSWORD, roles, clock(), passwords=services.passwords)

    return add


@pytest.fixture
def browser(app: Callable[..., FastAPI], add: Callable[..., Staff]) -> Browser:
    """Nobody is signed in yet; an administrator `boss` and a clerk `clerk` exist."""
    add("boss", "admin")
    add("clerk", "clerk")
    return Browser(app())
