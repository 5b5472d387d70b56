"""The kana above the kanji: right on the ward's words, the same for eye and ear, and never in anybody's way."""

from __future__ import annotations

import csv
import threading
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from accessibility import Answer, Furigana, OpenedBeside, OpenJTalk, Preferences, ReadingEngineMissing, Readings, Ruby, in_chat, render
from accessibility import with_readings as chat_form
from accessibility.number_readings import number_in_kana, with_counter

HERE = Path(__file__).parent
PLACES = files("inclusion.municipalities") / "chiyoda" / "places.csv"
NEED_THE_LIST = [
    "三番町",
    "九段下",
    "九段北",
    "九段南",
    "九段坂",
    "二番町",
    "五番町",
    "六番町",
    "千鳥ヶ淵緑道",
    "四番町",
    "山王祭",
    "東神田",
    "神田三崎町",
    "神田佐久間町",
    "神田北乗物町",
    "神田和泉町",
    "神田多町",
    "神田富山町",
    "神田平河町",
    "神田東松下町",
    "神田東紺屋町",
    "神田松永町",
    "神田相生町",
    "神田祭",
    "神田紺屋町",
    "神田練塀町",
    "神田美倉町",
    "神田美土代町",
    "神田花岡町",
    "神田西福田町",
    "神田錦町",
    "神田鍛冶町",
    "神田須田町",
    "築土神社",
    "鍛冶町",
    "隼町",
    "風ぐるま",
]
NAMES = {"神保町": "じんぼうちょう", "猿楽町": "さるがくちょう"}


def rows(path: Path | Traversable) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def sounds(text: str) -> str:
    return "".join(sign for sign in text if sign not in "。、（）() 　")


@pytest.fixture(scope="module")
def engine() -> OpenJTalk:
    return OpenJTalk()


@pytest.fixture(scope="module")
def furigana(engine: OpenJTalk) -> Furigana:
    return Furigana(NAMES, Readings(NAMES), lambda: engine)


@pytest.mark.parametrize("half", ["open", "locked"])
def test_the_words_of_the_ward_are_read_right(furigana: Furigana, half: str) -> None:
    """Their readings were written down before any engine was asked."""
    words = rows(HERE / f"ward_readings_{half}.csv")
    wrong = {row["text"]: furigana.kana(row["text"]) for row in words if sounds(furigana.kana(row["text"])) != sounds(row["reading"])}
    assert len(words) > 170 and wrong == {}


@pytest.mark.parametrize("half", ["open", "locked"])
def test_what_is_shown_is_what_the_engine_speaks(furigana: Furigana, engine: OpenJTalk, half: str) -> None:
    texts = [row["text"] for row in rows(HERE / f"ward_readings_{half}.csv")]
    unlike = [text for text in texts if sounds(engine.sounds(furigana.voiced(text))) != sounds(furigana.kana(text))]
    assert unlike == []


def test_the_engine_alone_would_speak_some_of_them_otherwise(furigana: Furigana, engine: OpenJTalk) -> None:
    """Control: the comparison above notices a voice that is not led."""
    texts = [row["text"] for row in rows(HERE / "ward_readings_open.csv")]
    assert [text for text in texts if sounds(engine.sounds(text)) != sounds(furigana.kana(text))]


def places() -> dict[str, str]:
    """The ward's names of places as they come with the pack, written -> hiragana."""
    return {row["name"]: row["reading"] for row in rows(PLACES)}


@pytest.fixture(scope="module")
def listed(engine: OpenJTalk) -> Furigana:
    """Readings of names come from the list, whatever engine and rules say; those of the words around them from engine and rules."""
    return Furigana(places(), Readings(places()), lambda: engine)


def test_every_name_on_the_wards_list_is_read_as_listed(listed: Furigana) -> None:
    assert len(places()) == 104
    assert {name for name, reading in places().items() if listed.kana(f"{name}で会う") != f"{reading}であう"} == set()


def test_every_name_on_the_wards_list_is_spoken_as_it_is_shown(listed: Furigana, engine: OpenJTalk) -> None:
    unlike = {name for name in places() if sounds(engine.sounds(listed.voiced(f"{name}で会う"))) != sounds(listed.kana(f"{name}で会う"))}
    assert unlike == set()


def test_without_the_list_engine_and_rules_know_all_names_but_these(engine: OpenJTalk) -> None:
    """Control of both tests above, and the answer to which readings only the list knows."""
    unlisted = Furigana({}, Readings(), lambda: engine)
    assert {name for name, reading in places().items() if unlisted.kana(f"{name}で会う") != f"{reading}であう"} == set(NEED_THE_LIST)
    assert [name for name in places() if sounds(engine.sounds(f"{name}で会う")) != sounds(f"{places()[name]}であう")]


def test_the_towns_own_list_wins_over_engine_and_rules(engine: OpenJTalk) -> None:
    assert Furigana({"一人": "いちにん"}, Readings(), lambda: engine).kana("一人") == "いちにん"


