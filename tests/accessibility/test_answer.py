"""An answer can be kept and said again; a message is a sentence in the person's language."""

import json
from pathlib import Path

import pytest

from accessibility import Answer, Choice, Fee, MessageBroken, MessageMissing, Messages, Phone, Preferences, Source, Tickets, render

BILL = Answer(
    action="answer",
    headline="「いす」2脚の手数料は、合わせて600円です。",
    ids=("S00088",),
    details=("申し込んだあとで、B券（300円）2枚を買ってください。",),
    fees=(Fee("S00088", "いす", "いす（ソファー以外）", 2, 2, 300),),
    tickets=(Tickets("B券", 300, 2),),
    total_yen=600,
    counts={"S00088": 2},
    choices=(Choice("はい", "はい"),),
    phones=(Phone("受付センター", "03-0000-0000", "月〜土"),),
    sources=(Source("表", "https://example.jp/", "2026-05", verified=False),),
)


def messages(tmp_path: Path, *rows: str) -> Messages:
    file = tmp_path / "messages.csv"
    file.write_text("\ufeffid,ja,ja-easy,en,zh-Hans,ko,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return Messages.from_files([file])


def test_an_answer_comes_back_whole_from_storage() -> None:
    assert Answer.from_dict(json.loads(json.dumps(BILL.as_dict()))) == BILL


def test_an_answer_kept_by_a_newer_version_is_still_read() -> None:
    assert Answer.from_dict({**BILL.as_dict(), "colour": "green"}) == BILL


def test_the_voice_reads_no_addresses_and_no_brackets() -> None:
    spoken = render(BILL, Preferences()).spoken
    assert "http" not in spoken
    assert "（" not in spoken
    assert (
        spoken
        == "いす2脚の手数料は、合わせて600円です。申し込んだあとで、B券、300円、2枚を買ってください。受付センター 03-0000-0000、月〜土。"
    )


def test_everything_shown_is_in_the_plain_text() -> None:
    text = render(BILL, Preferences(), ("出典：表（2026-05 時点）",)).text
    assert all(part in text for part in (BILL.headline, *BILL.details, "03-0000-0000", "2026-05"))


def test_a_message_falls_back_to_japanese_when_a_language_is_not_written(tmp_path: Path) -> None:
    said = messages(tmp_path, "a,こんにちは {name},やあ,Hello {name},,,").say
    assert said("a", "ko", name="花") == "こんにちは 花"
    assert said("a", "en", name="Hana") == "Hello Hana"
    assert said("a", "ja", easy=True) == "やあ"


def test_a_later_file_rewords_an_earlier_one(tmp_path: Path) -> None:
    assert messages(tmp_path, "a,一,,,,,", "a,二,,,,,").say("a") == "二"


def test_an_unknown_message_says_where_to_add_it(tmp_path: Path) -> None:
    with pytest.raises(MessageMissing, match=r"Add a row with this id to messages/\*\.csv"):
        messages(tmp_path).say("nobody.wrote.this")


def test_a_missing_value_names_the_placeholder(tmp_path: Path) -> None:
    with pytest.raises(MessageBroken, match=r"needs a value for \{yen\}"):
        messages(tmp_path, "a,{yen}円,,,,,").say("a")


def test_preferences_of_another_version_are_read_as_far_as_they_are_known() -> None:
    assert Preferences.from_dict({"language": "en", "shoe_size": 24}) == Preferences(language="en")
