"""Finds how many of a thing there are, and tells when nobody could know; without it 2〜3脚 or 0枚 would become a fee for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from .measures import Measure
from .sentence import Sentence

COUNTER = (
    r"(?:枚|脚|台|個|箇|こ(?![ぁ-ん])|つ(?!折|足)|本|点|組|客|竿|棹|束|せっと|冊|袋|箱|足|張|面|基|双|対|膳|きゃく|まい|だい|张|張(?=[^り])|把|个|個|只|条|條|件|套|床(?=[被褥垫毯]|$|[,、。?\\s多要])|副|根|盏|块|部|辆|개|장|대|벌|권|세트|자루|켤레|"
    r"pieces?(?: of)?|pcs)"
)
COUNT = re.compile(rf"(?<![\d.])(\d{{1,3}})\s*{COUNTER}(?!目|以上|まで|分|で1(?:組|つ))(?:ずつ|づつ)?")
COUNT_WORD = re.compile(r"(?:台数|枚数|個数|脚数|本数|点数|数量|数)(?:は|が|:|、)?\s*(\d{1,3})(?![\d.])")
TIMES = re.compile(r"^\s*(?:\(|,)?\s*[x×*]\s*(\d{1,3})(?!\d|\s*(?:cm|inch))|^s?,?\s+(\d{1,3})\s*(?:of them|pieces?|pcs|sets?)\b")
LATIN_COUNT = re.compile(r"(?<![a-z\d.])(\d{1,3})(?=\s+(?:[a-z]+\s+){0,2}$)")
BARE_COUNT = re.compile(r"^\s*(?:を|が|は|、)?\s*(\d{1,3})(?=$|[\s、。と?!をで])")
KANA_NUMBERS = {
    "いち": 1, "いっ": 1, "ひと": 1, "に": 2, "ふた": 2, "さん": 3, "みっ": 3, "よん": 4, "よっ": 4, "ご": 5, "いつ": 5, "ろく": 6,
    "ろっ": 6, "むっ": 6, "なな": 7, "はち": 8, "はっ": 8, "やっ": 8, "きゅう": 9, "ここの": 9, "じゅう": 10, "じゅっ": 10,
}  # fmt: skip
SPELLED_NUMBER = "|".join(sorted(KANA_NUMBERS, key=len, reverse=True))
KANA_COUNT = re.compile(
    rf"^\s*(?:を|が|は|も)?\s*({SPELLED_NUMBER})(?:まい|こ|だい|ほん|ぼん|ぽん|きゃく|つ|くみ|さつ|そく)"
    r"(?=$|[\s、。?!をがはもでとだなくのすぶい]|いくら|なんぼ|(?<=つ)(?![目折割重])[一-鿿])"
)
TAKEN_BACK = re.compile(
    r"^[、。\s]*(?:じゃなく(?:て)?|ではなく(?:て)?|でなく(?:て)?|いや|いえ|違(?:う|った|います)|ちが(?:う|った)|訂正|やっぱり?|間違え|no\b|sorry)"
)
NOBODY_KNOWS = re.compile(
    rf"(?<![\d.])[-−]\s*\d{{1,9}}\s*{COUNTER}|(?<!\d)\d{{1,9}}\.\d{{1,9}}\s*{COUNTER}|(?<![\d.])0{{1,9}}\s*{COUNTER}|(?<!\d)\d{{4,}}\s*{COUNTER}|"
    rf"\d\s*{COUNTER}?\s*(?:[〜~、,・]|から|か|または|もしくは|ないし|or|to|[-−])\s*\d{{1,9}}\s*{COUNTER}|"
    rf"[一二三四五六七八九]\s*[、,・]\s*\d{{1,9}}\s*{COUNTER}|数(?:脚|枚|台|個|本|点|組)|(?:何|なん)(?:脚|枚|台|個|本|点)か|いくつか|半分(?!に|切)|(?:マイナス|まいなす)\s*\d"
)
PARTS_OF_THE_WHOLE = re.compile(rf"(\d{{1,3}})\s*{COUNTER}\s*[、,・]\s*(\d{{1,3}})\s*{COUNTER}")
SETS = re.compile(r"[^\d、。と]{0,4}\d+\s*(?:組|せっと)")
SAYS_LATER = re.compile(rf"{COUNTER}[、。\s]*(?:か[、\s])?(?:いや|いえ|じゃなく|ではなく|でなく|違|ちが|訂正|やっぱり?)")


class Place(Protocol):
    """Something that stands from `start` to `end` in the sentence."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Count:
    amount: int
    start: int
    end: int


def counts_in(sentence: Sentence, sizes: tuple[Measure, ...] = (), mentions: tuple[Place, ...] = ()) -> tuple[Count, ...]:
    """Every number of pieces, not counting digits that belong to a size or stand inside a thing's own name, nor what was taken back."""
    blocked = [(m.start, m.end) for m in sizes] + [(m.start, m.end) for m in mentions]
    found = [Count(int(m[1]), m.start(), m.end()) for m in (*COUNT.finditer(sentence.folded), *COUNT_WORD.finditer(sentence.folded))]
    for mention in mentions:
        before = LATIN_COUNT.search(sentence.folded[: mention.start])
        if before:
            found.append(Count(int(before[1]), before.start(1), before.end(1)))
        spelled = KANA_COUNT.match(sentence.folded[mention.end :])
        if spelled:
            place = mention.end + spelled.start(1)
            found.append(Count(KANA_NUMBERS[spelled[1]], place, mention.end + spelled.end()))
        times = TIMES.match(sentence.folded[mention.end :])
        if times:
            place = times.start(1) if times[1] else times.start(2)
            found.append(Count(int(times[1] or times[2]), mention.end + place, mention.end + times.end()))
        after = BARE_COUNT.match(sentence.folded[mention.end :])
        if after:
            found.append(Count(int(after[1]), mention.end + after.start(1), mention.end + after.end(1)))
    free = [c for c in found if c.amount and not any(c.start < end and start < c.end for start, end in blocked)]
    counts = sorted({c.start: c for c in reversed(free)}.values(), key=lambda c: c.start)
    return tuple(c for at, c in enumerate(counts) if at + 1 == len(counts) or not TAKEN_BACK.match(sentence.folded[c.end :]))


def said_in_sets(sentence: Sentence, end: int) -> bool:
    """布団2組: whether sets are said of the thing that ends here; how many sheets a set has nobody said."""
    return bool(SETS.match(sentence.folded[end:]))


def nobody_knows_how_many(sentence: Sentence) -> bool:
    """Whether a number is said that no pieces can have (0枚, 1.5脚, 2〜3台, 数個); a corrected number is a known one."""
    return any(not _is_a_part(found[0]) for found in NOBODY_KNOWS.finditer(sentence.folded)) and not SAYS_LATER.search(sentence.folded)


def _is_a_part(said: str) -> bool:
    """2つ、1つは…: a number no larger than the one before it counts some of them, and is no guess between two numbers."""
    both = PARTS_OF_THE_WHOLE.fullmatch(said)
    return both is not None and 0 < int(both[2]) <= int(both[1])
