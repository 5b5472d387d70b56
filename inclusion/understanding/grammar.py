"""What the words around a thing say about it: its use, place, denial; without it every noun named would be thrown away."""

from __future__ import annotations

import re

from .patterns import Patterns

WORDS = Patterns("grammar")
KANA = re.compile(r"^[ぁ-ゖー]+$")
KATAKANA = re.compile(r"[ァ-ヺー]")
HAN = re.compile(r"[一-鿿々]")
LATIN = re.compile(r"[a-z]")
SHORT_KANA = 3
LEFT_OF_WORD = WORDS("left_of_word")
RIGHT_OF_WORD = WORDS("right_of_word")
NOT_A_THING = WORDS("not_a_thing")
SET_PHRASE = WORDS("set_phrase")
GENERIC = WORDS("generic")
USED_FOR = WORDS("used_for")
COUNTED = WORDS("counted")
BOTH = WORDS("both")
BECOMES = WORDS("becomes")
HEAD = WORDS("head")
TAILS = {
    "入|いれ|しま|収納|はい": ("棚", "箱", "入れ", "けーす", "らっく", "だんす", "たんす", "びつ"),
    "立て|たて": ("立て", "すたんど"),
    "掛け|かけ": ("掛け", "はんがー", "らっく"),
    "干|ほす": ("干し", "台"),
    "置|おく|のせ|乗せ|載せ|のっけ|並べ|ならべ|飾|かざ": ("台", "棚", "らっく"),
}
BESIDE = WORDS("beside")
OWNS = WORDS("owns")
ATTRIBUTE = WORDS("attribute")
CONTAINER = WORDS("container")
FUEL = WORDS("fuel")
DENIED_WORD = WORDS.source("denied_word")
NAME_OF_EVENT = WORDS("name_of_event")
NEGATED = WORDS("negated")
ONLY_THAT = WORDS("only_that")
TAKEN_BACK = WORDS("taken_back")
OWNER = WORDS("owner")
PLACE = WORDS("place")
OTHER_USE = WORDS("other_use")
DISPOSAL = WORDS("disposal")
NOT_BEFORE = WORDS("not_before")
