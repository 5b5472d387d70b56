"""Smartphone help as it is talked through: one step at a time, which telephone asked once, and never instead of a danger."""

from __future__ import annotations

import pytest

from accessibility import Preferences
from inclusion.municipalities import Town
from inclusion.skills import Scene, phone_help
from inclusion.turn import Memory, Turn, take_turn
from inclusion.understanding import Request, Talk, Understanding
from inclusion.understanding.concepts import rows_of

from .conftest import NOW, Conversation

LANGUAGES = ("ja", "ja-easy", "en", "zh-Hans", "ko")


class Telephone:
    """Somebody with a telephone in hand."""

    def __init__(self, town: Town, understanding: Understanding, **preferences: object) -> None:
        self.town, self.understanding = town, understanding
        self.memory = Memory(preferences=Preferences(**preferences))  # type: ignore[arg-type]  # each test gives fields of Preferences

    def say(self, text: str) -> Turn:
        turn = take_turn(text, self.memory, self.town, self.understanding, NOW)
        self.memory = turn.memory
        return turn


@pytest.fixture
def telephone(town: Town, understanding: Understanding) -> Telephone:
    return Telephone(town, understanding)


def test_one_action_a_message_until_it_is_done(telephone: Telephone) -> None:
    headlines = [telephone.say(text).rendered.headline for text in ("写真が送れない", "次へ", "できた", "次へ", "次へ")]
    assert len(set(headlines)) == 5 and all(len(one) < 60 for one in headlines)
    done = telephone.say("できた")
    assert done.answer.ids == ("h.photo_send",) and [one.label for one in done.answer.choices] == ["スマホ教室", "人に聞く"]


def test_which_telephone_is_asked_once_and_remembered(telephone: Telephone) -> None:
    asked = telephone.say("文字が大きくならない")
    assert [one.label for one in asked.answer.choices] == ["iPhone", "Android"]
    telephone.say("iPhone")
    assert "画面表示と明るさ" in telephone.say("次へ").rendered.headline and telephone.memory.preferences.phone == "iphone"
    assert "どちら" not in telephone.say("音が鳴らなくなりました").rendered.headline


def test_who_is_stuck_is_handed_to_a_class_or_a_person(telephone: Telephone) -> None:
    telephone.say("QRコードの読み方")
    stuck = telephone.say("できない")
    assert stuck.answer.phones and "スマホ教室" in [one.label for one in stuck.answer.choices]
    assert telephone.say("次へ").answer.ids == ("h.qr",)


def test_going_back_shows_the_step_before(telephone: Telephone) -> None:
    first = telephone.say("写真を撮りたい").rendered.headline
    telephone.say("次へ")
    assert telephone.say("前に戻る").rendered.headline == first


def test_another_question_ends_the_help(telephone: Telephone) -> None:
    telephone.say("写真を撮りたい")
    assert telephone.say("扇風機を捨てたい").answer.total_yen == 300
    assert telephone.say("次へ").answer.action == "refuse"


@pytest.mark.parametrize("said", ["写真を捨てたい", "古いスマホの捨て方", "カメラの料金", "電話で申し込みたい"])
def test_throwing_away_is_never_taken_for_help(conversation: Conversation, said: str) -> None:
    assert not conversation.say(said).ids[0].startswith("h.")


@pytest.mark.parametrize("said", ["ウイルスに感染したと出て音が鳴っています", "警察だと名乗る人からビデオ電話が来ました"])
def test_fraud_comes_before_help(telephone: Telephone, said: str) -> None:
    telephone.say("写真を撮りたい")
    assert telephone.say(said).answer.ids == ("r.fraud",)


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.soak)])
def test_every_topic_is_found_by_its_sentences(understanding: Understanding, every: int) -> None:
    rows = rows_of("phone_topics.csv")
    first = {topic: (topic, sentence) for topic, sentence in reversed(rows)}
    wrong = []
    for topic, sentence in {*first.values(), *rows[::every]}:
        ids = Conversation(understanding).say(sentence).ids
        if ids != (topic,) and not ids[0].startswith("s."):
            wrong.append((sentence, topic, ids))
    assert wrong == []


