"""The commands that keep a service running: serving, delivering, its database, its menus, its first member of staff."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from bots import DeliveryError
from inclusion.cli.common import TownOption, settings_of, stop, town_of, towns_served
from inclusion.database import BadAddress, Database
from inclusion.many_towns import reached_at
from inclusion.settings import Settings
from inclusion.staff.accounts import ROLES, StaffError, create_staff
from inclusion.staff.audit import record
from inclusion.web.polling import poll_forever
from inclusion.web.run_time import keep_to_ourselves, open_migrated_database
from inclusion.web.serving import deliver_forever, port_is_free, serve_forever


def register(app: typer.Typer) -> None:
    """Add these commands to the `inclusion` command."""
    app.command()(serve)
    app.command()(migrate)
    app.command()(deliver)
    app.command(name="rich-menu")(rich_menu)
    app.command(name="telegram-poll")(telegram_poll)
    app.command(name="add-staff")(add_staff)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
    town: Annotated[list[str] | None, typer.Option("--town", help="A town; given several times, all of them on this server.")] = None,
    deliver: Annotated[bool, typer.Option(help="Also send what is waiting in the outbox.")] = True,
) -> None:
    """Serve the web page, the API and the webhooks."""
    if not port_is_free(host, port):
        stop(f"Port {port} on {host} is in use or not allowed. Stop what runs there, or choose another: --port {port + 1}")
    first, *more = town or [""]
    settings = reached_at(settings_of(first, more), port)
    towns = towns_served(settings)
    read = {one.inclusion_town: town_of(one) for one in towns}
    for one in towns:
        _check_folder(one.inclusion_var)
    with _openable():
        serve_forever(settings, host, port, workers, deliver, read)


def migrate() -> None:
    """Bring the database to the newest form."""
    for one in towns_served(settings_of(None)):
        _opened(one)
    typer.echo("The database is up to date.")


def deliver(town: TownOption = None) -> None:
    """Send what waits in the outbox, until stopped."""
    deliver_forever(settings_of(town))


def rich_menu(
    town: TownOption = None,
    font: Annotated[Path | None, typer.Option(help="A Japanese font file; otherwise one of this machine's is taken.")] = None,
) -> None:
    """Draw the menus under the LINE chat in every language and put them in place; run it again after changing their words."""
    from inclusion.menu_pictures import NoFont, set_up_menus  # optional heavy engine: the drawing library, for this command only

    settings = settings_of(town)
    if not settings.line_on:
        stop("LINE is off. Set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN (or LINE_CHANNEL_ID) first.")
    try:
        made = set_up_menus(settings, _opened(settings), town_of(settings).messages, font, datetime.now(UTC))
    except (NoFont, DeliveryError) as refused:
        stop(str(refused))
    typer.echo(f"Menus are in place: {', '.join(made)}.")


def telegram_poll(town: TownOption = None) -> None:
    """Answer on Telegram from a machine without a public address (for development); takes the webhook away."""
    settings = settings_of(town)
    if not settings.telegram_on:
        stop("Telegram is off. Set TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET first.")
    poll_forever(settings)


def add_staff(
    login: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(prompt="Name shown to colleagues")],
    role: Annotated[str, typer.Option(help="One of: " + ", ".join(sorted(ROLES)))] = "admin",
    password: Annotated[str | None, typer.Option(help="Asked for when left out; a pipe gives it as one line.", show_default=False)] = None,
    town: TownOption = None,
) -> None:
    """Let a member of staff sign in at /staff. The first one should be an administrator."""
    password = _asked_password() if password is None else password
    try:
        create_staff(_opened(settings_of(town)), login, name, password, (role,), datetime.now(UTC), witness=record)
    except StaffError as refused:
        stop(str(refused))
    typer.echo(f"'{login}' can now sign in at /staff.")


def _asked_password() -> str:
    """Typed twice and unseen at a terminal. A script types nothing twice: the first line of a pipe is the password."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _opened(settings: Settings) -> Database:
    _check_folder(settings.inclusion_var)
    with _openable():
        return open_migrated_database(settings)


def _check_folder(var: Path) -> None:
    """Ends the command where nothing can be kept: said before a server, a secret or a database fails on it."""
    try:
        keep_to_ourselves(var)
    except OSError as closed:
        stop(f"The folder {var} cannot be made ({closed.strerror}). Set INCLUSION_VAR to a folder this account may write to.")
    if not os.access(var, os.W_OK | os.X_OK):
        stop(f"Nothing can be written in the folder {var}. Let this account write there, or set INCLUSION_VAR to another one.")


@contextmanager
def _openable() -> Iterator[None]:
    """A database that cannot be opened ends the command in a sentence; its own words may hold an address, never a password."""
    try:
        yield
    except BadAddress as wrong:
        stop(str(wrong))
    except DBAPIError as away:
        why = str(away.orig).strip().splitlines() or ["no reason given"]
        stop(f"The database cannot be opened: {why[0]}\nCheck DATABASE_URL, that the server runs and that this account may use it.")
