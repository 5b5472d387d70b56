"""A Rendered answer becomes Telegram messages; without it every answer would reach Telegram without its buttons.

Choices are inline buttons under the message whose data is what the button says, so nothing has to be remembered between the press and
its answer. Telegram allows 64 bytes there; when one choice says more, all of them become a one-time reply keyboard instead, whose keys
send their own words as an ordinary text. Words are sent without a parse mode: what a resident's town writes is never read as markup.
"""

from __future__ import annotations

from typing import Any

from accessibility import Choice, Link, Rendered
from bots.addresses import web_address
from bots.wording import Limit, clip, first_piece, grapheme_count, split_at_sentences, utf16_length

TEXT = Limit(4096, utf16_length)
LABEL = Limit(40, grapheme_count)
CALLBACK_BYTES = 64
MOST_MESSAGES = 5
SPEECH = "speech_id"  # a recording stands in the outbox by its id; voices.send knows it by this field

Wire = dict[str, Any]


def telegram_messages(rendered: Rendered, more_label: str = "") -> tuple[Wire, ...]:
    """One to five messages as the fields of sendMessage, then the recording where there is one.

    `more_label` ends a text of which a part had to be left out.
    """
    pieces = split_at_sentences(rendered.text, TEXT) or [rendered.headline.strip() or "…"]
    if len(pieces) > MOST_MESSAGES:
        mark = "…" + more_label
        last = first_piece(pieces[MOST_MESSAGES - 1], Limit(TEXT.most - utf16_length(mark), utf16_length))
        pieces = [*pieces[: MOST_MESSAGES - 1], last + mark]
    messages: list[Wire] = [{"text": piece, "link_preview_options": {"is_disabled": True}} for piece in pieces]
    above = f"{rendered.heard}\n" if rendered.heard else ""
    if rendered.headline.strip() and pieces[0].startswith(above + rendered.headline):
        messages[0]["entities"] = [{"type": "bold", "offset": utf16_length(above), "length": utf16_length(rendered.headline)}]
    markup = _buttons(rendered)
    if markup:
        messages[-1]["reply_markup"] = markup
    if rendered.aloud is not None:
        messages.append({SPEECH: rendered.aloud.speech_id})
    return tuple(messages)


def staff_messages(text: str, sender_name: str) -> tuple[Wire, ...]:
    """What a person at the desk wrote. Telegram has no sender name, so the office stands in the first line."""
    signed = f"【{sender_name}】\n{text}"
    pieces = split_at_sentences(signed, TEXT)[:MOST_MESSAGES]
    return tuple({"text": piece, "link_preview_options": {"is_disabled": True}} for piece in pieces)


def _buttons(rendered: Rendered) -> Wire | None:
    """Each button on a row of its own, as wide as the screen."""
    offered = (*rendered.choices, *((rendered.doubt,) if rendered.doubt is not None else ()))
    choices = [choice for choice in offered if choice.label.strip() and choice.says.strip()]
    if any(len(choice.says.encode()) > CALLBACK_BYTES for choice in choices):
        return {"keyboard": [[{"text": choice.says}] for choice in choices], "one_time_keyboard": True, "resize_keyboard": True}
    rows = [[_choice_button(choice)] for choice in choices] + [[_link_button(link)] for link in rendered.links if web_address(link.url)]
    return {"inline_keyboard": rows} if rows else None


def _choice_button(choice: Choice) -> Wire:
    return {"text": clip(choice.label, LABEL), "callback_data": choice.says}


def _link_button(link: Link) -> Wire:
    return {"text": clip(link.label or link.url, LABEL), "url": web_address(link.url)}
