"""Parts, and what is taken back in the same breath."""

from __future__ import annotations

from .conftest import Conversation


def test_a_part_is_read_by_the_thing_before_it(conversation: Conversation) -> None:
    conversation.say("換気扇を捨てたい")
    assert "S00134" in conversation.say("フードのほうもあるんです").ids


def test_its_mat_is_the_mat_of_the_bed(conversation: Conversation) -> None:
    assert "S00401" in conversation.say("ベビーチェアとベビーベッドとそのマット").ids


def test_a_count_is_no_leg(conversation: Conversation) -> None:
    conversation.say("椅子とテーブルを捨てたい")
    assert [(item.id, item.pieces) for item in conversation.say("やっぱり椅子は3脚").items] == [("S00088", 3)]


def test_what_is_corrected_in_the_same_breath_is_left_out(conversation: Conversation) -> None:
    assert conversation.say("オルガン、いや、電子オルガンでした").ids == ("S00309",)
