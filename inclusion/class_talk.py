"""Booking, waiting and giving up a class in the talk, by button or by voice, in at most four turns; without it one would need the page.

No name and no number is asked for: the chat itself is where we answer. Every command may arrive twice and then changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session, select

from accessibility import Answer, Person
from inclusion import class_words, own_keys
from inclusion.class_conditions import conditions_said
from inclusion.class_notices import ClassNotices
from inclusion.class_standings import class_says, needs_of, other_classes, standing, standing_applications
from inclusion.class_words import Deed, Wish
from inclusion.conversations import Conversation
from inclusion.database import Database
from inclusion.handover import Said
from inclusion.municipalities import Town
from inclusion.offer_talk import takes_the_offer
from inclusion.remembering import Recalled
from inclusion.replies import Reply
from inclusion.skills import Scene, class_standing, classes
from inclusion.telling import Telling
from inclusion.turn import Turn, tell
from inclusion.upcoming_classes import UpcomingClass, next_classes
from lessons import (
    Application,
    LessonError,
    accept_offer,
    apply,
    cancel,
    decline_offer,
    find_own,
    is_consent_code,
    may_act_for,
    new_consent_code,
    one_class,
    own_learner,
    revoke_all,
    use_consent_code,
)
from lessons import Wish as ClassWish
from lessons.errors import AlreadyApplied, ApplicationUnknown, ConditionsNotKnown, NotAllowed, PrerequisitesMissing

Skill = Callable[[Scene], Answer]
Step = Callable[[Session, str, datetime], object]
STEPS: dict[Deed, Step] = {"cancel": cancel, "really_cancel": cancel, "leave": cancel, "accept": accept_offer, "decline": decline_offer}
MEANS: dict[Wish, tuple[Deed, tuple[str, ...]]] = {
    "cancel_some": ("cancel", ()),
    "leave_some": ("leave", ("waitlisted", "reserve")),
    "accept_some": ("accept", ("offered", "invited")),
    "decline_some": ("decline", ("offered", "invited")),
}


@dataclass(frozen=True, slots=True)
class ClassTalk:
    """Answers what is about one's own classes; None for everything else."""

    database: Database
    town: Town
    telling: Telling
    public_url: str = ""
    notices: ClassNotices = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "notices", ClassNotices(self.telling, self.public_url))

    def reply(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        last = recalled.memory.last
        text = class_words.meant(said.text, last)
        if self._takes_offer(said, recalled, now):
            skill = self._wished("accept_some", recalled, now)
        elif button := class_words.pressed(text):
            skill = self._pressed(*button, recalled, now)
        elif (wished := class_words.wish(text, last)) and recalled.one_person:
            skill = self._wished(wished, recalled, now)
        else:
            return None
        return None if skill is None else Reply(self._turn(skill, recalled, now))

    def concerns(self, said: Said, recalled: Recalled) -> bool:
        """Whether these words would book, give up or change something: half-heard ones are asked about first."""
        last = recalled.memory.last
        text = class_words.meant(said.text, last)
        return class_words.pressed(text) is not None or class_words.wish(text, last) is not None

    def ask_back(self, said: Said, recalled: Recalled, now: datetime) -> Reply:
        text = class_words.meant(said.text, recalled.memory.last)
        return self.say(lambda scene: class_standing.heard(text, scene), recalled, now)

    def say(self, skill: Skill, recalled: Recalled, now: datetime) -> Reply:
        return Reply(self._turn(skill, recalled, now))

    def carry_out(self, act: Callable[[Session, str], Skill], recalled: Recalled, now: datetime) -> Reply | None:
        """One command in one transaction, answered by the skill it leads to; None for somebody we do not know yet."""
        skill = self._do(act, recalled, now)
        return None if skill is None else self.say(skill, recalled, now)

    def takes_code(self, code: str, recalled: Recalled, now: datetime) -> Reply | None:
        """Six digits that a family member was told: from now on they may act. None for any other number."""
        with self.database.reading() as session:
            if not is_consent_code(session, code, now):
                return None

        def act(session: Session, person: str) -> Skill:
            use_consent_code(session, code, person, now)
            return lambda scene: class_standing.plain_line(
                "lesson.talk.family.joined", scene, (scene.say("lesson.talk.family.joined.more"),), (class_standing.sign_up(scene),)
            )

        return self.carry_out(act, recalled, now)

    def _takes_offer(self, said: Said, recalled: Recalled, now: datetime) -> bool:
        with self.database.reading() as session:
            return recalled.one_person and takes_the_offer(session, recalled.person_id, said.text, now)

    def person_of(self, session: Session, recalled: Recalled, now: datetime) -> str | None:
        """Who writes. A visitor of our page becomes a person here; None for one whom we meet for the first time at this very moment."""
        if recalled.person_id is not None or not recalled.who:
            return recalled.person_id
        conversation = session.get(Conversation, recalled.who)
        if conversation is None:
            return None
        person = Person(created_at=now, stored_preferences=recalled.memory.preferences.as_dict())
        session.add(person)
        session.flush()
        conversation.person_id = person.id
        session.add(conversation)
        return person.id

    def _pressed(self, deed: Deed, named: str, recalled: Recalled, now: datetime) -> Skill | None:
        if deed in STEPS:
            return self._step(deed, named, recalled, now)
        found = classes.named_by(named, next_classes(self.database, self.public_url, now), self.town.timezone)
        if found is None:
            return None
        if deed == "choose" or not recalled.one_person:
            return self._chosen(found, recalled, now)
        return self._apply(found, recalled, deed, now)

    def _chosen(self, one: UpcomingClass, recalled: Recalled, now: datetime) -> Skill:
        """One class, with the button that books it."""
        with self.database.reading() as session:
            person = recalled.person_id
            family = bool(person and may_act_for(session, person, "book", now))
            full = one.free == 0
            others = other_classes(session, one.id, now, self.town.timezone) if full else ()
        says = class_says(one.name, one.start, self.town.timezone)
        return lambda scene: classes.to_book(one, says, scene, others, family, recalled.one_person)

    def _apply(self, one: UpcomingClass, recalled: Recalled, pressed: Deed, now: datetime) -> Skill | None:
        """Who a class is for is asked once, in the chat, with two buttons: neither a birthday nor an address is written here."""
        for_family, declared = pressed.startswith("for_family"), pressed.endswith("_meets")

        def deed(session: Session, person: str) -> Skill:
            own = own_learner(session, person, recalled.memory.preferences.language, now).id
            learner = _family(session, person, "book", now) if for_family else own
            by = "family" if for_family else ""
            wish = ClassWish(one.id, channel=recalled.channel, submitted_by=by, learner_id=learner, declared=declared)
            try:
                with session.begin_nested():
                    application_id = apply(session, wish, now).application_id
            except AlreadyApplied as standing_one:
                application_id = _by_receipt(session, standing_one.receipt_number)
            except (ConditionsNotKnown, PrerequisitesMissing):
                return self._asked_whether(session, one, for_family)
            return self._standing(session, application_id, now)

        return self._do(deed, recalled, now)

    def _asked_whether(self, session: Session, one: UpcomingClass, for_family: bool) -> Skill:
        course = one_class(session, one.id).course
        ending = class_words.ENDINGS["for_family_meets" if for_family else "apply_meets"]
        says = class_says(one.name, one.start, self.town.timezone) + ending
        return lambda scene: class_standing.meets(conditions_said(course, scene.say), says, scene)

    def _step(self, deed: Deed, named: str, recalled: Recalled, now: datetime) -> Skill | None:
        """Give up, leave the queue, take or let go of a held seat."""

        def act(session: Session, person: str) -> Skill:
            found = self._named(session, person, named, now)
            if found is None:
                raise ApplicationUnknown
            return self._settled(session, deed, found, now)

        return self._do(act, recalled, now)

    def _settled(self, session: Session, deed: Deed, application: Application, now: datetime) -> Skill:
        """A confirmed seat is given up only after one question: it goes to somebody else at once."""
        found = standing(session, application, self.public_url, self.town.timezone)
        if deed == "cancel" and found.state in ("confirmed", "won"):
            return lambda scene: class_standing.sure(found, scene)
        STEPS[deed](session, application.id, now)
        return self._standing(session, application.id, now)

    def _wished(self, wished: Wish, recalled: Recalled, now: datetime) -> Skill | None:
        if wished in MEANS:
            return self._meant(*MEANS[wished], recalled, now)
        others = {"mine": self._mine, "record": self._record, "family_code": self._family_code, "family_end": self._family_end}
        return self._do(others[wished](recalled, now), recalled, now)

    def _meant(self, deed: Deed, states: tuple[str, ...], recalled: Recalled, now: datetime) -> Skill | None:
        """One word is enough where only one application can be meant."""

        def act(session: Session, person: str) -> Skill:
            all_of_them = [(one, standing(session, one, self.public_url, self.town.timezone)) for one in self._own(session, person, now)]
            fitting = [(one, found) for one, found in all_of_them if not states or found.state in states]
            if len(fitting) != 1:
                return lambda scene: class_standing.list_of([found for _, found in fitting], scene, deed)
            return self._settled(session, deed, fitting[0][0], now)

        return self._do(act, recalled, now)

    def _mine(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            found = [standing(session, one, self.public_url, self.town.timezone) for one in self._own(session, person, now)]
            return lambda scene: class_standing.list_of(found, scene)

        return act

    def _record(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            url = f"{self.public_url.rstrip('/')}/mine/enter/{own_keys.new_key(session, person, now)}"
            return lambda scene: class_standing.with_link("lesson.talk.record", url, scene)

        return act

    def _family_code(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            learner = own_learner(session, person, recalled.memory.preferences.language, now)
            code = new_consent_code(session, learner.id, now)
            return lambda scene: class_standing.code_shown(f"{code[:3]} {code[3:]}", scene)

        return act

    def _family_end(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            own = find_own(session, person)
            ended = revoke_all(session, own.id, now) if own else 0
            return lambda scene: class_standing.plain_line("lesson.talk.family.ended" if ended else "lesson.talk.family.nobody", scene)

        return act

    def _do(self, deed: Callable[[Session, str], Skill], recalled: Recalled, now: datetime) -> Skill | None:
        """One transaction with its notices; a refusal is an answer."""
        try:
            with self.database.writing() as session:
                person = self.person_of(session, recalled, now)
                if person is None:
                    return None
                skill = deed(session, person)
                self.notices.put(session, now)
                return skill
        except LessonError as refused:
            message, fills = refused.message_id, refused.values()
            return lambda scene: class_standing.refused(message, fills, scene)

    def _own(self, session: Session, person: str, now: datetime) -> Sequence[Application]:
        """One's own applications, and those of family one may see."""
        own = find_own(session, person)
        learners = [*([own.id] if own else []), *may_act_for(session, person, "see", now)]
        return standing_applications(session, learners, now)

    def _named(self, session: Session, person: str, named: str, now: datetime) -> Application | None:
        zone = self.town.timezone
        for one in self._own(session, person, now):
            found = standing(session, one, self.public_url, zone)
            if found.says == named:
                return one
        return None

    def _standing(self, session: Session, application_id: str, now: datetime) -> Skill:
        application, zone = session.get_one(Application, application_id), self.town.timezone
        found = standing(session, application, self.public_url, zone)
        waits = found.state in ("waitlisted", "reserve")
        needs = needs_of(session, application.learner_id)
        others = other_classes(session, application.session_id, now, zone, needs) if waits else ()
        return lambda scene: class_standing.stands(found, scene, others)

    def _turn(self, skill: Skill, recalled: Recalled, now: datetime) -> Turn:
        turn = tell(skill, recalled.memory, self.town, now)
        return replace(turn, memory=replace(turn.memory, last=turn.answer, asked=None))


def _family(session: Session, person: str, scope: str, now: datetime) -> str:
    """The family member whose consent is the newest. Raises NotAllowed."""
    allowed = may_act_for(session, person, scope, now)
    if not allowed:
        raise NotAllowed
    return allowed[-1]


def _by_receipt(session: Session, receipt: str) -> str:
    return session.exec(select(Application.id).where(Application.receipt_number == receipt)).one()
