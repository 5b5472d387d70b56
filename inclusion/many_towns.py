"""Several towns on one server, each with its own channels, database and address; without it every town would need a server of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bots.addresses import is_loopback
from inclusion.settings import Settings

# What holds for the whole server unless a town says otherwise; everything else (channels, database, ports) is each town's own.
OF_THE_SERVER: Final = (
    "trusted_proxies",
    "live_address",
    "live_relays",
    "live_relay_secret",
    "live_sample",
    "voice",
    "whisper_model",
    "staff_idle_minutes",
    "keep_events_days",
    "log_level",
    "inclusion_deliver",
)


class TownsClash(ValueError):
    """Base: two towns that cannot be served side by side."""


class SameName(TownsClash):
    """Two towns whose folders have the same name could not be told apart."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Two towns are called '{name}'. Rename the folder of one of them.")
        self.name = name


class SamePort(TownsClash):
    """Two towns that would open the same UDP port: only one could have it, and the other's live events would be off."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(f"Two towns use LIVE_PORT {port}. Give '{name}' a port of its own ({prefix_of(name)}LIVE_PORT) and open it, too.")
        self.name, self.port = name, port


def name_of(town: str) -> str:
    """What a town is called in settings and addresses: the bundled name, or the last part of its folder's path."""
    return Path(town).resolve().name.lower()


def each_town(settings: Settings) -> tuple[Settings, ...]:
    """The settings of every town served, the first one's first. Raises TownsClash, or pydantic.ValidationError as Settings does."""
    more = [town.strip() for town in settings.inclusion_more_towns.split(",") if town.strip()]
    names = [name_of(town) for town in (settings.inclusion_town, *more)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SameName(twice)
    towns = (settings, *(_beside(settings, town) for town in more))
    ports = [town.live_port for town in towns]
    for town in towns:
        if town.live_port and ports.count(town.live_port) > 1:
            raise SamePort(names[-1 - ports[::-1].index(town.live_port)], town.live_port)
    return towns


def without_live_port(towns: Sequence[Settings]) -> Sequence[str]:
    """Names of the towns whose live events would use any free port, beside one whose port was chosen: no firewall lets that through."""
    chosen = any(town.live_port for town in towns)
    return [name_of(town.inclusion_town) for town in towns if chosen and not town.live_port]


def prefix_of(name: str) -> str:
    """What a town's own settings begin with: ICHIKAWA_."""
    return f"{name.upper().replace('-', '_')}_"


def reached_at(settings: Settings, port: int) -> Settings:
    """The settings with the port we listen on in the address residents are given, where nobody set PUBLIC_URL."""
    if "public_url" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"public_url": urlsplit(settings.public_url)._replace(netloc=f"127.0.0.1:{port}").geturl()})


def settings_for(settings: Settings, town: str) -> Settings:
    """The settings of one town: its own where it is served beside others, otherwise `settings` with that town."""
    named = [one for one in each_town(settings) if town in (one.inclusion_town, name_of(one.inclusion_town))]
    return named[0] if named else settings.model_copy(update={"inclusion_town": town})


def _beside(settings: Settings, town: str) -> Settings:
    """ICHIKAWA_LINE_CHANNEL_SECRET and the like; data in a folder of its own; reached at its own host name."""
    name = name_of(town)
    own = Settings(_env_prefix=prefix_of(name))
    given = own.model_fields_set
    shared = {field: getattr(settings, field) for field in OF_THE_SERVER if field not in given}
    shared |= {} if "engines_at_start" in given else {"engines_at_start": False}  # two engines a town are hundreds of megabytes
    folder = own.inclusion_var if "inclusion_var" in given else settings.inclusion_var / name
    address = own.public_url if "public_url" in given else _address_of(settings.public_url, name)
    return own.model_copy(
        update={**shared, "inclusion_town": town, "inclusion_more_towns": "", "inclusion_var": folder, "public_url": address}
    )


def _address_of(public_url: str, name: str) -> str:
    """http://ichikawa.localhost:8000 beside http://127.0.0.1:8000, https://ichikawa.bot.example beside https://bot.example."""
    parts = urlsplit(public_url)
    port = f":{parts.port}" if parts.port else ""
    host = "localhost" if is_loopback(public_url) else parts.hostname
    return parts._replace(netloc=f"{name}.{host}{port}").geturl()
