"""Booking, waiting and giving up a class in the talk, by button or by voice, in at most four turns; without it one would need the page.

No name and no number is asked for: the chat itself is where we answer. Every command may arrive twice and then changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlmodel import Session, select

from accessibility import Answer, Person
from inclusion import own_keys
from inclusion.classes import words as class_words
from inclusion.classes.by_name import asked_by_name, may_be_a_name
from inclusion.classes.conditions import conditions_said
from inclusion.classes.notices import ClassNotices
from inclusion.classes.offer_talk import takes_the_offer
from inclusion.classes.refusals import sentence
from inclusion.classes.standings import class_says, needs_of, other_classes, standing, standing_applications
from inclusion.classes.times import class_moment
from inclusion.classes.upcoming import UpcomingClass, next_classes
from inclusion.classes.words import MEANS, SCOPE_OF, Deed, Wish
from inclusion.conversations import Conversation
from inclusion.database import Database
from inclusion.handover import Said
from inclusion.linking import accounts_of
from inclusion.municipalities import Town
from inclusion.remembering import Recalled
from inclusion.replies import Reply
from inclusion.skills import Scene, class_standing, classes
from inclusion.skills.class_standing import Standing
from inclusion.telling import Telling
from inclusion.turn import Turn, tell
from lessons import (
    Application,
    LessonError,
    accept_offer,
    apply,
    cancel,
    check_may,
    decline_offer,
    find_own,
    may_act_for,
    no_longer_trusted,
    one_class,
    one_to_act_for,
    own_learner,
    scopes_of,
)
from lessons import Wish as ClassWish
from lessons.errors import AlreadyApplied, ApplicationUnknown, ConditionsNotKnown, NotAllowed, PrerequisitesMissing

Skill = Callable[[Scene], Answer]
Step = Callable[[Session, str, datetime], object]
STEPS: dict[Deed, Step] = {"cancel": cancel, "really_cancel": cancel, "leave": cancel, "accept": accept_offer, "decline": decline_offer}


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
            skill = self._named_by_its_title(text, recalled, now)
        return None if skill is None else Reply(self._turn(skill, recalled, now))

    def concerns(self, said: Said, recalled: Recalled) -> bool:
        """Whether these words would book, give up or change something: half-heard ones are asked about. Choosing only shows a class."""
        last = recalled.memory.last
        text = class_words.meant(said.text, last)
        button = class_words.pressed(text)
        return class_words.wish(text, last) is not None if button is None else button[0] != "choose"

    def ask_back(self, said: Said, recalled: Recalled, now: datetime) -> Reply:
        text = class_words.meant(said.text, recalled.memory.last)
        return self.say(lambda scene: class_standing.heard(text, scene), recalled, now)

    def say(self, skill: Skill, recalled: Recalled, now: datetime) -> Reply:
        return Reply(self._turn(skill, recalled, now))

    def carry_out(self, act: Callable[[Session, str], Skill], recalled: Recalled, now: datetime) -> Reply | None:
        """One command in one transaction, answered by the skill it leads to; None for somebody we do not know yet."""
        skill = self._do(act, recalled, now)
        return None if skill is None else self.say(skill, recalled, now)

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
        where = self._where(recalled)
        if deed == "choose" or where == "group" or (where == "page" and found.told_later):
            return self._chosen(found, recalled, where, now)
        return self._apply(found, recalled, deed, now)

    def _named_by_its_title(self, text: str, recalled: Recalled, now: datetime) -> Skill | None:
        """だまされないための練習に出たい: that class with its button, or its dates to choose from."""
        found = asked_by_name(text, next_classes(self.database, self.public_url, now)) if may_be_a_name(text) else []
        if len(found) == 1:
            return self._chosen(found[0], recalled, self._where(recalled), now)
        return partial(classes.dates_of, found) if found else None

    def _where(self, recalled: Recalled) -> classes.Where:
        """Our page is a chat only for somebody whom we can reach in one."""
        if not recalled.one_person:
            return "group"
        if recalled.channel != "web":
            return "chat"
        with self.database.reading() as session:
            return "chat" if recalled.person_id and accounts_of(session, recalled.person_id) else "page"

    def _chosen(self, one: UpcomingClass, recalled: Recalled, where: classes.Where, now: datetime) -> Skill:
        """One class, with the button that books it."""
        with self.database.reading() as session:
            person = recalled.person_id
            family = bool(person and may_act_for(session, person, "book", now))
            full = one.free == 0
            others = other_classes(session, one.id, now, self.town.timezone) if full else ()
        says = class_says(one.name, one.start, self.town.timezone)
        return lambda scene: classes.to_book(one, says, scene, others, family, where)

    def _apply(self, one: UpcomingClass, recalled: Recalled, pressed: Deed, now: datetime) -> Skill | None:
        """Who a class is for is asked once, in the chat, with two buttons: neither a birthday nor an address is written here."""
        for_family, declared = pressed.startswith("for_family"), pressed.endswith("_meets")

        def deed(session: Session, person: str) -> Skill:
            own = own_learner(session, person, recalled.memory.preferences.language, now).id
            learner = one_to_act_for(session, person, "book", now) if for_family else own
            by = "family" if for_family else ""
            wish = ClassWish(one.id, channel=recalled.channel, submitted_by=by, learner_id=learner, declared=declared)
            try:
                with session.begin_nested():
                    application_id = apply(session, wish, now).application_id
            except AlreadyApplied as standing_one:
                application_id = _by_receipt(session, standing_one.receipt_number)
            except (ConditionsNotKnown, PrerequisitesMissing):
                return self._asked_whether(session, one, for_family)
            return self._standing(session, person, application_id, now)

        return self._do(deed, recalled, now)

    def _asked_whether(self, session: Session, one: UpcomingClass, for_family: bool) -> Skill:
        wanted = one_class(session, one.id)
        ending = class_words.ENDINGS["for_family_meets" if for_family else "apply_meets"]
        says = class_says(one.name, one.start, self.town.timezone) + ending
        return lambda scene: class_standing.meets(conditions_said(wanted, scene.say), says, scene)

    def _step(self, deed: Deed, named: str, recalled: Recalled, now: datetime) -> Skill | None:
        """Give up, leave the queue, take or let go of a held seat."""

        def act(session: Session, person: str) -> Skill:
            found = self._named(session, person, named, now)
            if found is None:
                raise NotAllowed if no_longer_trusted(session, person, now) else ApplicationUnknown
            return self._settled(session, person, deed, found, now)

        return self._do(act, recalled, now)

    def _settled(self, session: Session, person: str, deed: Deed, application: Application, now: datetime) -> Skill:
        """A confirmed seat is given up only after one question: it goes to somebody else at once. Asked again for leave at each press."""
        grant = check_may(session, person, application.learner_id, SCOPE_OF[deed], now)
        found = self._shown(session, person, application, now)
        if deed == "cancel" and found.state in ("confirmed", "won"):
            return lambda scene: class_standing.sure(found, scene)
        STEPS[deed](session, application.id, now)
        if grant.role == "family":
            self.notices.tell_what_family_did(session, application, now)
        return self._standing(session, person, application.id, now)

    def _wished(self, wished: Wish, recalled: Recalled, now: datetime) -> Skill | None:
        if wished in MEANS:
            return self._meant(*MEANS[wished], recalled, now)
        if (act := {"mine": self._mine, "record": self._record}.get(str(wished))) is None:
            return None
        return self._do(act(recalled, now), recalled, now) or class_standing.to_a_stranger(wished, recalled.channel, self.public_url)

    def _meant(self, deed: Deed, states: tuple[str, ...], recalled: Recalled, now: datetime) -> Skill | None:
        """One word is enough where only one application can be meant."""

        def act(session: Session, person: str) -> Skill:
            all_of_them = [(one, self._shown(session, person, one, now)) for one in self._own(session, person, now)]
            fitting = [(one, found) for one, found in all_of_them if not states or found.state in states]
            able = [(one, found) for one, found in fitting if deed in found.buttons]
            if len(able) == 1 or (fitting and not able):  # what is not theirs to do is refused there
                return self._settled(session, person, deed, (able or fitting)[0][0], now)
            return lambda scene: class_standing.list_of([found for _, found in able], scene, deed)

        return self._do(act, recalled, now)

    def _mine(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            found = [self._shown(session, person, one, now) for one in self._own(session, person, now)]
            return lambda scene: class_standing.list_of(found, scene)

        return act

    def _record(self, recalled: Recalled, now: datetime) -> Callable[[Session, str], Skill]:
        def act(session: Session, person: str) -> Skill:
            url = f"{self.public_url.rstrip('/')}/mine/enter/{own_keys.new_key(session, person, now)}"
            return lambda scene: class_standing.with_link("lesson.talk.record", url, scene)

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
            return self._refused(refused)

    def _refused(self, error: LessonError) -> Skill:
        def skill(scene: Scene) -> Answer:
            moment = partial(class_moment, zone=scene.town.timezone, language=scene.language)
            return class_standing.refused(sentence(error, scene.say, moment), scene)

        return skill

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

    def _shown(self, session: Session, person: str, application: Application, now: datetime) -> Standing:
        """With the buttons of what this person may do, and no others."""
        found = standing(session, application, self.public_url, self.town.timezone)
        may = scopes_of(session, person, application.learner_id, now)
        return replace(found, buttons={deed: says for deed, says in found.buttons.items() if SCOPE_OF.get(deed, "book") in may})

    def _standing(self, session: Session, person: str, application_id: str, now: datetime) -> Skill:
        application, zone = session.get_one(Application, application_id), self.town.timezone
        found = self._shown(session, person, application, now)
        waits = found.state in ("waitlisted", "reserve")
        needs = needs_of(session, application.learner_id)
        others = other_classes(session, application.session_id, now, zone, needs) if waits else ()
        return lambda scene: class_standing.stands(found, scene, others)

    def _turn(self, skill: Skill, recalled: Recalled, now: datetime) -> Turn:
        turn = tell(skill, recalled.memory, self.town, now)
        return replace(turn, memory=replace(turn.memory, last=turn.answer, asked=None))


def _by_receipt(session: Session, receipt: str) -> str:
    return session.exec(select(Application.id).where(Application.receipt_number == receipt)).one()
