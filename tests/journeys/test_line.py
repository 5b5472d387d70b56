"""A resident asks on LINE: signed webhook in, answer out through the double, across real processes."""

import json
import time
import urllib.error
from typing import Any

import pytest

from tests.doubles.line_events import RESIDENT, follow_event, message_event, sign, text_event, webhook
from tests.doubles.line_say import say

from .conftest import SECRET, Town

pytestmark = pytest.mark.xdist_group("town server")
PATIENCE_S = 10


def answers_to(town: Town, event: dict[str, Any]) -> list[dict[str, Any]]:
    """What arrived for this event, by its reply token or by push to its writer."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = [one for one in town.delivered() if one["to"] in (event["replyToken"], event["source"].get("userId"))]
        if found:
            return found
        time.sleep(0.05)
    return []


def resident(number: int) -> str:
    return f"U{number:032x}"


def words(delivered: dict[str, Any]) -> str:
    return json.dumps(delivered["messages"], ensure_ascii=False)


def test_the_long_bench_question_gets_the_same_answer_on_line_as_on_the_page(town: Town) -> None:
    event = text_event("長いす捨てたいんだけど、いくら？", resident(1))
    assert town.line(event) == 200
    (answer,) = answers_to(town, event)
    assert answer["how"] == "reply"
    on_page = town.ask("長いす捨てたいんだけど、いくら？")
    assert on_page["total_yen"] == 600
    for part in ("600円", "B券（300円）2枚", "03-6743-0603", "2026-05", "未照合"):
        assert part in words(answer)
        assert part in on_page["text"]


def test_a_second_delivery_of_the_same_event_is_not_answered_again(town: Town) -> None:
    event = text_event("扇風機はいくら", resident(2))
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    assert [town.line(event), town.line(again), town.line(event)] == [200, 200, 200]
    assert len(answers_to(town, event)) == 1
    time.sleep(1.5)
    assert len(answers_to(town, event)) == 1


def test_two_different_events_are_both_answered(town: Town) -> None:
    """Control: the test above would notice a second answer, since a second event gets one."""
    first, second = text_event("扇風機はいくら", resident(3)), text_event("扇風機はいくら", resident(3))
    assert town.line(first, second) == 200
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and len(answers_to(town, first) + answers_to(town, second)) < 2:
        time.sleep(0.05)
    assert len(answers_to(town, first)) == len(answers_to(town, second)) == 1


def test_a_conversation_goes_on_over_several_messages(town: Town) -> None:
    question = text_event("椅子2脚とテーブル1つ", resident(4))
    town.line(question)
    assert "テーブル" in words(answers_to(town, question)[0])
    size = text_event("90センチ", resident(4))
    town.line(size)
    assert "900円" in words(answers_to(town, size)[0])


def test_a_new_friend_is_greeted_with_three_large_buttons(town: Town) -> None:
    event = follow_event(user_id=resident(5))
    town.line(event)
    greeting = words(answers_to(town, event)[0])
    assert all(label in greeting for label in ("粗大ごみの料金", "スマホ教室", "人に聞く"))


def test_a_sticker_is_answered_kindly_and_not_with_silence(town: Town) -> None:
    event = message_event({"type": "sticker", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}, resident(6))
    town.line(event)
    assert "文字で送ってください" in words(answers_to(town, event)[0])


def test_someone_whose_id_line_withholds_is_answered_all_the_same(town: Town) -> None:
    event = text_event("傘は何ごみですか", None)
    town.line(event)
    (answer,) = answers_to(town, event)
    assert answer["how"] == "reply"


def test_the_tool_next_door_hears_the_same_bytes_under_lines_signature(town: Town) -> None:
    event = text_event("傘は何ごみですか😀", resident(7))
    town.line(event)
    assert answers_to(town, event)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and not (heard := [one for one in town.heard_next_door() if event["webhookEventId"] in one["body"]]):
        time.sleep(0.05)
    (one,) = heard
    assert one["signature"] == sign(one["body"].encode(), SECRET) and one["body"] == webhook(event).decode()


def test_nothing_a_resident_says_and_no_id_is_in_the_log(town: Town) -> None:
    event = text_event("ひみつのことばマンドリン", RESIDENT)
    town.line(event)
    answers_to(town, event)
    town.ask("ひみつのことばマンドリン")
    log = (town.var / "server.log").read_text(encoding="utf-8")
    assert "LINE is on" in log  # control: this is the log that everything goes to
    assert not [one for one in ("ひみつ", RESIDENT, event["replyToken"]) if one in log]


def test_a_dry_run_says_one_thing_and_hears_the_answer(town: Town) -> None:
    heard = say("扇風機はいくら", f"http://127.0.0.1:{town.server.port}", SECRET, town.double_url)
    assert "300円" in "".join(heard)


def test_control_a_dry_run_with_another_secret_is_refused(town: Town) -> None:
    with pytest.raises(urllib.error.HTTPError):
        say("扇風機はいくら", f"http://127.0.0.1:{town.server.port}", "another", town.double_url)
