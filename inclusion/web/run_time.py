"""The database, the folder and the key of this installation; without it a short command would load the whole platform to open them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from inclusion import migrations
from inclusion.database import Database, open_database
from inclusion.settings import Settings


def open_migrated_database(settings: Settings) -> Database:
    """The database in its newest form. Raises database.BadAddress for an address that cannot be opened."""
    keep_to_ourselves(settings.inclusion_var)
    migrations.upgrade(settings.effective_database_url)
    return open_database(settings.effective_database_url)


def keep_to_ourselves(var: Path) -> None:
    """Whatever is made from now on (database, logs, sounds) is readable by this account only: it holds what residents said."""
    os.umask(0o077)
    var.mkdir(parents=True, exist_ok=True, mode=0o700)


def run_time_secret(var: Path) -> str:
    """The key that seals cookies and forms: made at first start, readable only by us, the same for all workers."""
    file = var / "secret.key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as new:
        new.write(secrets.token_hex(32))
    return file.read_text(encoding="ascii")
