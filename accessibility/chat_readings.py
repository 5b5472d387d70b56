"""Readings inside a chat message, 漢字（かんじ）: LINE and Telegram have no ruby, and without this file no furigana either."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .furigana import Furigana
from .readings import KANJI
from .rendering import Rendered

# The signs of the first two school years: read by everybody who went to school here.
FIRST_TWO_YEARS: Final = frozenset(
    "一右雨円王音下火花貝学気九休玉金空月犬見五口校左三山子四糸字耳七車手十出女小上森人水正生青夕石赤千川先早草足村大男竹中虫町天田土二日入年白八百文木本名目立力林六"
    "引羽雲園遠何科夏家歌画回会海絵外角楽活間丸岩顔汽記帰弓牛魚京強教近兄形計元言原戸古午後語工公広交光考行高黄合谷国黒今才細作算止市矢姉思紙寺自時室社弱首秋週春書少"
    "場色食心新親図数西声星晴切雪船線前組走多太体台地池知茶昼長鳥朝直通弟店点電刀冬当東答頭同道読内南肉馬売買麦半番父風分聞米歩母方北毎妹万明鳴毛門夜野友用曜来里理話"
)
ADDRESS: Final = re.compile(r"https?://\S+")


def with_readings(text: str, furigana: Furigana, everything: bool = False) -> str:
    """The text with kana in brackets after each word that goes beyond the first two school years (`everything`: after each)."""
    parts: list[str] = []
    at = 0
    for address in ADDRESS.finditer(text):
        parts += [_bracketed(text[at : address.start()], furigana, everything), address.group()]
        at = address.end()
    return "".join([*parts, _bracketed(text[at:], furigana, everything)])


def in_chat(rendered: Rendered, furigana: Furigana) -> Rendered:
    """What a chat shows: unchanged, or with readings for those who asked for them. The voice's text and the buttons stay."""
    if not rendered.furigana:
        return rendered

    def read(text: str) -> str:
        return with_readings(text, furigana, rendered.easy)

    return replace(
        rendered,
        headline=read(rendered.headline),
        lines=tuple(map(read, rendered.lines)),
        notes=tuple(map(read, rendered.notes)),
        text=read(rendered.text),
    )


def _bracketed(text: str, furigana: Furigana, everything: bool) -> str:
    shown = ""
    for piece in furigana.ruby(text):
        hard = everything or not set(KANJI.findall(piece.text)) <= FIRST_TWO_YEARS
        shown += f"{piece.text}（{piece.above}）" if piece.above and KANJI.search(piece.text) and hard else piece.text
    return shown
