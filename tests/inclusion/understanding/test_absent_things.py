"""Stories of things the ward's list does not hold: handed over, never answered as a neighbour or as a question about rules."""

from __future__ import annotations

import pytest

from inclusion.understanding import Talk, Understanding
from inclusion.understanding.evaluation import Wanted, evaluate

from .conftest import NOW, Conversation

ABSENT = (
    "臼と杵", "麻雀卓", "犬小屋", "蚊帳", "掛け軸", "神棚", "風鈴", "羽子板", "茶釜", "木魚", "洗濯板", "ビリヤード台", "竹馬",
    "けん玉", "名刺入れ", "表札", "骨壺", "防災頭巾", "印鑑ケース", "顕微鏡", "謎の物体X",
)  # fmt: skip
ASKED = ("{}", "{}を捨てたいんですが", "{}はいくらですか", "{}の捨て方を教えてください", "あのう、{}があるんですけど")
THROWN = ("雨合羽", "雨どい", "レジスター", "法被")
NEAR = {
    "地球儀": "answer",
    "天体望遠鏡": "answer",
    "電池": "policy",
    "盆おどり": "faq",
    "ひとり親の手当": "faq",
    "雨の日でも出せますか": "faq",
}
HANDED_OVER = Wanted("臼と杵", "typed", ({"action": "refuse", "ids": ["r.unknown"]}, {"action": "clarify", "ids": [], "also": []}))
MAPPED = Wanted("地球儀", "typed", HANDED_OVER.accept)
KNOWN = Wanted("枕", "typed", ({"action": "answer", "ids": ["S00417"], "counts": {"S00417": 1}},))


@pytest.mark.parametrize("thing", ABSENT)
def test_an_absent_thing_is_handed_over_however_it_is_asked(understanding: Understanding, thing: str) -> None:
    answers = {asked: understanding.understand(asked.format(thing), Talk(), NOW)[0].ids for asked in ASKED}
    assert set(answers.values()) == {("r.unknown",)}, answers


@pytest.mark.parametrize("thing", THROWN)
def test_a_word_inside_the_name_of_what_is_thrown_away_asks_no_question(understanding: Understanding, thing: str) -> None:
    assert {understanding.understand(thing + how, Talk(), NOW)[0].ids for how in ("って出せますか", "を捨てたい")} == {("r.unknown",)}


@pytest.mark.parametrize(("known", "action"), NEAR.items())
def test_what_we_know_is_still_answered(understanding: Understanding, known: str, action: str) -> None:
    assert understanding.understand(known, Talk(), NOW)[0].action == action


def test_the_measure_tells_how_many_absent_things_were_handed_over(understanding: Understanding) -> None:
    assert evaluate(understanding, [HANDED_OVER, MAPPED, KNOWN]).handed_over == 0.5


def test_nothing_to_refuse_is_not_told_as_nothing_refused(understanding: Understanding) -> None:
    report = evaluate(understanding, [KNOWN])
    assert (report.refusal_recall, report.refusal_reason_right, report.handed_over) == (None, None, None)


@pytest.mark.parametrize("said", ["法被", "雨合羽", "石灯籠", "熊手まつりはいつ", "ジャズフェスティバルはいつですか", "竹馬まつり"])
def test_a_bare_thing_or_festival_nobody_knows_is_no_question_of_ours(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).action not in ("faq", "answer")


@pytest.mark.parametrize("said", ["盆踊り", "住民票", "避難所", "マイナンバーカード"])
def test_a_bare_name_of_ours_is_still_answered(conversation: Conversation, said: str) -> None:
    assert conversation.say(said).action in ("faq", "confirm")
