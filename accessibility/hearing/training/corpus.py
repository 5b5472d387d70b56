"""What is read aloud to the ears; without a plan for it they would know the town's favourites and nothing beside them."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DRAWS_APART: Final = 1000
KEPT_BACK: Final = 12  # one sentence and one noun in twelve is never read aloud: tests are drawn from those
USUAL_WORDS: Final = 1300
CHOICE: Final = re.compile(r"\[(.*?)\]")
FILLERS: Final = ("えーと、", "あの、", "あのー、", "えっと、", "そのー、", "まあ、", "すみません、", "ちょっと、")
COUNTERS: Final = ("個", "枚", "台", "本", "脚", "人用", "段", "畳", "年", "回", "件", "インチ", "キロ", "メートル", "円")
SIDES: Final = ("高さ", "幅", "横", "縦", "奥行き", "長さ", "直径", "厚さ", "一辺")
SPOKEN_DIGITS: Final = ("ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
PARTICLES: Final = ("は", "が", "を", "も", "と", "で", "に", "の", "って", "には", "から", "まで", "へ", "や")
PAUSES: Final = ("、", "、", "")
COUNTED: Final = ("ひとつ", "ふたつ", "みっつ", "よっつ", "いつつ", "むっつ", "ななつ", "やっつ", "ここのつ", "とお")
REPLIES_SAID: Final = 14
SHORTEST: Final = (
    "はい",
    "いいえ",
    "もう一度",
    "ゆっくり",
    "短く",
    "大きな声で",
    "大きい声で",
    "はい、お願いします",
    "いえ",
    "うん",
    "そうです",
    "違います",
)
TOLD: Final = (
    "手数料は{}円です。",
    "合わせて{}円です。",
    "全部で{}円です。",
    "{}円です。",
    "シールを{}円分買ってください。",
    "一つ{}円です。",
)
MORAE: Final = (
    *"かきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわがぎぐげござじずぜぞだでどばびぶべぼぱぴぷぺぽあいうえおん",
    *[
        "きゃ",
        "きゅ",
        "きょ",
        "しゃ",
        "しゅ",
        "しょ",
        "ちゃ",
        "ちゅ",
        "ちょ",
        "にゃ",
        "ひょ",
        "みょ",
        "りゃ",
        "りゅ",
        "りょ",
        "ぎゃ",
        "ぎょ",
        "じゃ",
        "じゅ",
        "じょ",
        "びょ",
        "ぴょ",
        "ふぁ",
        "ふぃ",
        "てぃ",
        "でぃ",
        "うぃ",
        "ちぇ",
    ],
)


@dataclass(frozen=True, slots=True)
class Material:
    """What may be read: from the town (see `make ears`) and from the dictionary."""

    words: tuple[str, ...]
    sentences: tuple[str, ...]
    forms: tuple[str, ...]
    replies: tuple[str, ...]
    nouns: tuple[str, ...]
    everyday: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()


def read_material(file: Path, nouns: Sequence[str]) -> Material:
    """The town's part is a JSON object with the six lists."""
    told = {name: tuple(texts) for name, texts in json.loads(file.read_text(encoding="utf-8")).items()}
    return Material(**told, nouns=tuple(nouns))


def drawn(material: Material, seed: int, many: int | None) -> list[str]:
    """So many texts, in as many draws as that takes; one draw where `many` is not given."""
    texts = taught(material, random.Random(seed))
    while many is not None and len(texts) < many:
        seed += DRAWS_APART
        texts += taught(material, random.Random(seed))
    return texts[:many]


