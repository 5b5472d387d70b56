"""Tells which language a resident writes; without it 我想扔桌子 would be read as Japanese and "soujiki" as English."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from .numerals import with_digits
from .romaji import is_romaji, to_kana

HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
HAN = re.compile(r"[一-鿿]")
LATIN_WORD = re.compile(r"[a-zāīūēōâîûêô][a-zāīūēōâîûêô'’-]*")
CHINESE_ONLY = re.compile(
    r"[你您她们这哪吗呢吧么麼扔丢怎谁个请费买卖钱錢给让话预约处还发厅级证办书柜垫单双轮车风锅调视脑开关时间张桌]|"
    r"(?<!申)請(?!求|負)|洗衣机|手机|冰箱|沙发|沙發|想.{0,3}(?:椅|沙)|(?:把|張|條|条|个)(?:椅|沙|被|床)|(?:丢|丟|扔|拿|收|搬)(?:掉)?.{0,4}椅|椅.{0,4}(?:要|怎|哪|能不能|不要|丟|不想)|"
    r"我[想要]|了(?!解|承)|是什么|在哪|多少|如何|可以|垃圾|大型"
)
PARTICLES = {"wa": "は", "o": "を", "e": "へ"}
ENGLISH = frozenset(
    [
        "how",
        "what",
        "where",
        "when",
        "who",
        "which",
        "is",
        "are",
        "am",
        "do",
        "does",
        "did",
        "can",
        "could",
        "i",
        "my",
        "me",
        "you",
        "the",
        "a",
        "an",
        "to",
        "for",
        "of",
        "in",
        "on",
        "at",
        "with",
        "and",
        "or",
        "not",
        "it",
        "this",
        "that",
        "need",
        "want",
        "please",
        "get",
        "throw",
        "away",
        "dispose",
        "discard",
        "much",
        "many",
        "cost",
        "fee",
        "price",
        "pick",
        "up",
        "pickup",
        "sticker",
        "stickers",
        "old",
        "hello",
        "help",
        "have",
        "has",
        "will",
        "would",
        "should",
        "big",
        "large",
        "small",
        "english",
        "phone",
        "call",
        "number",
        "collection",
        "garbage",
        "trash",
        "waste",
        "rid",
    ]
)
ROMAJI = frozenset(
    [
        "wo",
        "o",
        "ha",
        "wa",
        "no",
        "ga",
        "ni",
        "de",
        "desu",
        "desuka",
        "shitai",
        "sutetai",
        "suteru",
        "sutetain",
        "ikura",
        "doko",
        "itsu",
        "nani",
        "kudasai",
        "onegai",
        "onegaishimasu",
        "arimasu",
        "hoshii",
        "dou",
        "dou",
        "nan",
        "mo",
        "to",
        "kara",
        "made",
        "ka",
        "suteru",
        "sutekata",
        "sutekatawa",
        "hitoriyou",
        "futariyou",
        "ikutsu",
        "gomi",
        "sodai",
        "sodaigomi",
        "moushikomi",
        "dashitai",
        "dasu",
        "kore",
        "sore",
        "sutetemo",
        "ii",
        "dekimasu",
        "dekimasuka",
        "yoyaku",
        "kaitai",
        "kau",
        "nandesuka",
        "doushitara",
        "doushitemo",
        "oshiete",
    ]
)


def language_of(text: str, english: Collection[str] = ()) -> str:
    """ja, en, zh, ko or romaji, judged from a normalised text; `english` are further English words (kerosene would do for romaji)."""
    if HANGUL.search(text):
        return "ko"
    if KANA.search(text):
        return "ja"
    words = LATIN_WORD.findall(text)
    if HAN.search(text):
        return "zh" if CHINESE_ONLY.search(text) else "ja"
    if english and words and not set(words) & ROMAJI and all(word in english or word in ENGLISH for word in words):
        return "en"
    return _latin(words) if words else "ja"


def as_kana(text: str, in_full: Callable[[str], str] = str) -> str:
    """Romaji as hiragana, word by word, each spelled `in_full`; words that are no romaji stay as they are."""
    return with_digits(LATIN_WORD.sub(lambda m: PARTICLES.get(m.group(), "") or in_full(to_kana(m.group())), text))


def _latin(words: list[str]) -> str:
    if words[0] == "no":  # an answer, also before what follows it; の begins no sentence
        return "en"
    english = sum(word in ENGLISH for word in words if word not in ROMAJI)
    romaji = sum(word in ROMAJI and word not in ("o", "no", "to") for word in words)
    readable = sum(is_romaji(word) and len(word) > 1 for word in words)
    if romaji and romaji >= english:
        return "romaji"
    if english or readable < len(words):
        return "en"
    return "romaji"
