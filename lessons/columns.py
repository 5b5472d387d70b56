"""Columns shared by the tables: aware times on every database; without it SQLite alone would forget the zone of a class."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, DateTime, ForeignKey, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

READABLE: Final = "2345679ACDEFGHJKMNPQRTUVWXYZ"  # no signs that are mixed up when read aloud over the telephone


class AwareTime(TypeDecorator[datetime]):
    """Keeps UTC, gives back aware times, refuses a time without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A time without a zone cannot be kept: pass an aware datetime.")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def moment(*, nullable: bool = False, index: bool = False) -> Column[Any]:
    return Column(AwareTime(), nullable=nullable, index=index)


def pointer(target: str, *, nullable: bool = False, index: bool = True) -> Column[Any]:
    """A reference to another table's key."""
    return Column(String, ForeignKey(target), nullable=nullable, index=index)


def new_id() -> str:
    return uuid.uuid4().hex


def new_receipt() -> str:
    """A number that tells nothing about its holder and can be read aloud: "K7M2-4QXA"."""
    signs = "".join(secrets.choice(READABLE) for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"
