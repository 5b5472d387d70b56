"""Turns romaji into kana; without it "soujiki wo sutetai" would name nothing we know."""

from __future__ import annotations

import re
from collections.abc import Mapping

VOWELS = "aiueo"
ROWS: Mapping[str, str] = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ", "m": "まみむめも",
    "r": "らりるれろ", "l": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
GLIDES: Mapping[str, str] = {
    "ky": "き", "sy": "し", "sh": "し", "ty": "ち", "ch": "ち", "cy": "ち", "ny": "に", "hy": "ひ", "my": "み", "ry": "り", "gy": "ぎ",
    "zy": "じ", "jy": "じ", "j": "じ", "by": "び", "py": "ぴ", "dy": "ぢ",
}  # fmt: skip
SMALL = {"a": "ゃ", "u": "ゅ", "o": "ょ", "e": "ぇ", "i": ""}
SPECIAL: Mapping[str, str] = {
    "ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ", "wo": "を", "fu": "ふ", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ",
    "tsu": "つ", "ti": "てぃ", "di": "でぃ", "va": "ゔぁ", "vi": "ゔぃ", "vu": "ゔ", "ve": "ゔぇ", "vo": "ゔぉ", "shi": "し", "chi": "ち",
    "tsa": "つぁ", "wi": "うぃ", "we": "うぇ", "ye": "いぇ", "she": "しぇ", "je": "じぇ", "che": "ちぇ", "dhi": "でぃ", "du": "どぅ",
}  # fmt: skip
LONG = re.compile(r"ー|(?<=[おこそとのほもよろごぞどぼぽょうくすつぬふむゆるぐずづぶぷゅ])う|(?<=[おこそとのほもよろごぞどぼぽょ])お")
DOUBLED = "kstpcgdbzjfhmr"
LOANS: Mapping[str, str] = {
    "cancel": "きゃんせる", "bed": "べっど", "sofa": "そふぁ", "table": "てーぶる", "tv": "てれび", "line": "らいん", "pc": "ぱそこん",
    "mattress": "まっとれす", "net": "ねっと", "internet": "いんたーねっと", "smartphone": "すまほ", "sumaho": "すまほ", "desk": "つくえ",
    "chair": "いす", "stove": "すとーぶ", "card": "かーど", "my": "まい", "number": "なんばー", "bike": "ばいく", "rack": "らっく",
    "aircon": "えあこん", "carpet": "かーぺっと", "printer": "ぷりんたー", "futon": "ふとん", "sticker": "しーる", "seal": "しーる",
    "single": "しんぐる", "double": "だぶる", "semidouble": "せみだぶる", "cm": "cm", "mobile": "もばいる", "battery": "ばってりー",
    "convenience": "こんびに", "conbini": "こんびに", "konbini": "こんびに", "suitcase": "すーつけーす",
    "box": "ぼっくす", "speaker": "すぴーかー",
    "heater": "ひーたー", "fan": "ふぁん", "microwave": "でんしれんじ", "piano": "ぴあの", "guitar": "ぎたー",
    "golf": "ごるふ", "ski": "すきー",
    "class": "きょうしつ", "matsuri": "まつり", "festival": "まつり",
}  # fmt: skip


def to_kana(word: str) -> str:
    """A romaji word in hiragana; a word that cannot be romaji comes back unchanged (common loan words in kana)."""
    if word in LOANS:
        return LOANS[word]
    kana, at = "", 0
    plain = _spelled_out(word)
    while at < len(plain):
        piece, step = _next(plain, at)
        if not step:
            return word
        kana, at = kana + piece, at + step
    return kana


def shortened(kana: str) -> str:
    """A word as most people spell it in romaji, without its long vowels: そうじき as そじき."""
    return LONG.sub("", kana)


def is_romaji(word: str) -> bool:
    """Whether every letter of the word belongs to a Japanese syllable."""
    return word in LOANS or not any("a" <= sign <= "z" for sign in to_kana(word))


def _spelled_out(word: str) -> str:
    for long, short in (
        ("ā", "aa"),
        ("ī", "ii"),
        ("ū", "uu"),
        ("ē", "ee"),
        ("ō", "ou"),
        ("â", "aa"),
        ("î", "ii"),
        ("û", "uu"),
        ("ê", "ee"),
        ("ô", "ou"),
        ("'", ""),
        ("’", ""),
        ("-", ""),
    ):
        word = word.replace(long, short)
    return word


def _next(word: str, at: int) -> tuple[str, int]:
    """The kana that starts at this letter, and how many letters it takes (0: none)."""
    rest = word[at:]
    if len(rest) > 1 and rest[0] == rest[1] and rest[0] in DOUBLED:
        return "っ", 1
    if rest[0] == "n" and (len(rest) == 1 or rest[1] not in VOWELS + "y"):
        return "ん", 1
    if rest[0] == "m" and len(rest) > 1 and rest[1] in "bpm":
        return "ん", 1
    for length in (3, 2):
        if rest[:length] in SPECIAL:
            return SPECIAL[rest[:length]], length
    return _syllable(rest)


def _syllable(rest: str) -> tuple[str, int]:
    for length in (2, 1):
        head, vowel = rest[:length], rest[length : length + 1]
        if head in GLIDES and vowel and vowel in VOWELS:
            small = "" if head in ("sh", "ch", "j") and vowel == "i" else SMALL[vowel]
            return GLIDES[head] + small, length + 1
    for length in (1, 0):
        head, vowel = rest[:length], rest[length : length + 1]
        if head in ROWS and vowel and vowel in VOWELS:
            return ROWS[head][VOWELS.index(vowel)], length + 1
    return "", 0
