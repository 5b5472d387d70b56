"""Several towns on one server: each has its own secrets, data and address, and what holds for the server is said once."""

import pytest
from pydantic import ValidationError

from inclusion.many_towns import SameName, SamePort, each_town, name_of, reached_at, settings_for, without_live_port
from inclusion.settings import Settings


def server(monkeypatch: pytest.MonkeyPatch, more: str = "towns/ichikawa, towns/kita-machi/", **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None, inclusion_more_towns=more, voice="off", log_level="WARNING", line_channel_secret="ours",
                    line_channel_access_token="ours")  # fmt: skip


def test_a_single_town_is_served_as_always(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = server(monkeypatch, more="")
    assert each_town(settings) == (settings,)


def test_each_town_has_a_name_a_folder_and_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = each_town(server(monkeypatch))
    assert [name_of(one.inclusion_town) for one in towns] == ["chiyoda", "ichikawa", "kita-machi"]
    assert len({one.effective_database_url for one in towns}) == 3
    assert [one.public_url for one in towns[1:]] == ["http://ichikawa.localhost:8000", "http://kita-machi.localhost:8000"]


def test_a_towns_channel_is_on_only_by_its_own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"KITA_MACHI_LINE_CHANNEL_SECRET": "theirs", "KITA_MACHI_LINE_CHANNEL_ACCESS_TOKEN": "t"}
    chiyoda, ichikawa, kita = each_town(server(monkeypatch, **own))
    assert (chiyoda.line_on, ichikawa.line_on, kita.line_on) == (True, False, True)
    assert kita.line_channel_secret.get_secret_value() == "theirs"


def test_what_holds_for_the_server_is_said_once_and_may_be_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    _, ichikawa, kita = each_town(server(monkeypatch, ICHIKAWA_VOICE="open-jtalk", ICHIKAWA_PUBLIC_URL="https://bot.ichikawa.example"))
    assert (ichikawa.voice, kita.voice, ichikawa.log_level) == ("open-jtalk", "off", "WARNING")
    assert ichikawa.public_url == "https://bot.ichikawa.example"


def test_a_command_for_one_town_takes_that_towns_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = server(monkeypatch, ICHIKAWA_DATABASE_URL="sqlite:///elsewhere.db")
    for named in ("ichikawa", "towns/ichikawa"):
        assert settings_for(settings, named).database_url == "sqlite:///elsewhere.db"
    assert settings_for(settings, "towns/another").database_url == ""


def test_two_towns_that_could_not_be_told_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SameName, match="ichikawa"):
        each_town(server(monkeypatch, more="a/ichikawa,b/ichikawa"))


def test_a_wrong_setting_of_one_town_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="LINE_CHANNEL_ACCESS_TOKEN"):
        each_town(server(monkeypatch, ICHIKAWA_LINE_CHANNEL_SECRET="alone"))


def test_without_an_address_residents_are_given_the_port_we_listen_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    settings = reached_at(Settings(_env_file=None, inclusion_more_towns="ichikawa"), 8177)
    assert [one.public_url for one in each_town(settings)] == ["http://127.0.0.1:8177", "http://ichikawa.localhost:8177"]


def test_control_an_address_that_was_set_stays() -> None:
    settings = Settings(_env_file=None, public_url="https://bot.example")
    assert reached_at(settings, 8177).public_url == "https://bot.example"


def test_two_towns_with_one_live_port_are_refused_and_one_without_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SamePort, match="KITA_MACHI_LIVE_PORT"):
        each_town(server(monkeypatch, LIVE_PORT="9000", ICHIKAWA_LIVE_PORT="9001", KITA_MACHI_LIVE_PORT="9000"))
    towns = each_town(server(monkeypatch, LIVE_PORT="9000", ICHIKAWA_LIVE_PORT="9001", KITA_MACHI_LIVE_PORT="0"))
    assert [one.live_port for one in towns] == [9000, 9001, 0]
    assert without_live_port(towns) == ["kita-machi"]


def test_where_no_town_chose_a_live_port_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert without_live_port(each_town(server(monkeypatch))) == []
