"""What speaks for and against an answer, as numbers; without it being sure would be a feeling of the rules that found the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from zlib import crc32

from accessibility import Word

from .asking import ASKING, DISPOSAL, bare_noun, names_a_thing, only_things, thing_thrown_away
from .faqs import FaqFinder, Guess
from .features import KINDS_OF_WORD
from .linking import Linked, Mention
from .request import Request
from .sentence import Sentence
from .things import Thing
from .word_bounds import same_script

About = Literal["thing", "rule", "faq"]
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
QUESTION: Final = re.compile(r"[?？]|か(?:ね|な|しら)?[。\s]*$|の[。\s]*$|ですか|ますか|でしょうか|いくら|なんぼ|どう|どこ|いつ|何|なに")
DENIAL: Final = re.compile(r"じゃな|ではな|でな[くい]|ない(?:ん|の|です|けど|が)|しません|以外|not\b|no\b")
STORY: Final = re.compile(r"[、。]")
DOUBTFUL_WAYS: Final = ("read", "folded", "heard", "loose")
MANY: Final = 4.0
TOLD_AT_ALL: Final = 0.02
COUNTED: Final = r"(?:\d+\s*[^\s\d、,]{0,2}?)?"
AND: Final = r"(?:と|や|、|,|&|\+|and|和|跟|하고|이랑|랑|과|와|それと|あと)"
JOINED_AFTER: Final = re.compile(rf"^(?:e?s)?\s*(?:を|が|は)?\s*{COUNTED}\s*{AND}\s*")
JOINED_BEFORE: Final = re.compile(rf"{COUNTED}{AND}\s*(?:an?|the|my|\d+)?\s*$")
FOREIGN_NOUN: Final = re.compile(r"(?:an? |the |my |one |two |\d+ )?(?:[a-z]{4,}|[一-鿿]{2,}|[가-힣]{2,})")
LATIN_WORD: Final = re.compile(r"[a-z]{3,}")
SIGN_OF_MEANING: Final = re.compile(r"[一-鿿가-힣a-z]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one answer. `about` says which model weighs it: a thing with its fee, a rule (no fee), or a FAQ."""

    about: About
    values: Mapping[str, float]


def evidence(
    request: Request, sentence: Sentence, linked: Linked, things: tuple[Thing, ...], whole: Guess, faqs: FaqFinder, in_talk: bool
) -> Evidence:
    """The signs for `request`, found in `sentence`; `whole` is the guess with nothing covered, `in_talk` tells of earlier turns."""
    values = {
        **_of_words(sentence, linked, faqs.topics.rarity.weights_of),
        **_of_scores(whole),
        "in_talk": float(in_talk),
        "foreign": float(sentence.language not in ("ja", "romaji")),
        "asks": float(bool(QUESTION.search(sentence.folded))),
        "throws_away": float(bool(DISPOSAL.search(sentence.folded))),
        "denies": float(bool(DENIAL.search(sentence.folded))),
        "clauses": min(len(STORY.findall(sentence.text)), MANY) / MANY,
        "unknown": min(len(linked.unknown), 2) / 2,
    }
    if any(one[:2] in ("f.", "h.") for one in request.ids):
        return Evidence("faq", values | _of_faq(request, sentence, linked, whole, faqs))
    return Evidence("thing" if request.items else "rule", values | _of_things(sentence, linked, things) | _of_telling(things, whole, faqs))


def _of_words(sentence: Sentence, linked: Linked, known: Mapping[int, float]) -> dict[str, float]:
    """How much of the sentence was taken in: nouns and other words nobody named, and those never met in any example."""
    left = [word for word in sentence.words if word.kind[0] in KINDS_OF_WORD and not _covered(word.start, linked)]
    nouns = [word for word in left if word.kind[0] == "名詞" and word.kind[1] != "数詞" and not ASKING.search(word.surface)]
    unmet = [word for word in left if crc32(f"w{word.surface}".encode()) not in known]
    return {
        "nouns_left": min(len(nouns), MANY) / MANY,
        "one_noun_left": float(len(nouns) > 0),
        "unmet": min(len(unmet), MANY) / MANY,
        "unmet_share": len(unmet) / max(len(left), 1),
        "unmet_nouns": min(sum(word.kind[0] == "名詞" for word in unmet), MANY) / MANY,
        "foreign_unmet": min(sum(not known.get(crc32(f"l{word}".encode())) for word in _foreign_left(sentence, linked)), MANY) / MANY,
        "signs_left": sum(not _covered(m.start(), linked) for m in SIGN_OF_MEANING.finditer(sentence.folded))
        / max(len(sentence.folded), 1),
        "length": min(math.log1p(len(sentence.text)) / 5, 1.0),
    }


def _of_scores(whole: Guess) -> dict[str, float]:
    return {
        "like_thing": whole.thing,
        "like_elsewhere": whole.elsewhere,
        "like_refused": whole.refused,
        "like_danger": whole.danger,
        "like_faq": whole.score,
        "faq_over_thing": whole.score - whole.thing,
        "like_wish": whole.wished,
    }


