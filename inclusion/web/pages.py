"""Turns values into HTML in the reader's language; without this file each page would build its own Jinja and its own header."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any, Final

from babel.dates import format_date, format_skeleton
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from accessibility import Messages, Source
from inclusion.municipalities.town import Town

from .assets import Assets
from .reader import SIZES, TONGUES, Reader

BABEL_LOCALES: Final = {"ja": "ja", "en": "en", "zh-Hans": "zh_Hans", "ko": "ko"}


class Pages:
    """All pages of one town."""

    def __init__(self, town: Town, messages: Messages, assets: Assets) -> None:
        self._town, self._messages, self._assets = town, messages, assets
        self._environment = page_environment()

    def render(self, template: str, reader: Reader, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as a response. Templates may use `say(id, …)`, `asset(name)`, `town`, `reader` and `source_line(source)`."""
        html = self._environment.get_template(template).render(
            say=lambda message_id, **fills: self.say(reader, message_id, **fills),
            asset=self._assets.address,
            town=self._town,
            reader=reader,
            sizes=SIZES,
            tongues=TONGUES,
            help_contact=self._town.contacts[self._town.help_contact],
            source_line=lambda source: self.source_line(reader, source),
            **values,
        )
        return HTMLResponse(html, status_code=status)

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
    locale = BABEL_LOCALES[reader.language]
    try:
        if len(iso) == len("2026-05"):
            return format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=locale)
        return format_date(date.fromisoformat(iso), "long", locale=locale)
    except ValueError:
        return iso
