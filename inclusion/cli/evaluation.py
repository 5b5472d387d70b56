"""The command that measures understanding; without it nobody could say whether a change helped residents or harmed them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from inclusion.asked_server import AskedServer, ServerUnusable
from inclusion.cli.common import TownOption, settings_of, stop, town_of
from inclusion.municipalities import Town
from inclusion.understanding import Understanding
from inclusion.understanding.comparing import NotAReport, as_json, read_report, told
from inclusion.understanding.evaluation import Report, Wanted, evaluate, evaluate_by, read_questions
from inclusion.understanding.mishearing import Mishearing
from inclusion.understanding.reliability import diagram


def register(app: typer.Typer) -> None:
    """Add this command to the `inclusion` command."""
    app.command(name="evaluate")(evaluate_command)


def evaluate_command(
    questions: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Labelled questions, one JSON object a line.")],
    json_wanted: Annotated[bool, typer.Option("--json", help="Print the figures and every answer as JSON, to compare with later.")] = False,
    show_wrong: Annotated[bool, typer.Option("--show-wrong", help="Print every question answered wrongly.")] = False,
    compare: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="An earlier --json report: show what changed.")] = None,
    noise: Annotated[int, typer.Option(min=0, help="Mishear every question as a recogniser might; another number, other noise.")] = 0,
    server: Annotated[str, typer.Option(help="Ask a running server over HTTP, e.g. http://127.0.0.1:8000, not this process.")] = "",
    town: TownOption = None,
) -> None:
    """Measure how well residents are understood, on labelled questions."""
    try:
        old = read_report(compare) if compare else None
        report = _measured(town_of(settings_of(town)), read_questions(questions), server, noise)
    except (NotAReport, ServerUnusable) as refused:
        stop(str(refused))
    except (ValueError, KeyError):
        stop(f"{questions} holds a line that is no labelled question: each needs q, kind and accept.")
    if show_wrong:
        for one in report.mistakes:
            typer.echo(f"{one.kind}: {one.q} | wanted {dict(one.wanted)} | got {dict(one.got)}", err=True)
    if json_wanted:
        typer.echo(json.dumps(as_json(report), ensure_ascii=False))
        return
    for line in _lines(report):
        typer.echo(line)
    for line in told(old, report) if old is not None else ():
        typer.echo(line)


def _measured(town: Town, wanted: tuple[Wanted, ...], server: str, noise: int) -> Report:
    """The report on one town's questions. The server asked must be one of the same town, whose groups and fees grade it."""
    understanding = Understanding.of(town) if noise or not server else None
    if understanding and noise:
        wanted = _misheard(understanding, wanted, noise)
    if understanding and not server:
        return evaluate(understanding, wanted)
    with AskedServer(server) as asked:
        return evaluate_by(town, wanted, asked.ask)


def _misheard(understanding: Understanding, wanted: tuple[Wanted, ...], seed: int) -> tuple[Wanted, ...]:
    words = [alias.word for alias in understanding.town.aliases if alias.language == "ja"]
    return Mishearing(words, understanding.readings).of(wanted, seed)


def _lines(report: Report) -> Iterator[str]:
    """The report to read in a terminal: the figures, each kind with its number of questions, and how right being sure is."""
    figures = report.as_dict()
    kinds = figures.pop("kinds")
    yield from (f"{name}: {value}" for name, value in figures.items())
    asked = [one.kind for one in report.graded]
    yield from (f"  {kind:<14} {rate:.3f} of {asked.count(kind)}" for kind, rate in kinds.items())
    for channel, bins in report.reliability.items():
        yield f"{channel}:"
        yield from diagram(bins)
