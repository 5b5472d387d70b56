"""Turns values into HTML in the reader's language; without this file each page would build its own Jinja and its own header."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from accessibility import Furigana, Messages, Source, tongue_of
from accessibility.chat_readings import with_readings
from accessibility.speaking import lines_to_say
from inclusion.classes.times import class_day, class_hour
from inclusion.municipalities.town import Contact, Town
from inclusion.written import LOCALES, amount, long_day, slot_words

from .assets import Assets
from .reader import SIZES, SPEEDS, TONGUES, Reader
from .town_readings import beside_its_japanese, numbers_together, originals_marked, with_ruby

KEPT_PARTS: Final = 500
MOMENT_HOURS: Final = {"ko": "aaaa h:mm"}  # 오전; the short form has become AM


class Pages:
    """All pages of one town. `furigana` reads for those who asked for kana; `nav` are the addresses of the pages one can go to."""

    def __init__(self, town: Town, messages: Messages, assets: Assets, furigana: Furigana | None = None, nav: Sequence[str] = ()) -> None:
        self._town, self._messages, self._assets, self._furigana, self._nav = town, messages, assets, furigana, tuple(nav)
        self._environment = page_environment()
        self._kept: dict[tuple[str, str, Reader], Markup] = {}

    def render(self, template: str, reader: Reader, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as a response; see `html`."""
        return HTMLResponse(self.html(template, reader, **values), status_code=status)

    def html(self, template: str, reader: Reader, **values: Any) -> str:
        """Templates may use `say(id, …)`, the same with kana above as `show(id, …)`, `ruby(text)`, `own_words(text)`, `named(text)`,
        `beside(text)`, `in_kana(text)`, `together(text)`, `asset(name)`, `town`, `reader`, `day(iso)`, `when(at)`, `yen(amount)`,
        `slot_words(at)`, `source_line(source)`, `tongue(line, otherwise)`, `to_say(text, language)`, and `once(name, macro, form)`
        for a part that depends on the reader alone."""
        return self._environment.get_template(template).render(
            say=lambda message_id, **fills: self.say(reader, message_id, **fills),
            show=lambda message_id, **fills: self.ruby(reader, self.say(reader, message_id, **fills)),
            ruby=lambda text, language="ja": self.ruby(reader, text, language),
            own_words=lambda text: self.own(reader, text),
            named=lambda text: self.named(reader, text),
            beside=lambda text: self.beside(reader, text),
            in_kana=lambda text: self.in_kana(reader, text),
            together=numbers_together,
            tongue=tongue_of,
            to_say=self._to_say,
            once=lambda name, macro, form: self._part(name, reader, macro, form),
            asset=self._assets.address,
            town=self._town,
            reader=reader,
            sizes=SIZES,
            tongues=TONGUES,
            speeds=SPEEDS,
            nav=self._nav,
            help_contact=self._help_contact(reader),
            source_line=lambda source: self.source_line(reader, source),
            day=lambda iso: _day(iso, reader),
            yen=lambda yen: amount(yen, reader.language),
            when=lambda at, year=False: self.when(reader, at, year),
            slot_words=lambda at: slot_words(at, reader.language),
            **values,
        )

    def _help_contact(self, reader: Reader) -> Contact:
        """Whom to call, in the reader's words where the town has them."""
        contact = self._town.contacts[self._town.help_contact]
        return replace(contact, name=self.own(reader, contact.name), hours=self.own(reader, contact.hours))

    @property
    def zone(self) -> ZoneInfo:
        return self._town.timezone

    def ruby(self, reader: Reader, text: str, language: str = "ja") -> str | Markup:
        """Japanese with kana above its kanji for a reader who wants them; on a page in another language, marked as Japanese.

        Numbers stay beside what they count, telephone numbers in one piece.
        """
        if language == "ja" != reader.language and tongue_of(text, reader.language) == "ja":
            return Markup('<span lang="ja">{}</span>').format(numbers_together(text))
        if reader.language != "ja" or language != "ja":
            return originals_marked(text, reader.language if language == "ja" else language)
        if self._furigana is None or not reader.furigana:
            return numbers_together(text)
        return with_ruby(text, self._furigana)

    def own(self, reader: Reader, text: str) -> str:
        """What the town wrote, in the reader's words where the town has them."""
        return self._town.own_name(text, reader.language, reader.easy)

    def named(self, reader: Reader, text: str) -> str | Markup:
        """A name of the town's own with the Japanese beside what is translated: one must find it, and say it."""
        own = self.own(reader, text)
        shown = self.ruby(reader, own)
        return shown if own == text or reader.language == "ja" else beside_its_japanese(shown, text, reader.language)

    def name_beside_japanese(self, reader: Reader, text: str) -> str:
        """The same as text, to stand in a sentence."""
        return self._town.named(text, reader.language, reader.easy)

    def beside(self, reader: Reader, text: str) -> str:
        """For a list to choose from, whose lines cannot hold kana above: 10時（じゅうじ） for a reader who wants them."""
        if self._furigana is None or not reader.furigana or reader.language != "ja":
            return text
        return with_readings(text, self._furigana, everything=True)

    def in_kana(self, reader: Reader, text: str) -> str:
        """The same where there is no room for both: こられます."""
        if self._furigana is None or not reader.furigana or reader.language != "ja":
            return text
        return self._furigana.kana(text)

    def _to_say(self, text: str, language: str) -> str:
        """For the browser's own voices: [[language, words], …] as JSON, the town's names in kana."""
        named = self._furigana.named if self._furigana else str
        lines = [(line.language, named(line.text) if line.language == "ja" else line.text) for line in lines_to_say(text, language)]
        return json.dumps(lines, ensure_ascii=False)

    def _part(self, name: str, reader: Reader, macro: Callable[[str], Markup], form: str) -> Markup:
        """Made once for each way of reading: the form of the settings is half of the work of a page and the same for most people."""
        key = name, form, reader
        if key not in self._kept:
            if len(self._kept) >= KEPT_PARTS:
                self._kept.clear()
            self._kept[key] = macro(form)
        return self._kept[key]

    def when(self, reader: Reader, at: datetime, year: bool = False) -> str:
        """A day and hour as a class's are told: 11月30日（月曜日） 午後2時9分."""
        day = long_day(at.astimezone(self.zone).date(), reader.language) if year else class_day(at, self.zone, reader.language)
        return f"{day} {class_hour(at, self.zone, reader.language)}"

    def moment(self, reader: Reader, at: datetime) -> str:
        """A day and a time of day as people of this language write them, in the town's own time."""
        local, locale = at.astimezone(self._town.timezone), LOCALES[reader.language]
        hour = format_time(local, MOMENT_HOURS.get(reader.language, "short"), locale=locale)
        return f"{format_date(local, 'long', locale=locale)} {hour}"

    def say(self, reader: Reader, message_id: str, **fills: object) -> str:
        return self._messages.say(message_id, reader.language, reader.easy, **fills)

    def source_line(self, reader: Reader, source: Source) -> str:
        """When the fact is from and whether it was compared with the office's own page (照合)."""
        if not source.checked_on:
            return self.say(reader, "web.source.undated")
        return self.say(reader, "web.source.checked" if source.verified else "web.source.unchecked", day=_day(source.checked_on, reader))


def page_environment() -> Environment:
    """Jinja with our templates and the shared components; a forgotten value is an error, never an empty place."""
    templates = FileSystemLoader(str(files("inclusion.web") / "templates"))
    components = FileSystemLoader(str(files("accessibility") / "components"))
    loader = ChoiceLoader([templates, PrefixLoader({"components": components})])
    return Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _day(iso: str, reader: Reader) -> str:
    """An ISO day or month as people of this language write it; anything else as it stands."""
    try:
        if len(iso) == len("2026-05"):
            return format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=LOCALES[reader.language])
        return long_day(date.fromisoformat(iso), reader.language)
    except ValueError:
        return iso
