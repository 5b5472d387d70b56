"""Words of asking, of throwing away and of preparing; without it 余った薬の捨て方 would be about left-over tickets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .counting import COUNT
from .normalising import fold_kana
from .patterns import Patterns
from .sentence import Sentence
from .things import Thing

WORDS = Patterns("asking")
DISPOSAL = WORDS("disposal")
SAME_AGAIN = WORDS("same_again")
PREPARING = WORDS("preparing")
OBJECT = WORDS("object")
THROWN = WORDS("thrown")
A_PAIR = 2
LONG_COMPOUND = 3
BESIDE_THINGS = WORDS("beside_things")
WHOSE = WORDS("whose")
PLAINLY = WORDS("plainly")
ASKING = WORDS("asking")
KIND_ASKED = WORDS("kind_asked")
ANNOUNCES = WORDS("announces")
BUSINESS_PLACE = WORDS.source("business_place")
BUSINESS = re.compile(rf"{BUSINESS_PLACE}{WORDS.source('business_use')}|{WORDS.source('business_closing')}")
OFFICE_ASKED = WORDS("office_asked")
OWNED_BY_BUSINESS = re.compile(rf"{BUSINESS_PLACE}{WORDS.source('business_owned')}")
SAID_OF_BUSINESS = re.compile(rf"(?:[^、。]{{1,6}}の)?{BUSINESS_PLACE}{WORDS.source('business_said')}")
BUSINESS_FAQ = "f.business"  # what comes out of an office or a shop is no household's, whatever it would cost there
TOPIC_WORDS = {
    "f.sp_": "スマホ教室の",
    "f.fest_": "お祭りの",
    "f.ticket_": "処理券の",
    "f.kaden_": "家電リサイクルの",
    "f.juminhyo": "住民票の",
    "f.inkan": "印鑑証明の",
    "f.mynumber": "マイナンバーカードの",
    "f.koseki": "戸籍の",
    "f.small_kaden": "小型家電の",
    "f.reuse": "リユースの",
}


def thing_thrown_away(sentence: Sentence) -> str:
    """The noun somebody wants to be rid of (余った薬の捨て方), "" when there is none or it is one of the words of asking."""
    for word in sentence.words:
        if word.kind[:2] == ("名詞", "普通名詞") and THROWN.match(sentence.folded[word.end :]) and not ASKING.search(word.surface):
            return fold_kana(word.surface)
    return ""


def bare_compound(sentence: Sentence) -> tuple[str, str] | None:
    """防災頭巾, 印鑑ケース: the first and the last noun of a sentence of two nouns and nothing else; the last says what it is."""
    nouns = [word for word in sentence.words if word.kind[:3] == ("名詞", "普通名詞", "一般")]
    if not len(nouns) == len(sentence.words) == A_PAIR or nouns[0].end != nouns[1].start or ASKING.search(nouns[1].surface):
        return None
    return fold_kana(nouns[0].surface), fold_kana(nouns[1].surface)


def bare_noun(sentence: Sentence) -> str:
    """法被, 雨合羽: the sentence where it is one to three nouns and nothing else, none of them a word of asking; else ""."""
    nouns = [word for word in sentence.words if word.kind[0] in ("名詞", "接頭辞", "接尾辞", "形状詞")]
    if not sentence.words or len(nouns) != len(sentence.words) or len(nouns) > LONG_COMPOUND:
        return ""
    return "" if " " in sentence.folded or any(ASKING.search(word.surface) for word in nouns) else sentence.folded.strip("。、?!")


def only_things(sentence: Sentence, things: Sequence[Thing]) -> bool:
    """衣装ケース10個, 小さいぬいぐるみ: nothing but known things and how many of them, so no question about rules."""
    if any(thing.mention.how == "heard" or "." in thing.target for thing in things):
        return False
    rest = sentence.folded
    for thing in reversed(things):
        rest = rest[: thing.mention.start] + rest[thing.mention.end :]
    if len(things) == 1:
        if _ends_a_name(sentence, things[0]):
            return True
        rest = WHOSE.sub("", rest[: things[0].mention.start]) + rest[things[0].mention.start :]
    return not BESIDE_THINGS.sub("", COUNT.sub("", rest))


def _ends_a_name(sentence: Sentence, thing: Thing) -> bool:
    """コンビニ弁当の空き容器: nothing before the thing but nouns that belong to its name, and nothing behind it."""
    before = [word for word in sentence.words if word.end <= thing.mention.start]
    if not before or not all(word.is_noun or word.surface == "の" for word in before):
        return False
    glued = before[-1].is_noun or not any(ASKING.search(word.surface) for word in before)
    return glued and thing.mention.end >= len(sentence.text.rstrip("。、?! "))


def plainly_asked(sentence: Sentence, things: Sequence[Thing]) -> bool:
    """傘は何ごみ, 枕を2つ捨てたいです: words of ours as they are written, how many, what to do with them, and nothing else."""
    if not things or any(thing.mention.how != "written" for thing in things):
        return False
    rest = sentence.folded
    for start, end in sorted({(thing.mention.start, thing.mention.end) for thing in things}, reverse=True):
        rest = rest[:start] + " " + rest[end:]
    return not BESIDE_THINGS.sub("", PLAINLY.sub("", COUNT.sub("", rest))).strip()


def thrown_away(sentence: Sentence, things: Sequence[Thing]) -> bool:
    """引っ越すので布団と炊飯器を捨てたい: whether what is named last, as it is written, is to be thrown away."""
    last = things[-1].mention
    if sentence.language != "ja":
        return last.how == "written" and bool(DISPOSAL.search(sentence.folded))
    return last.how == "written" and bool(THROWN.match(COUNT.sub("", sentence.folded[last.end :])))


def names_a_thing(sentence: Sentence) -> bool:
    """Whether some noun, not one of the words of asking, is what the sentence is about."""
    if len(sentence.words) <= 2 and all(word.is_noun and not ASKING.search(word.surface) for word in sentence.words):
        return True
    for word in sentence.words:
        if word.kind[:2] == ("名詞", "普通名詞") and OBJECT.match(sentence.folded[word.end :]) and not ASKING.search(word.surface):
            return True
    return False


def of_a_business(sentence: Sentence, things: Sequence[Thing]) -> bool:
    """Whether the first thing comes out of an office or a shop: 事務所で使っていた椅子, お店の椅子."""
    before = sentence.folded[: things[0].mention.start]
    return bool(BUSINESS.search(sentence.folded) or OWNED_BY_BUSINESS.search(before))


def told_of_a_shop(sentence: Sentence) -> bool:
    """会社のなんです, 店で使っていたものです: nothing but where the things spoken of come from."""
    return bool(SAID_OF_BUSINESS.fullmatch(sentence.folded))


def announces(sentence: Sentence) -> bool:
    """ちょっとお聞きしたいんですが: that a question will come, and no question yet."""
    return bool(ANNOUNCES.fullmatch(sentence.folded))
