"""How the platform logs: sentences with fields; without this file each library would log in its own form, addresses and all.

Nothing a person said, no name and no id is ever a field: what is logged is the kind of thing that happened and how often it was tried.
"""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import TextIO

import structlog


def set_up_logging(level: str) -> None:
    """Readable lines in a terminal, one JSON object a line elsewhere. Libraries' own chatter below WARNING is left out."""
    time = structlog.processors.TimeStamper(fmt="iso", utc=True)
    steps: list[structlog.types.Processor] = [structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder(), time]
    last: structlog.types.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        last = structlog.dev.ConsoleRenderer()
    steps.append(_without_colours)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=steps, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )
    handler = _StandardError()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "aiohttp", "telegram", "sqlalchemy", "alembic", "asyncio", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # its warnings show what stood in the body


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is when something is logged: one that was replaced and closed since then is not written to."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # logging sets it once; here it is looked up each time
        return sys.stderr


def _without_colours(logger: object, method: str, entry: structlog.types.EventDict) -> structlog.types.EventDict:
    """uvicorn adds each message a second time, coloured."""
    entry.pop("color_message", None)
    return entry


def place_of(error: BaseException) -> str:
    """Where an error arose, as file:line. A full traceback may quote what a resident said; this cannot."""
    step: TracebackType | None = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return f"{step.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{step.tb_lineno}" if step else "unknown"
