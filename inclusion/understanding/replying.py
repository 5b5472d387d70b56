"""Reads the answer to our own question, and small words such as はい, やっぱり or じゃあ; without it every turn would start anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inclusion.municipalities import Group

from .counting import Count, counts_in
from .measures import measures, slots_of
from .patterns import Patterns
from .sentence import Sentence
from .things import Describing

WORDS = Patterns("replying")
YES = WORDS("yes")
NO = WORDS("no")
ONLY_NO = WORDS("only_no")
CANCEL = WORDS("cancel")
CORRECT = WORDS("correct")
ADD = WORDS("add")
ALSO = WORDS("also")
FURTHER = WORDS("further")
INSTEAD = WORDS("instead")
SUMMED = WORDS("summed")
UNSURE = WORDS("unsure")
NUMBER = re.compile(rf"(?<![\d.第])\d+(?:\.\d+)?(?![\d.])(?={WORDS.source('behind_a_bare_number')})")
HEAVY = re.compile(r"\d+(?:\.\d+)?(?:キロ|きろ|kg)(?:グラム|ぐらむ)?(?:の)?(?:が|を|は)?")
SMALLEST_CM = 5  # no side of furniture is shorter: 1.8 is said in metres, and what a bare 2 counts nobody knows
LENGTH_SLOTS = ("two_longest_cm", "longest_cm", "height_cm", "width_cm", "depth_cm", "thickness_cm")
LEFT_OVER = WORDS("left_over")
COUNT_OPENINGS = re.compile(rf"^(?:{WORDS.source('count_opening')}[、\s]*)+")
BESIDE_A_COUNT = WORDS("beside_a_count")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a turn says about the thing we asked about. `only` tells that it says nothing else."""

    slots: dict[str, str | float]
    pieces: int | None
    unsure: bool


def reply_to(group: Group, describing: Describing, sentence: Sentence) -> Reply:
    """The sizes, words and counts in an answer to the question about this group."""
    found = measures(sentence.folded)
    slots: dict[str, str | float] = {**describing.words_for(group.id, sentence.folded), **slots_of(found)}
    counts = counts_in(sentence, found)
    if not found and not counts:
        slots |= _bare_numbers(group, sentence, slots)
    return Reply(slots, counts[0].amount if counts else None, bool(UNSURE.search(sentence.folded)))


def only_count(sentence: Sentence) -> Count | None:
    """The count when the sentence says nothing but a count (四枚だと？, 2つなら)."""
    counts = counts_in(sentence)
    if len(counts) != 1:
        return None
    count = counts[0]
    rest = sentence.folded[: count.start] + sentence.folded[count.end :]
    rest = HEAVY.sub("", rest)
    rest = BESIDE_A_COUNT.sub("", COUNT_OPENINGS.sub("", rest))
    return count if not LEFT_OVER.sub("", rest).strip() else None


def _bare_numbers(group: Group, sentence: Sentence, known: dict[str, str | float]) -> dict[str, str | float]:
    """180と90 answers a question about centimetres, 26 one about inches, 2 one about people; 2階にある and 20年前の answer none."""
    numbers = [float(m.group()) for m in NUMBER.finditer(sentence.folded)]
    if not numbers or known:
        return {}
    wanted = group.slots[0] if group.slots else ""
    if wanted in LENGTH_SLOTS:
        names = ("any_cm", "second_cm", "third_cm")
        lengths = [number * 100 if number < SMALLEST_CM and not number.is_integer() else number for number in numbers]
        return dict(zip(names, sorted(lengths, reverse=True), strict=False)) if min(lengths) >= SMALLEST_CM else {}
    return {wanted: numbers[0]} if wanted in ("inch", "jo", "persons", "dan") else {}
