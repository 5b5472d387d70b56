"""Changes what is already in the basket: fewer, more, another count, not that one; without it やっぱり椅子は3脚 would add three chairs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from inclusion.municipalities import Town

from .counting import COUNTER, KANA_NUMBERS, SPELLED_NUMBER, counts_in
from .linking import Linked, Mention
from .measures import measures
from .normalising import fold_kana
from .patterns import Patterns
from .replying import ADD, ALSO, CORRECT, FURTHER, INSTEAD, reply_to
from .request import AskedItem
from .sentence import Sentence
from .settling import asked, settle, settle_waiting, together
from .talk import Talk, WaitingItem
from .things import Describing, Thing

WORDS = Patterns("amending")
REMOVED = WORDS("removed")
REMOVED_BEFORE = WORDS("removed_before")
JOINED = re.compile(r"(?:と|や|、|も|,|・|\s)+")
CHANGED = re.compile(
    rf"^(?:の(?:数|方|ほう))?(?:は|を|が)?\s*\d{{1,3}}\s*{COUNTER}(?:に|へ|だけ|でした|だった|じゃな|の間違)|^は\s*\d{{1,3}}\s*{COUNTER}(?:です|だ|よ|ね|なの|なんです|。)*$"
)
TAIL = WORDS.source("more_tail")
MORE = re.compile(
    rf"{WORDS.source('more')}(?:(?P<number>\d{{1,3}})\s*{COUNTER}|(?P<spelled>{SPELLED_NUMBER})(?:つ|こ|まい|だい|ほん|ぽん|きゃく)){TAIL}"
)
PART = re.compile(rf"^(?:その|この)?(?:うち|中)?(?:の)?(\d{{1,3}})\s*{COUNTER}(?:だけ)?(?:は|が)[、\s]*$")
ONE_MORE = WORDS("more_of_other_tongues")
POINTED_AT = re.compile(rf"{WORDS.source('pointed_at')}(?:{WORDS.alternatives('removed')}){WORDS.source('pointed_at_tail')}")
LESS = re.compile(
    rf"^\D{{0,6}}(\d{{1,3}})\s*{COUNTER}(?:だけ)?(?:は|を|が)?(?:減|へっ|へら|少な|やめ|いらな|要らな|取り?消|きゃんせる|なくなっ)"
)
ONLY = re.compile(rf"^\D{{0,8}}?(\d{{1,3}})\s*{COUNTER}(?:だけ(?:に|で)?|に(?:し|す|変|減|な|訂正))(?!に?も)[ぁ-ん変更減、。お願訂正]*$")
ANOTHER = re.compile(r"^(?:それと|あと|やっぱり?)?(?:もう|あと|ほかに|別に|追加で)\s*\d")


def adds(sentence: Sentence, talk: Talk) -> bool:
    """Whether what is named comes on top of what the talk holds."""
    if not (talk.basket or talk.waiting or talk.rules):
        return False
    also = ALSO.search(sentence.folded) and not INSTEAD.match(sentence.folded)
    return bool(ADD.match(sentence.folded) or FURTHER.search(sentence.folded) or also)


def amended(town: Town, describing: Describing, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], talk: Talk) -> Talk | None:
    """The talk after a change of its basket; None when nothing is changed."""
    if not (talk.basket or talk.waiting):
        return None
    named = tuple(_in_full(describing, mention, talk) for mention in (*linked.mentions, *linked.excluded))
    things = tuple(replace(thing, mention=_in_full(describing, thing.mention, talk)) for thing in things)
    if gone := _taken_out_of(sentence, sorted(named, key=lambda mention: mention.start)):
        changed = _without(describing, gone, talk)
        emptied = changed is not None and not (changed.basket or changed.waiting)
        return None if emptied and things else changed  # 椅子はやめて扇風機だけ: the other thing takes its place
    if named:
        return _partly_another(town, sentence, things, talk) or _recounted(town, describing, sentence, things, talk)
    return None if talk.waiting or not talk.basket else _last_changed(town, describing, sentence, talk)


def pointed_change(town: Town, sentence: Sentence, talk: Talk) -> Talk | None:
    """同じものをもう一つ, それはいらない: the whole sentence changes the last thing without naming it; None for any other words.

    While we ask about a thing, that one is the last.
    """
    if not (talk.basket or talk.waiting):
        return None
    if POINTED_AT.match(sentence.folded):
        return _without_the_last(talk)
    more = _how_many_more(sentence)
    return _with_more(town, talk, more) if more and not measures(sentence.folded) else None


def _how_many_more(sentence: Sentence) -> int:
    """2 in あと2台; 0 where nothing more is said."""
    if found := MORE.match(sentence.folded):
        return int(found["number"]) if found["number"] else KANA_NUMBERS[found["spelled"]]
    return int(bool(ONE_MORE.fullmatch(sentence.folded)))


def _with_more(town: Town, talk: Talk, more: int) -> Talk:
    if talk.waiting:
        first, *rest = talk.waiting
        return replace(talk, waiting=(replace(first, pieces=(first.pieces or 1) + more), *rest), confirming=())
    *before, last = talk.basket
    return replace(talk, basket=(*before, asked(town, last.id, last.said, last.pieces + more)), confirming=())


def _without_the_last(talk: Talk) -> Talk:
    if talk.waiting:
        return replace(talk, waiting=talk.waiting[1:], question=None, confirming=())
    return replace(talk, basket=talk.basket[:-1], confirming=())


def _taken_out_of(sentence: Sentence, named: list[Mention]) -> list[Mention]:
    """What is taken out, and in 炊飯器と布団はいらない also what is joined to it."""
    gone: list[Mention] = []
    for mention in reversed(named):
        joined = gone and JOINED.fullmatch(sentence.folded[mention.end : gone[-1].start])
        if joined or _taken_out(sentence, mention):
            gone.append(mention)
    return gone


def _taken_out(sentence: Sentence, mention: Mention) -> bool:
    behind, before = sentence.folded[mention.end :], sentence.folded[: mention.start]
    return bool(REMOVED.match(behind) or REMOVED_BEFORE.search(before))


def _without(describing: Describing, gone: list[Mention], talk: Talk) -> Talk | None:
    basket = tuple(item for item in talk.basket if not any(_same(describing, mention.target, item.id) for mention in gone))
    waiting = tuple(item for item in talk.waiting if not any(_same(describing, mention.target, item.group) for mention in gone))
    if len(basket) + len(waiting) == len(talk.basket) + len(talk.waiting):
        return None
    open_still = talk.question is not None and waiting[:1] == talk.waiting[:1]
    return replace(talk, basket=basket, waiting=waiting, question=talk.question if open_still else None, confirming=())


def _recounted(town: Town, describing: Describing, sentence: Sentence, things: tuple[Thing, ...], talk: Talk) -> Talk | None:
    """椅子は3脚に: the thing named has another count; everything else stays."""
    if not things or any(thing.sizes for thing in things) or ADD.match(sentence.folded):
        return None
    held = talk.question is not None and all(_held(describing, thing.target, talk) for thing in things)  # 椅子を3つ, asked about a table
    if not held and any(thing.pieces is None for thing in things):
        return None
    changed = held or CORRECT.match(sentence.folded) or all(CHANGED.match(sentence.folded[t.mention.end :]) for t in things)
    ours = [thing for thing in things if any(_same(describing, thing.target, one) for one in _ids(talk))]
    if not changed or len(ours) != len(things) or ALSO.search(sentence.folded):
        return None
    counts = {thing.target: thing.pieces for thing in things if thing.pieces is not None}

    def count_of(one: str, before: int | None) -> int | None:
        return next((count for target, count in counts.items() if _same(describing, target, one)), before)

    basket = tuple(asked(town, item.id, item.said, count_of(item.id, item.pieces) or 1) for item in talk.basket)
    waiting = tuple(replace(item, pieces=count_of(item.group, item.pieces)) for item in talk.waiting)
    return replace(talk, basket=basket, waiting=waiting)


def _partly_another(town: Town, sentence: Sentence, things: tuple[Thing, ...], talk: Talk) -> Talk | None:
    """1脚は座椅子なの, of two chairs: so many of the last thing are another one."""
    if len(things) != 1 or talk.waiting or not talk.basket:
        return None
    part, last = PART.match(sentence.folded[: things[0].mention.start]), talk.basket[-1]
    if part is None or things[0].target == last.id or int(part[1]) >= last.pieces:
        return None
    other = settle(town, (replace(things[0], pieces=int(part[1])),))
    if not (other.items or other.waiting):
        return None
    left = asked(town, last.id, last.said, last.pieces - int(part[1]))
    basket = together(town, [*talk.basket[:-1], left, *other.items])
    return replace(talk, basket=basket, waiting=other.waiting, confirming=())


def _in_full(describing: Describing, mention: Mention, talk: Talk) -> Mention:
    """台は1つ, where the talk holds a 物干し台: the end of one name that is held, and of one alone, is that thing."""
    if any(_same(describing, mention.target, one) for one in _ids(talk)):
        return mention
    held = [(item.id, item.said) for item in talk.basket] + [(item.group, item.said) for item in talk.waiting]
    longer = [one for one, said in held if said != mention.said and said.endswith(mention.said)]
    return replace(mention, target=longer[0]) if len(longer) == 1 else mention


def _held(describing: Describing, target: str, talk: Talk) -> bool:
    return any(_same(describing, target, item.id) for item in talk.basket)


def _last_changed(town: Town, describing: Describing, sentence: Sentence, talk: Talk) -> Talk | None:
    """1枚減った, 1台だけにする, もう一つ1人用も: about the last thing, which need not be named again."""
    *before, last = talk.basket
    if measures(sentence.folded):
        another = _of_another_size(town, describing, sentence, last) if ANOTHER.match(sentence.folded) else None
        return replace(talk, basket=together(town, [*talk.basket, another])) if another else None
    changes: tuple[tuple[re.Pattern[str], Callable[[int], int]], ...] = (
        (LESS, lambda said: last.pieces - said),
        (ONLY, lambda said: said),
    )
    for pattern, pieces_after in changes:
        if match := pattern.match(sentence.folded):
            pieces = pieces_after(int(match[1]))
            kept = [asked(town, last.id, last.said, pieces)] if pieces > 0 else []
            return replace(talk, basket=(*before, *kept), confirming=())
    return None


def resized(town: Town, describing: Describing, sentence: Sentence, talk: Talk) -> Talk | None:
    """120センチだったら: another size of the last thing; None where the words tell none."""
    if not talk.basket or talk.question:
        return None
    *before, last = talk.basket
    group = describing.group_of(last.id)
    if group is None:
        return None
    reply = reply_to(group, describing, sentence)
    known = talk.measured if reply.slots.keys() & talk.measured.keys() else {}  # やっぱり幅60: the other side stays
    said = "" if _tells_a_size(describing, group.id, last.said) else last.said  # 2人用ソファ is none any more
    outcome = settle_waiting(town, WaitingItem(group.id, said, last.pieces, known), reply.slots, reply.pieces)
    if not isinstance(outcome, AskedItem):
        return None
    left = last.pieces - outcome.pieces if reply.pieces else 0
    kept = (asked(town, last.id, last.said, left),) if left > 0 else ()
    return replace(talk, basket=(*before, *kept, outcome), measured={**known, **reply.slots})


def _tells_a_size(describing: Describing, group: str, said: str) -> bool:
    folded = fold_kana(said)
    return bool(measures(folded) or describing.words_for(group, folded))


def _of_another_size(town: Town, describing: Describing, sentence: Sentence, last: AskedItem) -> AskedItem | None:
    group = describing.group_of(last.id)
    if group is None:
        return None
    reply = reply_to(group, describing, sentence)
    counts = counts_in(sentence, measures(sentence.folded))
    outcome = settle_waiting(town, WaitingItem(group.id, last.said, None), reply.slots, counts[0].amount if counts else 1)
    return outcome if isinstance(outcome, AskedItem) else None


def _ids(talk: Talk) -> tuple[str, ...]:
    return (*(item.id for item in talk.basket), *(item.group for item in talk.waiting))


def _same(describing: Describing, target: str, other: str) -> bool:
    """Whether two ids are the same item, or sizes of the same group."""
    return group_id(describing, target) == group_id(describing, other)


def group_id(describing: Describing, target: str) -> str:
    """The group of sizes an item is of; its own id where it is of none."""
    group = describing.group_of(target)
    return group.id if group else target
