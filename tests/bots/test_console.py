"""A conversation by typing: numbers choose, q and the end of input end it."""

from __future__ import annotations

from accessibility import Answer, Choice, Preferences, Rendered, render
from bots.console import converse

HELP = Choice("人に聞く", "人に聞く")


class Talk:
    """Types the given lines and notes what was asked and shown."""

    def __init__(self, *typed: str) -> None:
        self.typed = list(typed)
        self.asked: list[str] = []
        self.shown: list[str] = []
        converse(self.read_line, self.shown.append, self.answer)

    def read_line(self, prompt: str) -> str:
        if not self.typed:
            raise EOFError
        return self.typed.pop(0)

    def answer(self, said: str) -> Rendered:
        self.asked.append(said)
        choices = (Choice("ガラス製", "ガラス製のテーブル"), HELP)
        return render(Answer("clarify", f"「{said}」ですね。どれですか。", choices=choices), Preferences())


def test_what_is_typed_is_asked_and_the_answer_shown_with_its_choices() -> None:
    talk = Talk("テーブル")
    assert talk.asked == ["テーブル"]
    assert "どれですか。" in talk.shown[0] and "1. ガラス製" in talk.shown[0] and "2. 人に聞く" in talk.shown[0]


def test_a_number_says_what_its_choice_says() -> None:
    assert Talk("テーブル", "1", "２").asked == ["テーブル", "ガラス製のテーブル", "人に聞く"]


def test_a_number_nobody_offered_is_taken_as_words() -> None:
    assert Talk("1", "7", "9" * 5000).asked == ["1", "7", "9" * 5000]


def test_q_ends_the_talk_and_an_empty_line_asks_nothing() -> None:
    assert Talk("", "  ", "Q", "テーブル").asked == []


def test_an_interrupt_ends_the_talk_quietly() -> None:
    def interrupted(prompt: str) -> str:
        raise KeyboardInterrupt

    talk = Talk()
    converse(interrupted, talk.shown.append, talk.answer)
    assert (talk.asked, talk.shown) == ([], [])
