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
    "serve": "serving",
    "ask": "asking",
    "chat": "asking",
    "check-town": "towns",
    "migrate": "serving",
    "deliver": "serving",
    "rich-menu": "serving",
    "telegram-poll": "serving",
    "add-staff": "serving",
    "publish": "live",
    "live-handover": "live",
    "live-ticket": "live",
    "import-town": "towns",
    "new-town": "towns",
    "collections": "towns",
    "remember-answers": "towns",
    "learn": "towns",
    "export": "classes",
    "import-events": "classes",
    "import-classes": "classes",
    "plain": "texts",
    "review-readings": "texts",
    "roster": "roster",
    "evaluate": "evaluation",
}


class Commands(TyperGroup):
    """Finds a command in the module that COMMANDS names for it. (typer keeps its copy of click's types to itself, hence Any.)"""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        part = typer.Typer(pretty_exceptions_enable=False)
        import_module(f"{__name__}.{COMMANDS[cmd_name]}").register(part)
        return get_group(part).commands[cmd_name]


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def inclusion() -> None:
    """Everything a town's staff start from a terminal."""


def main() -> None:
    app()
