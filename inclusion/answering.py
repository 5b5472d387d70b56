"""Puts one turn, what it remembers and what must be sent into one transaction; without it a crash could lose or double an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from accessibility import Preferences
from accessibility.hearing import Heard
from bots import Message, MessageKind
from bots.accounts import Account, mark_blocked, mark_unblocked, open_account
from inclusion import forgetting, inbox, rich_menus
from inclusion.classes.choosing import chosen_by_sound
from inclusion.conversations import open_conversation
from inclusion.conversing import Conversing
from inclusion.database import Database
from inclusion.desk import Desk
from inclusion.expecting import expected_words
from inclusion.handover import Said
from inclusion.inbox import LeasedEvent
from inclusion.live.pairs import PairRooms
from inclusion.logs import place_of
from inclusion.municipalities import Town
from inclusion.remembering import Recalled, keep, keep_preferences, recall, recall_page, without
from inclusion.replies import Chat, Effect, Reply
from inclusion.skills import link_talk
from inclusion.telling import Door, Telling
from inclusion.turn import Memory, Turn, greet, heard_as, not_heard, say_kindly
from inclusion.understanding import Believed, Understanding, believe
from inclusion.understanding.advice import Adviser

log = logging.getLogger(__name__)

APOLOGISE_AT = 2
TEXT_KINDS: tuple[MessageKind, ...] = ("text", "choice")

__all__ = ["Answering", "Door", "Prepared"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event with its answer worked out, not yet written down. Without a turn nothing is said."""

    leased: LeasedEvent
    message: Message
    turn: Turn | None
    recalled: Recalled = field(default_factory=Recalled)
    effects: tuple[Effect, ...] = ()


def _unspoken(channel: str, turn: Turn) -> Turn:
    """Where nothing speaks, the text is the answer."""
    return turn


