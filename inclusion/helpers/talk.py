"""A volunteer's own words in the chat: 出られます, 代わりをお願いします, 教室を開く; without it helping would need a page and a password.

Only who is a volunteer is heard here; to everybody else the same words mean what they always mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from accessibility import Answer
from inclusion.database import Database, StorageError
from inclusion.helpers import away
from inclusion.helpers.planning import HelperPlanning
from inclusion.helpers.post import post_notices, talked_of
from inclusion.municipalities import Town
from inclusion.skills import Scene, helping
from inclusion.skills.helping import Skill, TalkedOf
from inclusion.telling import Telling
from lessons import CoverAsk, CoverRequest, LessonError, ScheduledSession, Venue, Volunteer, team

Deed = Callable[[Session, datetime], None]
NAMED = re.compile(r"(?P<class>\d{1,2}/\d{1,2}（.）\d{2}:\d{2} .{1,60}?) (?P<words>\S+)")
WORDS: Final = {
    "step_in": r"代わりに(?:出ます|出られます|行きます|行けます)|(?:I(?:'ll| will| can) )?step in|我来代替|대신 나갑니다",
    "not_this_time": r"今回は(?:出られません|行けません|むずかしいです|難しいです)|not this time|这次不行|이번에는 안 됩니다",
    "after_all": r"やっぱり(?:出られます|出ます|行けます)|I can come after all|我还是能来|다시 갈 수 있습니다",
    "yes": r"(?:出られます|出ます|行けます|参加できます)(?:よ)?|I can come|我能来|갈 수 있습니다",
    "no": r"(?:出られません|行けません|参加できません)|I (?:cannot|can't) come|我不能来|갈 수 없습니다",
    "cover": r"(?:だれか|誰か)?代わり(?:の人)?を(?:お願い(?:します|したい(?:です)?)?|探して(?:ください)?)"
    r"|(?:please )?find cover|请找人代替|대신할 분을 찾아 주세요",
    "duties": r"(?:私の|わたしの|自分の)?(?:当番|担当(?:の教室)?)(?:を見(?:る|せて)|は)?(?:ください)?|my classes|我的课|내 교실",
}
PLANS: Final = re.compile(
    r"^教室を|(?:教室|講座)を?\s*(?:開[くきい]|ひら[くきい]|やりた|持ちた|計画し)|(?:plan|hold|open) a class", re.IGNORECASE
)
MEANINGS: Final = {meaning: re.compile(words, re.IGNORECASE) for meaning, words in WORDS.items()}


class PromiseGone(StorageError):
    """Something changed between our look and our write; the message is tried again and hears how things stand now."""

    def __init__(self) -> None:
        super().__init__("What a volunteer answered was settled by somebody else at the same moment.")


@dataclass(frozen=True, slots=True)
class HelperReply:
    """What is said, and what happens in the transaction that stores the answer."""

    skill: Skill
    deed: Deed | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a volunteer can speak of now: requests, own classes, questions to step in; each with the id its deed needs."""

    asked: Sequence[tuple[str, ScheduledSession, Venue]]
    coming: Sequence[tuple[str, ScheduledSession, Venue]]
    wanting: Sequence[tuple[str, ScheduledSession, Venue]]
    questions: Sequence[tuple[str, ScheduledSession, Venue]]


