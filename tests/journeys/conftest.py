"""The whole platform as it is run: a server process, a LINE double in another, and nothing of ours replaced."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from accessibility import Furigana
from accessibility.hearing import Listener
from accessibility.speaking import Speaker
from inclusion.database import open_database
from inclusion.inbox import Inbox
from inclusion.municipalities import Town as LoadedTown
from inclusion.settings import Settings
from inclusion.understanding import Understanding
from inclusion.web.town_readings import town_furigana
from inclusion.web.town_voice import open_ears, town_speaker
from tests.databases import migrated_sqlite
from tests.doubles.line_events import sign, webhook
from tests.servers import Server, free_port, python, running
from tests.towns import demo_town, town_understood

from .small_town import SmallTown, answering_for

__all__ = ["migrated_sqlite"]

SECRET = "journey-secret"


@dataclass(frozen=True)
class Town:
    """A running server with LINE on, and what the double got."""

    server: Server
    double_url: str
    var: Path

    def ask(self, text: str, conversation: str | None = None, **more: Any) -> dict[str, Any]:
        return self.post("/api/v1/ask", {"text": text, "conversation": conversation, **more})[1]

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.server.port}{path}"
        request = urllib.request.Request(url, raw, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def line(self, *events: dict[str, Any]) -> int:
        body = webhook(*events)
        return self.post("/webhooks/line", body, **{"x-line-signature": sign(body, SECRET)})[0]

    def delivered(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.double_url}/double/delivered", timeout=10) as reply:
            found: list[dict[str, Any]] = json.load(reply)
            return found

    def heard_next_door(self) -> list[dict[str, str]]:
        with urllib.request.urlopen(f"{self.double_url}/double/other-tool", timeout=10) as reply:
            found: list[dict[str, str]] = json.load(reply)
            return found


def line_settings(double_url: str, var: Path) -> dict[str, str]:
    return {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "double-access-token",
        "LINE_API_URL": double_url,
        "LINE_FORWARD_URL": f"{double_url}/double/other-tool",
        "INCLUSION_VAR": str(var),
        "DATABASE_URL": "",
        "LOG_LEVEL": "INFO",
    }


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One for all who mark themselves "town server": starting both costs as much as most journeys."""
    var = tmp_path_factory.mktemp("var")
    double_port, port = free_port(), free_port()
    double_url = f"http://127.0.0.1:{double_port}"
    log = var / "server.log"
    with (
        running(python("-m", "tests.doubles.line", "--port", str(double_port)), double_port, "/double/counts", {}),
        running(
            python("-m", "inclusion", "serve", "--port", str(port)), port, "/healthz", line_settings(double_url, var), log=log
        ) as server,
    ):
        yield Town(server, double_url, var)


@pytest.fixture(scope="session")
def chiyoda() -> tuple[LoadedTown, Understanding, Furigana]:
    return demo_town(), town_understood(), town_furigana(demo_town())


@pytest.fixture
def small_town(chiyoda: tuple[LoadedTown, Understanding, Furigana], migrated_sqlite: Path, tmp_path: Path) -> Iterator[SmallTown]:
    """The town in this process, with a database and a clock of its own."""
    shutil.copy(migrated_sqlite, tmp_path / "town.db")
    database = open_database(f"sqlite:///{tmp_path / 'town.db'}")
    yield SmallTown(answering_for(database, *chiyoda), Inbox(database), database)
    database.close()


@pytest.fixture(scope="session")
def town_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Speaker, Listener]]:
    """The real voice and the shipped ears with the engine that `make run` installs, once for all journeys: mark them "town ears"."""
    loaded = demo_town()
    settings = Settings(
        _env_file=None, whisper_model="town", whisper_engine="ctranslate2", inclusion_var=tmp_path_factory.mktemp("engines")
    )
    speaker, ears = town_speaker(loaded), open_ears(settings, loaded)
    speaker.wake()
    ears.wake()
    yield speaker, ears
    speaker.stop()
    ears.stop()
