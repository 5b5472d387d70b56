"""Nothing gets the fee of a neighbour, of a smaller or of a larger thing."""

from __future__ import annotations

import pytest

from .conftest import Conversation

MEANT = {
    "10cmの人形": ("f.definition",),
    "手のひらサイズの時計": ("f.definition",),
    "250センチの物干し竿": ("f.size_max",),
    "長さ190cmの板": ("f.size_max",),
    "35cmのフライパン": ("S00382",),
    "25cmのフライパン": ("b.frypan",),
    "15kgの鉄アレイ": ("n.heavy_iron",),
    "5キロのダンベル2個": ("S00274",),
    "引き出し6段": ("hakomono",),
    "引き出し3段": ("S00369",),
    "カーペット2m×3m": ("S00199",),
    "ガソリン式の草刈り機": ("n.engine_mower",),
    "芝刈り機": ("S00202",),
    "電動キックボード": ("n.kickboard",),
    "太陽光パネル": ("n.solar",),
    "まな板": ("b.board",),
    "電子体温計": ("b.thermometer",),
    "水銀体温計": ("S00030",),
    "プロパンガスボンベ": ("n.gascylinder",),
    "スノボのブーツ": ("S00235",),
    "長い いすを 捨てたいです": ("S00324",),
    "チェスト 高さ1.2メートル 幅80センチ": ("S00347",),
    "土日は収集してますか": ("f.normal_sched",),
}


@pytest.mark.parametrize(("text", "ids"), MEANT.items())
def test_a_thing_is_what_it_is(conversation: Conversation, text: str, ids: tuple[str, ...]) -> None:
    assert conversation.say(text).ids == ids


def test_a_thing_known_by_its_size_class_may_be_long(conversation: Conversation) -> None:
    assert conversation.say("本棚 高さ200 幅60").ids == ("S00347",)


@pytest.mark.parametrize("text", ["引っ越しでベッドと机と椅子を捨てたい", "新宿に引っ越します、椅子を捨てたい"])
def test_moving_house_does_not_hide_the_things(conversation: Conversation, text: str) -> None:
    assert "S00088" in conversation.say(text).ids


def test_letters_without_sense_are_not_small_talk(conversation: Conversation) -> None:
    assert conversation.say("ああああ").ids == ("r.unknown",)
