"""An answer as a page shows it; without this file "once more", "shorter" and "larger" would have to ask the question again.

The page itself carries its answer, sealed: any worker can show it again, the server keeps nothing, and nobody can put words in our mouth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from itsdangerous import BadData, URLSafeTimedSerializer

from accessibility import Choice, Link, Phone, Source, Tickets

from .services import AskReply

KEPT_FOR_S: Final = 12 * 3600


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What was asked (typed, or `heard`) and what stands on the page for it."""

    asked: str
    language: str
    headline: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    phones: tuple[Phone, ...]
    links: tuple[Link, ...]
    sources: tuple[Source, ...]
    tickets: tuple[Tickets, ...]
    spoken: str = ""
    heard: bool = False
    doubt: Choice | None = None

    @classmethod
    def of(cls, asked: str, reply: AskReply, heard: bool = False) -> Self:
        said, answer = reply.rendered, reply.answer
        return cls(
            asked=asked,
            language=said.language,
            headline=said.headline,
            lines=said.lines,
            notes=said.notes,
            choices=said.choices,
            phones=said.phones,
            links=said.links,
            sources=answer.sources,
            tickets=answer.tickets,
            spoken=said.spoken,
            heard=heard,
            doubt=said.doubt,
        )

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """What `dataclasses.asdict` made of an answer, back again; raises KeyError or TypeError for another shape."""
        return cls(
            asked=stored["asked"],
            language=stored["language"],
            headline=stored["headline"],
            lines=tuple(stored["lines"]),
            notes=tuple(stored["notes"]),
            choices=tuple(Choice(**choice) for choice in stored["choices"]),
            phones=tuple(Phone(**phone) for phone in stored["phones"]),
            links=tuple(Link(**link) for link in stored["links"]),
            sources=tuple(Source(**source) for source in stored["sources"]),
            tickets=tuple(Tickets(**ticket) for ticket in stored["tickets"]),
            spoken=stored.get("spoken", ""),
            heard=stored.get("heard", False),
            doubt=Choice(**stored["doubt"]) if stored.get("doubt") else None,
        )


class Seal:
    """Closes an answer so that it can travel in a page, and opens it again."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="shown answer", signer_kwargs={"digest_method": hashlib.sha256})

    def close(self, shown: ShownAnswer) -> str:
        sealed = self._serializer.dumps(asdict(shown))
        return sealed if isinstance(sealed, str) else sealed.decode("ascii")

    def open(self, sealed: str) -> ShownAnswer | None:
        """The answer, or None for anything that we did not seal, or sealed too long ago or in another shape."""
        try:
            return ShownAnswer.from_dict(self._serializer.loads(sealed, max_age=KEPT_FOR_S))
        except (BadData, KeyError, TypeError):
            return None
