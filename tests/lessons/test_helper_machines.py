"""Whatever order helpers press their buttons in, helpers counted are promises made, and nobody is asked for a settled class."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session, col, select

from lessons import Assignment, CoverAsk, CoverRequest, LessonError, team

from .crew import helper
from .programme import books, open_engine, plan_class

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
COMING = ("accepted", "served")


class Crew(RuleBasedStateMachine):
    """One class and five helpers. A refusal must be a sentence of ours, and change nothing."""

    @initialize()
    def open_class(self) -> None:
        self.folder, self.now = TemporaryDirectory(), START
        self.engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'crew.db'}")
        with Session(self.engine) as session, session.begin():
            self.room = plan_class(session, START, room_capacity=8, helper_ratio=4)
            self.crew = [helper(session, START, name).id for name in "あいうえお"]

    def press(self, command, *arguments) -> None:
        try:
            with Session(self.engine) as session, session.begin():
                command(session, *arguments)
        except LessonError as refused:
            assert str(refused).endswith(".")

    @rule(who=st.integers(0, 4))
    def ask(self, who: int) -> None:
        self.press(lambda session: team.ask(session, team.assign(session, self.room, self.crew[who], self.now), self.now))

    @rule(which=st.integers(0, 9), step=st.sampled_from(("accept", "decline", "want_cover", "can_come_after_all", "withdraw")))
    def answer(self, which: int, step: str) -> None:
        if found := self.ids(Assignment):
            self.press(getattr(team, step), found[which % len(found)], self.now)

    @rule(which=st.integers(0, 9), step=st.sampled_from(("accept_cover", "decline_cover")))
    def answer_for_cover(self, which: int, step: str) -> None:
        if found := self.ids(CoverAsk):
            self.press(getattr(team, step), found[which % len(found)], self.now)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.now = min(self.now + timedelta(hours=hours), START + timedelta(days=9))
        self.press(team.tend_cover, self.now)

    def ids(self, table) -> list[str]:
        with Session(self.engine) as session:
            return list(session.exec(select(table.id).order_by(col(table.id))).all())

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "crew"):
            return
        with Session(self.engine) as session:
            promises = session.exec(select(Assignment)).all()
            searches = {one.id: one for one in session.exec(select(CoverRequest)).all()}
            asks = session.exec(select(CoverAsk)).all()
            assert books(session, self.room).confirmed_helpers == sum(one.state in COMING for one in promises)
        standing = [one.volunteer_id for one in promises if one.active_key]
        assert len(standing) == len(set(standing))
        open_searches = [one for one in searches.values() if one.state in ("open", "asking", "escalated")]
        assert len(open_searches) <= sum(one.state == "cover_wanted" for one in promises)
        assert all(one.state != "asked" or searches[one.request_id] in open_searches for one in asks)

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()


Crew.TestCase.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestCrew = Crew.TestCase
