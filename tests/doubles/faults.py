"""Troubles a test orders in advance; without it "LINE answered too late" could only be tested by luck."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request.

    `accepted` lets the request take effect before the trouble, as when an answer is lost on its way back. `drop` closes the
    connection without an answer; `delay_s` waits (after the effect when accepted); `status` 0 leaves the answer as it was.
    """

    status: int = 0
    message: str = "Internal server error"
    details: tuple[dict[str, str], ...] = ()
    delay_s: float = 0.0
    drop: bool = False
    accepted: bool = False
    raw_body: str | None = None


@dataclass(slots=True)
class FaultPlan:
    """The next requests' faults, in order, each used once."""

    waiting: deque[Fault] = field(default_factory=deque)

    def next_requests(self, count: int, fault: Fault) -> None:
        self.waiting.extend([fault] * count)

    def take(self) -> Fault:
        """The fault of this request; a smooth one when nothing was ordered."""
        return self.waiting.popleft() if self.waiting else Fault()


@dataclass(slots=True)
class Bucket:
    """A token bucket: `per_second` requests flow in, at most as many wait."""

    per_second: float
    clock: Clock
    level: float | None = None
    seen_at: datetime | None = None

    def allows(self) -> bool:
        now = self.clock()
        passed = (now - self.seen_at).total_seconds() if self.seen_at else 0.0
        self.level = min(self.per_second, (self.per_second if self.level is None else self.level) + passed * self.per_second)
        self.seen_at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True
