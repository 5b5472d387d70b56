"""Conversations as residents hold them: questions, changes of mind, several things at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inclusion.understanding import Talk

from .conftest import NOW, Conversation


def counts(request: object) -> dict[str, int]:
    return {item.id: item.units for item in request.items}  # type: ignore[attr-defined]  # a Request


def test_a_long_bench_is_not_a_sofa(conversation: Conversation) -> None:
    request = conversation.say("長いす捨てたいんだけど、いくら？")
    assert (request.action, request.ids) == ("answer", ("S00324",))


def test_the_table_is_asked_about_while_the_chairs_are_kept(conversation: Conversation) -> None:
    asked = conversation.say("椅子2脚とテーブル1つ")
    assert (asked.action, asked.ids) == ("clarify", ("table", "S00088"))
    assert asked.question is not None and asked.question.round == 1
    assert counts(conversation.say("90センチ")) == {"S00088": 2, "S00288": 1}


def test_two_open_sizes_are_asked_one_after_another_and_answered_together(conversation: Conversation) -> None:
    assert conversation.say("ソファとベッドを捨てたい").ids == ("sofa", "bed")
    assert conversation.say("二人用").ids == ("bed", "S00077")
    assert counts(conversation.say("シングル")) == {"S00077": 1, "S00212": 1}


def test_every_button_says_what_settles_its_own_row(conversation: Conversation) -> None:
    for group in conversation.understanding.town.groups.values():
        for row in group.rows:
            conversation.talk = Talk()
            conversation.say(f"{group.name.split('（')[0].split('・')[0]}を捨てたい")
            if conversation.talk.question and conversation.talk.question.group == group.id:
                assert conversation.say(row.says).ids == (row.item,), (group.id, row.says)


def test_after_two_questions_without_an_answer_the_third_round_is_the_table(conversation: Conversation) -> None:
    rounds = [conversation.say(text).question for text in ("本棚を捨てたい", "わかりません", "さあ、わからない", "知らない")]
    assert [question.round for question in rounds if question] == [1, 2, 3, 3]


def test_a_word_of_the_size_beats_another_thing(conversation: Conversation) -> None:
    conversation.say("マッサージチェアを捨てたい")
    assert conversation.say("大きなソファーの形です").ids == ("S00420",)


def test_then_replaces_and_also_adds(conversation: Conversation) -> None:
    conversation.say("扇風機はいくら")
    assert conversation.say("じゃあ掃除機は？").ids == ("S00248",)
    assert conversation.say("それと枕も").ids == ("S00248", "S00417")


def test_a_new_thing_without_a_joining_word_starts_anew(conversation: Conversation) -> None:
    conversation.say("扇風機はいくら")
    assert conversation.say("掃除機を捨てたい").ids == ("S00248",)


@pytest.mark.parametrize("text", ["四枚だと？", "4枚です", "四枚あります", "じゃあ四枚なら"])
def test_a_bare_count_changes_how_many(conversation: Conversation, text: str) -> None:
    conversation.say("布団を捨てたい")
    assert counts(conversation.say(text)) == {"S00376": 4}


def test_another_size_prices_the_last_thing_again(conversation: Conversation) -> None:
    conversation.say("テーブル 90センチ")
    assert conversation.say("120センチだったら").ids == ("S00289",)


def test_never_mind_empties_the_basket(conversation: Conversation) -> None:
    conversation.say("扇風機はいくら")
    assert conversation.say("やっぱりやめます").action == "settings"
    assert conversation.talk.basket == ()


def test_after_ten_minutes_the_question_is_forgotten(conversation: Conversation) -> None:
    conversation.say("ソファを捨てたい")
    conversation.now = NOW + timedelta(minutes=11)
    assert conversation.say("二人用").action != "answer"


def test_within_ten_minutes_it_is_not(conversation: Conversation) -> None:
    conversation.say("ソファを捨てたい")
    conversation.now = NOW + timedelta(minutes=9)
    assert conversation.say("二人用").ids == ("S00077",)


def test_a_thing_only_heard_alike_is_confirmed_and_yes_answers_it(conversation: Conversation) -> None:
    asked = conversation.say("食器代の高さ120の幅50")
    assert asked.action == "confirm"
    assert conversation.say("はい").action == "answer"


def test_no_takes_a_misheard_thing_back(conversation: Conversation) -> None:
    conversation.say("食器代の高さ120の幅50")
    assert conversation.say("いいえ").action == "refuse"
    assert conversation.talk.basket == ()


def test_the_talk_survives_storage(conversation: Conversation) -> None:
    conversation.say("椅子2脚とテーブル1つ")
    conversation.talk = Talk.from_dict(conversation.talk.as_dict())
    assert counts(conversation.say("90センチ")) == {"S00088": 2, "S00288": 1}


def test_a_faq_question_in_between_keeps_the_open_size(conversation: Conversation) -> None:
    conversation.say("ソファを捨てたい")
    assert conversation.say("シールはどこで買えますか").ids == ("f.ticket_where",)
    assert conversation.say("二人用です").ids == ("S00077",)


def test_five_cushions_cost_one_fee(conversation: Conversation) -> None:
    item = conversation.say("座布団12枚").items[0]
    assert (item.pieces, item.units) == (12, 3)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("タンス二つ、高さ180幅90と高さ60幅60", {"S00347": 1, "S00345": 1}),
        ("テーブル2台、90センチと120センチ", {"S00288": 1, "S00289": 1}),
        ("掃除機と炊飯器を2台ずつ", {"S00248": 2, "S00216": 2}),
        ("4脚の椅子と2枚の座布団", {"S00088": 4, "S00194": 1}),
        ("椅子3つと座卓1つ、座卓は120センチ", {"S00088": 3, "S00289": 1}),
        ("網戸2枚と障子3枚", {"S00269": 5}),
    ],
)
def test_sizes_and_counts_go_to_their_own_things(conversation: Conversation, text: str, wanted: dict[str, int]) -> None:
    assert counts(conversation.say(text)) == wanted
