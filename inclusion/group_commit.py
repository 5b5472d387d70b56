"""Many small writes in one commit: without it every webhook would wait for its own disk sync, and a busy morning would queue up."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from inclusion.database import Database, StorageError

Kept = TypeVar("Kept")
Work = Callable[[Session], Kept]

LONGEST_QUEUE = 10_000
LARGEST_GROUP = 500
TRIES_ALONE = 3


class QueueFull(StorageError):
    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} writes are already waiting for the database. Answer 503, so that the sender tries again soon.")
        self.waiting = waiting


class WriterClosed(StorageError):
    def __init__(self) -> None:
        super().__init__("The platform is shutting down and takes no more writes. Answer 503, so that the sender tries again soon.")


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Work[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    waiting: _Waiting
    result: Any = None
    error: Exception | None = None


class GroupCommit:
    """One writer thread. While it commits one group, the next one gathers; nobody hears "done" before the commit.

    A work may run again (alone, when another one of its group failed or when rows were taken in opposite orders), so it touches only
    its session.
    """

    def __init__(self, database: Database, longest_queue: int = LONGEST_QUEUE, largest_group: int = LARGEST_GROUP) -> None:
        self._database, self._longest_queue, self._largest_group = database, longest_queue, largest_group
        self._queue: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self.commits = 0

    async def write(self, work: Work[Kept]) -> Kept:
        """Run `work` in a transaction and return its result after the commit. Raises QueueFull, WriterClosed or what `work` raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Kept] = loop.create_future()
        self._put(_Waiting(work, loop, future))
        return await future

    async def close(self) -> None:
        """Commit everything that waits, then stop. Later writes are refused."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    def _put(self, waiting: _Waiting) -> None:
        with self._changed:
            if self._closing:
                raise WriterClosed
            if len(self._queue) >= self._longest_queue:
                raise QueueFull(len(self._queue))
            self._queue.append(waiting)
            self._start_once()
            self._changed.notify()

    def _start_once(self) -> None:
        if self._thread is None:
            # A daemon: an event loop that dies without `close` must not keep the process; nothing unanswered was promised.
            self._thread = threading.Thread(target=self._commit_groups, name="group-commit", daemon=True)
            self._thread.start()

    def _commit_groups(self) -> None:
        while group := self._next_group():
            _tell(self._commit(group))

    def _next_group(self) -> list[_Waiting]:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            return [self._queue.popleft() for _ in range(min(len(self._queue), self._largest_group))]

    def _commit(self, group: Sequence[_Waiting]) -> list[_Outcome]:
        try:
            return self._commit_together(group)
        except OperationalError as error:
            if _must_repeat(error):
                return self._commit_one_by_one(group)
            # The database itself is away or locked: asking again for each would only take longer.
            return [_Outcome(waiting, error=error) for waiting in group]
        except Exception as error:
            return [_Outcome(group[0], error=error)] if len(group) == 1 else self._commit_one_by_one(group)

    def _commit_together(self, group: Sequence[_Waiting]) -> list[_Outcome]:
        outcomes = []
        with self._database.writing() as session:
            for waiting in group:
                outcomes.append(_Outcome(waiting, waiting.work(session)))
                session.flush()
        self.commits += 1
        return outcomes

    def _commit_one_by_one(self, group: Sequence[_Waiting]) -> list[_Outcome]:
        return [self._commit_alone(waiting) for waiting in group]

    def _commit_alone(self, waiting: _Waiting, tries: int = TRIES_ALONE) -> _Outcome:
        try:
            return self._commit_together([waiting])[0]
        except Exception as error:
            return self._commit_alone(waiting, tries - 1) if tries > 1 and _must_repeat(error) else _Outcome(waiting, error=error)


def _must_repeat(error: Exception) -> bool:
    """PostgreSQL took our transaction back because another process held the same rows in another order (SQLSTATE class 40)."""
    return isinstance(error, OperationalError) and str(getattr(error.orig, "sqlstate", "")).startswith("40")


def _tell(outcomes: Sequence[_Outcome]) -> None:
    """Settle all futures of one event loop in one call: waking a loop costs more than settling a future."""
    loops = {outcome.waiting.loop for outcome in outcomes}
    for loop in loops:
        of_loop = [outcome for outcome in outcomes if outcome.waiting.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, of_loop)


def _settle(outcomes: Sequence[_Outcome]) -> None:
    for outcome in outcomes:
        future = outcome.waiting.future
        if future.done():  # the caller stopped waiting; what it asked for is kept all the same
            continue
        if outcome.error is not None:
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome.result)
