"""What was acknowledged is there after a crash: a real process is killed while it saves."""

from __future__ import annotations

import subprocess
import sys

from sqlmodel import select

from inclusion.database import Database
from inclusion.inbox import EventRow

SAVES_FOR_EVER = """
import asyncio, sys
from datetime import UTC, datetime
from inclusion.database import open_database
from inclusion.inbox import Inbox, IncomingEvent

async def caller(inbox, number):
    for n in range(10**6):
        event_id = f"{number}-{n}"
        saving = asyncio.ensure_future(inbox.save([IncomingEvent("line", event_id, {"n": n}, datetime.now(UTC))]))
        if EARLY:
            print(event_id, flush=True)
        await saving
        if not EARLY:
            print(event_id, flush=True)

async def main():
    inbox = Inbox(open_database(sys.argv[1]))
    await asyncio.gather(*(caller(inbox, number) for number in range(50)))

asyncio.run(main())
"""


def _acknowledged_until_killed(url: str, early: bool) -> list[str]:
    """Event ids a process acknowledged before it was killed with SIGKILL; `early` acknowledges before the commit."""
    program = SAVES_FOR_EVER.replace("EARLY", str(early))
    process = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(2000)]
    process.kill()
    lines += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return [line.strip() for line in lines if line.endswith("\n")]


def _missing(database: Database, acknowledged: list[str]) -> set[str]:
    with database.reading() as session:
        return set(acknowledged) - set(session.exec(select(EventRow.event_id)))


def test_every_acknowledged_event_is_there_after_the_process_was_killed(database: Database, database_url: str) -> None:
    acknowledged = _acknowledged_until_killed(database_url, early=False)
    assert len(acknowledged) >= 2000
    assert _missing(database, acknowledged) == set()


def test_control_acknowledging_before_the_commit_loses_events(database: Database, database_url: str) -> None:
    assert any(_missing(database, _acknowledged_until_killed(database_url, early=True)) for _ in range(3))
