"""`inclusion roster`: who helps at which class, worked out in a terminal; without it a night job could not prepare the week."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

import typer

from inclusion.cli.common import TownOption, settings_of, town_of
from inclusion.database import Database
from inclusion.helpers.post import post_notices
from inclusion.helpers.words import HelperWords
from inclusion.municipalities import Town
from inclusion.settings import Settings
from inclusion.staff.audit import record
from inclusion.web.run_time import open_migrated_database
from inclusion.web.wiring import build_platform
from lessons import Assignment, RosterRun, ScheduledSession, team

GAPS_REMAIN = 1


def register(app: typer.Typer) -> None:
    app.command(name="roster")(roster)


def roster(
    days: Annotated[int, typer.Option(min=1, max=62, help="How many days from today.")] = 28,
    publish: Annotated[bool, typer.Option("--publish", help="Also ask everybody in it.")] = False,
    move: Annotated[bool, typer.Option("--move", help="What was published may be changed where cover demands it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the draft as JSON.")] = False,
    seconds: Annotated[float, typer.Option(min=0.5, help="How long to look for a better roster.")] = 10.0,
    town: TownOption = None,
) -> None:
    """Work out who helps at which class, with the reason for every assignment and every gap. Exit code 1 when places stay empty."""
    settings = settings_of(town)
    database, loaded = open_migrated_database(settings), town_of(settings)
    now = datetime.now(UTC)
    first = now.astimezone(loaded.timezone).date()
    last, tz = first + timedelta(days=days), str(loaded.timezone)
    with database.reading() as session:
        problem = team.read_problem(session, first, last, tz, now, move)
    plan = team.solve(problem, seconds)
    with database.writing() as session:
        run = team.keep_draft(session, problem, plan, first, last, now)
        run_id = run.id
        record(session, at=now, staff_id=None, action="team.draft", subject_kind="roster", subject_id=run_id)
    told = _told(database, loaded, run_id)
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _as_text(told))
    if publish:
        _publish(settings, database, run_id, tz, now)
    raise typer.Exit(GAPS_REMAIN if told["gaps"] else 0)


def _publish(settings: Settings, database: Database, run_id: str, tz: str, now: datetime) -> None:
    telling = build_platform(settings, database, deliver=False).answering.telling
    with database.writing() as session:
        changed = team.publish(session, run_id, tz, now)
        post_notices(session, telling, now)
        record(session, at=now, staff_id=None, action="team.publish", subject_kind="roster", subject_id=run_id)
    typer.echo(f"{len(changed.new)}人にお願いを送りました。", err=True)


def _told(database: Database, town: Town, run_id: str) -> dict[str, Any]:
    """The draft with its reasons in words."""
    words = HelperWords(partial(_say, town), town.timezone)
    with database.reading() as session:
        run = session.get_one(RosterRun, run_id)
        names = {one.id: one.name for one in team.all_volunteers(session)}
        changed = team.changes_of(session, run)

        def line(one: Assignment) -> dict[str, Any]:
            return {
                "class": words.one(team.one_duty(session, one.id)),
                "who": names.get(one.volunteer_id, ""),
                "why": list(words.why(one.reasons)),
            }

        def gap(one: Mapping[str, Any]) -> dict[str, Any]:
            place = session.get_one(ScheduledSession, one["lesson_id"])
            return {"class": f"{words.moment(place.start_date)} {place.name}", "why": list(words.gap(one, names))}

        return {
            "objective": run.objective,
            "new": [line(one) for one in changed.new],
            "staying": [line(one) for one in changed.staying],
            "leaving": [line(one) for one in changed.leaving],
            "gaps": [gap(one) for one in run.gaps],
        }


def _as_text(told: Mapping[str, Any]) -> str:
    parts = [*_part("新しくお願いする方", told["new"], _helper), *_part("もう決まっている方", told["staying"], _helper)]
    parts += [*_part("来なくてよくなる方", told["leaving"], _helper), *_part("足りない教室", told["gaps"], _class)]
    return "\n".join(parts) or "お願いすることは何もありません。"


def _part(heading: str, rows: list[Mapping[str, Any]], line: Callable[[Mapping[str, Any]], str]) -> list[str]:
    return [f"■ {heading}", *(line(one) for one in rows), ""] if rows else []


def _helper(one: Mapping[str, Any]) -> str:
    return f"・{one['class']} … {one['who']}（{'。'.join(one['why'])}）"


def _class(one: Mapping[str, Any]) -> str:
    return f"・{one['class']} … {'。'.join(one['why'])}"


def _say(town: Town, message_id: str, **fills: object) -> str:
    return town.messages.say(message_id, "ja", False, **fills)
