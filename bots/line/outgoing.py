"""A Rendered answer becomes LINE messages; without it every answer would reach LINE as bare text, or be refused for its size.

One Flex bubble that grows with the reader's letter size carries the answer; its alternative text holds the whole answer, so that the
notification and a screen reader tell it too. What does not fit into a bubble goes out as plain text, split after sentences.

Choices are message actions: what a button says appears in the chat as the resident's own words, comes back as an ordinary text and so
works by typing as well. A postback would leave no trace of what was said. They stand twice: as quick replies under the message, which
LINE shows on phones only and takes away with the next message, and in the bubble, where they stay and computers show them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from accessibility import Choice, Rendered
from bots.wording import Limit, clip, first_piece, grapheme_count, split_at_sentences, utf16_length

from .bubble import bubble_for

# Limits of the Messaging API (line-openapi 2026-07-01 and LINE's reference; see docs/protocol.md).
TEXT = Limit(5000, utf16_length)
ALT_TEXT = Limit(1500, utf16_length)
ACTION_TEXT = Limit(300, utf16_length)
LABEL = Limit(20, grapheme_count)
SENDER_NAME = Limit(20, utf16_length)
MOST_QUICK_REPLIES = 13
MOST_MESSAGES = 5
# LINE allows 30 KB a bubble. We count the escaped JSON that goes over the wire, the longest way of counting.
BUBBLE_BYTES = 30_000

LONGEST_URL = 2000

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Quote:
    """Which message an answer belongs to, where others came between; `line` stands under the quoted question."""

    token: str
    line: str


def line_messages(
    rendered: Rendered, sender_name: str, more_label: str = "", icon_url: str = "", quote: Quote | None = None
) -> tuple[Wire, ...]:
    """One to five messages in LINE's own form. `more_label` ends a text of which a part had to be left out ("…" stands before it).

    With a `quote` the question is shown above a short line of its own, because LINE quotes over plain texts only.
    """
    rendered = replace(rendered, choices=_pressable(rendered.choices))
    messages = [_flex(rendered, more_label)]
    if not _fits(messages[0]):
        messages = _texts(rendered, more_label)
    if quote is not None and len(messages) < MOST_MESSAGES:
        messages.insert(0, {"type": "text", "text": quote.line, "quoteToken": quote.token})
    quick_reply = _quick_reply(_with_doubt(rendered))
    if quick_reply:
        messages[-1]["quickReply"] = quick_reply
    return _signed(messages, sender_name, icon_url)


def staff_messages(text: str, sender_name: str, icon_url: str = "", quote_token: str = "") -> tuple[Wire, ...]:
    """What a person at the desk wrote, under the office's name, above it the question it answers."""
    pieces = split_at_sentences(text, TEXT)[:MOST_MESSAGES] or ["…"]
    messages: list[Wire] = [{"type": "text", "text": piece} for piece in pieces]
    if quote_token:
        messages[0]["quoteToken"] = quote_token
    return _signed(messages, sender_name, icon_url)


def _signed(messages: list[Wire], sender_name: str, icon_url: str) -> tuple[Wire, ...]:
    sender = _sender(sender_name, icon_url)
    return tuple({**message, "sender": sender} if sender else message for message in messages)


def _pressable(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices with a label and something to say, because LINE refuses the whole answer for one empty button."""
    both = (Choice(choice.label.strip() or choice.says, choice.says.strip() or choice.label) for choice in choices)
    return tuple(choice for choice in both if choice.label.strip())


def _flex(rendered: Rendered, more_label: str) -> Wire:
    alt_text = clip(_whole_text(rendered), ALT_TEXT, mark="…" + more_label)
    return {"type": "flex", "altText": alt_text, "contents": bubble_for(rendered, choice_action)}


def _whole_text(rendered: Rendered) -> str:
    """Everything, with the choices as lines of their own: a screen reader and a notification see no buttons."""
    return "\n".join([rendered.text or rendered.headline or "…", *(f"・{choice.label}" for choice in rendered.choices)])


def _fits(message: Wire) -> bool:
    return len(json.dumps(message["contents"])) <= BUBBLE_BYTES


def _texts(rendered: Rendered, more_label: str) -> list[Wire]:
    pieces = split_at_sentences(_whole_text(rendered), TEXT)
    if len(pieces) > MOST_MESSAGES:
        mark = "…" + more_label
        last = first_piece(pieces[MOST_MESSAGES - 1], Limit(TEXT.most - utf16_length(mark), utf16_length))
        pieces = [*pieces[: MOST_MESSAGES - 1], last + mark]
    return [{"type": "text", "text": piece} for piece in pieces]


def choice_action(choice: Choice) -> Wire:
    """What pressing a choice does: it says `choice.says` in the resident's name."""
    return {"type": "message", "label": clip(choice.label, LABEL), "text": clip(choice.says, ACTION_TEXT, mark="")}


def _with_doubt(rendered: Rendered) -> tuple[Choice, ...]:
    """The choices and, where there is room, the small button that says it was not the answer; it stands in no bubble."""
    if rendered.doubt is None or len(rendered.choices) >= MOST_QUICK_REPLIES:
        return rendered.choices
    return (*rendered.choices, *_pressable((rendered.doubt,)))


def _quick_reply(choices: tuple[Choice, ...]) -> Wire | None:
    """At most thirteen; when there are more the last one stays, because help by a person always stands last."""
    shown = choices if len(choices) <= MOST_QUICK_REPLIES else (*choices[: MOST_QUICK_REPLIES - 1], choices[-1])
    return {"items": [{"type": "action", "action": choice_action(choice)} for choice in shown]} if shown else None


def _sender(name: str, icon_url: str) -> Wire | None:
    """LINE refuses sender names with its own name in them; the account's name is shown then. An icon needs https."""
    shown = clip(name.strip(), SENDER_NAME)
    sender = {"name": shown} if shown and "line" not in shown.lower() else {}
    if icon_url.startswith("https://") and len(icon_url) <= LONGEST_URL:
        sender["iconUrl"] = icon_url
    return sender or None