def _of_things(sentence: Sentence, linked: Linked, things: tuple[Thing, ...]) -> dict[str, float]:
    mentions = [thing.mention for thing in things]
    said = NUMBER.findall(sentence.folded)
    counts_list = len(things) > 1 and str(len(things)) in said  # 机と椅子の2点で: of the whole list
    numbers, taken = len(said), counts_list + sum((thing.pieces is not None) + len(thing.sizes) for thing in things)
    return {
        "things": min(len(things), MANY) / MANY,
        "only_things": float(bool(things) and only_things(sentence, things)),
        "shortest": min((math.log1p(len(m.said)) for m in mentions), default=0.0) / 3,
        "one_sign": float(any(len(m.said) == 1 for m in mentions)),
        "counted": float(any((thing.pieces or 1) > 1 for thing in things)),
        "sized": float(any(thing.sizes for thing in things)),
        "numbers_left": min(max(numbers - taken, 0), 3) / 3,
        "covered": sum(len(m.said) for m in mentions) / max(len(sentence.text), 1),
        "joined": float(any(_within_noun(sentence, m) for m in mentions)),
        "glued": float(any(same_script(sentence.text, m.start) for m in mentions)),
        "beside_unnamed": float(any(_beside_unnamed(sentence, m, linked) for m in mentions)),
        **{way: float(any(m.how == way for m in mentions)) for way in DOUBTFUL_WAYS},
    }


def _of_telling(things: tuple[Thing, ...], whole: Guess, faqs: FaqFinder) -> dict[str, float]:
    """Whether what is said fits the things linked, or is what people say of another one."""
    families = {faqs.family(thing.target) for thing in things}
    shares = [whole.told_as(family) for family in families]
    others = [share for target, share in whole.told if target not in families]
    return {
        "told_of_it": sum(shares),
        "told_of_each": float(all(share > TOLD_AT_ALL for share in shares)),
        "told_of_another": max(others, default=0.0),
    }


def _of_faq(request: Request, sentence: Sentence, linked: Linked, whole: Guess, faqs: FaqFinder) -> dict[str, float]:
    chosen = request.ids[0]
    thrown, noun = thing_thrown_away(sentence), bare_noun(sentence)
    return {
        "score": request.confidence,
        "ahead": whole.score - whole.second,
        "likeliest": float(chosen == whole.id or chosen == whole.help),
        "on_topic": float(whole.on_topic),
        "only_topic": float(bool(noun) and faqs.covers(noun, chosen)),
        "by_meaning": whole.by_meaning if chosen == whole.id else 0.0,
        "by_letters": whole.by_letters if chosen == whole.id else 0.0,
        "meaning_agrees": float(chosen == whole.id and whole.by_meaning > 0),
        "letters_agree": float(chosen == whole.id and whole.by_letters > 0),
        "keywords": min(faqs.keywords_said(sentence, chosen), 3) / 3,
        "named": min(len(linked.mentions), 2) / 2,
        "told_of_a_thing": max((share for _, share in whole.told), default=0.0),
        "names_a_thing": float(names_a_thing(sentence)),
        "other_thrown": float(bool(thrown) and not faqs.speaks_of(chosen, thrown)),
    }


def _covered(at: int, linked: Linked) -> bool:
    return any(start <= at < end for start, end in linked.places)


def _within_noun(sentence: Sentence, mention: Mention) -> bool:
    """Whether a noun stands right before or behind the thing, without anything between."""
    behind = sentence.word_at.get(mention.end)
    before = next((word for word in sentence.words if word.end == mention.start), None)
    return any(word is not None and word.kind[0] in ("名詞", "接頭辞") and _names_something(word) for word in (before, behind))


def _names_something(word: Word) -> bool:
    """Whether a noun could be the name of a thing, and is no number and no word of asking."""
    return word.kind[1] not in ("数詞", "助数詞可能") and not ASKING.search(word.surface) and not DISPOSAL.match(word.surface)


def _signs_left(sentence: Sentence, linked: Linked) -> list[int]:
    return [m.start() for m in SIGN_OF_MEANING.finditer(sentence.folded) if not _covered(m.start(), linked)]


def _foreign_left(sentence: Sentence, linked: Linked) -> list[str]:
    return [m.group() for m in LATIN_WORD.finditer(sentence.folded) if not _covered(m.start(), linked)]


def _beside_unnamed(sentence: Sentence, mention: Mention, linked: Linked) -> bool:
    """Whether the thing is joined by と, や, and ... to a noun that nobody recognised."""
    after = JOINED_AFTER.match(sentence.folded[mention.end :])
    if after and _unnamed(sentence, mention.end + after.end(), linked):
        return True
    before = JOINED_BEFORE.search(sentence.folded[: mention.start])
    if before is None or _covered(before.start() - 1, linked) or any(end == before.start() for _, end in linked.places):
        return False
    word = next((word for word in sentence.words if word.end == before.start()), None)
    if word is not None:
        return word.is_noun and _names_something(word)
    return not sentence.words and bool(re.search(r"(?:[a-z]{4,}|[一-鿿가-힣]{2,})\s*$", sentence.folded[: before.start()]))


def _unnamed(sentence: Sentence, at: int, linked: Linked) -> bool:
    """Whether a noun begins here that belongs to none of the things recognised."""
    word = next((word for word in sentence.words if word.start >= at and word.surface.strip()), None)
    if word is not None:
        return word.kind[0] == "名詞" and _names_something(word) and not _covered(word.start, linked)
    found = FOREIGN_NOUN.match(sentence.folded, at) if not sentence.words else None
    return found is not None and not any(start < found.end() and at < end for start, end in linked.places)


def names_of(about: Collection[Evidence]) -> tuple[str, ...]:
    """The names of the signs, in a fixed order."""
    return tuple(sorted({name for one in about for name in one.values}))
