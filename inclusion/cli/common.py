"""What all commands share: the settings, the town, and how they end; without it each would complain in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, NoReturn

import typer
from pydantic import ValidationError

from inclusion.many_towns import TownsClash, each_town, settings_for
from inclusion.municipalities import Town, TownPackBroken, load_town
from inclusion.settings import Settings

CALL_WAS_WRONG: Final = 2
ANSWER_IS_NO: Final = 1

TownOption = Annotated[str | None, typer.Option("--town", help="A bundled town's name, or a folder with a town pack.")]


def settings_of(town: str | None, more: Sequence[str] = ()) -> Settings:
    """As the environment says, for the town the command line names; `more` towns on the same server replace INCLUSION_MORE_TOWNS."""
    try:
        settings = Settings()
        if more:
            return settings.model_copy(update={"inclusion_town": town, "inclusion_more_towns": ",".join(more)})
        return settings_for(settings, town) if town else settings
    except ValidationError as wrong:
        stop("; ".join(f"{'.'.join(map(str, one['loc'])).upper()} {one['msg']}".strip() for one in wrong.errors()))
    except TownsClash as twice:
        stop(str(twice))


def towns_served(settings: Settings) -> Sequence[Settings]:
    try:
        return each_town(settings)
    except (ValidationError, TownsClash) as wrong:
        stop(f"The towns cannot be served side by side. {wrong}")


def town_of(settings: Settings) -> Town:
    try:
        return load_town(settings.inclusion_town)
    except (TownPackBroken, FileNotFoundError) as broken:
        stop(f"{broken}\nRun `inclusion check-town {settings.inclusion_town}` to see every mistake.")


def stop(why: str) -> NoReturn:
    """End the command: it was called wrongly."""
    typer.echo(why, err=True)
    raise typer.Exit(CALL_WAS_WRONG)
