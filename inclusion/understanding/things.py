"""Gives each thing its own sizes and its own count; without it 椅子2脚とテーブル1つ would be two tables or one chair."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from inclusion.municipalities import Group, Town

from .asides import after_correction
from .counting import counts_in
from .grammar import DENIED_WORD
from .lexicon import folded_word
from .linking import Linked, Mention
from .measures import Measure, measures, slots_of
from .normalising import fold_kana
from .sentence import Sentence
from .sharing_out import SHARED, counts_shared_out, one_set_each, owner_of, said_of_all
from .sizes import useful

TWO_OF_A_KIND = re.compile(r"^[^、。]{0,6}(?:と|や|それと|あと|および|及び|&|\\+|and)[^、。]{0,6}$|(?:それと|あと|ほかに|別に|もう1)")
JOINING = re.compile(r"[とや、,]|それと|あと|and|も")
SAID_OF_IT = re.compile(r"^(?:製|で(?=[、。\s\d]|$)|の(?:やつ|もの|の))")
ONLY_THEN = re.compile(r"だけ[、,]\s*$")
DENIAL = re.compile(r"(?:じゃ|では|で)なく")
NEAR_DENIAL = 4
DESCRIBED = re.compile(r"(?:やつ|もの|の|機械|道具)$")
NAMED = re.compile(r"^(?:って(?:いう|言う|ゆう|やつ)|とか?いう|と言う|のこと)")


@dataclass(frozen=True, slots=True)
class Thing:
    """A mention with what was said about it. `sizes` are measured, `slots` also hold words such as シングル or ガラス."""

    mention: Mention
    pieces: int | None
    sizes: Mapping[str, float]
    slots: Mapping[str, str | float]

    @property
    def target(self) -> str:
        return self.mention.target


@dataclass(frozen=True, slots=True)
class SlotWord:
    group: str
    word: str
    slot: str
    value: str | float


class Describing:
    """Reads sizes, kinds and counts around the things of a sentence, for the groups of one town."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._words = _slot_words()

    def things(self, sentence: Sentence, linked: Linked) -> tuple[Thing, ...]:
        """Every thing meant, each with its own sizes, words and count; one thing named twice is one thing."""
        mentions = self._without_slot_words(linked.mentions, sentence)
        found = _own_measures(sentence, mentions)
        counts = counts_in(sentence, tuple(found), mentions)
        owned_sizes = self._shared_out(sentence, mentions, found)
        owned_counts = counts_shared_out(sentence, mentions, counts)
        things = []
        for at, mention in enumerate(mentions):
            window = _window(sentence, mentions, at)
            words, corrected = self.words_for(mention.target, window), self.words_for(mention.target, after_correction(window))
            if corrected and (group := self.group_of(mention.target)):
                mention = replace(mention, target=group.id, said="")  # not the size that was taken back
            for pieces, found_together in one_set_each(owned_sizes[at], owned_counts[at]):
                sizes = slots_of(tuple(found_together))
                slots: dict[str, str | float] = {**words, **_typed(dict(mention.slots)), **sizes, **corrected}
                things.append(Thing(mention, pieces, sizes, slots))
        return _merged(self._each_alike(things, sentence), sentence)

    def _each_alike(self, things: list[Thing], sentence: Sentence) -> list[Thing]:
        """シングルベッド2台、それぞれマットレス付き: a mattress of the bed's size; ベッドとマットレス、どっちもダブル: both."""
        shared = SHARED.search(sentence.folded)
        if len(things) < 2 or shared is None:
            return things
        after = sentence.folded[shared.end() :]
        things = [replace(t, slots={**self.words_for(t.target, after), **t.slots}) for t in things]
        said = self.words_for(things[0].target, things[0].mention.said) | dict(things[0].slots)
        return [things[0], *(replace(t, slots={**self._fitting(t, said), **t.slots}) for t in things[1:])]

    def _fitting(self, thing: Thing, said: Mapping[str, str | float]) -> dict[str, str | float]:
        """The kinds said of another thing that this one knows too."""
        kinds = "".join(str(value) for value in said.values() if isinstance(value, str))
        return self.words_for(thing.target, fold_kana(kinds)) if kinds else {}

    def words_for(self, target: str, folded: str) -> dict[str, str | float]:
        """The slots that words in this text fill for a group (シングル, ガラス, 両そで ...), longer words first."""
        group = self.group_of(target)
        if group is None:
            return {}
        wanted = {slot for row in group.rows for slot in row.when} | set(group.slots)
        slots: dict[str, str | float] = {}
        for entry in self._words:
            if entry.group in ("", group.id) and entry.slot in wanted and entry.slot not in slots and _said(entry.word, folded):
                slots[entry.slot] = entry.value
        return slots

    def _without_slot_words(self, mentions: tuple[Mention, ...], sentence: Sentence) -> tuple[Mention, ...]:
        """テレビ台 幅120cm ガラス: ガラス says what the stand is made of, it is not another thing."""
        kept: list[Mention] = []
        for mention in mentions:
            before = sentence.folded[kept[-1].end : mention.start] if kept else ""
            names_slot = bool(kept) and folded_word(mention.said) in self._slot_words_of(kept[-1].target)
            what_of = bool(SAID_OF_IT.match(sentence.folded[mention.end :])) and not JOINING.search(before.rstrip("、, "))
            of_it = what_of or bool(SHARED.search(before))  # ガラスの; どっちもダブル
            if not names_slot or (JOINING.search(ONLY_THEN.sub("", before)) and not of_it):
                kept.append(mention)
        return tuple(kept)

    def _slot_words_of(self, target: str) -> set[str]:
        group = self.group_of(target)
        if group is None:
            return set()
        wanted = {slot for row in group.rows for slot in row.when}
        return {entry.word for entry in self._words if entry.group in ("", group.id) and entry.slot in wanted}

    def denies_unknown(self, sentence: Sentence, linked: Linked) -> bool:
        """燃えるやつじゃなくて風が出るほう: whether something is said not to be meant that is no thing and no word of ours."""
        ends = {mention.end for mention in linked.excluded}
        words = tuple(entry.word for entry in self._words)
        return any(
            not any(end <= denied.start() <= end + NEAR_DENIAL for end in ends) and not sentence.folded[: denied.start()].endswith(words)
            for denied in DENIAL.finditer(sentence.folded)
        )

    def group_of(self, target: str) -> Group | None:
        """The group a target is, or belongs to as one size class."""
        item = self.town.items.get(target)
        return self.town.groups.get(item.group if item else target)

    def _shared_out(self, sentence: Sentence, mentions: tuple[Mention, ...], found: list[Measure]) -> list[list[Measure]]:
        owned: list[list[Measure]] = [[] for _ in mentions]
        for measure in found:
            at = owner_of(sentence, mentions, measure.start, measure.end)
            fitting = [i for i, m in enumerate(mentions) if self._fits(m, measure)]
            if len(fitting) > 1 and said_of_all(sentence, mentions, measure.start):
                for i in fitting:
                    owned[i].append(measure)
            elif at is not None:
                owned[at if at in fitting or not fitting else min(fitting, key=lambda i: abs(i - at))].append(measure)
        return owned

    def _fits(self, mention: Mention, measure: Measure) -> bool:
        group = self.group_of(mention.target)
        return group is not None and useful(group, {measure.slot: measure.amount})


