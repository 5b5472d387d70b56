"""Hard Japanese is found and explained; easy Japanese passes."""

import pytest

from accessibility.plain_japanese import breaches, findings

HARD = [
    ("令和8年11月24日に行います。", "元号"),
    ("受付は9時〜17時です。", "範囲の記号"),
    ("午後は15時に終わります。", "24時間の時刻"),
    ("10/20までに申し込んでください。", "斜めの線の日付"),
    ("当該書類を出してください。", "役所の言葉"),
    ("国民健康保険料を払います。", "漢字が続く"),
    ("お待ちいただきます。", "敬語"),
    ("申し込まなければなりません。", "二重の否定"),
    ("明日までに出すこと。電話する。", "文の終わり"),
    ("東京都千代区民税課税証明書類提出期限日付を見ます。", "漢字が多い"),
]
EASY = [
    "ごみは 朝 8時までに 出してください。",
    "お金は 300円です。コンビニで 券を 買ってください。",
    "わからない ときは、電話してください。",
    "2026年10月20日に あります。午後3時から 4時までです。",
]


@pytest.mark.parametrize(("text", "rule"), HARD, ids=lambda value: value[:12])
def test_what_is_hard_is_found_and_a_better_way_is_offered(text: str, rule: str) -> None:
    found = {finding.rule: finding for finding in findings(text)}
    assert rule in found and found[rule].suggestion and breaches(text)


@pytest.mark.parametrize("text", EASY)
def test_easy_sentences_may_be_published(text: str) -> None:
    assert [str(finding) for finding in breaches(text)] == []


def test_a_long_sentence_is_advice_and_keeps_nothing_from_being_published() -> None:
    long = "これは とても とても とても とても とても とても とても とても 長い 文です。"
    assert [finding.rule for finding in findings(long)] == ["長い文"] and breaches(long) == ()


def test_to_disappear_is_no_double_negative() -> None:
    assert not [found for found in findings("アプリは なくなりません。") if found.strict]
    assert [found for found in findings("行かなくては いけません。") if found.strict]
