"""Furigana with a town's own names in it; without this file 猿楽町 would be read by people who have never been there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from accessibility import Furigana, OpenedBeside, OpenJTalk, Readings
from inclusion.municipalities import Town

RUBY: Final = Markup('<ruby data-kana="{}">{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>')
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
    for piece in furigana.ruby(text):
        html += RUBY.format(len(piece.above), piece.text, piece.above) if piece.above else escape(piece.text)
    return Markup("<span>{}</span>").format(html)


def _is_one_word(name: str) -> bool:
    return bool(name) and not any(sign in name for sign in " 　（）()・、／/")
