"""The day of a class in the talk: "I am here", three taps of opinion, and help by one person; without it one would need staff for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from accessibility import Answer
from inclusion import outbox
from inclusion.classes import words as class_words
from inclusion.classes.later_talk import ClassLaterTalk
from inclusion.classes.notices import opinion_asked
from inclusion.classes.opinion_words import more_of_it, satisfaction, satisfaction_pressed
from inclusion.classes.talk import ClassTalk, Skill
from inclusion.handover import Said
from inclusion.live.pairs import PairRooms
from inclusion.remembering import Recalled, latest_conversation
from inclusion.replies import Reply
from inclusion.skills import class_day
from lessons import Application, check_may, find_own, may_act_for, one_class, own_learner
from lessons.arriving import Method, arrive, arrive_by_code, has_arrived, seat_by_code, todays_applications
from lessons.errors import TicketUnknown
from lessons.learning_tables import Feedback, TutoringTicket
from lessons.opinions import AGAINS, PACES, give_opinion, to_be_asked
from lessons.tutoring import Need, ask_for_help, leave_queue, match, open_ticket_of, place_of, want_to_see_each_other

OPINION: Final = re.compile(
    r"(?:教室の)?(?:感想|アンケート)(?:を)?(?:言|書|話|送|伝え|する|したい)?.{0,6}|opinion|feedback|感想|소감", re.IGNORECASE
)
HELP: Final = re.compile(
    r"(?:スマホ|すまほ)(?:の)?(?:個別)?(?:相談|そうだん)(?:を)?(?:したい|お願い|予約|申し?込).{0,8}"
    r"|(?:1対1|一対一|マンツーマン|個別)(?:で|に)?(?:教え|相談|見て).{0,10}|one.to.one help|一对一(?:帮助|咨询)|일대일 상담",
    re.IGNORECASE,
)
HELP_END: Final = re.compile(r"(?:個別|スマホ)?相談(?:を|の順番を)?(?:やめる|やめます|取り?消す|キャンセル).{0,4}|stop help", re.IGNORECASE)
HELP_PLACE: Final = re.compile(r"相談(?:の)?(?:順番|番号|何番目).{0,10}|my place in the help queue", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClassDayTalk:
    """Answers these wishes; None for everything else. `talk` is how one's own classes are reached."""

    talk: ClassTalk
    rooms: PairRooms | None = None

    def reply(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        if not recalled.one_person:
            return None
        last = recalled.memory.last
        text = class_words.plain(class_words.meant(said.text, last))
        steps = (self._opinion, self._tap, self._help)
        found = self._here(text, said.spoken, recalled, now)
        found = found or next((found for step in steps if (found := step(text, last, recalled, now)) is not None), None)
        return found or ClassLaterTalk(self.talk).reply(said, recalled, now)

    def _here(self, text: str, spoken: bool, recalled: Recalled, now: datetime) -> Reply | None:
        """着きました 4821, typed or spoken; four digits alone only when a class of theirs is on."""
        code = class_words.board_code(text)
        if not code and not class_words.arrives(text):
            return None
        with self.talk.database.reading() as session:
            expected = bool(todays_applications(session, _with_family(session, recalled.person_id, now), now))
        if not code:
            return self.talk.say(class_day.which_code, recalled, now)
        if not expected and text.isdigit():
            return None

        def act(session: Session, person: str) -> Skill:
            method: Method = "voice" if spoken else "code"
            if seat_by_code(session, _learners(session, person), code, now) is None and (
                theirs := seat_by_code(session, may_act_for(session, person, "see", now), code, now)
            ):
                return self._family_here(session, person, theirs, method, now)
            found = arrive_by_code(session, _learners(session, person), code, method, now)
            name = one_class(session, found.session_id).session.name
            return lambda scene: class_day.welcome(name, scene)

        return self.talk.carry_out(act, recalled, now)

    def _family_here(self, session: Session, person: str, theirs: Application, method: Method, now: datetime) -> Skill:
        """Whoever may sign the learner up may also say that they are here; the learner hears of it. Raises ScopeMissing."""
        check_may(session, person, theirs.learner_id, "book", now)
        name = one_class(session, theirs.session_id).session.name
        if not has_arrived(session, theirs.id):
            arrive(session, theirs.id, method, now)
            self.talk.notices.tell_what_family_did(session, theirs, now, lambda scene: class_day.welcome(name, scene))
        return lambda scene: class_day.family_here(name, scene)

    def _opinion(self, text: str, last: Answer | None, recalled: Recalled, now: datetime) -> Reply | None:
        if OPINION.fullmatch(text) is None:
            return None
        with self.talk.database.reading() as session:
            asked = to_be_asked(session, _learners(session, recalled.person_id), now)
            name = one_class(session, asked.session_id).session.name if asked else ""
        skill: Skill = (lambda scene: class_day.ask_satisfaction(name, scene)) if asked else class_day.nothing_to_ask
        return self.talk.say(skill, recalled, now)

    def _tap(self, text: str, last: Answer | None, recalled: Recalled, now: datetime) -> Reply | None:
        """One of the three taps; only after it was asked, because ふつう alone means nothing else."""
        tapped = self._tapped(text, bool(last.choices)) if last is not None and last.ids == class_day.DAY else None
        tapped = tapped or self._answers_notice(text, recalled, now)
        if tapped is None:
            return None
        kind, value, following = tapped

        def act(session: Session, person: str) -> Skill:
            asked = to_be_asked(session, _learners(session, person), now)
            if asked is None:
                return class_day.nothing_to_ask
            given = {"satisfaction": int(value)} if kind == "satisfaction" else {kind: value}
            give_opinion(session, asked.id, now, channel=recalled.channel, **given)
            return following

        return self.talk.carry_out(act, recalled, now)

    def _answers_notice(self, text: str, recalled: Recalled, now: datetime) -> tuple[str, str, Skill] | None:
        """The question came by itself after the class: its buttons hold for days, words of one's own while nothing was said since."""
        step = satisfaction(text, self.talk.town.messages)
        if step is None or recalled.person_id is None:
            return None
        with self.talk.database.reading() as session:
            asked = to_be_asked(session, _learners(session, recalled.person_id), now)
            put = outbox.put_at(session, opinion_asked(asked.id)) if asked and session.get(Feedback, asked.id) is None else None
            talk = latest_conversation(session, recalled.person_id, now)
        if put is None:
            return None
        nothing_since = talk is None or talk.updated_at < put
        meant = nothing_since or satisfaction_pressed(text, self.talk.town.messages) is not None
        return ("satisfaction", str(step), class_day.ask_pace) if meant else None

    def _tapped(self, text: str, asked: bool) -> tuple[str, str, Skill] | None:
        """`asked`: a question stands, so that words of one's own are its answer too."""
        messages = self.talk.town.messages
        if step := (satisfaction if asked else satisfaction_pressed)(text, messages):
            return "satisfaction", str(step), class_day.ask_pace
        answers = [("pace", pace, class_day.ask_again) for pace in PACES] + [("again", again, class_day.thanks) for again in AGAINS]
        said = more_of_it(text) if asked else ""
        return next((one for one in answers if one[1] == said or messages.say(f"lesson.opinion.{one[1]}.says") == text), None)

    def _help(self, text: str, last: Answer | None, recalled: Recalled, now: datetime) -> Reply | None:
        if HELP_END.fullmatch(text):
            return self.talk.carry_out(self._leave(now), recalled, now)
        if HELP_PLACE.fullmatch(text):
            return self.talk.carry_out(self._place(recalled, now), recalled, now)
        if self.rooms and self.talk.town.messages.say("lesson.help.see.says") == text:
            return self.talk.carry_out(self._see(now), recalled, now)
        system = self._system(text)
        if system is not None and last is not None and last.ids == class_day.HELP:
            return self.talk.carry_out(self._queue(system, recalled, now), recalled, now)
        return self.talk.say(class_day.ask_system, recalled, now) if HELP.fullmatch(text) else None

    def _system(self, text: str) -> str | None:
        kinds = {"iphone": "iphone", "android": "android", "unknown": ""}
        messages = self.talk.town.messages
        return next((value for kind, value in kinds.items() if messages.say(f"lesson.help.{kind}.says") == text), None)

    def _queue(self, system: str, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            language = recalled.memory.preferences.language
            learner = own_learner(session, person, language, now)
            ticket = ask_for_help(session, Need(learner.id, in_language=language, device_os=system, mode="chat"), now)
            match(session, now)
            return self._queued(session, ticket, now)

        return act

    def _see(self, now: datetime) -> Callable[[Session, str], Skill]:
        """With a picture: the place in the queue stays."""

        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            if own is None:
                raise TicketUnknown
            return self._queued(session, want_to_see_each_other(session, own.id, now), now)

        return act

    def _place(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            ticket = open_ticket_of(session, own.id) if own else None
            return self._queued(session, ticket, now) if ticket else lambda scene: class_day.left(False, scene)

        return act

    def _leave(self, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            waited = own is not None and leave_queue(session, own.id, now)
            return lambda scene: class_day.left(waited, scene)

        return act

    def _queued(self, session: Session, ticket: TutoringTicket, now: datetime) -> Skill:
        address = self.rooms.learners_link(session, ticket.room) if self.rooms and ticket.room else ""
        if address:
            return lambda scene: class_day.room_open(address, scene)
        place, number, sees = place_of(session, ticket, now), ticket.number, ticket.mode == "room" if self.rooms else None
        return lambda scene: class_day.queued(number, place.ahead, place.wait, sees, scene)


def _learners(session: Session, person: str | None) -> Sequence[str]:
    own = find_own(session, person) if person else None
    return [own.id] if own else []


def _with_family(session: Session, person: str | None, now: datetime) -> Sequence[str]:
    return [*_learners(session, person), *(may_act_for(session, person, "see", now) if person else ())]
