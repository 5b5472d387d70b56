"""Whole turns with the Chiyoda pack: what a resident says, and the words that come back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accessibility import Preferences
from inclusion.classes.upcoming import UpcomingClass
from inclusion.municipalities import Town
from inclusion.skills import Scene, classes
from inclusion.turn import Memory, Turn, greet, say_kindly, take_turn
from inclusion.understanding import Understanding
from tests.towns import demo_town, town_understood

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Resident:
    """Someone in a conversation with the town."""

    def __init__(self, town: Town, understanding: Understanding, **preferences: object) -> None:
        self.town, self.understanding = town, understanding
        self.memory, self.now = Memory(preferences=Preferences(**preferences)), NOW  # type: ignore[arg-type]

    def says(self, *texts: str) -> Turn:
        for text in texts:
            self.now += timedelta(seconds=20)
            turn = take_turn(text, self.memory, self.town, self.understanding, self.now)
            self.memory = turn.memory
        return turn


@pytest.fixture(scope="module")
def town() -> Town:
    return demo_town()


@pytest.fixture(scope="module")
def understanding(town: Town) -> Understanding:
    return town_understood()


@pytest.fixture
def resident(town: Town, understanding: Understanding) -> Resident:
    return Resident(town, understanding)


def test_the_long_bench_costs_600_yen_and_two_b_tickets_with_source_and_day(resident: Resident) -> None:
    turn = resident.says("長いす捨てたいんだけど、いくら？")
    assert turn.rendered.headline == "「長いす」の手数料は600円です。"
    assert "申し込んだあとで、B券（300円）2枚を買ってください。" in turn.rendered.lines
    assert "2026-05" in turn.rendered.notes[0]
    assert "未照合" in turn.rendered.notes[0]


def test_two_chairs_and_a_table_ask_for_the_tables_size_and_then_total(resident: Resident) -> None:
    first = resident.says("椅子2脚とテーブル1つ")
    assert (first.answer.action, set(first.answer.ids)) == ("clarify", {"table", "S00088"})
    assert "椅子 2脚 … 600円" in first.rendered.lines
    then = resident.says("90センチ")
    assert (then.answer.total_yen, then.rendered.headline) == (900, "全部で900円です。")


def test_two_sofas_need_four_a_and_eight_b_tickets(resident: Resident) -> None:
    turn = resident.says("三人掛けのソファを2つ捨てたい")
    assert turn.answer.total_yen == 3200
    assert [(ticket.name, ticket.count) for ticket in turn.answer.tickets] == [("A券", 4), ("B券", 8)]


def test_an_item_without_a_fee_is_answered_with_the_number_to_call(resident: Resident) -> None:
    turn = resident.says("樽を捨てたい")
    assert turn.answer.total_yen is None
    assert "電話でお尋ねください" in turn.rendered.headline
    assert turn.rendered.phones[0].number == "03-6743-0603"


@pytest.mark.parametrize(
    ("words", "number"),
    [("煙が出てる、助けて", "119"), ("死にたい", "0120-279-338"), ("警察を名乗る人にお金を渡せと言われた", "#9110"), ("頭が痛い", "#7119")],
)
def test_danger_is_met_with_the_reviewed_text_and_its_numbers(resident: Resident, words: str, number: str) -> None:
    turn = resident.says(words)
    rule = next(rule for rule in resident.town.guard if rule.name == turn.request.guard)
    assert turn.rendered.headline == rule.headline
    assert number in {phone.number for phone in turn.rendered.phones}
    assert "Call 119" not in turn.rendered.text  # control: who reads Japanese has it in Japanese


@pytest.mark.parametrize("words", ["My husband collapsed", "有人晕倒了", "사람이 쓰러졌어요", "I want to die"])
def test_in_danger_who_reads_no_japanese_gets_the_numbers_in_english_before_the_reviewed_text(resident: Resident, words: str) -> None:
    first, *rest = resident.says(words).rendered.lines
    assert first == "Call 119 for fire or an ambulance. Call 110 for the police." and rest
    assert first not in resident.says("日本語で").rendered.lines


@pytest.mark.parametrize("words", ["さみしい", "一人で寂しいんです", "話し相手がほしい", "誰とも話してない"])
def test_who_is_lonely_is_thanked_and_given_a_voice_to_call(resident: Resident, words: str) -> None:
    turn = resident.says(words)
    assert turn.rendered.headline.startswith("お話しくださって、ありがとうございます。")
    assert "0120-279-338" in {phone.number for phone in turn.rendered.phones}
    assert resident.says("寂しい部屋のソファを捨てたい").answer.action == "clarify"  # control: of a thing, the word is no call for company


@pytest.mark.parametrize("words", ["あんた誰？", "何ができるの", "つかいかたがわからない", "どうやって使うの"])
def test_who_asks_what_this_is_for_hears_what_can_be_asked(resident: Resident, words: str) -> None:
    turn = resident.says(words)
    assert "案内係（機械）" in turn.rendered.headline
    assert "スマホ教室の申し込み：「スマホ教室」" in turn.rendered.lines
    assert "案内係（機械）" not in resident.says("誰か家にいないといけませんか").rendered.text  # control


def test_a_thing_and_its_number_are_not_said_as_one_word(resident: Resident) -> None:
    assert "毛布 1枚 … 300円" in resident.says("布団3枚と毛布1枚").rendered.lines


def test_what_is_not_on_the_list_is_handed_over_and_never_guessed(resident: Resident) -> None:
    turn = resident.says("麻雀卓を捨てたい")
    assert (turn.answer.action, turn.answer.total_yen) == ("refuse", None)
    assert turn.rendered.phones


def test_nothing_is_said_twice_in_one_answer(resident: Resident) -> None:
    for words in ("テレビ捨てたい", "電卓は何ごみ", "傘"):
        turn = resident.says(words)
        said = [turn.rendered.headline, *turn.rendered.lines]
        assert not [line for line in said[1:] if turn.rendered.headline in line]


def test_larger_letters_come_with_the_answer_given_before(resident: Resident) -> None:
    turn = resident.says("扇風機はいくら", "もっと大きく")
    assert turn.memory.preferences.letter_size == "largest"
    assert "「扇風機」の手数料は300円です。" in turn.rendered.lines


def test_once_more_repeats_without_asking_again(resident: Resident) -> None:
    first = resident.says("扇風機はいくら")
    again = resident.says("もう一度お願いします")
    assert again.rendered.text == first.rendered.text


def test_someone_who_writes_english_is_answered_in_english(resident: Resident) -> None:
    turn = resident.says("three chairs")
    assert "¥900" in turn.rendered.headline
    assert turn.rendered.language == "en"


IN_ENGLISH = "I will answer in English."


@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("扇風機はいくら", "「扇風機」の手数料は300円です。", 'The fee for "扇風機" is ¥300.'),
        ("椅子2脚", "「椅子」2脚の手数料は、合わせて600円です。", 'of "椅子" is ¥600 in total.'),
        ("謎の物体X", "すみません、よく分かりませんでした。", "Sorry, I did not understand that."),
        ("スマホ教室はありますか", "区のスマホ教室", "are not confirmed yet"),
        ("公衆トイレはどこにありますか", "公衆トイレ", "37 public toilets"),
    ],
)
def test_another_language_brings_the_last_answer_in_that_language(resident: Resident, question: str, before: str, after: str) -> None:
    assert before in resident.says(question).rendered.text
    changed = resident.says("英語でお願いします").rendered
    assert changed.headline == IN_ENGLISH and after in changed.text
    assert after in resident.says("もう一度").rendered.text and resident.memory.last is not None
    assert resident.memory.last.language == "en"


def test_back_in_japanese_a_thing_has_its_japanese_name(resident: Resident) -> None:
    assert "bookshelf" in resident.says("How much is a bookshelf?").rendered.text
    back = resident.says("日本語で").rendered
    assert (
        back.headline == "日本語でお答えします。"
        and "本棚など）」ですね。" in back.text
        and "料金表とまだ" in back.text
        and "bookshelf" not in back.text
    )


def test_who_asks_for_japanese_in_english_gets_japanese(resident: Resident) -> None:
    assert resident.says("How much is an electric fan?", "in Japanese please").rendered.headline == "日本語でお答えします。"


def test_easy_words_are_used_for_the_last_answer_too(resident: Resident) -> None:
    assert "「扇風機」を捨てるお金は 300円です。" in resident.says("扇風機はいくら", "やさしい日本語で").rendered.text


def test_control_what_was_not_asked_cannot_be_said_anew(resident: Resident) -> None:
    resident.says("扇風機はいくら")
    resident.memory = replace(resident.memory, asked=None)
    assert "「扇風機」の手数料は300円です。" in resident.says("英語でお願いします").rendered.text


def test_the_second_i_do_not_know_gets_the_whole_table(resident: Resident) -> None:
    turn = resident.says("鏡台を捨てたい", "わからない", "わからない")
    assert any("900円" in line for line in turn.rendered.lines)
    assert turn.rendered.phones


def test_easy_japanese_is_used_when_chosen(town: Town, understanding: Understanding) -> None:
    turn = Resident(town, understanding, easy=True).says("扇風機はいくら")
    assert turn.rendered.headline == "「扇風機」を捨てるお金は 300円です。"


def test_the_first_greeting_explains_itself_in_three_buttons(town: Town) -> None:
    turn = greet(Memory(), town, NOW)
    assert town.name in turn.rendered.headline
    assert len(turn.rendered.choices) == 3


def test_trouble_on_our_side_is_told_with_a_number(town: Town) -> None:
    turn = say_kindly("channel.trouble", Memory(), town, NOW)
    assert turn.rendered.phones


@pytest.mark.parametrize("said", ["ふつうの日本語で", "普通の日本語でお願いします", "やさしい日本語をやめて"])
def test_easy_japanese_can_be_left_again(resident: Resident, said: str) -> None:
    assert resident.says("やさしい日本語で", "扇風機はいくら").rendered.headline == "「扇風機」を捨てるお金は 300円です。"
    assert resident.says(said).rendered.headline == "ふつうの日本語でお答えします。"
    assert resident.says("扇風機はいくら").rendered.headline == "「扇風機」の手数料は300円です。"


def test_a_source_says_what_it_was_not_compared_with(resident: Resident) -> None:
    """A table of fees behind a fee; behind anything else the town's own page."""
    assert "料金表とまだ照らし合わせていません" in resident.says("扇風機はいくら").rendered.notes[0]
    notes = resident.says("スマホ教室はありますか").rendered.notes
    assert "未照合" in notes[0] and "料金表" not in notes[0]


