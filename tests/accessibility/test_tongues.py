"""Which language a line is in."""

from __future__ import annotations

import pytest

from accessibility import tongue_of


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
        ("¥300", "en", "en"),
        ("03-3264-3910", "ja", "ja"),
        ("iPhone", "ja", "ja"),
        ("", "ko", "ko"),
    ],
)
def test_letters_tell_the_language_and_a_quoted_name_does_not(line: str, page: str, tongue: str) -> None:
    assert tongue_of(line, page) == tongue
