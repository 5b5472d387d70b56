"""The platform as it is wired: danger before everything, nobody silenced by a database in trouble, and what is ours kept private."""

import socket
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from inclusion.leasing import lease_due
from inclusion.outbox import Outgoing, put
from inclusion.settings import Settings
from inclusion.web.platform import Platform
from inclusion.web.serving import port_is_free
from inclusion.web.wiring import build_app
from tests.platforms import demo_platform

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("town") / "var", database_url="", _env_file=None)
    platform = demo_platform(settings)
    yield platform
    platform.database.close()


def database_file(platform: Platform) -> Path:
    return platform.settings.inclusion_var / "inclusion.sqlite3"


def test_danger_is_answered_at_once_although_the_database_is_locked(platform: Platform) -> None:
    locked = sqlite3.connect(database_file(platform), isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")
    try:
        reply = platform.ask("母が倒れた、救急車", None, {}, NOW)
    finally:
        locked.close()
    assert "119" in reply.rendered.headline


def test_a_question_is_answered_although_nothing_can_be_written(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(type(platform.answering), "ask", full)
    reply = platform.ask("扇風機はいくら", "some-conversation", {}, NOW)
    assert (reply.answer.total_yen, reply.conversation) == (300, "")


def test_people_whose_id_is_withheld_do_not_wait_for_each_other(platform: Platform) -> None:
    with platform.database.writing() as session:
        for number in range(2):
            put(session, Outgoing("line", ({"type": "text", "text": "a"},), chat_id="", reply_token=f"token{number}"), NOW)
        assert len(lease_due(session, "courier", ["line"], NOW, 20)) == 2


def test_one_group_gets_its_messages_one_after_the_other(platform: Platform) -> None:
    """Control: those who have an id do wait for their own earlier message."""
    with platform.database.writing() as session:
        for _ in range(2):
            put(session, Outgoing("line", ({"type": "text", "text": "a"},), chat_id="C1"), NOW)
        assert len([one for one in lease_due(session, "other", ["line"], NOW, 20) if one.parcel.chat_id == "C1"]) == 1


def test_what_residents_said_is_readable_by_our_account_only(platform: Platform) -> None:
    var = platform.settings.inclusion_var
    files = [file for file in var.iterdir() if file.is_file()]
    assert files
    assert not [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_no_address_is_built_from_a_host_header(platform: Platform) -> None:
    client = TestClient(build_app(platform), follow_redirects=False)
    reply = client.get("/staff/", headers={"Host": "evil.example"})
    assert "evil.example" not in reply.headers.get("location", "")


def test_a_busy_port_is_noticed_before_anything_starts(platform: Platform) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert not port_is_free("127.0.0.1", listener.getsockname()[1])
