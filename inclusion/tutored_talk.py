"""Help in the chat itself: the learner writes where they always write, the helper on a page; without it "by chat" would mean "come here".

While it goes on the bot keeps silent, but for dangers. Neither sees the other's account, number or name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bots import MessageKind
from inclusion.classes.talk import ClassTalk, Skill
from inclusion.handover import Said
from inclusion.masking import masked
from inclusion.remembering import Recalled
from inclusion.replies import Chat, Effect, Reply
from inclusion.skills import class_day
from inclusion.turn import Turn
from lessons import LessonError, find_own
from lessons.tutoring import resolve
from lessons.tutoring_words import talk_of, untold, write

END: Final = re.compile(
    r"(?:個別|スマホ)?相談(?:を|は)?(?:終わ(?:り|る|ります|りにする|りにします)|やめる|やめます|おしまい).{0,4}"
    r"|end (?:the )?help|结束咨询|상담 끝내기",
    re.IGNORECASE,
)
PAGE: Final = "web"  # nothing can be sent to our page: the helper's words wait there until the learner looks
UNSEEN_KINDS: Final = ("image", "video", "file", "location", "sticker", "audio")


@dataclass(frozen=True, slots=True)
class TutoredTalk:
    """`talk` is how answers are made; None is returned wherever no help goes on in this chat."""

    talk: ClassTalk

    def reply(self, said: Said, recalled: Recalled, urgent: Turn | None, now: datetime) -> Reply | None:
        """`urgent` is the answer to a danger: it is said, and the helper reads the words too."""
        ticket_id = self.ticket(recalled)
        if ticket_id is None:
            return None
        if urgent is None and END.fullmatch(said.text.strip("。.!！ 　")):
            return self.talk.carry_out(lambda session, _person: _ended(session, ticket_id, now), recalled, now)
        keep = _kept(ticket_id, said)
        if urgent is not None:
            return Reply(urgent, (keep,))
        if recalled.channel != PAGE:
            return Reply(None, (keep,))
        return self.talk.carry_out(lambda session, _person: _on_our_page(session, ticket_id, said, now), recalled, now)

    def sent(self, kind: MessageKind, recalled: Recalled, now: datetime) -> Reply | None:
        """A photo does not reach the helper: said at once, so that nobody waits for an answer to it."""
        if kind not in UNSEEN_KINDS or self.ticket(recalled) is None:
            return None
        return self.talk.say(class_day.words_only, recalled, now)

    def ticket(self, recalled: Recalled) -> str | None:
        """The help that goes on in this chat."""
        if not recalled.one_person or recalled.person_id is None:
            return None
        with self.talk.database.reading() as session:
            own = find_own(session, recalled.person_id)
            ticket = talk_of(session, own.id) if own is not None else None
            return ticket.id if ticket is not None else None


def _kept(ticket_id: str, said: Said) -> Effect:
    """Numbers that are nobody's business are masked, as everywhere. Help that ended this moment needs the words no more."""

    def effect(session: Session, _chat: Chat, now: datetime) -> None:
        try:
            write(session, ticket_id, "learner", masked(said.text), now)
        except LessonError:
            return

    return effect


def _ended(session: Session, ticket_id: str, now: datetime) -> Skill:
    resolve(session, ticket_id, now)
    return class_day.chat_over


def _on_our_page(session: Session, ticket_id: str, said: Said, now: datetime) -> Skill:
    """Passed on, unless it was only a look; what the helper wrote meanwhile is shown."""
    if said.text.strip() != class_day.LOOK:
        write(session, ticket_id, "learner", masked(said.text), now)
    words = [line.text for line in untold(session, ticket_id, now)]
    return lambda scene: class_day.helpers_words(words, scene)