def _kept_nowhere(speech_id: str) -> None:
    """Where nothing speaks, no recording is kept."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers web questions and channel events for one town. Plain functions; safe to call from several threads.

    `grown` gives the understanding that knows what staff taught since the start; `hush` lets go of a recording whose question was
    taken back.
    """

    database: Database
    town: Town
    understanding: Understanding
    doors: Mapping[str, Door]
    public_url: str = ""
    aloud: Callable[[str, Turn], Turn] = _unspoken
    grown: Callable[[], Understanding] | None = None
    sample_live: bool = False
    hush: Callable[[str], None] = _kept_nowhere
    rooms: PairRooms | None = None
    adviser: Adviser | None = None

    @property
    def telling(self) -> Telling:
        return Telling(self.town, self.doors)

    @property
    def desk(self) -> Desk:
        return Desk(self.town, self.telling)

    def ask(self, text: str | Heard, conversation_id: str | None, changes: Mapping[str, Any], now: datetime) -> tuple[str, Turn]:
        """One web turn, typed or heard; returns the conversation's id and the turn. An unknown id starts a new conversation.

        Of the page's own reading choices (`changes`) only those count that differ from the last question's: what was set on another
        channel since then must not be undone by an old page.
        """
        with self.database.reading() as session:
            recalled = recall_page(session, conversation_id, now)
        fresh = {name: value for name, value in changes.items() if recalled.asked_as.get(name) != value}
        memory = replace(recalled.memory, preferences=recalled.memory.preferences.with_changes(**fresh))
        recalled = replace(recalled, memory=memory)
        words = self._believed(text, memory, now)
        reply = self._talk(words, Said("resident", words.text, now, spoken=isinstance(text, Heard)), recalled, now)
        turn = replace(reply.turn or say_kindly("channel.unknown", memory, self.town, now), said=words.text)
        with self.database.writing() as session:
            conversation = open_conversation(session, conversation_id, "web", None, now)
            self._take_effect(session, Chat(None, conversation), reply, now)
            keep(
                session,
                conversation,
                turn.memory,
                _lines(recalled, words.text, "", turn, now),
                now,
                _page_choices(turn.memory.preferences, changes),
            )
            if conversation.person_id is not None:
                keep_preferences(session, conversation.person_id, turn.memory.preferences)
            return conversation.id, turn

    def prepare(self, leased: LeasedEvent, now: datetime, spoken: Heard | str | None = None) -> Prepared:
        """Read the event and work out its answer; nothing is written yet, so no lock is held while thinking.

        `spoken` is what was heard in a voice message, or the code of the reason why nothing was. An event that breaks us is tried a
        second time; then the person gets an apology and a number instead of silence.
        """
        message = self.doors[leased.channel].read(leased.raw)
        if not message.may_answer:
            return Prepared(leased, message, None)
        with self.database.reading() as session:
            recalled = recall(session, message, now)
        if recalled.unsent:
            return Prepared(leased, message, None, recalled)
        recalled = without(recalled, message.message_id) if message.edited else recalled
        try:
            message, reply = self._reply(message, recalled, now, spoken)
        except Exception as error:
            if leased.tries < APOLOGISE_AT:
                raise
            facts = {"channel": leased.channel, "kind": type(error).__name__, "place": place_of(error)}
            log.error("An event broke the answering twice; its writer gets an apology.", extra=facts)
            reply = Reply(say_kindly("channel.trouble", recalled.memory, self.town, now))
        turn = self.aloud(leased.channel, heard_as(reply.turn, self.town)) if reply.turn is not None else None
        return Prepared(leased, message, turn, recalled, reply.effects)

    def write_down(self, session: Session, prepared: Prepared, now: datetime) -> None:
        """The whole effect of an event, in the caller's transaction: account, conversation, outgoing answer, event closed.

        Raises database.LeaseLost when another worker has taken the event meanwhile; nothing is changed then.
        """
        message, turn = prepared.message, prepared.turn
        account = self._account(session, message, now)
        self._forget(session, prepared, account, now)
        if turn is None and not prepared.effects:
            inbox.mark_kept(session, prepared.leased, now)
            return
        if account is not None:
            self._remember(session, prepared, account, now)
        if turn is not None:
            self.telling.answer(session, prepared.leased, message, turn, account, now)
        inbox.mark_answered(session, prepared.leased, now)

    def expects_of(self, message: Message, now: datetime) -> tuple[str, tuple[str, ...]]:
        """The language in which this writer probably speaks, and words they may say, the likeliest first."""
        with self.database.reading() as session:
            memory = recall(session, message, now).memory
        return memory.preferences.language, expected_words(memory, self.town, memory.preferences.language)

    def expects(self, conversation_id: str | None, language: str, now: datetime) -> tuple[str, ...]:
        """Words the visitor of our page may say in `language`, the likeliest first."""
        with self.database.reading() as session:
            memory = recall_page(session, conversation_id, now).memory
        return expected_words(memory, self.town, language)

    def _reply(self, message: Message, recalled: Recalled, now: datetime, spoken: Heard | str | None) -> tuple[Message, Reply]:
        """The message, with its words where it was heard, and the reply to it."""
        if message.kind in TEXT_KINDS:
            return message, self._talk(Believed(message.text), _said(message, now), recalled, now)
        if (practised := self._conversing().sent(message.kind, recalled, now)) is not None:
            return message, practised
        if isinstance(spoken, Heard):
            words = self._believed(spoken, recalled.memory, now)
            message = replace(message, text=words.text)
            return message, _showing(self._talk(words, replace(_said(message, now), spoken=True), recalled, now), words)
        if spoken is not None:
            return message, Reply(not_heard(spoken, recalled.memory, self.town, now))
        if message.kind == "follow":
            return message, Reply(greet(recalled.memory, self.town, now, again=bool(recalled.who)))
        return message, Reply(say_kindly(f"channel.{message.kind}", recalled.memory, self.town, now))

    def _believed(self, said: str | Heard, memory: Memory, now: datetime) -> Believed:
        if isinstance(said, str):
            return Believed(said)
        believed = believe(said, lambda text: self.understanding.understand(text, memory.talk, now)[0])
        if believed.sure and believed.clear:
            return believed
        chosen = chosen_by_sound(said, memory.last, self.understanding.readings.kana)
        return Believed(chosen, sure=False) if chosen else believed

    def _talk(self, words: Believed, said: Said, recalled: Recalled, now: datetime) -> Reply:
        if not words.clear:
            return Reply(not_heard("too_noisy" if words.drowned else "not_heard", recalled.memory, self.town, now))
        return self._conversing().reply(said, recalled, now, words.sure)

    def _remember(self, session: Session, prepared: Prepared, account: Account, now: datetime) -> None:
        """The conversation goes on, under the person's preferences; another language brings another menu."""
        conversation = open_conversation(session, None, account.channel, account.id, now)
        self._take_effect(session, Chat(account, conversation), Reply(prepared.turn, prepared.effects), now)
        turn, message = prepared.turn, prepared.message
        if turn is None:
            return
        before = prepared.recalled.memory.preferences
        keep(session, conversation, turn.memory, _lines(prepared.recalled, message.text, message.message_id or "", turn, now), now)
        keep_preferences(session, account.person_id, turn.memory.preferences)
        if rich_menus.tongue_of(before) != rich_menus.tongue_of(turn.memory.preferences):
            self.telling.menu(session, account, rich_menus.menu_id_for(session, turn.memory.preferences), now)

    def _take_effect(self, session: Session, chat: Chat, reply: Reply, now: datetime) -> None:
        for effect in reply.effects:
            effect(session, chat, now)

    def _forget(self, session: Session, prepared: Prepared, account: Account | None, now: datetime) -> None:
        """An unsent message and the old words of an edited one leave nothing behind; nor does one that was unsent before it came."""
        message, leased = prepared.message, prepared.leased
        for one in message.taken_back:
            forgetting.remember_unsent(session, leased.channel, message.sender.chat_id, one, now)
        if prepared.recalled.unsent:
            forgetting.erase_event(session, leased.number)
        replaced = message.message_id if message.edited or prepared.recalled.unsent else None
        for one in (*message.taken_back, *((replaced,) if replaced else ())):
            for spoken in forgetting.erase_message(session, leased.channel, leased.number, one, account.id if account else None):
                self.hush(spoken)

    def _account(self, session: Session, message: Message, now: datetime) -> Account | None:
        """The writer's account. A group has none: what its members say is not remembered about any of them."""
        if message.sender.in_group or not message.sender.chat_id:
            return None
        account = open_account(session, message.sender.channel, message.sender.chat_id, now)
        if message.kind == "unfollow":
            mark_blocked(session, account, now)
        elif account.blocked_at is not None and message.kind != "unsend":
            mark_unblocked(session, account)
        return account

    def _conversing(self) -> Conversing:
        known, town = self.understanding, self.town
        if self.grown is not None:
            known = self.grown()
            town = known.town
        return Conversing(self.database, town, known, self.telling, self.public_url, self.sample_live, self.rooms, self.adviser)


def _said(message: Message, now: datetime) -> Said:
    return Said("resident", message.text, now, message.message_id or "", message.quote_token or "")


def _showing(reply: Reply, words: Believed) -> Reply:
    """The reply with the words that were heard, so that they are shown above it."""
    return reply if reply.turn is None else replace(reply, turn=replace(reply.turn, said=words.text))


def _lines(recalled: Recalled, text: str, message_id: str, turn: Turn, now: datetime) -> tuple[Said, ...]:
    """The talk so far with this question and its answer; both carry the message's id, so that both can be forgotten."""
    asked = (Said("resident", text, now, message_id),) if text else ()
    if link_talk.LINK in turn.answer.ids:  # a code that is still good belongs in no transcript
        return recalled.said
    return (*recalled.said, *asked, Said("bot", turn.rendered.headline, now, message_id))


def _page_choices(preferences: Preferences, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What the page will send next time if nobody touches it: it follows the preferences of this turn."""
    current = preferences.as_dict()
    return {name: current.get(name) for name in changes}
