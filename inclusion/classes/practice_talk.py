"""The practice partner in the chat: watches what somebody really sends, a photo, a voice, a place; without it practice would be reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bots import MessageKind
from inclusion.classes import words as class_words
from inclusion.classes.talk import ClassTalk, Skill
from inclusion.handover import Said
from inclusion.remembering import Recalled
from inclusion.replies import Reply
from inclusion.skills import practice as words
from lessons.learning_tables import PracticeRun
from lessons.practice import (
    SCENARIOS,
    Did,
    agree_to_drills,
    answer_drill,
    attempt,
    running,
    start,
    start_drill,
    stop,
    withdraw_from_drills,
)

SENT: Final[Mapping[MessageKind, Did]] = {"image": "photo", "audio": "voice", "location": "place", "sticker": "sticker"}
ASKED: Final = re.compile(
    r"(?!.*(?:やめ|終わ))(?:スマホの)?(?:操作の)?練習(?:を)?(?:したい|する|始める|させて|お願い)?.{0,6}|(?:let me )?practi[cs]e|练习|연습",
    re.IGNORECASE,
)
PROOF: Final = "こんにちは"
LONGEST_AGO_S: Final = 3600.0  # whoever comes back after an hour is asking something new


@dataclass(frozen=True, slots=True)
class PracticeTalk:
    """Answers what belongs to a practice; None for everything else, so that any other question is still answered."""

    talk: ClassTalk

    def reply(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        if not recalled.one_person:
            return None
        text = class_words.plain(class_words.meant(said.text, recalled.memory.last))
        if (name := self._named(text)) is not None:
            return self.talk.carry_out(lambda session, person: self._begin(session, person, name, now), recalled, now)
        if self._is(text, "practice.more") or ASKED.fullmatch(text):
            return self.talk.say(lambda scene: words.offered(scene, recalled.channel == "web"), recalled, now)
        return self._drilled(text, recalled, now) or self._running(text, recalled, now)

    def sent(self, kind: MessageKind, recalled: Recalled, now: datetime) -> Reply | None:
        """A photo, a place or a sticker while something is practised. A voice only where that is practised: it may ask anything."""
        run = self._run(recalled, now) if kind in SENT else None
        if run is None or run.kind != "practice" or (kind == "audio" and SCENARIOS[run.scenario].proof != "voice"):
            return None
        return self.talk.carry_out(lambda session, person: self._tried(session, person, SENT[kind], now), recalled, now)

    def _running(self, text: str, recalled: Recalled, now: datetime) -> Reply | None:
        did = self._did(text)
        if did is None or (did != "stop" and self._run(recalled, now) is None):
            return None
        if did == "stop":
            return self.talk.carry_out(lambda session, person: self._stopped(session, person, now), recalled, now)
        return self.talk.carry_out(lambda session, person: self._tried(session, person, did, now), recalled, now)

    def _did(self, text: str) -> Did | str | None:
        known = {"practice.did": "done", "practice.stuck": "unsure", "practice.stop": "stop"}
        found = next((did for message, did in known.items() if self._is(text, message)), None)
        return "words" if found is None and text == PROOF else found

    def _begin(self, session: Session, person: str, name: str, now: datetime) -> Skill:
        start(session, person, name, now)
        return lambda scene: words.screen(name, 1, scene, first=True)

    def _tried(self, session: Session, person: str, did: Did | str, now: datetime) -> Skill:
        run = running(session, person)
        if run is None or run.kind != "practice":
            return words.stopped
        went, name, step = attempt(session, run, did, now), run.scenario, run.step + 1  # type: ignore[arg-type]  # one of Did
        if went == "finished":
            return lambda scene: words.finished(name, scene)
        if went == "other_way":
            return lambda scene: words.other_way(name, scene)
        return lambda scene: words.screen(name, step, scene, again=went == "again")

    def _stopped(self, session: Session, person: str, now: datetime) -> Skill:
        stop(session, person, now)
        return words.stopped

    def _drilled(self, text: str, recalled: Recalled, now: datetime) -> Reply | None:
        if self._is(text, "practice.drill"):
            return self.talk.say(words.ask_consent, recalled, now)
        if self._is(text, "drill.agree"):
            return self.talk.carry_out(lambda session, person: self._agreed(session, person, now), recalled, now)
        if self._is(text, "drill.end"):
            return self.talk.carry_out(lambda session, person: self._withdrawn(session, person, now), recalled, now)
        choice = next((one for one in ("open", "ask", "leave") if self._is(text, f"drill.{one}")), None)
        if choice is None:
            return None
        return self.talk.carry_out(lambda session, person: self._chosen(session, person, choice, now), recalled, now)

    def _agreed(self, session: Session, person: str, now: datetime) -> Skill:
        agree_to_drills(session, person, now)
        name = start_drill(session, person, now).scenario
        return lambda scene: words.drill(name, scene)

    def _withdrawn(self, session: Session, person: str, now: datetime) -> Skill:
        withdraw_from_drills(session, person, now)
        return words.withdrawn

    def _chosen(self, session: Session, person: str, choice: str, now: datetime) -> Skill:
        run = running(session, person)
        if run is None or run.kind != "drill":
            return words.ask_consent
        name, safe = run.scenario, answer_drill(session, run, choice, now)
        return lambda scene: words.debrief(name, safe, scene)

    def _run(self, recalled: Recalled, now: datetime) -> PracticeRun | None:
        if recalled.person_id is None:
            return None
        with self.talk.database.reading() as session:
            run = running(session, recalled.person_id)
        return run if run is not None and (now - run.changed_at).total_seconds() < LONGEST_AGO_S else None

    def _named(self, text: str) -> str | None:
        return next((name for name in SCENARIOS if self._is(text, f"practice.{name}")), None)

    def _is(self, text: str, message_id: str) -> bool:
        return text == self.talk.town.messages.say(f"{message_id}.says")