def test_kana_stands_only_above_kanji_and_counted_numbers(furigana: Furigana) -> None:
    assert furigana.ruby("食べ物を3階で") == (Ruby("食べ物", "たべもの"), Ruby("を"), Ruby("3階", "さんがい"), Ruby("で"))
    assert furigana.ruby("1,600円")[-2:] == (Ruby("1,600"), Ruby("円", "えん"))


@pytest.mark.parametrize(
    "text", ["Ｗｉ－Ｆｉ と ABC、窓口 は\n3階です。", "☎ 03-1234-5678（月〜土 8時〜19時）", "http://example.jp/ を見る", ""]
)
def test_nothing_of_the_text_is_lost(furigana: Furigana, text: str) -> None:
    assert "".join(piece.text for piece in furigana.ruby(text)) == text


def test_numbers_meet_their_counters(furigana: Furigana) -> None:
    assert [with_counter(n, "本") for n in (1, 3, 6, 10)] == ["いっぽん", "さんぼん", "ろっぽん", "じゅっぽん"]
    assert [with_counter(n, "分") for n in (1, 3, 4, 30)] == ["いっぷん", "さんぷん", "よんぷん", "さんじゅっぷん"]
    assert number_in_kana(12_345_678) == "せんにひゃくさんじゅうよんまんごせんろっぴゃくななじゅうはち"


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("この日から休みます", "このひから"),
        ("その 日は 休みです", "その ひは"),
        ("あの日、行きました", "あのひ、"),
        ("1月4日から", "よっかから"),
    ],
)
def test_a_day_that_is_pointed_at_is_read_hi(furigana: Furigana, text: str, kana: str) -> None:
    assert kana in furigana.kana(text)


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("公開します。重なりがあれば", "かさなりがあれば"),
        ("日程が重なって", "かさなって"),
        ("重力", "じゅうりょく"),
        ("ご案内した方のための教室", "したかたのための"),
        ("大きい方のサイズ", "おおきいほうの"),
    ],
)
def test_words_that_were_seen_read_wrong_on_the_sheets(furigana: Furigana, text: str, kana: str) -> None:
    """Each with a neighbour that is read otherwise."""
    assert kana in furigana.kana(text)


def test_in_chat_only_hard_words_get_their_reading(furigana: Furigana) -> None:
    assert chat_form("学校で粗大ごみを見る", furigana) == "学校で粗大（そだい）ごみを見る"
    assert chat_form("学校を見る", furigana, everything=True) == "学校（がっこう）を見（み）る"
    assert chat_form("窓口は https://example.jp/窓口", furigana) == "窓口（まどぐち）は https://example.jp/窓口"


def test_a_chat_message_changes_only_for_who_asked(furigana: Furigana) -> None:
    answer = Answer("answer", "手数料は300円です。", details=("窓口へ行ってください。",))
    plain, with_kana = (in_chat(render(answer, Preferences(furigana=wish)), furigana) for wish in (False, True))
    assert "（" not in plain.text and with_kana.text.startswith(with_kana.headline)
    assert "手数料（てすうりょう）" in with_kana.text and with_kana.spoken == plain.spoken


def test_two_engines_that_disagree_are_reported(furigana: Furigana) -> None:
    class Wrong:
        def read(self, text: str) -> Sequence[tuple[str, str]]:
            return [(text, "ちがう")]

        def sounds(self, text: str) -> str:
            return "ちがう"

    assert furigana.doubts("掃除機") == ()
    assert [doubt.other for doubt in Furigana({}, Readings(), lambda: Wrong()).doubts("掃除機")] == ["そうじき"]


def test_nobody_waits_while_the_engine_opens() -> None:
    gate = threading.Event()

    def slow() -> OpenJTalk:
        gate.wait(10)
        raise ReadingEngineMissing("pyopenjtalk-plus")

    beside = OpenedBeside(slow)
    assert Furigana({}, Readings(), beside).kana("掃除機") == "そうじき" and beside() is None
    gate.set()
    assert not beside.wait(10)


def test_a_doubtful_word_is_shown_with_the_kanji_around_it_and_a_scrap_of_a_sentence_never(furigana: Furigana) -> None:
    found = {doubt.written: (doubt.shown, doubt.other) for doubt in furigana.doubts("管理会社に聞いてください")}
    assert found == {"管理会社": ("かんりがいしゃ", "かんりかいしゃ")}
    for text in ("引っ越してきた方は、手続きをします", "区の表にありません", "A券とB券は何が違いますか"):
        assert furigana.doubts(text) == ()


def test_what_staff_decide_wins_over_the_list_until_it_is_taken_back() -> None:
    furigana = Furigana({"猿楽町": "さるがくちょう"}, Readings(), lambda: None)
    furigana.correct({"猿楽町": "えんがくまち", "神田": "かみた"})
    assert furigana.kana("猿楽町と神田") == "えんがくまちとかみた" and furigana.named("神田") == "かみた"
    furigana.correct({})
    assert furigana.kana("猿楽町") == "さるがくちょう"
