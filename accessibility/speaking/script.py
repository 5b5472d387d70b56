"""Turns a written answer into what is said; without it a voice would read addresses aloud and telephone numbers as sums."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from accessibility.tongues import tongue_of

MOST_LETTERS: Final = 1_500
SHORTEST_BEGINNING: Final = 4
LONG_BEGINNING: Final = 10
TOPIC: Final = re.compile(r"(?<=[一-鿿ァ-ヶー」）)])は(?=[0-9０-９一-鿿ァ-ヶ「])")  # ...の手数料は|300円です
KANA_DIGITS: Final = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")
EMERGENCY: Final = {"110": "ヒャクトー", "119": "ヒャクジューキュー"}  # as everybody says them
ADDRESS: Final = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+\.[\w.]+|(?<![a-z0-9.])(?:[a-z0-9-]+\.)+(?:jp|com|org|net|info|tokyo|me|ee)(?![a-z])(?:/[!-~]*)?",
    re.IGNORECASE,
)
# Groups as they are printed (03-1234-5678, 0120(123)456), and the short numbers everybody dials.
SHORT: Final = "110|118|119|171|188|189"
PHONE: Final = re.compile(
    r"(?<![0-9.,\-])(?:0\d{1,4}[-‐−ー–(]\d{1,4}[-‐−ー–)]\d{3,4}|0\d{9,10}|#\d{4}|(?<=電話)1\d\d"
    rf"|(?:{SHORT})(?=番)|(?<=[\s、])(?:{SHORT})(?=\s*(?:[。、(（]|$)))(?![0-9,\-]|\.\d)"
)
UNBROKEN: Final = re.compile(r"^(0120|0\d{1,2}?)(\d{3}|\d{4})(\d{3}|\d{4})$")  # 0332642111: said in groups too
SO_MANY: Final = re.compile(r"[○◯](?=[枚個点])")  # A券○枚
CLOSED: Final = re.compile(r"[。！？!?]+(?=[」』])|[！!](?=[かのをはがへ])")  # 「分けちよ！」か: no sentence ends inside a name
SYMBOLS: Final = re.compile(r"[☎※●■▶★☆◆◇○◎□△▽→←⇒│|*_#<>＜＞「」『』【】〔〕\[\]{}\"“”]")
BREAK: Final = re.compile(r"(?<=[。！？!?])|\n+|(?<=[a-z)0-9가-힣]\.)\s+(?=[A-Zぁ-ヺ一-鿿가-힣#]|\d+[ぁ-ヺ一-鿿])")
STOPS: Final = re.compile(r"(?:\s*[（）()…‥・;；:：／/]\s*)+")
_DAY: Final = "[月火水木金土日]"
# Signs that stand for words, before brackets and dashes are taken for pauses.
WORDS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(rf"(?<=日)(?<!曜日)[（(、]\s*({_DAY})(?:・祝)?[)）、]"), r"、\1曜日、"),
    (re.compile(rf"[（(]({_DAY})[)）](?=から|まで)"), r"\1曜日"),
    (re.compile(rf"(?<![一-鿿])({_DAY})[〜～~]({_DAY})(?![一-鿿])"), r"\1曜から\2曜"),
    (re.compile(r"(?<!\d)(\d{1,2})[:：]00(?!\d)"), r"\1時"),
    (re.compile(r"(?<!\d)(\d{1,2})[:：]([0-5]\d)(?!\d)"), r"\1時\2分"),
    (re.compile(r"(?<!\d)(\d{1,2})[〜～~](?=\d{1,2}時)"), r"\1時から"),
    (re.compile(r"[〜～~]"), "から"),
    (re.compile(r"(?<=[一-鿿ァ-ヶー])(\d{1,2})[-‐−–](\d{1,2})[-‐−–](\d{1,3})(?![0-9\-])"), r"\1の\2の\3"),  # 九段南1-2-1
    (re.compile(r"[（(](\d{1,2})[/／](\d{1,2})[)）]"), r"、\2のうち\1番目、"),  # a step of phone help (1/5)
    (re.compile(r"(?<=[ァ-ヶー])-(?=[ァ-ヶ])"), ""),  # セブン-イレブン
    (re.compile(r"(?<=\d)cm\b"), "センチ"),
)
SAYS_SOMETHING: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and the language whose voice says it."""

    text: str
    language: str


def lines_to_say(text: str, language: str) -> tuple[Line, ...]:
    """The sentences of `text`, each ready for an engine of its own language; empty when nothing in it can be said.

    `language` is the text's, kept where a sentence's letters do not say another: a Japanese line in an English answer is said in Japanese.
    """
    parts = [(part, tongue_of(part, language)) for part in BREAK.split(CLOSED.sub("", ADDRESS.sub("", text)))]
    lines = (Line(_ready(part, tongue), tongue) for part, tongue in parts)
    return tuple(line for line in lines if SAYS_SOMETHING.search(line.text))


def sentences_to_say(text: str, language: str) -> tuple[str, ...]:
    """The same without their languages."""
    return tuple(line.text for line in lines_to_say(text, language))


def _ready(sentence: str, language: str) -> str:
    plain = unicodedata.normalize("NFKC", sentence) if language == "ja" else sentence
    return _tidied(PHONE.sub(lambda found: digit_by_digit(found.group(), language), plain), language)


def with_a_short_beginning(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The first sentence cut at its first pause, where enough is left to say behind it: the sooner it is ready, the sooner one hears. One
    without a pause is given one behind its topic, where a calm speaker breathes.
    """
    if not lines:
        return ()
    first, *rest = lines
    said = TOPIC.sub("は、", first.text, count=1) if len(first.text) > LONG_BEGINNING and "、" not in first.text else first.text
    head, comma, tail = said.partition("、")
    if not comma or len(head) < SHORTEST_BEGINNING or len(tail) < SHORTEST_BEGINNING:
        return lines
    return (Line(head + comma, first.language), Line(tail, first.language), *rest)


def digit_by_digit(number: str, language: str = "ja") -> str:
    """A telephone number as people say it: each digit, a pause between groups."""
    groups = re.findall(r"\d+", UNBROKEN.sub(r"\1-\2-\3", number))
    if language == "ja":
        if number in EMERGENCY:
            return EMERGENCY[number]
        sharp = "シャープ、" if number.startswith("#") else ""  # who leaves it out reaches nobody
        return sharp + "、".join("".join(KANA_DIGITS[int(digit)] for digit in group) for group in groups)
    return ", ".join(" ".join(group) for group in groups)


def _tidied(sentence: str, language: str) -> str:
    pause = "、" if language == "ja" else ", "
    plain = SYMBOLS.sub(" ", SO_MANY.sub("何", sentence))
    if language == "ja":
        for pattern, words in WORDS:
            plain = pattern.sub(words, plain)
        plain = STOPS.sub(pause, plain)
    plain = re.sub(r"\s+", " ", plain).strip(" 、,")
    return re.sub(r"、+(?=[。、])|(?<=。)、", "", plain)