def kept_back(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % KEPT_BACK == 0


def taught(
    material: Material, dice: random.Random, nouns: int = 4000, invented: int = 1000, numbers: int = 2800, talk: int = 6000
) -> list[str]:
    """The training texts, shuffled: every word of the town at least once, the usual ones three times, short replies most of all: a word of
    half a second gives the least to learn from.
    """
    texts = [*(_said(word, material, dice) for word in material.words), *material.words[:USUAL_WORDS:2]]
    texts += [_said(word, material, dice) for word in material.words[:USUAL_WORDS] for _ in range(2)]
    texts += [text for text in material.sentences if not kept_back(text)]
    texts += [reply for reply in material.replies for _ in range(REPLIES_SAID)]
    texts += [word for word in SHORTEST for _ in range(REPLIES_SAID)]
    pool = [noun for noun in material.nouns if not kept_back(noun)]
    texts += [_said(noun, material, dice) for noun in dice.sample(pool, min(nouns, len(pool)))]
    texts += [_said(_invented(dice), material, dice) for _ in range(invented)]
    texts += [number_said(dice) for _ in range(numbers)]
    texts += [small_talk(material, pool, dice) for _ in range(talk if material.everyday else 0)]
    texts = [text if dice.random() > 0.06 else dice.choice(FILLERS) + text for text in texts]
    dice.shuffle(texts)
    return texts


def in_a_form(word: str, others: Sequence[str], forms: Sequence[str], dice: random.Random, wanted: bool) -> str:
    """The word in a form (see one_of) whose sentence is kept back (`wanted`) or is not."""
    for _ in range(60):
        text = one_of(dice.choice(forms), dice).replace("{}", word, 1)
        while "{}" in text:
            text = text.replace("{}", dice.choice(others), 1)
        if kept_back(text) == wanted:
            return text
    return word


def one_of(form: str, dice: random.Random) -> str:
    """A form with one of each [甲|乙|丙] in it."""
    return CHOICE.sub(lambda found: dice.choice(found[1].split("|")), form)


def number_said(dice: random.Random) -> str:
    """Sizes, counts, sums and codes as people say them."""
    kind = dice.randrange(9)
    if kind == 6:
        return f"{dice.randint(1, 260)}センチ" + dice.choice(("", "です", "くらいです", "以上です", "以下です", "より大きいです"))
    if kind == 7:
        return dice.choice((*SPOKEN_DIGITS[1:], *COUNTED, "じゅう", "いっこ", "にこ", "さんこ")) + dice.choice(("", "です", "つ目です"))
    if kind == 8:
        return dice.choice(TOLD).format(dice.randrange(1, 100) * 100)
    if kind == 0:
        return f"{dice.choice(SIDES)}{dice.randint(1, 260)}センチ" + dice.choice(("です", "", "くらいです", "ぐらい"))
    if kind == 1:
        first, second = dice.sample(SIDES, 2)
        return f"{first}{dice.randint(10, 220)}センチ、{second}{dice.randint(10, 200)}センチ" + dice.choice(("です", "", "なんですけど"))
    if kind == 2:
        return "、".join(dice.choice(SPOKEN_DIGITS) for _ in range(6)) + dice.choice(("", "です"))
    if kind == 3:
        return dice.choice(COUNTED) + dice.choice(("です", "", "あります", "捨てたい"))
    if kind == 4:
        return f"{dice.randint(1, 12)}{dice.choice(COUNTERS)}" + dice.choice(("です", "", "あります", "お願いします"))
    return f"{dice.choice((100, 200, 300, 400, 600, 800, 900, 1000, 1200, 1600, 2000, 2200, 2800))}円" + dice.choice(("です", "ですか", ""))


def small_talk(material: Material, nouns: Sequence[str], dice: random.Random) -> str:
    """Words of every day in any order, with things and other nouns between: it means nothing, and sounds as speech does."""
    while True:
        parts = [_clause(material, nouns, dice) for _ in range(dice.choice((1, 1, 2)))]
        text = dice.choice(PAUSES).join(parts)
        if not kept_back(text):
            return text


def _clause(material: Material, nouns: Sequence[str], dice: random.Random) -> str:
    named = [
        dice.choice((material.words, nouns, material.everyday)[dice.randrange(3)]) + dice.choice(PARTICLES)
        for _ in range(dice.randint(0, 2))
    ]
    ending = "".join(dice.choice(material.endings) for _ in range(dice.choice((0, 1, 1, 2))))
    return "".join(named) + dice.choice(material.everyday) + ending


def _said(word: str, material: Material, dice: random.Random) -> str:
    return in_a_form(word, material.words, material.forms, dice, wanted=False)


def _invented(dice: random.Random) -> str:
    """A word nobody knows: it can only be heard sign by sign."""
    return "".join(_morae(dice))


def _morae(dice: random.Random) -> Iterator[str]:
    for place in range(dice.randint(2, 6)):
        yield dice.choice(MORAE[:-1]) if place == 0 else dice.choice(MORAE)
        if dice.random() < 0.12:
            yield "ー"
