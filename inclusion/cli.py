"""The `inclusion` command: everything a town's staff start from a terminal.

What a command needs is loaded when that command is called: without this the shortest question would wait for the web and the live picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_group

COMMANDS: Final[Mapping[str, str]] = {
    "serve": "cli_serving",
    "ask": "cli_asking",
    "chat": "cli_asking",
    "check-town": "cli_towns",
    "migrate": "cli_serving",
    "deliver": "cli_serving",
    "rich-menu": "cli_serving",
    "telegram-poll": "cli_serving",
    "add-staff": "cli_serving",
    "publish": "cli_live",
    "live-handover": "cli_live",
    "live-ticket": "cli_live",
    "import-town": "cli_towns",
    "new-town": "cli_towns",
    "collections": "cli_towns",
    "remember-answers": "cli_towns",
    "learn": "cli_towns",
    "export": "cli_classes",
    "import-events": "cli_classes",
    "import-classes": "cli_classes",
    "plain": "cli_texts",
    "review-readings": "cli_texts",
    "roster": "cli_roster",
    "evaluate": "cli_evaluation",
}


class Commands(TyperGroup):
    """Finds a command in the module that COMMANDS names for it. (typer keeps its copy of click's types to itself, hence Any.)"""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        part = typer.Typer(pretty_exceptions_enable=False)
        import_module(f"inclusion.{COMMANDS[cmd_name]}").register(part)
        return get_group(part).commands[cmd_name]


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def inclusion() -> None:
    """Everything a town's staff start from a terminal."""


def main() -> None:
    app()
