"""Furigana with a town's own names in it; without this file 猿楽町 would be read by people who have never been there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from markupsafe import Markup, escape

from accessibility import Furigana, OpenedBeside, OpenJTalk, Readings, Ruby
from accessibility.number_readings import COUNTERS
from inclusion.municipalities import Town

RUBY: Final = Markup('<ruby data-kana="{}">{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>')
TOGETHER: Final = Markup('<span class="together">{}</span>')
NUMBER: Final = re.compile("[0-9０-９][0-9０-９,，.．]*")
_SHORT: Final = "|".join(map(re.escape, (one for one in COUNTERS if one != "年")))  # 2026年12月28日 is longer than a line of large letters
PHONES: Final = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}")
COUNTED_NUMBERS: Final = re.compile(rf"{PHONES.pattern}|(?:午前|午後)?(?:{NUMBER.pattern}(?:か月|{_SHORT}))+")
LONGEST_TOGETHER: Final = 12  # kana
SHORTEST_ITEM: Final = 3  # shorter item names (琴, 額, 桶) are parts of other words


def town_furigana(town: Town, sudachi: Readings | None = None) -> Furigana:
    """Readings for one town. The large engine opens beside the first sentence that needs it; nobody waits for it."""
    names = town_names(town)
    return Furigana(names, sudachi or Readings(names), OpenedBeside(OpenJTalk))


def town_names(town: Town) -> Mapping[str, str]:
    """Written form -> hiragana: things, offices, festivals and places of the town, places winning."""
    items = {item.name: item.reading for item in town.items.values() if _is_one_word(item.name) and len(item.name) >= SHORTEST_ITEM}
    offices = {contact.name: contact.reading for contact in town.contacts.values() if _is_one_word(contact.name)}
    festivals = {festival.name: festival.reading for festival in town.festivals.values() if _is_one_word(festival.name)}
    places = {place.name: place.reading for place in town.places}
    return {name: reading for name, reading in {**items, **offices, **festivals, **places}.items() if name and reading}


def with_ruby(text: str, furigana: Furigana) -> Markup:
    """The text as HTML with ruby; <rp> keeps it readable where ruby is not drawn (WCAG technique H62)."""
    html = Markup("")  # one span around it all: in a flex box every piece would become a box of its own
    for group in _together(furigana.ruby(text)):
        drawn = Markup("").join(RUBY.format(len(one.above), one.text, one.above) if one.above else escape(one.text) for one in group)
        html += TOGETHER.format(drawn) if len(group) > 1 else drawn
    return Markup("<span>{}</span>").format(html)


def numbers_together(text: str, kept: re.Pattern[str] = COUNTED_NUMBERS) -> str | Markup:
    """The text with what `kept` finds (numbers with what they count: 8時29分, telephone numbers) held on one line."""
    if not kept.search(text):
        return text
    html, at = Markup("<span>"), 0
    for found in kept.finditer(text):
        html += escape(text[at : found.start()]) + TOGETHER.format(found.group())
        at = found.end()
    return html + escape(text[at:]) + Markup("</span>")


def _together(pieces: Iterable[Ruby]) -> Iterator[list[Ruby]]:
    """Numbers that follow each other with their counters, as long as they fit on a telephone's line with their kana."""
    group: list[Ruby] = []
    for one in pieces:
        joins = group and NUMBER.match(group[0].text) and (NUMBER.match(one.text) or NUMBER.fullmatch(group[-1].text))
        if joins and sum(len(each.above or each.text) for each in (*group, one)) <= LONGEST_TOGETHER:
            group.append(one)
            continue
        if group:
            yield group
        group = [one]
    if group:
        yield group


def _is_one_word(name: str) -> bool:
    return bool(name) and not any(sign in name for sign in " 　（）()・、／/")
