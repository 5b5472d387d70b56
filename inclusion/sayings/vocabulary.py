"""The town's words with their kana, for ears that hear kana; without it a resident would be shown 「そふぁーをすてたい」."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from accessibility import Readings, Word
from accessibility.hearing import Vocabulary
from accessibility.number_readings import number_in_kana, with_counter
from inclusion.municipalities import Town

from . import Sayings, parts_of, sayings_of, whole_forms
from .everyday import endings, everyday_words

PARTICLES: Final = (
    ("わ", "は"),
    ("が", "が"),
    ("お", "を"),
    ("も", "も"),
    ("と", "と"),
    ("で", "で"),
    ("に", "に"),
    ("の", "の"),
    ("って", "って"),
)
SIDES: Final = (
    ("たかさ", "高さ"),
    ("はば", "幅"),
    ("よこ", "横"),
    ("たて", "縦"),
    ("おくゆき", "奥行き"),
    ("ながさ", "長さ"),
    ("ちょっけい", "直径"),
)
SOUND_CHANGES: Final = {"個": 20, "枚": 20, "台": 12, "本": 20, "段": 12, "年": 30}  # as far as people count them
COUNTED: Final = ("ひとつ", "ふたつ", "みっつ", "よっつ", "いつつ", "むっつ", "ななつ", "やっつ", "ここのつ")
PEOPLE: Final = {"ひとり": "一人", "ふたり": "二人", "さんにん": "三人", "よにん": "四人"}
FOR_PEOPLE: Final = (("がけ", "掛け"), ("かけ", "掛け"), ("よう", "用"))
ABOUT: Final = (("くらいです", "くらいです"), ("ぐらいです", "ぐらいです"), ("くらい", "くらい"), ("ぐらい", "ぐらい"))
DEAREST: Final = 10_000  # what is asked about costs less
MEASURED: Final = {
    "メートル": ("めえとる", 9),
    "センチ": ("せんち", 260),
    "インチ": ("いんち", 60),
    "人用": ("にんよう", 6),
    "人掛け": ("にんがけ", 6),
    "畳": ("じょう", 12),
}
STANDS_ALONE: Final = 3  # shorter pieces of sentences are found inside words nobody knows
CLINGS: Final = ("助詞", "助動詞", "接尾辞")
PLACE: Final = re.compile(r"\{\}|[、。？?！! 　]+")
SOUNDS: Final = {"は": "わ", "へ": "え", "には": "にわ", "では": "でわ"}
Pair = tuple[str, str]


def vocabulary_of(town: Town, readings: Readings) -> Vocabulary:
    """Things, offices, places and festivals as words; what is said around them, and pieces of the town's questions, as phrases."""
    sayings = sayings_of(town)
    return Vocabulary(tuple(_once(_things(town))), tuple(_once(_phrases(sayings, readings))), everyday_words(), endings())


def _things(town: Town) -> Iterable[Pair]:
    yield from _apart((item.reading, item.said) for item in town.items.values())
    yield from _apart((policy.reading, policy.name) for policy in town.policies.values())
    yield from _apart((row.reading, row.name) for row in town.sorting.values())
    yield from ((place.reading, place.name) for place in town.places)
    yield from ((festival.reading, festival.name) for festival in town.festivals.values())
    yield from ((contact.reading, contact.name) for contact in town.contacts.values())
    yield from ((alias.reading, alias.word) for alias in town.aliases if alias.language == "ja")


def _apart(pairs: Iterable[Pair]) -> Iterable[Pair]:
    """冷蔵庫・冷凍庫 are two words, where the kana have as many parts."""
    for kana, written in pairs:
        spoken, names = parts_of(kana), parts_of(written)
        yield from zip(spoken, names, strict=True) if len(spoken) == len(names) else ((kana, written),)


def _phrases(sayings: Sayings, readings: Readings) -> Iterable[Pair]:
    yield from PARTICLES
    yield from _numbers()
    forms = [whole for form in sayings.forms for whole in whole_forms(form)]
    whole = dict.fromkeys(part for text in (*forms, *sayings.replies) for part in PLACE.split(text) if part)
    yield from ((_kana(readings.words(part)), part) for part in whole)
    for sentence in sayings.sentences:
        for piece in _pieces(readings.words(sentence)):
            kana = _kana(piece)
            if len(kana) >= STANDS_ALONE:
                yield kana, "".join(word.surface for word in piece)


def _numbers() -> Iterable[Pair]:
    """120センチ, 三枚 as 3枚, 高さ: what sizes and counts are made of."""
    yield from SIDES
    yield from ABOUT
    yield from ((kana, f"{number}つ") for number, kana in enumerate(COUNTED, 1))
    yield from ((people + kana, written + many) for people, written in PEOPLE.items() for kana, many in FOR_PEOPLE)
    yield from (((number_in_kana(yen) or "") + "えん", f"{yen}円") for yen in range(100, DEAREST, 100))
    for counter, most in SOUND_CHANGES.items():
        yield from ((with_counter(number, counter) or "", f"{number}{counter}") for number in range(1, most + 1))
    for counter, (kana, most) in MEASURED.items():
        for number in range(1, most + 1):
            said = number_in_kana(number) or ""
            yield said + kana, f"{number}{counter}"
            if said.endswith("じゅう"):
                yield said.removesuffix("う") + "っ" + kana, f"{number}{counter}"


def _pieces(words: Iterable[Word]) -> Iterable[list[Word]]:
    """A word with the particles that cling to it: 粗大ごみの|申し込み方を|教えてください."""
    piece: list[Word] = []
    for word in words:
        if piece and word.kind[0] not in CLINGS:
            yield piece
            piece = []
        piece.append(word)
    if piece:
        yield piece


def _kana(words: Iterable[Word]) -> str:
    """Particles as they sound: は is わ."""
    return "".join(SOUNDS.get(word.surface, word.reading) if word.kind[0] == "助詞" else word.reading for word in words)


def _once(pairs: Iterable[Pair]) -> Iterable[Pair]:
    kana_only = re.compile("[ぁ-ゖー]+")
    return dict.fromkeys((kana, written) for kana, written in pairs if kana_only.fullmatch(kana))
