"""Notices which turns we should learn from; without it what we cannot answer would never reach anybody who could teach us.

Noted are questions nobody understood, those asked back about in vain, and those whose answer was called wrong. Never dangers, never
what is merely not ours, and never a word that names somebody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from accessibility import Choice, Preferences, render
from inclusion.handover import Said
from inclusion.learning.nearest import Near, nearest
from inclusion.learning.unanswered import Missed, agree, note
from inclusion.masking import masked_words
from inclusion.municipalities import Town
from inclusion.remembering import Recalled
from inclusion.skills import Scene, learning
from inclusion.turn import Turn
from inclusion.understanding import Understanding
from inclusion.understanding.sentence import read
from inclusion.understanding.sounds import folded_sound

STATED: Final = ("answer", "policy", "faq")
STEPWISE: Final = ("h.",)  # steps have a button of their own for who is stuck
DIRECT: Final = ("answer", "policy", "faq", "confirm")
TABLE_ROUND: Final = 3  # the third time we ask, all prices are shown and the office is named
NOT_HELPED = re.compile(
    r"(?:違う|ちがう)答え(?:だった|でした|です|だ)?(?:よ|ね)*|(?:それ(?:は|じゃ|では)?|その答えは|答えが)?(?:違う|ちがう|違います|ちがいます|違った|間違(?:い|って(?:る|いる|います)))(?:よ|ね|んだけど|んですけど|です)*"
    r"|(?:聞きたい|知りたい)(?:の|こと)(?:は|と)(?:それ)?(?:じゃない|ではない|違う|違います|ではありません)(?:です|よ)*"
    r"|(?:全然|ぜんぜん|あまり)?(?:役に立た(?:ない|なかった|ん)|役に立ちません(?:でした)?|わからなかった|分からなかった|助からない)(?:です|よ|わ)*"
    r"|👎.?|not helpful|(?:that'?s |that is )?(?:wrong|not it|not what i asked)|没有?用|不对|도움이 안 (?:돼요|됐어요)|아니에요",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"(?:を|は|の|って|が|も)?(?:捨て|すて|処分|いくら|料金|手数料|出し方|出したい|何ごみ|何ゴミ|引き取|回収|教えて|知りたい|どう(?:したら|すれば|やって)).*$"
)
TELL_ME = re.compile(r"(?:答えが)?(?:わか|分か)ったら(?:知らせて|教えて|おしえて|しらせて)(?:ください|ほしい|下さい)?")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be kept of a turn: `missed` questions (of `message_id`), or the wish to be told."""

    missed: tuple[Missed, ...] = ()
    message_id: str = ""
    tell_me: bool = False

    def __call__(self, session: Any, chat: Any, now: datetime) -> None:
        """Takes effect in the transaction of the answer."""
        if self.tell_me and chat.account is not None:
            agree(session, chat.account, now)
        for one in self.missed:
            note(session, one, chat.account.id if chat.account else "", self.message_id, now)


def called_wrong(said: Said, recalled: Recalled, understanding: Understanding) -> Lesson | None:
    """Somebody says that our last answer was not it: the question before is what we learn from."""
    last = recalled.memory.last
    if last is None or last.action not in DIRECT or not NOT_HELPED.fullmatch(_bare(said.text)):
        return None
    question = next((line for line in reversed(recalled.said) if line.who == "resident"), None)
    if question is None:
        return Lesson()
    return Lesson((_missed(question.text, "corrected", understanding, last.language),), question.message_id)


def wants_to_be_told(said: Said) -> bool:
    return TELL_ME.fullmatch(_bare(said.text)) is not None


def missed_in(said: Said, turn: Turn, recalled: Recalled, understanding: Understanding) -> Lesson | None:
    """What this turn leaves to learn; None when it was understood."""
    found = tuple(_missed(text, why, understanding, turn.request.language) for text, why in _lost(said, turn, recalled))
    return Lesson(tuple(one for one in found if one.text), said.message_id) if found else None


def near_to_what_was_meant(recalled: Recalled, understanding: Understanding) -> tuple[Near, ...]:
    """Up to three entries the question before may have meant, without those it was answered with."""
    question = next((line for line in reversed(recalled.said) if line.who == "resident"), None)
    last = recalled.memory.last
    if question is None or last is None:
        return ()
    return nearest(question.text, (), heart_of(question.text), understanding, last.ids)


def open_to_doubt(turn: Turn, town: Town) -> Turn:
    """The turn with the small button that says it was not the answer; only under what was stated as one."""
    if turn.answer.action not in STATED or turn.request.ids[0][:2] in STEPWISE:
        return turn
    label = town.messages.say("learning.wrong_label", turn.rendered.language, turn.rendered.easy)
    return replace(turn, rendered=replace(turn.rendered, doubt=Choice(label, town.messages.say("learning.wrong_says"))))


def offer_to_tell(turn: Turn, town: Town, now: datetime) -> Turn:
    """The turn with the button that asks to be told; only where we can write to the person again."""
    preferences: Preferences = turn.memory.preferences
    scene = Scene(town, preferences, turn.answer.language, now)
    answer = learning.offering(turn.answer, scene)
    return replace(turn, answer=answer, rendered=render(answer, preferences), memory=replace(turn.memory, last=answer))


def heart_of(text: str) -> str:
    """What a question is about, without the asking: ポポリン of ポポリンを捨てたい."""
    return ASKING.sub("", text) or text


def _lost(said: Said, turn: Turn, recalled: Recalled) -> Iterator[tuple[str, str]]:
    request = turn.request
    if request.action == "refuse" and request.ids == ("r.unknown",):
        if request.guard == "not_that":
            yield from ((line.text, "corrected") for line in recalled.said[::-1][:2] if line.who == "resident")
        elif not request.guard:
            yield said.text, "unanswered"
        return
    if request.question is not None and request.question.round >= TABLE_ROUND:
        yield request.question.said, "clarified"
    yield from ((word, "unanswered") for word in request.unknown)


def _missed(text: str, why: str, understanding: Understanding, language: str) -> Missed:
    """Questions about the same word sound alike, whatever is asked of it."""
    sentence = read(heart_of(text), understanding.readings)
    words = masked_words(text, understanding.readings, _known(understanding))
    return Missed(words, folded_sound(sentence.kana or sentence.folded), why, language)


def _known(understanding: Understanding) -> Callable[[str], bool]:
    """Whether a word is one of the town's own, so that it is no person's name here."""
    return lambda word: word in understanding.lexicon.entries


def _bare(text: str) -> str:
    return text.strip("。．.！!？?、 　")
