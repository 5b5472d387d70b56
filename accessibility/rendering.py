"""Turns an Answer into what one person reads and hears; without it each channel would word, order and shorten answers its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .answer import Answer, Choice, Link, Phone, Source
from .glosses import explained
from .preferences import Preferences
from .tongues import tongue_of, without_originals

WIDE: Final = re.compile(r"[ぁ-ヺ一-鿿]")  # letters whose brackets are as wide as they are
EXPLAINED: Final = ("answer", "policy", "faq", "lesson")  # a question to the person stays one question, a danger stays short


@dataclass(frozen=True, slots=True)
class Aloud:
    """The spoken answer: the id it is kept under, where it can be heard, and how long it is (0: nobody has waited for it yet)."""

    address: str
    duration_ms: int
    speech_id: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The last of the four values that travel. `headline` stands large, `lines` below it, `notes` small (sources, checked days).

    `text` is everything in one plain text, `spoken` the same without addresses and brackets, ready for a voice. `heard` is the line
    that says how a spoken question was heard; it stands first in `text`, and is not spoken. `doubt` is the small button by which
    somebody says that this was not the answer.
    """

    headline: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    phones: tuple[Phone, ...]
    links: tuple[Link, ...]
    text: str
    spoken: str
    language: str
    large: bool
    furigana: bool = False
    easy: bool = False
    aloud: Aloud | None = None
    heard: str = ""
    doubt: Choice | None = None


def render(answer: Answer, preferences: Preferences, notes: tuple[str, ...] = ()) -> Rendered:
    """Shape `answer` for a person. `notes` are the sentences on sources and checked days, already in the person's language."""
    easy = preferences.easy and answer.language == "ja"
    lines = tuple(line for line in answer.details if line)
    if easy and answer.action in EXPLAINED:
        lines += tuple(explained([answer.headline, *lines]))
    phones = tuple(phone_line(phone) for phone in answer.phones)
    text = "\n".join([answer.headline, *lines, *phones, *(f"{link.label} {link.url}" for link in answer.links), *notes])
    return Rendered(
        headline=answer.headline,
        lines=lines,
        notes=notes,
        choices=answer.choices,
        phones=answer.phones,
        links=answer.links,
        text=text,
        spoken=_speakable([answer.headline, *lines, *phones], answer.language),
        language=answer.language,
        large=preferences.letter_size != "standard",
        furigana=preferences.furigana and answer.language == "ja",
        easy=easy,
    )


def phone_line(phone: Phone) -> str:
    """The number with its hours in one pair of brackets: 毎日 8時〜21時（年中無休） inside brackets would be hard to read."""
    hours = phone.hours.replace("（", "、").replace("）", "")
    around = "（{}）" if WIDE.search(hours) else " ({})"
    return f"☎ {phone.label} {phone.number}{around.format(hours) if hours else ''}"


def _speakable(sentences: list[str], language: str) -> str:
    """Sentences joined for a voice: no web addresses, no symbols; brackets, dots and arrows become pauses. Each in its own language."""
    spoken = [_said(sentence, tongue_of(sentence, language)) for sentence in sentences]
    return "".join(part for part in spoken if part).strip()


def _said(sentence: str, language: str) -> str:
    japanese = language == "ja"
    pause, stop = ("、", "。") if japanese else (", ", ". ")
    plain = re.sub(r"https?://\S+|[☎※●■▶]", " ", sentence if japanese else without_originals(sentence, language))
    plain = re.sub(r"[「」『』]", "", plain)
    plain = re.sub(r"\s*[（()）・…→]+\s*", pause if japanese else " ", plain)
    plain = re.sub(r"、+", "、", re.sub(r"\s+", " ", plain)).strip(" 、")
    plain = re.sub(r"、(?=[はがをにでのと。、])|(?<=。)、", "", plain).rstrip("。. ")
    return plain + stop if plain else ""


__all__ = ["Aloud", "Rendered", "Source", "phone_line", "render"]
