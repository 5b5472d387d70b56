"""How an answer looks in a LINE chat: one bubble with a large headline, plain lines, wide buttons and small sources.

Every text and button carries `scaling`, so it follows the letter size the reader set in LINE. Buttons are boxes with wrapping text
and not LINE's button part, because that one shrinks or cuts a long label instead of wrapping it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accessibility import Choice, Link, Phone, Rendered, phone_line, without_originals
from bots.addresses import tel_address, web_address
from bots.wording import Limit, clip, grapheme_count

Wire = dict[str, Any]
ChoiceAction = Callable[[Choice], Wire]

MOST_BIG_CHOICES = 4
OUTSIDE = "openExternalBrowser=1"
LABEL = Limit(20, grapheme_count)

# Contrast on their own ground: ink 16:1, small print 9:1, white on green 9:1, green on pale 8:1 (WCAG AAA asks for 7:1).
INK, SMALL_PRINT, WHITE, GREEN, PALE = "#1A1A1A", "#444444", "#FFFFFF", "#004D40", "#F1F8F6"


def bubble_for(rendered: Rendered, action_of: ChoiceAction) -> Wire:
    """The whole answer as one Flex bubble."""
    size = _sizes(rendered.large)
    parts = [
        _text(rendered.heard, size["note"], SMALL_PRINT),
        _text(rendered.headline or rendered.text or "…", size["headline"], INK, weight="bold"),
        *(_text(line, size["line"], INK) for line in rendered.lines),
        *(_phone(phone, size["line"], rendered.language) for phone in rendered.phones),
        *(_link(link, size["line"]) for link in rendered.links),
        *_choices(rendered.choices, size["line"], action_of),
        *(_text(note, size["note"], SMALL_PRINT) for note in rendered.notes),
    ]
    body = {"type": "box", "layout": "vertical", "spacing": "lg", "contents": [part for part in parts if part]}
    return {"type": "bubble", "size": "giga" if rendered.large else "mega", "body": body}


def _sizes(large: bool) -> dict[str, str]:
    return {"headline": "xxl", "line": "xl", "note": "md"} if large else {"headline": "xl", "line": "lg", "note": "sm"}


def _text(said: str, size: str, colour: str, **more: Any) -> Wire | None:
    """A wrapping, scaling text; None for nothing to say, because LINE refuses an empty text."""
    if not said.strip():
        return None
    return {"type": "text", "text": said, "size": size, "color": colour, "wrap": True, "scaling": True, **more}


def _phone(phone: Phone, size: str, language: str) -> Wire | None:
    said, name = phone_line(phone), without_originals(phone.label, language)  # a label cut inside its brackets tells nobody anything
    address = tel_address(phone.number)
    if not address:
        return _text(said, size, INK)
    return _button(said, size, {"type": "uri", "label": clip(name or phone.number, LABEL), "uri": address}, GREEN, PALE)


def _link(link: Link, size: str) -> Wire | None:
    address = web_address(in_usual_browser(link.url) if link.microphone else link.url)
    if not address:
        return _text(f"{link.label} {link.url}".strip(), size, INK)
    said = link.label or link.url
    return _button(said, size, {"type": "uri", "label": clip(said, LABEL), "uri": address}, GREEN, PALE)


def in_usual_browser(url: str) -> str:
    """The same page, opened outside LINE (LINE's own parameter): its browser keeps microphone and camera to itself."""
    page, mark, part = url.partition("#")
    return f"{page}{'&' if '?' in page else '?'}{OUTSIDE}{mark}{part}"


def _choices(choices: tuple[Choice, ...], size: str, action_of: ChoiceAction) -> list[Wire | None]:
    """Up to four stand as wide filled buttons; more become a plainer list, so that the answer itself is not buried."""
    if len(choices) <= MOST_BIG_CHOICES:
        return [_button(choice.label, size, action_of(choice), WHITE, GREEN) for choice in choices]
    return [_text(f"・{choice.label}", size, GREEN, decoration="underline", action=action_of(choice)) for choice in choices]


def _button(said: str, size: str, action: Wire, colour: str, ground: str) -> Wire | None:
    label = _text(said, size, colour, weight="bold", align="center")
    if label is None:
        return None
    return {
        "type": "box",
        "layout": "vertical",
        "contents": [label],
        "action": action,
        "backgroundColor": ground,
        "borderColor": GREEN,
        "borderWidth": "normal",
        "cornerRadius": "md",
        "paddingAll": "lg",
    }