def _said(word: str, folded: str) -> bool:
    """Whether a word stands here and is not denied (電動ちゃうで, ガラスじゃなくて)."""
    return word in folded and re.search(re.escape(word) + f"(?!{DENIED_WORD})", folded) is not None


def _own_measures(sentence: Sentence, mentions: tuple[Mention, ...]) -> list[Measure]:
    return [m for m in measures(sentence.folded) if m.slot != "dan" or not any(k.start <= m.start < k.end for k in mentions)]


def _window(sentence: Sentence, mentions: tuple[Mention, ...], at: int) -> str:
    """The words around one mention, up to its neighbours; its neighbours' own names are left out."""
    start = mentions[at - 1].end if at else 0
    end = mentions[at + 1].start if at + 1 < len(mentions) else len(sentence.folded)
    if at and not re.search(r"[とや、,]|それと|あと|and", sentence.folded[start : mentions[at].start]):
        start = mentions[at].start
    return sentence.folded[start:end]


def _typed(slots: dict[str, str]) -> dict[str, str | float]:
    return {name: float(value) if re.fullmatch(r"\d+(?:\.\d+)?", value) else value for name, value in slots.items()}


def _merged(things: list[Thing], sentence: Sentence) -> tuple[Thing, ...]:
    """座卓1つ、座卓は120センチ is one table: the same thing named again adds what was missing."""
    kept: list[Thing] = []
    for thing in things:
        same = next((i for i, k in enumerate(kept) if k.target == thing.target and _one_thing(k, thing, sentence)), None)
        if same is None:
            kept.append(thing)
        else:
            other = kept[same]
            pieces = other.pieces if thing.pieces is None else thing.pieces
            kept[same] = replace(other, pieces=pieces, sizes={**other.sizes, **thing.sizes}, slots={**other.slots, **thing.slots})
    return tuple(kept)


def _one_thing(first: Thing, second: Thing, sentence: Sentence) -> bool:
    if first.pieces is not None and second.pieces is not None:
        return False
    if first.sizes and second.sizes:
        return False
    described = DESCRIBED.search(first.mention.said) or NAMED.match(sentence.folded[second.mention.end :])
    between = sentence.folded[first.mention.end : second.mention.start]
    return bool(first.mention.said == second.mention.said or described) or not TWO_OF_A_KIND.search(between)


def _slot_words() -> tuple[SlotWord, ...]:
    file = files(__package__) / "words" / "slot_words.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    words = [SlotWord(r["group"], folded_word(r["word"]), r["slot"], _typed({"": r["value"]})[""]) for r in rows]
    return tuple(sorted(words, key=lambda w: (-len(w.word), w.group == "")))
