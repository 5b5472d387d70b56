"""Hard Japanese is found and explained; easy Japanese passes."""

import csv
from importlib.resources import files

import pytest

from accessibility.easier_words import easier_words
from accessibility.glosses import glosses
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


def test_an_office_word_is_not_found_inside_another_word() -> None:
    assert [one.words for one in breaches("引っ越しの 際は 電話してください。")] == ["際"]
    assert breaches("実際に 会って、国際の 話を します。") == ()


def test_to_disappear_is_no_double_negative() -> None:
    assert not [found for found in findings("アプリは なくなりません。") if found.strict]
    assert [found for found in findings("行かなくては いけません。") if found.strict]


ADVISED = [
    ("名前が 呼ばれます。", "受け身", "呼ばれます"),
    ("書類が 係の 人に 送られました。", "受け身", "送られました"),
    ("番号札を お持ちください。", "尊敬・謙譲の言葉", "お持ちください"),
    ("後で ご連絡します。", "尊敬・謙譲の言葉", "ご連絡しま"),
    ("社長が いらっしゃいます。", "尊敬・謙譲の言葉", "いらっしゃ"),
    ("土曜日 以外は 入れません。", "打ち消しの重なり", "以外は 入れません"),
    ("区の 係の 人の 電話の 番号です。", "「の」が続く", "区の 係の 人の 電話の"),
    ("雨なので、祭りは 休みですが、店は 開いて いるから、来て ください。", "文の中の文", "雨なので、祭りは 休みで…"),
    ("いす、机、ふとん、たんすは、大きい ごみです。", "読点が多い", "いす、机、ふとん、たんす…"),
    ("住んで いる 町の 窓口に 来て ください。", "難しい言葉", "窓口"),
]


@pytest.mark.parametrize(("text", "rule", "words"), ADVISED, ids=[f"{rule} {words[:6]}" for _, rule, words in ADVISED])
def test_advice_names_the_words_and_offers_others_and_keeps_nothing_back(text: str, rule: str, words: str) -> None:
    found = [(one.rule, one.words) for one in findings(text) if one.suggestion]
    assert (rule, words) in found and breaches(text) == ()


NO_ALARM = [
    "ここで 生まれました。道が 分かれて います。",
    "映画が 見られます。6時から 食べられます。",
    "鍵を 入れて、忘れないで ください。よろしく お願いします。",
    "「窓口」は、受付の 所です。窓口に 来て ください。",
    "席は 次の 人の ものに なります。",
    "変更点は ありません。",
]


@pytest.mark.parametrize("text", NO_ALARM)
def test_what_only_looks_hard_is_left_alone(text: str) -> None:
    assert [str(one) for one in findings(text) if one.rule not in ("長い文", "カタカナの言葉")] == []


def test_no_easier_word_is_hard_itself_and_each_says_where_it_comes_from() -> None:
    text = (files("accessibility") / "easier_words.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == len(easier_words()) > 150 and all(row["source"] for row in rows)
    worse = {word: easier for word, easier in easier_words().items() if word in easier or breaches(easier)}
    assert worse == {}


def share_advised(texts: list[str]) -> float:
    counted = [any(one.rule not in ("長い文", "カタカナの言葉") for one in findings(text) if not one.strict) for text in texts]
    return sum(counted) / len(counted)


def test_reviewed_easy_texts_are_rarely_advised_against_and_their_originals_often() -> None:
    """The false alarms: our own messages in easy Japanese, beside the same messages in Japanese (the control)."""
    tables = (files("inclusion") / "municipalities" / "messages").iterdir()
    rows = [row for table in tables for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())]
    pairs = [(row["ja"], row["ja-easy"]) for row in rows if len(row["ja-easy"]) > 8 and row["ja-easy"] != row["ja"]]
    easy = [one for _, one in pairs] + [f"「{word}」は、{meaning}。" for word, meaning in glosses().items()]
    assert len(easy) > 900 and share_advised(easy) < 0.06
    assert share_advised([one for one, _ in pairs]) > 3 * share_advised(easy)
