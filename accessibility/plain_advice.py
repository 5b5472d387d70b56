"""Advice on Japanese that passes the strict rules and is still hard: passive, polite forms, sentences in sentences, hard words.

None of it keeps a text from being published: each pattern also stands in good easy texts, and only a person can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .easier_words import easier_words, hard_word
from .plain_findings import KANJI, Finding, Rule

MOST_COMMAS, MOST_CLAUSES, MOST_OF = 2, 2, 2
ENDS: Final = "(?:る|た|て|ます|ました|ません|ない|なか|ず)"
NOT_PASSIVE: Final = "生まれ|分かれ|別れ|離れ|恵まれ|汚れ|現れ|表れ|優れ|崩れ|潰れ|暴れ|溢れ"
# Where only the rest of the text tells whether られ means "can" or "is …ed" (見られる, 食べられる), it is left alone.
RULES: Final = (
    Rule(
        "受け身",
        re.compile(
            rf"(?!{NOT_PASSIVE}){KANJI}(?:[かがさたなばまわ]|(?<![見来出着寝得居経煮似降起])ら)れ{ENDS}|されて?(?:い|る|た|ます|ました)"
        ),
        "だれが するかを 書いてください（例：「名前が呼ばれます」→「係の 人が 名前を 呼びます」）",
        strict=False,
    ),
    Rule(
        "尊敬・謙譲の言葉",
        re.compile(
            rf"(?!お願)[おご]{KANJI}+[ぁ-ん]?(?:ください|しま|できま|願)|いらっしゃ|召し上が|ご覧|拝[見借読]|存じ|差し上げ|お越し|くださ[るっ]"
            r"|参り|まいりま|承り|賜"
        ),
        "「〜してください」「〜します」と言ってください（例：「お持ちください」→「持ってきてください」）",
        strict=False,
    ),
    Rule(
        "打ち消しの重なり",
        re.compile(r"ずには|ないとは|ないわけ|以外[はの][^。]{0,12}(?:ません|ないで|ない)|ないで[^。]{0,10}ないで"),
        "「〜してください」「〜できます」と 言い切ってください",
        strict=False,
    ),
    Rule(
        "「の」が続く",
        re.compile(rf"(?:[^、。のは ]{{1,8}}(?<!も)(?<!ため)の ?){{{MOST_OF + 1},}}"),
        "「の」を2つまでにして、文を分けてください",
        strict=False,
    ),
)
CLAUSE: Final = re.compile(r"(?:ので|から|けれど|けど|ため|ても|たら|れば|ながら|まして|でして|[いるたすくむ]が)、|[てで]、")


def advice(sentence: str) -> Iterator[Finding]:
    """What could be easier in one sentence, each with what to write instead."""
    for rule in RULES:
        for match in rule.pattern.finditer(sentence):
            yield Finding(rule.name, match.group().strip(), sentence, rule.suggestion, strict=False)
    for match in hard_word().finditer(sentence):
        yield Finding("難しい言葉", match.group(), sentence, f"「{easier_words()[match.group()]}」と 書けませんか", strict=False)
    yield from _of_the_whole(sentence)


def _of_the_whole(sentence: str) -> Iterator[Finding]:
    clauses, commas = len(CLAUSE.findall(sentence)), sentence.count("、")
    start = sentence[:12] + "…"
    if clauses >= MOST_CLAUSES:
        yield Finding("文の中の文", start, sentence, f"文が{clauses + 1}つ つながっています。1つずつの 文に 分けてください", strict=False)
    elif commas > MOST_COMMAS:
        yield Finding("読点が多い", start, sentence, f"「、」が{commas}あります。文を分けるか、1つずつ行を変えてください", strict=False)
