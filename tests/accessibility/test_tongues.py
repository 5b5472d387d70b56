"""Which language a line is in."""

from __future__ import annotations

import pytest

from accessibility import Answer, Phone, Preferences, originals, render, tongue_of, with_original


@pytest.mark.parametrize(
    ("line", "page", "tongue"),
    [
        ("今すぐ119番へ電話してください。", "en", "ja"),
        ("今すぐ119番へ電話してください。", "zh-Hans", "ja"),
        ("Call 119 for fire or an ambulance. Call 110 for the police.", "ja", "en"),
        ("Call 119 for fire or an ambulance. Call 110 for the police.", "ko", "en"),
        ("请致电千代田清扫事务所。", "zh-Hans", "zh-Hans"),
        ("화재나 구급차는 119로 전화하세요.", "en", "ko"),
        ("千代田清掃事務所", "en", "ja"),
        ("千代田清掃事務所", "ko", "ja"),
        ("Ask at 千代田清掃事務所 before you come.", "en", "en"),
        ("Press 「申し込む」 at the end of the page.", "en", "en"),
        ("LINE Zoom Google Meet の使い方", "ja", "ja"),
        ("Map (地図で出かけよう)", "en", "en"),
        ("전화와 카메라 (電話とカメラ)", "ko", "ko"),
        ("电话（でんわ）", "zh-Hans", "zh-Hans"),
        ("(粗大ごみ受付センター)", "en", "ja"),
        ("¥300", "en", "en"),
        ("03-3264-3910", "ja", "ja"),
        ("iPhone", "ja", "ja"),
        ("", "ko", "ko"),
    ],
)
def test_letters_tell_the_language_and_a_quoted_name_does_not(line: str, page: str, tongue: str) -> None:
    assert tongue_of(line, page) == tongue


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ko"])
def test_the_japanese_beside_a_translated_name_is_found_again(language: str) -> None:
    line = with_original("Slow practice", "ゆっくり練習する会（ご案内した方）", language)
    assert [line[start:end] for start, end in originals(line, language)] == ["ゆっくり練習する会（ご案内した方）"]


def test_chinese_in_brackets_is_no_japanese() -> None:
    assert not list(originals("每天8点～21点（全年无休）", "zh-Hans")) and list(originals("Pension (国民年金係)", "en"))


def test_an_english_voice_is_not_given_japanese_to_say() -> None:
    office = Phone(with_original("Bulky Waste Reception Center", "粗大ごみ受付センター", "en"), "03-6743-0603", "Mon–Sat 8:00–19:00")
    rendered = render(Answer("faq", "Please call.", phones=(office,), language="en"), Preferences(language="en"))
    assert "☎ Bulky Waste Reception Center (粗大ごみ受付センター) 03-6743-0603 (Mon–Sat 8:00–19:00)" in rendered.text
    assert "Center 03-6743-0603" in rendered.spoken and "粗大" not in rendered.spoken
