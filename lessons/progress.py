"""What somebody can do, known only from seeing it done; without it sitting through a class would count as having learnt.

Teach-back: "show me from the start". What was shown once is looked at again after 1, 3, 7 and 21 days, and once more after 30, which is
what the programme report tells. A look that was missed is overtaken by the next one, so that one silent day ends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from .errors import OpinionUnclear
from .learning_tables import SkillEvidence

REVIEW_AFTER: Final = tuple(timedelta(days=days) for days in (1, 3, 7, 21))
LOOKS: Final = (*REVIEW_AFTER, timedelta(days=30))
LONGEST_AGO: Final = timedelta(days=90)  # a skill not looked at for so long is taught anew, not reviewed
KEPT_AFTER: Final = LOOKS[-1]
KINDS: Final = ("teach_back", "review")
RESULTS: Final = ("alone", "helped", "not_yet")


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill of one learner: since when it is theirs, how often it was shown since, and when it is looked at next (None: kept).

    Counted for a moment, `next_review` is the latest look that has come and was not had, else the first to come.
    """

    skill: str
    shown_on: datetime
    reviews: int
    next_review: datetime | None


def note_evidence(session: Session, learner_id: str, skill: str, kind: str, result: str, observed_by: str, now: datetime) -> SkillEvidence:
    """Somebody watched. Raises OpinionUnclear when it was neither a teach-back nor a review."""
    if kind not in KINDS or result not in RESULTS or not skill.strip():
        raise OpinionUnclear
    seen = SkillEvidence(learner_id=learner_id, skill=skill.strip(), kind=kind, result=result, observed_by=observed_by, observed_at=now)
    session.add(seen)
    session.flush()
    return seen


def skills_of(session: Session, learner_id: str, now: datetime | None = None) -> Sequence[Skill]:
    """The skills shown alone at least once, oldest first. With `now` a look that was missed gives way to the next that has come."""
    seen: dict[str, list[SkillEvidence]] = {}
    for one in evidence_of(session, learner_id):
        seen.setdefault(one.skill, []).append(one)
    found = [_skill(name, rows, now) for name, rows in seen.items()]
    return sorted((one for one in found if one is not None), key=lambda one: one.shown_on)


def reviews_due(session: Session, now: datetime) -> Sequence[tuple[str, Skill]]:
    """(learner, skill) whose next look has come: a fact; asking is another's task."""
    rows: dict[tuple[str, str], list[SkillEvidence]] = {}
    recent = select(SkillEvidence).where(SkillEvidence.observed_at > now - LONGEST_AGO).order_by(col(SkillEvidence.observed_at))
    for one in session.exec(recent).all():
        rows.setdefault((one.learner_id, one.skill), []).append(one)
    found = [(learner, _skill(name, seen, now)) for (learner, name), seen in rows.items()]
    return [
        (learner, skill) for learner, skill in found if skill is not None and skill.next_review is not None and skill.next_review <= now
    ]


def kept_after_a_month(rows: Sequence[SkillEvidence]) -> Mapping[str, int]:
    """Of the skills last looked at 30 days or more after they were shown alone: how many, and how many were still there."""
    looked = kept = 0
    by_skill: dict[tuple[str, str], list[SkillEvidence]] = {}
    for one in sorted(rows, key=lambda row: row.observed_at):
        by_skill.setdefault((one.learner_id, one.skill), []).append(one)
    for seen in by_skill.values():
        first = next((one for one in seen if one.result == "alone"), None)
        last = seen[-1]
        if first is not None and last.observed_at - first.observed_at >= KEPT_AFTER:
            looked, kept = looked + 1, kept + (last.result == "alone")
    return {"looked_at": looked, "kept": kept}


def evidence_of(session: Session, learner_id: str) -> Sequence[SkillEvidence]:
    theirs = select(SkillEvidence).where(SkillEvidence.learner_id == learner_id)
    return session.exec(theirs.order_by(col(SkillEvidence.observed_at))).all()


def _skill(name: str, rows: Sequence[SkillEvidence], now: datetime | None) -> Skill | None:
    """Counted from the last time it was shown alone in a teach-back; a look at which it was gone begins anew."""
    start = next((one for one in reversed(rows) if one.kind == "teach_back" and one.result == "alone"), None)
    if start is None:
        return None
    after = [one for one in rows if one.kind == "review" and one.observed_at >= start.observed_at]
    begun = max((n for n, one in enumerate(after, 1) if one.result == "not_yet"), default=0)
    base, last = (after[begun - 1] if begun else start).observed_at, (after[-1] if after else start).observed_at
    left = [base + days for days in LOOKS if base + days > last]
    come = [at for at in left if now is not None and at <= now]
    due = next(iter(come[-1:] or left[:1]), None)
    return Skill(name, start.observed_at, sum(one.result == "alone" for one in after[begun:]), due)