def test_every_topic_has_steps_in_every_language(town: Town) -> None:
    topics = {topic.removeprefix("h.") for topic, _ in rows_of("phone_topics.csv")}
    for topic in topics:
        steps = [one for one in town.messages.texts if one.startswith(f"phone.{topic}.")]
        assert len(topics) >= 36 and len(steps) >= 2
        assert all(town.messages.texts[one].get(language) for one in (f"phone.{topic}", *steps) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("preferences", "first", "last", "title"),
    [
        ({"language": "en"}, "Press the camera.", "Press the large white circle once. The click means it is taken.", "Taking a photo"),
        ({"language": "zh-Hans"}, "请按相机图标。", "请按一下白色大圆圈。听到声音就拍好了。", "拍照"),
        (
            {"language": "ko"},
            "카메라 아이콘을 눌러 주세요.",
            "크고 하얀 동그라미를 한 번 눌러 주세요. 소리가 나면 찍힌 것입니다.",
            "사진 찍기",
        ),
        (
            {"easy": True},
            "カメラの 絵を 押して ください。",
            "白い 大きい 丸を 1回 押して ください。音が したら できました。",
            "写真を とる",
        ),
    ],
)
def test_steps_come_in_the_language_of_who_asks(
    town: Town, understanding: Understanding, preferences: dict[str, object], first: str, last: str, title: str
) -> None:
    telephone = Telephone(town, understanding, **preferences)
    begun = telephone.say("写真を撮りたい")
    assert begun.rendered.headline == first and begun.answer.details[0] == f"{title} 1/3"
    telephone.say("次へ")
    assert telephone.say("次へ").rendered.headline == last


@pytest.mark.parametrize(("language", "screen"), [("zh-Hans", "“显示与亮度”"), ("ko", "‘디스플레이 및 밝기’")])
def test_what_is_to_be_pressed_is_named_as_that_telephone_shows_it(
    town: Town, understanding: Understanding, language: str, screen: str
) -> None:
    telephone = Telephone(town, understanding, language=language, phone="iphone")
    telephone.say("文字が大きくならない")
    assert screen in telephone.say("次へ").rendered.headline


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("家のワイファイが急に使えなくなっちゃって", "h.connect"),
        ("Wi-Fiとギガってどう違うの", "h.wifi"),
        ("電波がぜんぜん立たないのよ", "h.no_signal"),
        ("充電器つないでも増えないんです", "h.charge"),
        ("ラインが開かなくて困ってるの", "h.app_stuck"),
        ("孫の写真がみんな消えちゃった", "h.photo_gone"),
        ("容量がもういっぱいだって言われる", "h.storage"),
    ],
)
def test_trouble_gets_the_help_for_that_trouble(conversation: Conversation, said: str, topic: str) -> None:
    assert conversation.say(said).ids == (topic,)


def test_a_desk_in_japanese_is_part_of_a_telephone_in_chinese(conversation: Conversation) -> None:
    assert conversation.say("手机没有信号").ids[0][:2] in ("f.", "h.")


@pytest.mark.parametrize("words", ["停電したらどうする", "鍵が開かない", "電気がつかない"])
def test_trouble_that_is_not_the_telephones_is_asked_about_before_any_button_is_named(conversation: Conversation, words: str) -> None:
    assert conversation.say(words).action in ("confirm", "refuse")


@pytest.mark.parametrize(("words", "topic"), [("電源の入れ方がどうも分からなくて", "h.power"), ("音が鳴らない", "h.sound")])
def test_what_both_ways_of_looking_find_is_explained_at_once(conversation: Conversation, words: str, topic: str) -> None:
    request = conversation.say(words)
    assert (request.action, request.ids[0]) == ("faq", topic)


def test_a_topic_that_is_only_asked_about_shows_no_step_before_the_yes(town: Town, understanding: Understanding) -> None:
    asked = phone_help.answer(Request("confirm", ("h.power",)), Scene(town, Preferences(), "ja", NOW))
    assert (asked.action, asked.headline, asked.details) == ("confirm", "「電源の入れ方」のことでしょうか。", ())
    memory = Memory(talk=Talk(topic=("h.power",), confirming=("h.power",), last_at=NOW))
    agreed = take_turn("はい", memory, town, understanding, NOW)
    assert (agreed.answer.action, agreed.answer.ids) == ("faq", ("h.power",))
    assert "押し続けて" in agreed.rendered.headline
