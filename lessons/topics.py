"""The national programme's teaching topics as data; without it every town would think up its own list, and none could be compared.

Names and skills are our own short words for the topics; no material is copied. `checked` says whether the topic's place in the programme
was read in a public source; where it is "no", a clerk compares it before printing a notice.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from .tables import Course

PROGRAMME: Final = "digital-katsuyo-shien"
LEVELS: Final = {"basic": "入門", "applied": "活用"}
MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Topic:
    """`level` is basic or applied, `since` the year it joined, `version` the edition of the list it was taken from."""

    code: str
    name: str
    name_kana: str
    level: str
    skills: tuple[str, ...]
    systems: tuple[str, ...]
    since: int
    version: str
    source: str
    checked: bool

    @property
    def ref(self) -> str:
        """How a course names the topic it teaches (`material_ref`)."""
        return f"{PROGRAMME}/{self.code}"


def national_topics() -> Mapping[str, Topic]:
    """Every topic by its code, in the programme's order."""
    text = (files("lessons") / "national_topics.csv").read_text(encoding="utf-8")
    return {row["code"]: _topic(row) for row in csv.DictReader(text.splitlines())}


def topic_of(course: Course) -> Topic | None:
    """The topic a course teaches; None for a town's own."""
    programme, _, code = course.material_ref.partition("/")
    return national_topics().get(code) if programme == PROGRAMME else None


def course_of(topic: Topic) -> Course:
    """A course that teaches this topic, ready for the town to describe in its own words."""
    return Course(
        code=topic.code,
        name=topic.name,
        name_kana=topic.name_kana,
        level=LEVELS[topic.level],
        skills_taught=list(topic.skills),
        duration_minutes=MINUTES,
        material_ref=topic.ref,
        material_version=topic.version,
        source=topic.source,
    )


def _topic(row: Mapping[str, str]) -> Topic:
    skills, systems = tuple(row["skills"].split("|")), tuple(row["systems"].split("|"))
    checked = row["checked"] == "yes"
    return Topic(
        row["code"], row["name"], row["name_kana"], row["level"], skills, systems, int(row["since"]), row["version"], row["source"], checked
    )
