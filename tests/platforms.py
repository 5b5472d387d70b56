"""The whole platform of the demo town in this process, over a database that is migrated once for all stories of a worker."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from inclusion.database import Database
from inclusion.migrations import upgrade
from inclusion.settings import Settings
from inclusion.web.platform import Platform
from inclusion.web.serving import open_migrated_database
from inclusion.web.wiring import build_platform

from .towns import demo_town, town_understood


def demo_platform(settings: Settings, **more: Any) -> Platform:
    """As `inclusion serve` builds it, but for what is read or learnt once only: the town and its understanding."""
    return build_platform(settings, demo_database(settings), town=demo_town(), understanding=town_understood(), **more)


def demo_database(settings: Settings) -> Database:
    file = settings.inclusion_var / "inclusion.sqlite3"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_migrated())
    return open_migrated_database(settings)


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.db"
        upgrade(f"sqlite:///{file}")
        return file.read_bytes()
