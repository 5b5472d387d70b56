"""The menu under a LINE chat: large buttons on two tabs; without it people who do not like to type would have nothing to press.

A menu is a picture and the areas on it. What stands on the buttons comes from outside, so a town words them in its own spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bots.delivery import Parcel
from bots.wording import Limit, clip, grapheme_count, utf16_length

# Largest size LINE shows well on every phone: 2500 wide, between 1.45 and 10 times as wide as high.
WIDTH, HEIGHT, TABS_HEIGHT = 2500, 1686, 320
NAME = Limit(300, utf16_length)
BAR_TEXT = Limit(14, utf16_length)
ACTION_TEXT = Limit(300, utf16_length)
LABEL = Limit(20, grapheme_count)
MENU = "menu"

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """`label` is drawn large, `says` is what pressing it says in the resident's name."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Tab:
    """`alias` is how LINE calls it in a switch between tabs: small letters, digits, "_" and "-", at most 32."""

    alias: str
    label: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on the picture, in its pixels."""

    x: int
    y: int
    width: int
    height: int


def menu_form(tabs: Sequence[Tab], open_tab: int, bar_text: str, name: str) -> Wire:
    """One menu in LINE's own form: the tabs above, the buttons of the open one below."""
    areas = [_area(box, _switch(tab)) for box, tab in zip(tab_boxes(len(tabs)), tabs, strict=True)]
    shown = tabs[open_tab].buttons
    areas += [_area(box, _saying(button)) for box, button in zip(button_boxes(len(shown)), shown, strict=True)]
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": open_tab == 0,
        "name": clip(name, NAME),
        "chatBarText": clip(bar_text, BAR_TEXT),
        "areas": areas,
    }


def tab_boxes(count: int) -> list[Box]:
    """Tabs side by side over the whole width."""
    return [Box(WIDTH * n // count, 0, WIDTH * (n + 1) // count - WIDTH * n // count, TABS_HEIGHT) for n in range(count)]


def button_boxes(count: int) -> list[Box]:
    """Two rows below the tabs; with an odd number the last button is as wide as two."""
    columns = (count + 1) // 2
    width, height = WIDTH // columns, (HEIGHT - TABS_HEIGHT) // 2
    boxes = [Box(n % columns * width, TABS_HEIGHT + n // columns * height, width, height) for n in range(count)]
    if count % 2 and count > 1:
        last = boxes[-1]
        boxes[-1] = Box(last.x, last.y, WIDTH - last.x, last.height)
    return boxes


def menu_parcel(menu_id: str) -> Wire:
    """What stands in the outbox for "give this person that menu"; the client knows it from a message by its type."""
    return {"type": MENU, "menuId": menu_id}


def menu_of(parcel: Parcel) -> str:
    """The menu a parcel gives, "" for a parcel of messages."""
    first = parcel.messages[0] if parcel.messages else {}
    return str(first["menuId"]) if first.get("type") == MENU else ""


def _area(box: Box, action: Wire) -> Wire:
    return {"bounds": {"x": box.x, "y": box.y, "width": box.width, "height": box.height}, "action": action}


def _switch(tab: Tab) -> Wire:
    return {"type": "richmenuswitch", "label": clip(tab.label, LABEL), "richMenuAliasId": tab.alias, "data": f"tab={tab.alias}"}


def _saying(button: Button) -> Wire:
    return {"type": "message", "label": clip(button.label, LABEL), "text": clip(button.says, ACTION_TEXT, mark="")}
