"""Shares out counts and sizes among the things of a sentence; without it どっちも2つ or 1人掛け2つと3人掛け1つ would be guessed at."""

from __future__ import annotations

import re
from dataclasses import replace

from .counting import Count
from .linking import Mention
from .measures import Measure
from .sentence import Sentence

TO_NEXT = re.compile(
    r"^(?:の|くらいの|ぐらいの|用の|用|ほどの|さいずの|大の|\s)*(?:古い|大きい|大きな|小さい|小さな|黒い|白い|木の|丸い)?$"
)
TO_PREVIOUS = re.compile(r"^\s*(?:を|が|は|も|、|\(|:)?\s*$")
LENGTHS = ("height_cm", "width_cm", "depth_cm", "longest_cm", "any_cm")
SHARED = re.compile(r"それぞれ|各|どっちも|どちらも|両方|どれも|ずつ|づつ|全部(?:で)?(?=\d)|みんな|ともに|とも(?=\d)|each|both")
OF_THOSE = re.compile(r"(?:その)?うち(?:の)?$")
ALL_OF_THEM = re.compile(r"とも(?!\d)|全部|すべて|ぜんぶ")
LISTED = re.compile(r"^(?:の|、?(?:以上|計|合計|あわせて|合わせて|全部で)(?:の)?)$")
OF_ANYTHING = re.compile(r"(?:点|品|種類?|つ|個)$")
TOGETHER = re.compile(r"全部で|合計|合わせて")
REPEATED = ("height_cm", "width_cm", "depth_cm", "any_cm", "jo", "inch", "persons")
NEAR_SHARED = 4
MOST_OF_ONE = 2  # counts said of one thing, unless the first is all of them


def counts_shared_out(sentence: Sentence, mentions: tuple[Mention, ...], counts: tuple[Count, ...]) -> list[list[Count]]:
    owned: list[list[Count]] = [[] for _ in mentions]
    if len(mentions) > 1:
        counts = _less_those(counts, sentence)
        counts = tuple(c for c in counts if c.amount != len(mentions) or not _counts_the_list(sentence, mentions[-1], c))
    for count in counts:
        at = owner_of(sentence, mentions, count.start, count.end)
        if at is not None:
            owned[at].append(count)
    shared = SHARED.search(sentence.folded) and not TOGETHER.search(sentence.folded)
    return [[counts[0]] for _ in mentions] if len(counts) == 1 and len(mentions) > 1 and shared else owned


def _counts_the_list(sentence: Sentence, last: Mention, count: Count) -> bool:
    """机と椅子、2つとも; ベビーカー、ベビーベッド、ベビーバスの三点で: as many as things were named, and not of the last alone."""
    if ALL_OF_THEM.match(sentence.folded[count.end :]):
        return True
    between, counted = sentence.folded[last.end : count.start], sentence.folded[count.start : count.end]
    return bool(LISTED.match(between) and OF_ANYTHING.search(counted))


def _less_those(counts: tuple[Count, ...], sentence: Sentence) -> tuple[Count, ...]:
    """椅子は5脚、そのうち2脚は座椅子: three are left of the five."""
    kept = list(counts)
    for at in range(1, len(kept)):
        if OF_THOSE.search(sentence.folded[kept[at - 1].end : kept[at].start]) and kept[at - 1].amount > kept[at].amount:
            kept[at - 1] = replace(kept[at - 1], amount=kept[at - 1].amount - kept[at].amount)
    return tuple(kept)


def one_set_each(found: list[Measure], counts: list[Count]) -> list[tuple[int | None, list[Measure]]]:
    """How many with which sizes: 2人掛け2つと1人掛け1つ are two sizes with their own counts, 高さ180幅90と高さ90幅60 two single pieces."""
    if len(counts) > MOST_OF_ONE and counts[0].amount == sum(count.amount for count in counts[1:]):
        counts = counts[1:]  # 本棚2つ、1つは高さ180、もう1つは90
    if len(counts) > 1 and found:
        size_first = found[0].start < counts[0].start
        owners = [_count_of(measure, counts, size_first) for measure in found]
        if set(owners) == set(counts):
            return [(c.amount, [m for m, owner in zip(found, owners, strict=True) if owner == c]) for c in counts]
    pieces = counts[0].amount if counts else None
    sets = _repeated(found, pieces)
    return [(pieces, found)] if len(sets) == 1 or len(sets) != (pieces or len(sets)) else [(1, each) for each in sets]


def _count_of(measure: Measure, counts: list[Count], size_first: bool) -> Count:
    """90cmが2つ、120cmが1つ, or 2つは90cm、1つは120cm."""
    if size_first:
        return next((count for count in counts if count.start >= measure.start), counts[-1])
    return next((count for count in reversed(counts) if count.start <= measure.start), counts[0])


def _repeated(found: list[Measure], pieces: int | None) -> list[list[Measure]]:
    """A side said again begins the sizes of the next piece; so do as many bare lengths as pieces."""
    if pieces == len(found) > 1 and _bare_lengths(found):
        return [[replace(measure, slot=found[0].slot)] for measure in found]
    sets: list[list[Measure]] = [[]]
    for measure in found:
        said = {m.slot for m in sets[-1]}
        bare_again = measure.slot == "any_cm" in said and pieces == len(found) > 1
        if measure.slot in said and (measure.slot != "any_cm" or bare_again) and measure.slot in REPEATED:
            sets.append([])
        sets[-1].append(measure)
    return sets


def _bare_lengths(found: list[Measure]) -> bool:
    """18cmのと32cmの are a length each, 高さ88cm 幅42cm two sides of one piece."""
    return all(m.slot in LENGTHS for m in found) and len({m.slot for m in found} - {"any_cm"}) < 2


def owner_of(sentence: Sentence, mentions: tuple[Mention, ...], start: int, end: int) -> int | None:
    """Which mention a size or count between start and end belongs to."""
    inside = next((i for i, m in enumerate(mentions) if m.start <= start < m.end), None)
    if inside is not None:
        return inside
    previous = max((i for i, m in enumerate(mentions) if m.end <= start), default=None)
    following = min((i for i, m in enumerate(mentions) if m.start >= end), default=None)
    if following is None or previous is None:
        return previous if following is None else following
    if TO_PREVIOUS.match(sentence.folded[mentions[previous].end : start]):
        return previous
    between = sentence.folded[end : mentions[following].start]
    return following if TO_NEXT.match(between) else previous


def said_of_all(sentence: Sentence, mentions: tuple[Mention, ...], start: int) -> bool:
    """どっちも高さ180幅90: whether what stands at `start` is said of each thing; nothing else is named between."""
    shared = SHARED.search(sentence.folded)
    if shared is None:
        return False
    between = any(shared.end() <= mention.start < start for mention in mentions)
    return abs(shared.end() - start) < NEAR_SHARED or (start >= shared.end() and not between)
