"""Counts and names in English, Chinese and Korean; a part of a longer Korean word is no thing."""

from __future__ import annotations

import pytest

from .conftest import Conversation


@pytest.mark.parametrize(
    ("said", "item", "pieces"),
    [
        ("suitcase x3", "S00217", 3),
        ("folding screen", "S00279", 1),
        ("two step stools", "S00378", 2),
        ("四个行李箱", "S00217", 4),
        ("行李箱两个", "S00217", 2),
        ("旧被子三床多少钱", "S00376", 3),
        ("屏风怎么扔", "S00279", 1),
        ("이불 세 장 버리려고요", "S00376", 3),
        ("의자 다섯 개", "S00088", 5),
        ("병풍을 버리고 싶어요", "S00279", 1),
    ],
)
def test_things_and_counts_in_other_languages(conversation: Conversation, said: str, item: str, pieces: int) -> None:
    request = conversation.say(said)
    assert [(one.id, one.pieces) for one in request.items] == [(item, pieces)]


@pytest.mark.parametrize("said", ["병원에 가고 싶어요", "책임자와 이야기하고 싶어요", "문제가 있어요"])
def test_a_korean_word_that_begins_like_a_thing_is_none(conversation: Conversation, said: str) -> None:
    assert not conversation.say(said).items


@pytest.mark.parametrize(
    ("said", "faq"),
    [
        ("Could a relative apply in place of my mother?", "f.proxy"),
        ("which stickers for 1600 yen", "f.fee_combination"),
        ("they did not pick up my bulky waste today", "f.left_behind"),
        ("预约以后要等几天才来收", "f.when"),
        ("스티커 두 종류는 뭐가 달라요", "f.ticket_kind"),
    ],
)
def test_questions_in_other_languages_reach_their_answer(conversation: Conversation, said: str, faq: str) -> None:
    assert faq in (*conversation.say(said).ids, *conversation.say(said).suggestions)
