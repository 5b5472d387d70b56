"""Who answers a message, and in which order; emergencies and fraud come first, even while a person at the desk holds the chat."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlmodel import Session

from accessibility import Answer, Person
from bots import MessageKind
from inclusion import linking, ticket_steps
from inclusion.classes.day_talk import ClassDayTalk
from inclusion.classes.practice_talk import PracticeTalk
from inclusion.classes.talk import ClassTalk
from inclusion.classes.upcoming import next_classes
from inclusion.database import Database
from inclusion.family_talk import FamilyTalk
from inclusion.handover import SILENT_STATES, Said
from inclusion.helpers.talk import HelperTalk
from inclusion.learning import talk as learning_talk
from inclusion.live.pairs import PairRooms
from inclusion.live.talk import LiveTalk
from inclusion.live.upcoming import live_programme
from inclusion.municipalities import Town
from inclusion.quiet_hours import OfficeHours
from inclusion.remembering import Recalled, latest_conversation, memory_of, preferences_of
from inclusion.replies import Chat, Effect, Reply
from inclusion.skills import Scene, human_help, learning, link_talk
from inclusion.spoken_codes import code_said
from inclusion.telling import Telling
from inclusion.turn import Turn, take_turn, tell
from inclusion.tutored_talk import TutoredTalk
from inclusion.understanding import Understanding
from inclusion.understanding.advice import Adviser
from inclusion.understanding.confidence import Channel

URGENT: Final = frozenset({"r.emergency", "r.fraud"})
BACK = re.compile(
    r"(?:(?:案内|ボット|自動)(?:係)?に)?(?:戻る|もどる|戻って|戻してください)|back to the guide|返回自动向导|안내로 돌아가기", re.IGNORECASE
)
SLOT = re.compile(r"折り返し\s*(\d{1,2})月(\d{1,2})日\s*(\d{1,2})時")
ASK_CODE = re.compile(
    r"つなぐ(?:番号|ばんごう)(?:を|が)?.{0,10}"
    r"|(?:ほかの|他の|別の|もう一つの|もうひとつの)?(?:スマホ|LINE|ライン|テレグラム|Telegram|パソコン|ホームページ|画面|端末)"
    r"(?:と|を|に)(?:も)?(?:つな(?:ぎたい|げたい|げて|いで)|連携し(?:たい|て)).{0,10}"
    r"|(?:please )?(?:give me a )?link(?:ing)? code(?: please)?|关联码|연결 번호",
    re.IGNORECASE,
)
UNLINK = re.compile(
    r"(?:つながり|つなぎ|連携|れんけい)(?:を)?(?:解除|切る|切って|やめる|やめて|外す|外して)(?:して)?(?:ください)?"
    r"|unlink|取消关联|연결 해제",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Conversing:
    """Decides on one message; every write is left to the effects. `rooms`: where a helper can be seen; None: nowhere."""

    database: Database
    town: Town
    understanding: Understanding
    telling: Telling
    public_url: str = ""
    sample_live: bool = False
    rooms: PairRooms | None = None
    adviser: Adviser | None = None

    def reply(self, said: Said, recalled: Recalled, now: datetime, sure: bool = True) -> Reply:
        """The first of these that fits: a person holds the chat, a slot, a link, a wish for a person, an ordinary turn.

        `sure` is False for words that were only half heard: an ordinary turn then asks whether they are meant.
        """
        if not sure and recalled.ticket_state not in SILENT_STATES and self._class_talk().concerns(said, recalled):
            return self._class_talk().ask_back(said, recalled, now)
        for step in (self._held, self._tutored, self._slot, self._link, self._helper, self._class, self._learning):
            found = step(said, recalled, now)
            if found is not None:
                return found
        classes = partial(next_classes, self.database, self.public_url)
        live = partial(live_programme, self.database, self.public_url, self.sample_live)
        way: Channel = "spoken" if said.spoken else "typed"
        turn = take_turn(said.text, recalled.memory, self.town, self.understanding, now, classes, sure, live, self.adviser, way)
        if human_help.OPERATOR in turn.request.ids:
            return self._ask_a_person(said, recalled, turn, now)
        return self._to_learn(said, recalled, turn, now)

    def _to_learn(self, said: Said, recalled: Recalled, turn: Turn, now: datetime) -> Reply:
        """The turn; one we could not answer is kept for staff to teach us, and its writer may ask to be told."""
        lesson = learning_talk.missed_in(said, turn, recalled, self.understanding)
        return (
            Reply(learning_talk.open_to_doubt(turn, self.town)) if lesson is None else Reply(self._offering(turn, recalled, now), (lesson,))
        )

    def _learning(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        """Our last answer is called wrong, or somebody wants to be told when we know."""
        if learning_talk.wants_to_be_told(said):
            skill = learning.will_tell if recalled.channel != "web" and recalled.who else learning.nothing_to_tell
            return Reply(self._tell(skill, recalled, now), (learning_talk.Lesson(tell_me=True),))
        lesson = learning_talk.called_wrong(said, recalled, self.understanding)
        if lesson is None:
            return None
        names = [one.name for one in learning_talk.near_to_what_was_meant(recalled, self.understanding)]
        sorry = self._tell(partial(learning.not_helped, near=names), recalled, now)
        return Reply(self._offering(sorry, recalled, now), (lesson,))

    def _offering(self, turn: Turn, recalled: Recalled, now: datetime) -> Turn:
        reachable = recalled.one_person and recalled.channel != "web" and turn.answer.action == "refuse"
        return learning_talk.offer_to_tell(turn, self.town, now) if reachable else turn

    def _helper(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        """A volunteer answers a request, wants cover or plans a class."""
        talk = HelperTalk(self.database, self.town, self.telling)
        found = talk.reply(said.text, recalled.person_id, now) if recalled.one_person else None
        if found is None:
            return None
        turn, deed = self._tell(found.skill, recalled, now), found.deed
        return Reply(turn, (lambda session, _chat, at: deed(session, at),) if deed is not None else ())

    def _class(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        """What is about one's own classes or reminders, by button or in words."""
        talk = self._class_talk()
        live = LiveTalk(self.database, self.town, self.public_url)
        steps = (talk.reply, FamilyTalk(talk).reply, ClassDayTalk(talk, self.rooms).reply, PracticeTalk(talk).reply, live.reply)
        return next((found for step in steps if (found := step(said, recalled, now)) is not None), None)

    def sent(self, kind: MessageKind, recalled: Recalled, now: datetime) -> Reply | None:
        """A photo, a voice, a place or a sticker: somebody may be practising just that."""
        talk = self._class_talk()
        return TutoredTalk(talk).sent(kind, recalled, now) or PracticeTalk(talk).sent(kind, recalled, now)

    def _class_talk(self) -> ClassTalk:
        return ClassTalk(self.database, self.town, self.telling, self.public_url)

    def _held(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        if recalled.ticket is None or recalled.ticket_state not in SILENT_STATES:
            return None
        if BACK.fullmatch(said.text.strip("。 　")):
            return Reply(self._tell(lambda scene: human_help.back_again("help.back", scene), recalled, now), (ticket_steps.given_back,))
        urgent = take_turn(said.text, recalled.memory, self.town, self.understanding, now)
        keep = ticket_steps.keep_line(said)
        if URGENT & set(urgent.request.ids):
            return Reply(urgent, (keep,))
        return Reply(self._tell(human_help.passed_on, recalled, now) if recalled.ticket_state == "waiting" else None, (keep,))

    def _tutored(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        """Help by one person goes on in this chat: words go to the helper, dangers are answered first."""
        talk = TutoredTalk(self._class_talk())
        if recalled.person_id is None or talk.ticket(recalled) is None:
            return None
        turn = take_turn(said.text, recalled.memory, self.town, self.understanding, now)
        return talk.reply(said, recalled, turn if URGENT & set(turn.request.ids) else None, now)

    def _slot(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        asked = SLOT.match(unicodedata.normalize("NFKC", said.text))
        if asked is None or recalled.ticket is None:
            return None
        slot = self._hours().slot_at(int(asked[1]), int(asked[2]), int(asked[3]), now)
        if slot is None:
            slots = self._hours().slots(now)
            return Reply(self._tell(lambda scene: human_help.offer_call_back("help.slot_gone", slots, scene), recalled, now))
        page = self.call_back_page(recalled.ticket_token)
        return Reply(
            self._tell(lambda scene: human_help.slot_taken(slot, page, scene), recalled, now), (ticket_steps.call_back_at(slot, said),)
        )

    def _ask_a_person(self, said: Said, recalled: Recalled, turn: Turn, now: datetime) -> Reply:
        """In a chat a ticket is opened; on our page, and where nobody can be told apart, the number and the page to be called back."""
        if not recalled.one_person:
            return Reply(turn)
        talk = (*recalled.said, said)
        if recalled.channel == "web":
            token = secrets.token_urlsafe(24)
            answer = self._tell(lambda scene: human_help.call_back_by_page(self.call_back_page(token), turn.answer, scene), recalled, now)
            return Reply(replace(answer, request=turn.request, memory=turn.memory), (ticket_steps.open_ticket(talk, "returned", token),))
        if self._hours().open_at(now):
            return Reply(self._tell(human_help.connecting, recalled, now), (ticket_steps.open_ticket(talk, "waiting"),))
        slots = self._hours().slots(now)
        offered = self._tell(lambda scene: human_help.offer_call_back("help.closed_now", slots, scene), recalled, now)
        return Reply(offered, (ticket_steps.open_ticket(talk, "returned"),))

    def call_back_page(self, token: str) -> str:
        return f"{self.public_url}/call-back/{token}"

    def _link(self, said: Said, recalled: Recalled, now: datetime) -> Reply | None:
        if not recalled.one_person:
            return None
        text = said.text.strip("。 　")
        if ASK_CODE.fullmatch(text):
            code = linking.new_code()
            return Reply(self._tell(lambda scene: link_talk.code_shown(code, scene), recalled, now), (_keep_code(code, recalled),))
        if UNLINK.fullmatch(text):
            return self._unlink(recalled, now)
        code = code_said(text)
        return self._join(code, recalled, now) if code else None

    def _join(self, code: str, recalled: Recalled, now: datetime) -> Reply:
        with self.database.reading() as session:
            allowed = linking.may_try(session, recalled.who or "web", now)
            person_id = linking.person_behind(session, code, now) if allowed else None
            talk = latest_conversation(session, person_id, now) if person_id else None
            preferences = preferences_of(session, person_id) if person_id else None
        if person_id is None and allowed and (family := FamilyTalk(self._class_talk()).takes_code(code, recalled, now)):
            return family
        if person_id is None:
            why = "link.wrong" if allowed else "link.too_many"
            effects: tuple[Effect, ...] = (_count_wrong,) if allowed else ()
            return Reply(self._tell(lambda scene: link_talk.refused(why, scene), recalled, now), effects)
        if person_id == recalled.person_id:
            return Reply(self._tell(lambda scene: link_talk.refused("link.same_place", scene), recalled, now))
        theirs = replace(recalled, memory=memory_of(talk, preferences))
        return Reply(self._tell(link_talk.linked, theirs, now), (self._joining(code),))

    def _unlink(self, recalled: Recalled, now: datetime) -> Reply:
        with self.database.reading() as session:
            linked = recalled.person_id is not None and linking.is_linked(session, recalled.person_id, recalled.who)
        said = "link.left" if linked else "link.nothing"
        return Reply(self._tell(lambda scene: link_talk.refused(said, scene), recalled, now), (_part,) if linked else ())

    def _joining(self, code: str) -> Effect:
        """Take the code, and tell the chats that were there before: somebody else might have seen it."""

        def effect(session: Session, chat: Chat, now: datetime) -> None:
            person_id = linking.use_code(session, code, now)
            before = [one for one in linking.accounts_of(session, person_id) if chat.account is None or one.id != chat.account.id]
            if chat.account is not None:
                linking.join_account(session, chat.account, person_id, now)
            chat.conversation.person_id = person_id
            session.add(chat.conversation)
            occasion = f"linked/{chat.conversation.id[:8]}/{now.timestamp()}"
            for account in before:
                self.telling.notice(session, account, link_talk.noticed, f"{occasion}/{account.id}", now)

        return effect

    def _hours(self) -> OfficeHours:
        return OfficeHours.of(self.town.contacts[self.town.help_contact], self.town.timezone)

    def _tell(self, skill: Callable[[Scene], Answer], recalled: Recalled, now: datetime) -> Turn:
        return tell(skill, recalled.memory, self.town, now)


def _keep_code(code: str, recalled: Recalled) -> Effect:
    def effect(session: Session, chat: Chat, now: datetime) -> None:
        person_id = chat.account.person_id if chat.account else chat.conversation.person_id
        if person_id is None:  # a page whose visitor nobody knew until now
            person = Person(created_at=now, stored_preferences=recalled.memory.preferences.as_dict())
            session.add(person)
            session.flush()
            person_id = chat.conversation.person_id = person.id
            session.add(chat.conversation)
        linking.keep_code(session, code, person_id, now)

    return effect


def _count_wrong(session: Session, chat: Chat, now: datetime) -> None:
    linking.count_wrong(session, chat.account.id if chat.account else chat.conversation.id, now)


def _part(session: Session, chat: Chat, now: datetime) -> None:
    if chat.account is not None:
        linking.leave(session, chat.account, now)
        return
    chat.conversation.person_id = None
    session.add(chat.conversation)
