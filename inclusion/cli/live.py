"""The commands for live events: publishing a film or the sample, and tickets for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inclusion.cli.common import settings_of, stop
from inclusion.web.live.publishing import hand_over_forever, host_ticket, publish_forever, ticket_for
from streaming import StreamingError
from streaming.admission import Act


def register(app: typer.Typer) -> None:
    """Add these commands to the `inclusion` command."""
    app.command()(publish)
    app.command(name="live-ticket")(live_ticket)
    app.command(name="live-handover")(live_handover)


def publish(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A film to play over and over.")] = None,
    into: Annotated[str, typer.Argument(metavar="[ROOM]", help="The same as --room.")] = "",
    room: Annotated[str, typer.Option(help="The room viewers open at /live/ROOM.")] = "rehearsal",
    sample: Annotated[bool, typer.Option("--sample", help="Publish the sample festival instead of a file.")] = False,
    to: Annotated[str, typer.Option(help="The server; empty means PUBLIC_URL.")] = "",
) -> None:
    """Publish a film or the sample festival into a live room, until Ctrl-C."""
    if (file is None) != sample:
        stop("Name a film to publish, or write --sample; one of the two.")
    settings, room = settings_of(None), into or room
    try:
        publish_forever(settings, room, file, to or settings.public_url, typer.echo)
    except (OSError, StreamingError) as refused:
        stop(f"The room '{room}' could not be published: {refused}")


def live_handover(
    room: Annotated[str, typer.Argument(help="The room to hand over.")],
    address: Annotated[str, typer.Argument(help="The other engine's WHIP address.")],
    source: Annotated[str, typer.Option("--from", help="The server the room is on; empty means PUBLIC_URL.")] = "",
    token: Annotated[str, typer.Option(envvar="LIVE_HANDOVER_TOKEN", help="The Bearer token the other engine wants.")] = "",
) -> None:
    """Hand a live room over to another engine, undecoded, until Ctrl-C."""
    settings = settings_of(None)
    try:
        hand_over_forever(settings, room, source or settings.public_url, address, token, typer.echo)
    except (OSError, StreamingError) as refused:
        stop(f"The room '{room}' could not be handed over: {refused}")


def live_ticket(
    room: Annotated[str, typer.Argument(help="The room the ticket is for.")],
    act: Annotated[Act, typer.Option(help="watch, publish, or host (may also take over).")] = "publish",
    hours: Annotated[int, typer.Option(min=1, max=24 * 31, help="How long it is good for.")] = 12,
) -> None:
    """Print a signed ticket, for OBS's Bearer Token field for example. Those of hosts and publishers are taken back on /staff/live."""
    try:
        typer.echo((ticket_for if act == "watch" else host_ticket)(settings_of(None), room, act, hours))
    except StreamingError:
        stop(f"'{room}' cannot be a room's name: small letters, digits and hyphens, at most 40.")
