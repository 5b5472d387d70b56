"""One answer in each channel's own form, beside the providers' own libraries (LINE, Telegram) or bare Jinja and plain JSON (web)."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping

from jinja2 import Environment
from linebot.v3.messaging import FlexMessage
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from accessibility import Answer, Choice, Phone, Preferences, Rendered, Source, render
from bots.line import line_messages
from bots.telegram import telegram_messages
from inclusion.municipalities import load_town
from inclusion.web.assets import Assets
from inclusion.web.chat_page import SAMPLES, View
from inclusion.web.pages import Pages
from inclusion.web.reader import Reader
from inclusion.web.services import AskReply
from inclusion.web.shown_answer import ShownAnswer
from inclusion.web.typed_text import LIMIT

ROUNDS, EACH = 7, 200
FLAT = """<!doctype html><html lang="ja"><title>answer</title><main><h1>{{ answer.headline }}</h1>
{% for line in answer.lines %}<p>{{ line }}</p>{% endfor %}
{% for choice in answer.choices %}<button name="text" value="{{ choice.says }}">{{ choice.label }}</button>{% endfor %}
{% for phone in answer.phones %}<a href="tel:{{ phone.number }}">{{ phone.label }} {{ phone.number }} {{ phone.hours }}</a>{% endfor %}
{% for note in answer.notes %}<small>{{ note }}</small>{% endfor %}</main></html>"""
ANSWER = Answer(
    action="clarify",
    headline="「テーブル」ですね。いちばん長いところは何センチですか？",
    details=("一辺の長さで手数料が変わります。", "天板がガラスのものは、手数料が違います。", "一度に出せるのは10点までです。"),
    choices=tuple(Choice(f"{n}センチまで", f"{n}センチ") for n in (60, 90, 120, 180)),
    phones=(Phone("粗大ごみ受付センター", "03-6743-0603", "月〜土 8時〜19時"),),
    sources=(Source("粗大ごみの料金", "https://example.jp/", "2026-05", verified=False),),
)


def measure() -> Mapping[str, object]:
    """CPU milliseconds for one answer (median of the rounds, ours and the peer's in turn) and the ratio to the peer."""
    rendered = render(ANSWER, Preferences(), ("出典：粗大ごみの料金（2026-05 時点・区とは未照合）",))
    page = _page(rendered)
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "line": (lambda: json.dumps(line_messages(rendered, "案内係")), lambda: _with_sdk(rendered)),
        "telegram": (lambda: json.dumps(telegram_messages(rendered)), lambda: _with_library(rendered)),
        "web": (page, _flat_page(rendered, page)),
        "web_as_json": (page, lambda: json.dumps(ANSWER.as_dict(), ensure_ascii=False)),
    }
    return {name: _side_by_side(ours, peer) for name, (ours, peer) in pairs.items()}


def _side_by_side(ours: Callable[[], object], peer: Callable[[], object]) -> dict[str, float]:
    rounds = [(_cpu_ms(ours), _cpu_ms(peer)) for _ in range(ROUNDS)]
    our_ms, peer_ms = (statistics.median(side) for side in zip(*rounds, strict=True))
    return {"ours_ms": round(our_ms, 3), "peer_ms": round(peer_ms, 3), "ratio": round(our_ms / peer_ms, 3)}


def _cpu_ms(work: Callable[[], object]) -> float:
    work()
    begun = time.process_time()
    for _ in range(EACH):
        work()
    return (time.process_time() - begun) / EACH * 1000


def _with_sdk(rendered: Rendered) -> str:
    """The same bubble through LINE's own models."""
    (message,) = line_messages(rendered, "案内係")
    return str(FlexMessage.from_dict(message).to_json())


def _with_library(rendered: Rendered) -> str:
    buttons = [[InlineKeyboardButton(choice.label, callback_data=choice.says)] for choice in rendered.choices]
    return json.dumps({"text": rendered.text, "reply_markup": InlineKeyboardMarkup(buttons).to_dict()})


def _flat_page(rendered: Rendered, ours: Callable[[], bytes]) -> Callable[[], object]:
    """The answer through bare Jinja in one flat template as long as our page: no parts, no other language, no settings to show."""
    filler = "{% raw %}" + "x" * max(0, len(ours()) - len(FLAT)) + "{% endraw %}"
    template = Environment(autoescape=True).from_string(FLAT + filler)
    return lambda: template.render(answer=rendered).encode()


def _page(rendered: Rendered) -> Callable[[], bytes]:
    """The whole page with the answer on it, as a browser gets it."""
    town = load_town("chiyoda")
    pages = Pages(town, town.messages, Assets.gather())
    view = View("conversation", ShownAnswer.of("テーブル", AskReply("conversation", ANSWER, rendered, Preferences())))
    carried = {"sealed": "sealed", "turn": "turn", "paper": "", "speech": "", "hears": True}
    return lambda: bytes(pages.render("chat.html", Reader(), view=view, samples=SAMPLES, limit=LIMIT, **carried).body)