def test_who_reads_no_japanese_is_told_when_the_answer_is_only_in_japanese(town: Town, understanding: Understanding) -> None:
    resident = Resident(replace(town, translations={}), understanding)
    assert "Japanese only" in resident.says("How do I throw away a TV?").rendered.text
    assert "Japanese only" not in resident.says("How much is an electric fan?").rendered.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("How do I throw away a TV?", "does not collect TVs"),
        ("电视怎么扔", "区里不回收电视"),
        ("우산은 무슨 쓰레기예요", "타지 않는 쓰레기"),
        ("curtain", "burnable waste (燃やすごみ)"),
        ("I'd like to join the smartphone class", "smartphone class"),
        ("我想报名手机课", "手机课"),
    ],
)
def test_rules_and_classes_are_told_in_the_language_asked_in(resident: Resident, asked: str, words: str) -> None:
    text = resident.says(asked).rendered.text
    assert words in text
    assert "Japanese only" not in text


def test_the_question_back_names_things_in_the_language_asked_in_and_two_sizes_by_their_rows(
    town: Town, understanding: Understanding
) -> None:
    english = take_turn("two chairs and a tv", Memory(), town, understanding, NOW, sure=False)
    assert "chair (いす) and tv (テレビ)" in english.rendered.headline
    sizes = take_turn("自転車2台。26インチと12インチ", Memory(), town, understanding, NOW, sure=False)
    assert "自転車（16インチ以上）と自転車（16インチ未満）" in sizes.rendered.headline


