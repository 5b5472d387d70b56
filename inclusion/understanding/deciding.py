"""Decides what kind of reply a turn gets, never more certain than it may be; without it links and scores would stay numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from accessibility import Action
from inclusion.municipalities import Town

from .agreeing import yes_or_no
from .amending import adds, amended, group_id, pointed_change, resized
from .asking import (
    BUSINESS_FAQ,
    DISPOSAL,
    KIND_ASKED,
    PREPARING,
    SAME_AGAIN,
    TOPIC_WORDS,
    of_a_business,
    only_things,
    thrown_away,
    told_of_a_shop,
)
from .class_asked import class_asked, only_class_asked
from .counting import nobody_knows_how_many, said_in_sets
from .described import described, offered
from .faqs import FaqFinder, Guess
from .limits import beyond, only_a_size
from .linking import Linked
from .offering import offers
from .replying import ADD, CANCEL, CORRECT, INSTEAD, SUMMED, Reply, only_count, reply_to
from .request import AskedItem, Question, Request
from .rivalry import OCCASIONS, rivalry, told_of
from .sentence import Sentence
from .settling import Settled, answered_in_sheets, asked, only_by_sound, settle, settle_waiting, together
from .sounds import Ear
from .sureness import sureness_of
from .talk import Talk, started_over
from .things import Describing, Thing

Step = Callable[[Sentence, Linked, tuple[Thing, ...], Talk], tuple[Request, Talk] | None]
CLOSER = 0.25
MORE_LIKELY = 0.5
LAST_ROUND = 3


@dataclass(frozen=True, slots=True)
class Deciding:
    """The last step. Holds what it asks while deciding: the town, the describer, the FAQ finder and the ear for suggestions."""

    town: Town
    describing: Describing
    faqs: FaqFinder
    ear: Ear

    def decide(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk, whole: Guess) -> tuple[Request, Talk]:
        """The first of these that fits: yes or no, an answer to our question, a change of the basket, a thing, a FAQ, a refusal.

        `whole` is the guess for the sentence with nothing covered.
        """
        things = tuple(t for t in things if not self.faqs.names(sentence, t.mention.start, t.mention.end))
        meant = tuple(m for m in linked.mentions if not self.faqs.names(sentence, m.start, m.end))
        linked = replace(linked, mentions=meant)
        for step in (self._yes_or_no, *self._changes, self._reply, self._recounted, self._of_what_is_held):
            if outcome := step(sentence, linked, things, talk):
                return outcome
        covered = linked.all_named
        guess = self.faqs.best(sentence, covered) if covered else whole
        guess = self._in_topic(sentence, linked, guess, talk)
        sureness = sureness_of(sentence, guess, linked, self.faqs)
        if things and (outcome := self._told_or_named(sentence, linked, things, talk, whole, guess, sureness)):
            return outcome
        if sureness == "sure":
            return self._faq(guess, talk)
        if outcome := self._resized(sentence, talk):
            return outcome
        if outcome := self._described(sentence, guess, whole, talk):
            return outcome
        named = bool(linked.mentions or linked.unknown or talk.basket or talk.question)
        if sureness == "no" and (size := only_a_size(self.town, sentence, named)):
            guess, sureness = replace(guess, id=size), "perhaps"
        if sureness == "perhaps" and talk.question is None:
            return self._perhaps_faq(guess, talk)
        return self._unknown(sentence, linked, guess, whole, talk)

    def _told_or_named(
        self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk, whole: Guess, guess: Guess, sureness: str
    ) -> tuple[Request, Talk] | None:
        """About the things that were named, unless the sentence tells of another thing or rather asks a question."""
        if all(map(only_by_sound, things)) and (outcome := self._described(sentence, guess, whole, talk, things)):
            return outcome
        if of_a_business(sentence, things) and BUSINESS_FAQ in self.town.faqs and talk.question is None:
            return self._perhaps_faq(replace(guess, id=BUSINESS_FAQ), talk)
        plain = only_things(sentence, things) or class_asked(sentence) or (guess.id in OCCASIONS and thrown_away(sentence, things))
        rival = "" if plain else rivalry(guess, things, self.describing)
        if rival == "faq" and told_of({self.faqs.family(thing.target) for thing in things}, whole):
            rival = "close"  # 火鉢なんですが、瀬戸物なの: with both covered hardly anything is left to judge by
        asks = whole.score > whole.thing and guess.score >= guess.thing + CLOSER
        if rival == "close" and asks and guess.on_topic and talk.question is None:
            return self._perhaps_faq(guess, talk)
        if rival != "faq" or sureness == "no":
            return self._about_things(sentence, linked, things, talk, doubtful=rival == "close")
        return None

    @property
    def _changes(self) -> tuple[Step, ...]:
        return self._cancelled, self._summed, self._uncounted, self._amended

    def _yes_or_no(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        return yes_or_no(sentence, things, talk, self._basket_again)

    def _cancelled(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        if (talk.basket or talk.waiting) and CANCEL.match(sentence.folded):
            return started_over(talk)
        return None

    def _summed(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        """合わせるといくら？: all things asked about in this talk, one after another, not only the last."""
        if not talk.earlier or not talk.basket or talk.waiting or not SUMMED.match(sentence.folded):
            return None
        basket = together(self.town, [*talk.earlier, *talk.basket])
        return self._answer(replace(talk, basket=basket, earlier=(), question=None), Settled(items=basket))

    def _uncounted(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        """0枚, 2〜3脚, 数個, 布団2組: a fee needs a number somebody said."""
        counted = [thing for thing in things if thing.target in self.town.items or self.describing.group_of(thing.target)]
        by_sheet = [t for t in counted if t.target in self.town.items and self.town.items[t.target].counter == "枚"]
        askable = counted or (not things and (talk.basket or talk.waiting))
        if not any(said_in_sets(sentence, t.mention.end) for t in by_sheet) and not (askable and nobody_knows_how_many(sentence)):
            return None
        return Request("refuse", ("r.unknown",), guard="how_many", confidence=0.5), talk

    def pointed_at_the_last(self, sentence: Sentence, talk: Talk) -> tuple[Request, Talk] | None:
        """もう一つ, それはいらない while the talk holds things: no wish to hear us once more, and no question about cancelling."""
        changed = pointed_change(self.town, sentence, talk)
        return None if changed is None else self._changed(changed, talk)

    def changes_what_is_held(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> bool:
        """Whether the words say something of the things the talk holds: those who speak of them wish for nothing else."""
        steps = (*self._changes, self._recounted)
        return bool(talk.basket or talk.waiting) and any(step(sentence, linked, things, talk) for step in steps)

    def _amended(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        changed = amended(self.town, self.describing, sentence, linked, things, talk)
        return None if changed is None else self._changed(changed, talk)

    def _changed(self, changed: Talk, before: Talk) -> tuple[Request, Talk]:
        """What the talk holds now; where it holds nothing any more, everything begins anew."""
        return self._basket_again(changed) if changed.basket or changed.waiting else started_over(before)

    def _reply(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        """An answer to our open question; a slot answer beats a new thing."""
        if talk.question is None or not talk.waiting:
            return None
        group = self.town.groups.get(talk.question.group)
        if group is None:
            return None
        reply = reply_to(group, self.describing, sentence)
        if self._another_thing(sentence, things, reply, talk):
            return None
        same = any(group_id(self.describing, thing.target) == talk.waiting[0].group for thing in things)
        if not (reply.slots or reply.pieces or reply.unsure or same):
            return None
        first, *rest = talk.waiting
        outcome = settle_waiting(self.town, first, reply.slots, reply.pieces)
        talk = replace(talk, measured={**first.slots, **reply.slots})
        if isinstance(outcome, AskedItem):
            counted = (reply.pieces or first.pieces) is not None
            basket = together(self.town, [*talk.basket, *answered_in_sheets(self.town, outcome, talk.measured, counted)])
            return self._answer(replace(talk, basket=basket, waiting=tuple(rest), question=None), Settled(items=basket))
        return self._ask(replace(talk, waiting=(outcome, *rest)))

    def _another_thing(self, sentence: Sentence, things: tuple[Thing, ...], reply: Reply, talk: Talk) -> bool:
        """Whether the turn names something else than what we asked about (and is more than the wanted word)."""
        others = [t for t in things if group_id(self.describing, t.target) != talk.waiting[0].group]
        if not others:
            return False
        if INSTEAD.match(sentence.folded) or ADD.match(sentence.folded):
            return True
        return not reply.slots

    def _recounted(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        """A bare count changes how many of the last thing there are."""
        count = only_count(sentence)
        if count is None or talk.waiting or not talk.basket:
            return None
        *before, last = talk.basket
        basket = (*before, asked(self.town, last.id, last.said, count.amount))
        return self._answer(replace(talk, basket=basket), Settled(items=basket))

    def _resized(self, sentence: Sentence, talk: Talk) -> tuple[Request, Talk] | None:
        changed = resized(self.town, self.describing, sentence, talk)
        return self._answer(changed, Settled(items=changed.basket)) if changed else None

    def _of_what_is_held(self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> tuple[Request, Talk] | None:
        """それはいくら, 会社のなんです: of the things the talk holds, none of which is named."""
        if things or not (talk.basket or talk.waiting or talk.rules):
            return None
        held = bool(talk.basket or talk.waiting)
        if KIND_ASKED.fullmatch(sentence.folded) or only_class_asked(sentence) or (held and SAME_AGAIN.search(sentence.folded)):
            return self._basket_again(replace(talk, confirming=()))
        if held and told_of_a_shop(sentence) and BUSINESS_FAQ in self.town.faqs:
            return self._perhaps_faq(Guess(BUSINESS_FAQ, 0.5, 0.0), replace(talk, question=None, waiting=()))
        return None

    def _about_things(
        self, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk, doubtful: bool = False
    ) -> tuple[Request, Talk]:
        fitting = tuple(thing for thing in things if not beyond(self.town, thing))
        if not fitting:
            return self._faq(Guess(beyond(self.town, things[0]), 1.0, 0.0), talk)
        linked = replace(linked, unknown=(*linked.unknown, *(t.mention.said for t in things if t not in fitting)))
        settled, talk = settle(self.town, fitting), replace(talk, measured=dict(fitting[-1].slots))
        if doubtful or (PREPARING.search(sentence.folded) and not DISPOSAL.search(sentence.folded)):
            settled = replace(settled, doubtful=True, confidence=0.5)
        if adds(sentence, talk):
            settled = replace(
                settled,
                items=together(self.town, [*talk.basket, *settled.items]),
                others=tuple(dict.fromkeys((*talk.rules, *settled.others))),
                waiting=(*talk.waiting, *settled.waiting),
            )
        elif CORRECT.match(sentence.folded):
            if len(talk.basket) > 1 and len(settled.items) == 1:
                settled = replace(settled, items=together(self.town, [*talk.basket[:-1], *settled.items]))
        elif not INSTEAD.match(sentence.folded):
            talk = replace(talk, earlier=(*talk.earlier, *talk.basket))
        return self._answer(replace(talk, question=None, confirming=()), settled, linked.unknown)

    def _described(
        self, sentence: Sentence, guess: Guess, whole: Guess, talk: Talk, heard: tuple[Thing, ...] = ()
    ) -> tuple[Request, Talk] | None:
        """A thing that nobody named but told of, put as a question; the next likeliest are offered to who says no.

        Against things that were only `heard` alike it must be likelier than not.
        """
        if talk.question is not None or sentence.language not in ("ja", "en"):
            return None
        things = described(sentence, whole, self.describing)
        if not things or things[0].mention.score < guess.score or beyond(self.town, things[0]):
            return None
        families = {self.faqs.family(thing.target) for thing in heard}
        if heard and (things[0].target in families or things[0].mention.score < MORE_LIKELY):
            return None
        request, after = self._answer(replace(talk, question=None, confirming=()), settle(self.town, things))
        return replace(request, suggestions=offered(whole, (things[0].target,))), after

    def _answer(self, talk: Talk, settled: Settled, unknown: tuple[str, ...] = ()) -> tuple[Request, Talk]:
        """Answers when everything is settled, else asks about the first thing that is not."""
        waiting = settled.waiting or talk.waiting if settled.items == talk.basket else settled.waiting
        topic = settled.others or (talk.rules if settled.items == talk.basket else ())
        kept = replace(talk, basket=settled.items, waiting=waiting, topic=topic)
        if waiting:
            return self._ask(kept, unknown)
        ids = (*(item.id for item in settled.items), *topic)
        action: Action = "answer" if settled.items else "policy"
        if settled.doubtful:
            kept = replace(kept, confirming=ids)
            return Request("confirm", ids, settled.items, topic, None, unknown, confidence=settled.confidence * 0.8), kept
        return Request(action, ids, settled.items, topic, None, unknown, confidence=settled.confidence), kept

    def _ask(self, talk: Talk, unknown: tuple[str, ...] = ()) -> tuple[Request, Talk]:
        first = talk.waiting[0]
        again = talk.question is not None and talk.question.group == first.group and talk.question.said == first.said
        asked_before = talk.question.round if again and talk.question else 0
        question = Question(first.group, first.said, min(asked_before + 1, LAST_ROUND))
        groups = tuple(dict.fromkeys(w.group for w in talk.waiting))
        ids = (*groups, *(item.id for item in talk.basket), *talk.rules)
        return Request("clarify", ids, talk.basket, talk.rules, question, unknown, confidence=0.9), replace(talk, question=question)

    def _basket_again(self, talk: Talk) -> tuple[Request, Talk]:
        return self._answer(talk, Settled(items=talk.basket, others=talk.rules, waiting=talk.waiting))

    def _in_topic(self, sentence: Sentence, linked: Linked, guess: Guess, talk: Talk) -> Guess:
        """A short follow-up is also read with the topic in front of it."""
        context = next((word for topic in talk.topic for start, word in TOPIC_WORDS.items() if topic.startswith(start)), "")
        if not context or linked.mentions:
            return guess
        with_topic = self.faqs.best(sentence, (), context)
        return with_topic if with_topic.score > guess.score - 0.05 else guess

    def _faq(self, guess: Guess, talk: Talk) -> tuple[Request, Talk]:
        near = tuple(one for one in (guess.id, guess.second_id) if one.startswith("f."))
        told = Request("faq", (guess.id,), suggestions=near, confidence=min(1.0, guess.score))
        return told, replace(talk, topic=(guess.id,), confirming=())

    def _perhaps_faq(self, guess: Guess, talk: Talk) -> tuple[Request, Talk]:
        ids = (guess.id,)
        suggestions = tuple(i for i in (guess.id, guess.second_id) if i.startswith("f."))
        return Request("confirm", ids, suggestions=suggestions, confidence=guess.score), replace(talk, confirming=ids, basket=(), topic=())

    def _unknown(self, sentence: Sentence, linked: Linked, guess: Guess, whole: Guess, talk: Talk) -> tuple[Request, Talk]:
        """Handed over, with up to three near things or questions to choose from; an open question stays open once more."""
        if talk.question is not None and talk.waiting and not linked.unknown:
            return self._ask(talk)
        suggestions = offers(sentence, linked, guess, whole, self.ear)
        return Request("refuse", ("r.unknown",), unknown=linked.unknown, suggestions=suggestions, confidence=guess.score), talk
