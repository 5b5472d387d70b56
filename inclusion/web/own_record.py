"""What is kept about whoever sits at this browser; without this file nobody could see it, take it along or have it erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from inclusion.conversations import Conversation
from inclusion.database import Database


@dataclass(frozen=True, slots=True)
class KeptTalk:
    """One remembered talk on the web page. `whole` is everything stored of it, for the download."""

    last_answer: str
    expires_at: datetime
    whole: Mapping[str, Any]


class OwnRecord(Protocol):
    """The store of web talks, by the secret number that the person's own browser holds."""

    def find(self, talk: str, now: datetime) -> KeptTalk | None: ...

    def erase(self, talk: str, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class StoredTalks:
    """Talks on the web page as the database keeps them. Talks of LINE and Telegram accounts are never shown or erased here."""

    database: Database

    def find(self, talk: str, now: datetime) -> KeptTalk | None:
        with self.database.reading() as session:
            kept = _of_web(session, talk)
            if kept is None or kept.expires_at <= now:
                return None
            last = kept.last_answer or {}
            whole = {"talk": kept.talk, "last_answer": kept.last_answer, "updated_at": kept.updated_at.isoformat()}
            return KeptTalk(str(last.get("headline", "")), kept.expires_at, {**whole, "expires_at": kept.expires_at.isoformat()})

    def erase(self, talk: str, now: datetime) -> bool:
        """Whether there was something to erase."""
        with self.database.writing() as session:
            kept = _of_web(session, talk)
            if kept is not None:
                session.delete(kept)
            return kept is not None


def _of_web(session: Session, talk: str) -> Conversation | None:
    found = session.get(Conversation, talk) if talk else None
    return found if found is not None and found.account_id is None and found.channel == "web" else None
