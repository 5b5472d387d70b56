"""Says what makes a Japanese text hard; without this file "easy Japanese" would be whatever its writer felt was easy.

The strict rules decide whether a text may be published as やさしい日本語. Everything else is advice (length and loan words here, the rest
in plain_advice.py): in real pairs of texts it was found on both sides alike (measured on 96 pairs), so it may not decide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .plain_advice import advice
from .plain_findings import KANJI, Finding, Rule

SENTENCE: Final = re.compile(r"[^。！？!?\n]+[。！？!?]?")
EXPLAINED: Final = re.compile("「([^」]+)」は")  # a word the text itself explains may stay
MOST_KANJI, LONGEST, LONGEST_CHAIN = 13, 30, 5
# Greetings are learnt whole, in the first week: they are neither hard nor unfinished.
GREETINGS: Final = "こんにちは|はじめ ?まして|ようこそ|お大事に|おかえりなさい|はい|いいえ|どうぞ"
POLITE_END: Final = re.compile(rf"(?:{GREETINGS}|(?:です|ます|ません|ました|でした|ください|ましょう)[かねよ]?)[。！？!?）]*$")
VERBAL_END: Final = re.compile(r"[ぁ-ん][。]$")


OFFICIAL: Final = {
    "又は": "「または」か「か」",
    "及び": "「と」",
    "並びに": "「と」",
    "若しくは": "「または」",
    "係る": "「〜の」",
    "当該": "「その」",
    "旨": "「こと」",
    "速やかに": "「すぐに」",
    "予め": "「前に」",
    "遅滞なく": "「すぐに」",
    "交付": "「渡す」",
    "提出": "「出す」",
    "記入": "「書く」",
    "持参": "「持ってくる」",
    "徴収": "「お金を もらう」",
    "実施": "「する」",
    "開催": "「する」",
    "該当": "「あてはまる」",
}
RULES: Final = (
    Rule("漢字が続く", re.compile(rf"{KANJI}{{{LONGEST_CHAIN},}}"), "漢字を4つまでに分けて、説明を付けてください"),
    Rule(
        "敬語",
        re.compile(
            r"いただ[きくけい]|くださいます|(?<!おかえり)なさ[いっりる]|(?<!とう)(?<!とう )ござい|おります|申し上げ|いたし|伺[いう]"
            r"|[おご][^ 、。]{1,4}になり"
        ),
        "「です」「ます」「〜してください」で言ってください",
    ),
    Rule(
        "二重の否定",
        re.compile(r"な(?:い|く(?!な[らりるれっ]))[^。]{0,6}(?:ない|ません)|なければ(?:ならな|なりま|いけな|いけま)"),
        "「〜してください」と言ってください",
    ),
    Rule("役所の言葉", re.compile(rf"(?<!{KANJI})際(?!{KANJI})"), "「とき」と書いてください"),  # not in 実際, 国際
    Rule("元号", re.compile(r"(?:令和|平成|昭和|大正)[0-9０-９元一二三四五六七八九十]+年"), "西暦で書いてください（例：2026年）"),
    Rule("範囲の記号", re.compile(r"[0-9０-９曜月火水木金土日時分][〜～][0-9０-９月火水木金土日]"), "「から」「まで」と書いてください"),
    Rule("24時間の時刻", re.compile(r"(?<![0-9])(?:1[3-9]|2[0-3])(?:時|:[0-5][0-9])"), "「午後」と書いてください（例：午後3時）"),
    Rule("斜めの線の日付", re.compile(r"(?<![0-9/])[0-9]{1,4}/[0-9]{1,2}(?:/[0-9]{1,2})?(?![0-9/])"), "「10月20日」のように書いてください"),
)
LOAN_WORD: Final = re.compile(r"[ァ-ヴー]{4,}")
KNOWN_LOAN_WORDS: Final = frozenset(
    [
        "スマートフォン",
        "スマホ",
        "テレビ",
        "エアコン",
        "コンビニ",
        "スーパー",
        "インターネット",
        "カード",
        "センター",
        "トイレ",
        "バス",
        "タクシー",
        "パソコン",
        "メール",
        "ボタン",
        "ページ",
        "ソファー",
        "ベッド",
        "カーテン",
        "ストーブ",
    ]
)


def findings(text: str) -> tuple[Finding, ...]:
    """Everything hard in `text`, sentence by sentence, in reading order."""
    found = tuple(finding for sentence in sentences(text) for finding in (*_in_sentence(sentence), *advice(sentence)))
    strict = {(one.sentence, one.words) for one in found if one.strict}
    explained = set(EXPLAINED.findall(text))
    return tuple(one for one in found if one.strict or ((one.sentence, one.words) not in strict and one.words not in explained))


def breaches(text: str) -> tuple[Finding, ...]:
    """What keeps the text from being published as easy Japanese: the strict findings, none when it may be."""
    return tuple(finding for finding in findings(text) if finding.strict)


def sentences(text: str) -> tuple[str, ...]:
    return tuple(found.strip() for found in SENTENCE.findall(text) if found.strip())


def _in_sentence(sentence: str) -> Iterator[Finding]:
    for rule in RULES:
        for match in rule.pattern.finditer(sentence):
            yield Finding(rule.name, match.group(), sentence, rule.suggestion, rule.strict)
    for word, easier in OFFICIAL.items():
        if word in sentence:
            yield Finding("役所の言葉", word, sentence, f"{easier}と書いてください", strict=True)
    yield from _of_the_whole(sentence)


def _of_the_whole(sentence: str) -> Iterator[Finding]:
    kanji = len(re.findall(KANJI, sentence))
    if kanji > MOST_KANJI:
        yield Finding("漢字が多い", sentence[:12] + "…", sentence, f"漢字が{kanji}あります。{MOST_KANJI}までにしてください", strict=True)
    if VERBAL_END.search(sentence) and not POLITE_END.search(sentence):
        yield Finding("文の終わり", sentence[-6:], sentence, "「です」「ます」で終わってください", strict=True)
    letters = len(re.sub(r"\s", "", sentence))
    if letters > LONGEST:
        yield Finding(
            "長い文", sentence[:12] + "…", sentence, f"{letters}文字あります。{LONGEST}文字までの文に分けてください", strict=False
        )
    for match in LOAN_WORD.finditer(sentence):
        if match.group() not in KNOWN_LOAN_WORDS:
            yield Finding("カタカナの言葉", match.group(), sentence, "日本語の言葉にするか、説明を付けてください", strict=False)


__all__ = ["Finding", "breaches", "findings", "sentences"]
