"""What is on now and next as a talk needs it; without it the bot could only say that festivals exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inclusion.database import Database
from inclusion.live.events import name_in, public_events

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class LiveShown:
    """One event. `url` is the page that shows it; `number` is what its reminder is asked by."""

    number: int
    names: Mapping[str, str]
    start: datetime
    place: str
    url: str
    on_now: bool
    by_ticket: bool

    def name(self, language: str) -> str:
        return name_in(self.names, language)


@dataclass(frozen=True, slots=True)
class LiveProgramme:
    """On the air first. `sample` is the page of the sample festival, "" where it is switched off."""

    events: Sequence[LiveShown] = ()
    sample: str = ""


LiveOnNow = Callable[[datetime], LiveProgramme]


def no_programme(_now: datetime) -> LiveProgramme:
    return LiveProgramme()


def live_programme(database: Database, public_url: str, sample: bool, now: datetime) -> LiveProgramme:
    base = public_url.rstrip("/")
    with database.reading() as session:
        found = public_events(session, now, SHOWN)
    shown = [
        LiveShown(one.number or 0, one.names, one.start_at, one.place, f"{base}/live/{one.room}", one.state == "live", one.by_ticket)
        for one in found
    ]
    return LiveProgramme(shown, f"{base}/live/sample" if sample else "")
