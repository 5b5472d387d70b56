"""Finds the things a sentence names, as they are written; without it 長いす would be read as いす, and 机用ライト as 机."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .asides import says_what_of, told_in_passing
from .counting import COUNTER
from .grammar import (
    ATTRIBUTE,
    BECOMES,
    BESIDE,
    BOTH,
    CONTAINER,
    DISPOSAL,
    FUEL,
    GENERIC,
    HEAD,
    KANA,
    NAME_OF_EVENT,
    NEGATED,
    NOT_BEFORE,
    ONLY_THAT,
    OTHER_USE,
    OWNER,
    OWNS,
    PLACE,
    SET_PHRASE,
    TAILS,
    TAKEN_BACK,
    USED_FOR,
)
from .lexicon import Entry, Lexicon
from .sentence import Sentence
from .word_bounds import same_script, stands_alone

AFTER_NUMBER = re.compile(r"[\d.〜~\-−][\s、,]*$|\d\s*[^\s\d]?\s*(?:か|から|、|,)\s*$")
AND_ALSO = re.compile(r"(?:と|(?<!い)や|[+&]|それと|あと|および|及び|、|も|and )\s*$")
JOINED = re.compile(r"(?:\s|\d{1,3}[^\d、。はがの]{1,2}(?=[とや、,]|あと)|[とや、,をも]|それと|あと)*")
BRACKETED_USE = re.compile(r"\s?\([^()\d]{1,8}用\)")
PART_OF = re.compile(r"の[、\s]*(?:上|下|中|横|裏|表|前|後ろ)の$")
A_COUNT = re.compile(rf"\d+\s*{COUNTER}")
COUNTS_NEXT = re.compile(r"の(?!捨|処分|料金|手数料|値段|出し方|回収)[^、。をはが]")


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing named in the sentence. `how` is written, read (same sound), folded (same but for voicing) or heard (only alike)."""

    start: int
    end: int
    said: str
    target: str
    slots: tuple[tuple[str, str], ...] = ()
    how: str = "written"
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Linked:
    """What a sentence names: the things meant, the things expressly not meant, and words for things unknown (with their near ones)."""

    mentions: tuple[Mention, ...]
    excluded: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = field(default=())
    aside: tuple[tuple[int, int], ...] = field(default=())
    passing: tuple[Mention, ...] = field(default=())

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Where in the sentence anything was named, whatever was made of it."""
        return (*((m.start, m.end) for m in (*self.mentions, *self.excluded)), *self.aside)

    @property
    def all_named(self) -> tuple[Mention, ...]:
        """Every thing named, in the order said: beside things meant also those told in passing, unless a word for a thing is unknown."""
        told = self.passing if self.mentions and not self.unknown else ()
        return tuple(sorted((*self.mentions, *self.excluded, *told), key=lambda m: m.start))


def link(sentence: Sentence, lexicon: Lexicon) -> Linked:
    """Longest match first, then what the grammar around each match says about it."""
    return sorted_out(sentence, joined(sentence, longest(candidates(sentence, lexicon)), lexicon))


def candidates(sentence: Sentence, lexicon: Lexicon) -> list[Mention]:
    """Every word of the lexicon that stands in the sentence as a word of its own."""
    found = []
    spoken_for = [match.span() for match in SET_PHRASE.finditer(sentence.folded)]
    for start, end, entry in (*lexicon.found_in(sentence.folded), *lexicon.found_by_use(sentence.folded)):
        if any(start < last and first < end for first, last in spoken_for):
            continue
        if NAME_OF_EVENT.match(sentence.folded[end:]):
            continue
        if end - start == 1 and sentence.language == "zh" and entry.language == "ja":
            continue  # 机 is a desk in Japanese, and part of 手机 and 飞机 in Chinese
        if stands_alone(sentence, start, end):
            said = sentence.text[start:end]
            found.append(Mention(start, end, said, entry.target, entry.slots))
    return found


def longest(found: list[Mention]) -> list[Mention]:
    """Longer words first; none overlaps another; back in the order of the sentence."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (-(m.end - m.start), m.start)):
        if not any(mention.start < k.end and k.start < mention.end for k in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def joined(sentence: Sentence, found: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Things told by their use: お茶碗を入れる棚 is a 食器棚, 傘を立てるやつ a 傘立て, ソファにもベッドにもなるやつ a ソファベッド."""
    made: list[Mention] = []
    for mention in found:
        after = sentence.folded[mention.end :]
        use, both = USED_FOR.match(after), BOTH.match(after)
        following = next((m for m in found if m.start > mention.start), None)
        if both and following and mention.end + both.end() == following.start and BECOMES.match(sentence.folded[following.end :]):
            entry = lexicon.one_of(mention.said, mention.target, (following.said,)) or lexicon.one_of(
                following.said, following.target, (mention.said,)
            )
            made += [_over(sentence, mention, following, entry)] if entry else []
        elif use and (head := HEAD.match(after[use.end() :])):
            entry = lexicon.one_of(mention.said, mention.target, _tails(use.group(), head["head"]))
            end = mention.end + use.end() + head.end("head")
            made += [Mention(mention.start, end, sentence.text[mention.start : end], entry.target, entry.slots)] if entry else []
    return longest([*made, *found]) if made else found


def sorted_out(sentence: Sentence, found: list[Mention]) -> Linked:
    """Drops counts that spell a thing, parts and containers of things; sets aside what is negated; names what is unknown."""
    found = _bracketed(sentence, [m for i, m in enumerate(found) if not _is_a_count(m, found[:i], sentence)])
    meant: list[Mention] = []
    excluded: list[Mention] = []
    unknown: list[tuple[str, str]] = []
    passing: list[Mention] = []
    for at, mention in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        after = sentence.folded[mention.end :]
        several = len(found) > 1
        if (several and _holds_or_feeds_another(after)) or _named_again(mention, after, found[at + 1 :]):
            continue
        if _beside_another(sentence, mention, following, several, bool(meant)):
            passing.append(mention)
        elif NEGATED.match(after) or (following and TAKEN_BACK.match(after)) or NOT_BEFORE.search(sentence.folded[: mention.start]):
            excluded.append(mention)
        elif _serves(after, mention, following):
            if following is None:
                unknown.append((_object_of(sentence, mention), mention.target))
        elif OTHER_USE.match(after) and not DISPOSAL.search(sentence.folded):
            unknown.append((_object_of(sentence, mention), mention.target))
        elif word := _belongs_to_unknown(sentence, mention, following):
            unknown.append((word, mention.target))
        elif not (following and _owns(after, mention, following)):
            meant.append(_loosely(sentence, mention))
    if not (meant or unknown) and passing:
        meant.append(passing.pop())
    meant = only_those(sentence, meant)
    aside = tuple((m.start, m.end) for m in found if m not in meant)
    return Linked(tuple(meant), tuple(excluded), tuple(w for w, _ in unknown), tuple(t for _, t in unknown), aside, tuple(passing))


def only_those(sentence: Sentence, meant: list[Mention]) -> list[Mention]:
    """自転車の前の輪っか、車輪だけ: of several things the one that alone is to go, what is joined to it, and what is said after it."""
    alone = next((at for at in reversed(range(1, len(meant))) if ONLY_THAT.match(sentence.folded[meant[at].end :])), None)
    if alone is None:
        return meant
    first = alone
    while first and JOINED.fullmatch(sentence.folded[meant[first - 1].end : meant[first].start]):
        first -= 1
    return meant[first:]


def _holds_or_feeds_another(after: str) -> bool:
    """引き出しが付いた机, 箱に入った人形, 灯油で動くストーブ."""
    return bool(ATTRIBUTE.match(after) or CONTAINER.match(after) or FUEL.match(after))


def _named_again(mention: Mention, after: str, later: list[Mention]) -> bool:
    """机の、机の引き出し: the same word begins a longer one that is what is meant."""
    return after[:1] in ("の", "、") and any(one.said != mention.said and one.said.startswith(mention.said) for one in later)


def _beside_another(sentence: Sentence, mention: Mention, following: Mention | None, several: bool, after_one: bool) -> bool:
    """Whether the thing only tells something of another one: it was kept in it, or it is what it is made of."""
    until = following.start if following else len(sentence.text)
    if several and told_in_passing(sentence, mention.end, until):
        return True
    return after_one and says_what_of(sentence, mention.start, mention.end)


def _over(sentence: Sentence, first: Mention, last: Mention, entry: Entry) -> Mention:
    return Mention(first.start, last.end, sentence.text[first.start : last.end], entry.target, entry.slots)


def _tails(use: str, head: str) -> tuple[str, ...]:
    """How a thing for this use is called: what is said, then what the verb makes of it."""
    named = () if head in ("やつ", "もの", "物", "の") else (head,)
    return (*named, *next((tails for verb, tails in TAILS.items() if re.search(verb, use)), ()))


def _is_a_count(mention: Mention, earlier: list[Mention], sentence: Sentence) -> bool:
    """椅子3脚, 13脚, 2脚か3脚: behind a thing or a number the 3脚 is a count, although 三脚 is a thing too; カメラと三脚 are two things.

    三輪車 and 二段ベッド begin with a number and are none.
    """
    if sentence.language == "zh" and len(mention.said) == 1:
        return sentence.folded[mention.start - 1 : mention.start].isdigit()
    if not A_COUNT.fullmatch(sentence.folded[mention.start : mention.end]):
        return False
    before, after = sentence.folded[: mention.start], sentence.folded[mention.end :]
    if AFTER_NUMBER.search(before):
        return True
    if earlier:
        return not AND_ALSO.search(before)
    return bool(COUNTS_NEXT.match(after))


def _loosely(sentence: Sentence, mention: Mention) -> Mention:
    """鯉のぼりの竿: a word of one sign behind a noun we do not know may well be something else, so it is only put as a question; a rule
    found as the tail of a longer word (電子辞書) likewise."""
    if "." in mention.target and same_script(sentence.text, mention.start):
        return replace(mention, how="loose", score=0.6)
    before = OWNER.search(sentence.folded[: mention.start])
    if len(mention.said) == 1 and before is None and PART_OF.search(sentence.folded[: mention.start]):
        return replace(mention, how="loose", score=0.6)
    if len(mention.said) > 1 or before is None or PLACE.search(before[1]):
        return mention
    return replace(mention, how="loose", score=0.6)


def _bracketed(sentence: Sentence, found: list[Mention]) -> list[Mention]:
    """便座(ウォシュレット), ポータブルトイレ(介護用): brackets narrow the thing before them, they do not add one."""
    kept: list[Mention] = []
    for mention in found:
        before = sentence.folded[: mention.start]
        inside = before.rfind("(") > before.rfind(")")
        if inside and kept and kept[-1].end <= before.rfind("(") and sentence.folded[kept[-1].end : before.rfind("(")].strip() == "":
            if kept[-1].target != mention.target and "." not in kept[-1].target:
                kept[-1] = replace(kept[-1], slots=(*kept[-1].slots, *mention.slots))
            continue
        use = BRACKETED_USE.match(sentence.folded[mention.end :])
        kept.append(replace(mention, end=mention.end + use.end()) if use else mention)
    return kept


def _serves(after: str, mention: Mention, following: Mention | None) -> bool:
    """本を入れる棚 is a shelf, テレビの下の台 a stand: the first thing only says what the second is for or where it is."""
    use = USED_FOR.match(after) or BESIDE.match(after)
    if use is None:
        return False
    rest = after[use.end() :]
    reach = following.start - mention.end - use.end() if following else len(rest)
    between = rest[:reach]
    ends_there = re.search(r"[、。]|(?:です|ます|けど|から)(?:[、。]|$)", between)
    if following and not ends_there:
        return True
    return bool(re.match(r"(?:ための|用の)?(?:やつ|もの|物|の(?:が|は|を|$)|箱|台|機械|道具|入れ物|袋|ケース|けーす)", rest))


def _owns(after: str, mention: Mention, following: Mention) -> bool:
    """台所の椅子, 子ども部屋の机: of two things joined by の the last is meant; likewise of one compound."""
    between = after[: following.start - mention.end]
    return OWNS.match(between) is not None and (between == "" or between[0] in "の用型付つ式")


def _belongs_to_unknown(sentence: Sentence, mention: Mention, following: Mention | None) -> str:
    """テレビのリモコン, 机用ライト: the thing that is really meant has a name we do not know."""
    after = sentence.folded[mention.end :]
    if sentence.language != "ja" or not after or GENERIC.match(after):
        return ""
    step = 1 if after[0] == "の" else 0
    at = mention.end + step
    word = sentence.word_at.get(at)
    if word is None or not word.is_noun or (following and following.start <= word.end):
        return ""
    if word.kind[0] == "代名詞" or word.kind[1] in ("数詞", "助数詞可能") or (step == 0 and KANA.match(sentence.text[at : at + 1])):
        return ""
    if GENERIC.match(sentence.folded[at:]) or (step == 1 and word.kind[2] in ("副詞可能",)):
        return ""
    return sentence.text[mention.start : _noun_end(sentence, at)]


def _noun_end(sentence: Sentence, at: int) -> int:
    end = at
    while (word := sentence.word_at.get(end)) and word.is_noun and not GENERIC.match(sentence.folded[end:]):
        end = word.end
    return end


def _object_of(sentence: Sentence, mention: Mention) -> str:
    rest = sentence.text[mention.start :]
    return re.split(r"[をはが、。]|って|です|$", rest, maxsplit=1)[0][:20] or mention.said
