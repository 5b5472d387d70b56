"""Draws the rich menus: large words on plain fields; without it a town would need a graphic artist for every changed word."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from accessibility import Messages
from bots.line import Tab
from bots.line.menu_setting import MenuSet, set_menus, tokens_for
from bots.line.rich_menu import HEIGHT, WIDTH, Box, button_boxes, tab_boxes
from inclusion.database import Database
from inclusion.rich_menus import DEFAULT_TONGUE, TONGUES, keep_menu, tabs_for
from inclusion.settings import Settings

# Contrast: ink on paper 16:1, white on green 9:1.
INK, PAPER, GREEN, PALE, WHITE = "#1A1A1A", "#FFFFFF", "#004D40", "#DDEFEA", "#FFFFFF"
LARGEST, SMALLEST, MARGIN = 190, 60, 50
FONT_NAMES = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJKjp-Bold.otf",
    "ipaexg.ttf",
    "fonts-japanese-gothic.ttf",
    "meiryob.ttc",
    "HiraginoSans-W6.ttc",
)


class NoFont(Exception):
    def __init__(self) -> None:
        super().__init__("No Japanese font was found. Install one (on Debian: fonts-noto-cjk), or name a file with --font.")


def set_up_menus(settings: Settings, database: Database, messages: Messages, font: Path | None, now: datetime) -> dict[str, str]:
    """Draw and set the menus of every tongue and remember them, so that people get theirs. Raises NoFont, bots.Undeliverable."""
    path = font_file(font)
    sets = [menu_set(messages, tongue, path) for tongue in TONGUES]
    made = asyncio.run(_set(settings, sets))
    with database.writing() as session:
        for tongue, menu_id in made.items():
            keep_menu(session, tongue, menu_id, now)
    return made


def menu_set(messages: Messages, tongue: str, font: str) -> MenuSet:
    tabs = tabs_for(messages, tongue)
    bar = messages.say("menu.bar", "ja" if tongue == "ja-easy" else tongue, tongue == "ja-easy")
    return MenuSet(tongue, bar, tabs, tuple(draw(tabs, number, font) for number in range(len(tabs))))


def draw(tabs: Sequence[Tab], open_tab: int, font: str) -> bytes:
    """One menu as a PNG of few colours, far below LINE's 1 MB."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    for number, (box, tab) in enumerate(zip(tab_boxes(len(tabs)), tabs, strict=True)):
        _field(pen, box, tab.label, font, *((PAPER, INK) if number == open_tab else (PALE, GREEN)), rounded=False)
    shown = tabs[open_tab].buttons
    for box, button in zip(button_boxes(len(shown)), shown, strict=True):
        inner = Box(box.x + MARGIN // 2, box.y + MARGIN // 2, box.width - MARGIN, box.height - MARGIN)
        _field(pen, inner, button.label, font, GREEN, WHITE, rounded=True)
    kept = io.BytesIO()
    picture.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def font_file(given: Path | None) -> str:
    """The named font, or the first known Japanese one of this machine. Raises NoFont."""
    for name in [str(given)] if given else FONT_NAMES:
        try:
            return str(ImageFont.truetype(name, SMALLEST).path)
        except OSError:
            continue
    raise NoFont


def _field(pen: ImageDraw.ImageDraw, box: Box, words: str, font: str, ground: str, ink: str, rounded: bool) -> None:
    """A filled field with its words as large as they fit."""
    corners = (box.x, box.y, box.x + box.width, box.y + box.height)
    pen.rounded_rectangle(corners, radius=60 if rounded else 0, fill=ground)
    for size in range(LARGEST, SMALLEST - 1, -10):
        letters = ImageFont.truetype(font, size)
        if pen.textlength(words, letters) <= box.width - MARGIN:
            break
    pen.text((box.x + box.width / 2, box.y + box.height / 2), words, ink, letters, anchor="mm")


async def _set(settings: Settings, sets: Sequence[MenuSet]) -> dict[str, str]:
    token, secret = settings.line_channel_access_token.get_secret_value(), settings.line_channel_secret.get_secret_value()
    tokens = tokens_for(token, settings.line_channel_id, secret, settings.line_api_url)
    try:
        return dict(await set_menus(sets, DEFAULT_TONGUE, tokens, settings.line_api_url))
    finally:
        await tokens.close()