def test_rules_are_told_in_easy_japanese_to_who_chose_it(town: Town, understanding: Understanding) -> None:
    easy = Resident(town, understanding, easy=True)
    assert easy.says("テレビを すてたい").rendered.headline == "テレビは、区に 出すことが できません。店に 頼みます。"


def test_hours_stand_in_one_pair_of_brackets(resident: Resident) -> None:
    assert "（月〜土 8時〜19時、日曜・年末年始は休み）" in resident.says("扇風機はいくら").rendered.text


@pytest.mark.parametrize("asked", ["スマホ教室はいつですか", "スマホ教室に申し込みたい", "greeting.says_2"])
def test_planned_classes_answer_what_the_town_has_not_confirmed(town, understanding, asked):
    """Control: with an empty timetable the same question gets the town's own words."""
    asked = town.messages.say(asked) if "." in asked else asked
    planned = [UpcomingClass("c1", "電話とカメラ", NOW + timedelta(days=3), "見本会場A", "https://town.example/lessons/c1", 3, True)]
    turns = [take_turn(asked, Memory(), town, understanding, NOW, upcoming) for upcoming in (lambda _now: planned, lambda _now: [])]
    assert [len(one.answer.choices) for one in turns] == [1, 0]
    assert "電話とカメラ" in turns[0].rendered.text and "まだ確認できていません" in turns[1].rendered.text


@pytest.mark.parametrize("wanted", [{"age_from": 60, "residency": ["lives", "works"]}, {}])
def test_the_list_of_classes_says_for_whom_each_is_before_anybody_applies(town, understanding, wanted):
    """What will be asked for is named in the list and when the class is chosen; control: a class for everybody names nobody."""
    start = NOW + timedelta(days=3)
    planned = [UpcomingClass("c1", "だまされないための練習", start, "見本会場A", "https://town.example/lessons/c1", 3, True, wanted=wanted)]
    listed = take_turn("スマホ教室はいつですか", Memory(), town, understanding, NOW, lambda _now: planned)
    scene = Scene(town, Preferences(), "ja", NOW)
    chosen = classes.to_book(planned[0], classes.says(planned[0], town.timezone), scene, (), False, "chat")
    for told in (" ".join(listed.answer.details), " ".join(chosen.details)):
        assert ("60歳" in told and "対象" in told) == bool(wanted)