@dataclass(frozen=True, slots=True)
class HelperTalk:
    """Reads, and leaves every write to the deed."""

    database: Database
    town: Town
    telling: Telling

    def reply(self, text: str, person_id: str | None, now: datetime) -> HelperReply | None:
        """None for anybody who is no volunteer, and for words that are not about helping. Days off to take back only volunteers have."""
        said = unicodedata.normalize("NFC", text).strip("。.!！ 　")
        plan = PLANS.search(said) is not None
        meaning, named = _understood(said)
        days = away.understood(said, now.astimezone(self.town.timezone).date())
        if not (meaning or plan or days):
            return None
        with self.database.reading() as session:
            volunteer = team.volunteer_of_person(session, person_id) if person_id else None
            if volunteer is None:
                return HelperReply(_no_days_of_yours) if days and days.taking_back else None
            if meaning:
                return self._settle(meaning, named, standing_of(session, volunteer, now))
            if days:
                return self._do(*away.reply(session, self.town, volunteer, days, now))
            planned = HelperPlanning(self.town).reply(session, volunteer, said, now)
        return self._do(planned.skill, planned.deed)

    def _settle(self, meaning: str, named: str, standing: Standing) -> HelperReply:
        if meaning == "duties":
            return HelperReply(self._listed("helper.said.duties", standing.coming, "", "helper.said.no_duties"))
        rows, words, settle = _choices(meaning, standing)
        fitting = [row for row in rows if self._talked(row).says(self.town.timezone) == named] if named else list(rows)
        if len(fitting) == 1:
            return settle(self, fitting[0])
        if named:
            return HelperReply(lambda scene: helping.nothing("helper.said.gone" if meaning == "step_in" else "helper.said.nothing", scene))
        empty = "helper.said.no_duties" if meaning in ("cover", "after_all") else "helper.said.nothing"
        return HelperReply(self._listed("helper.said.which", fitting, words, empty))

    def agree(self, row: tuple[str, ScheduledSession, Venue]) -> HelperReply:
        def skill(scene: Scene) -> Answer:
            return helping.said("helper.said.yes", self._talked(row, scene.language), scene, "helper.said.yes.more")

        return self._do(skill, lambda session, now: team.accept(session, row[0], now))

    def refuse(self, row: tuple[str, ScheduledSession, Venue]) -> HelperReply:
        return self._do(
            lambda scene: helping.said("helper.said.no", self._talked(row, scene.language), scene),
            lambda session, now: team.decline(session, row[0], now),
        )

    def want_cover(self, row: tuple[str, ScheduledSession, Venue]) -> HelperReply:
        undo = ("helper.after_all", helping.AFTER_ALL)
        return self._do(
            lambda scene: helping.said("helper.said.cover", self._talked(row, scene.language), scene, "helper.said.cover.more", undo),
            lambda session, now: team.want_cover(session, row[0], now),
        )

    def keep(self, row: tuple[str, ScheduledSession, Venue]) -> HelperReply:
        return self._do(
            lambda scene: helping.said("helper.said.kept", self._talked(row, scene.language), scene),
            lambda session, now: team.can_come_after_all(session, row[0], now),
        )

    def step_in(self, row: tuple[str, ScheduledSession, Venue]) -> HelperReply:
        return self._do(
            lambda scene: helping.said("helper.said.yes", self._talked(row, scene.language), scene, "helper.said.yes.more"),
            lambda session, now: team.accept_cover(session, row[0], now),
        )

    def not_this_time(self, row: tuple[str, ScheduledSession, Venue]) -> HelperReply:
        return self._do(
            lambda scene: helping.said("helper.said.no", self._talked(row, scene.language), scene),
            lambda session, now: team.decline_cover(session, row[0], now),
        )

    def _do(self, skill: Skill, deed: Callable[[Session, datetime], object] | None) -> HelperReply:
        """The deed with its notices put on their way; a refusal means that the world changed since we looked."""
        if deed is None:
            return HelperReply(skill)

        def done(session: Session, now: datetime) -> None:
            try:
                deed(session, now)
            except LessonError:
                raise PromiseGone from None
            post_notices(session, self.telling, now)

        return HelperReply(skill, done)

    def _listed(self, message_id: str, rows: Sequence[tuple[str, ScheduledSession, Venue]], words: str, empty: str) -> Skill:
        if not rows:
            return lambda scene: helping.nothing(empty, scene)
        return lambda scene: helping.which(message_id, [self._talked(row, scene.language) for row in rows], words, scene)

    def _talked(self, row: tuple[str, ScheduledSession, Venue], language: str = "ja") -> TalkedOf:
        return talked_of(row[1], row[2], self.town, language)


def standing_of(session: Session, volunteer: Volunteer, now: datetime) -> Standing:
    """Everything a volunteer may answer or take back now."""

    def duties(*states: str) -> Sequence[tuple[str, ScheduledSession, Venue]]:
        return [(one.assignment.id, one.session, one.venue) for one in team.duties_of(session, volunteer.id, now, states)]

    questions = select(CoverAsk.id, ScheduledSession, Venue).where(
        CoverAsk.volunteer_id == volunteer.id,
        CoverAsk.state == "asked",
        CoverAsk.request_id == CoverRequest.id,
        CoverRequest.session_id == ScheduledSession.id,
        ScheduledSession.venue_id == Venue.id,
        ScheduledSession.start_date > now,
    )
    found = session.exec(questions.order_by(col(ScheduledSession.start_date))).all()
    return Standing(duties("published"), duties("accepted"), duties("cover_wanted"), found)


def _understood(said: str) -> tuple[str, str]:
    """The meaning and the class that was named ("" for none); meaning "" for other words."""
    button = NAMED.fullmatch(said)
    words, named = (button["words"], button["class"]) if button else (said, "")
    return next((meaning for meaning, pattern in MEANINGS.items() if pattern.fullmatch(words)), ""), named


def _choices(meaning: str, standing: Standing) -> tuple[Sequence[tuple[str, ScheduledSession, Venue]], str, Callable[..., HelperReply]]:
    """What a meaning can refer to, the words of its buttons, and what it does. A bare yes or no also answers a question to step in."""
    if meaning in ("yes", "no") and not standing.asked and standing.questions:
        meaning = {"yes": "step_in", "no": "not_this_time"}[meaning]
    return {
        "yes": (standing.asked, helping.YES, HelperTalk.agree),
        "no": (standing.asked, helping.NO, HelperTalk.refuse),
        "cover": (standing.coming, helping.WANT_COVER, HelperTalk.want_cover),
        "after_all": (standing.wanting, helping.AFTER_ALL, HelperTalk.keep),
        "step_in": (standing.questions, helping.STEP_IN, HelperTalk.step_in),
        "not_this_time": (standing.questions, helping.NOT_THIS_TIME, HelperTalk.not_this_time),
    }[meaning]


__all__ = ["HelperReply", "HelperTalk", "PromiseGone", "Standing", "standing_of"]


def _no_days_of_yours(scene: Scene) -> Answer:
    return helping.nothing("helper.said.away.not_helper", scene, "helper.said.away.not_helper.more")
