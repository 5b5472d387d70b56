"""The practice partner on LINE and Telegram: one action a message, success seen from what is sent, then another way, safe drills."""

from __future__ import annotations

import pytest
from sqlmodel import select

from inclusion.municipalities.loading import platform_messages
from lessons.errors import NoConsent
from lessons.learning_tables import PracticeRun
from lessons.practice import DRILLS, SCENARIOS, agree_to_drills, start_drill
from tests.doubles.line_events import RESIDENT, audio_event, message_event
from tests.doubles.telegram import said

from .small_town import SmallTown

MESSAGES = platform_messages()


async def photo(town: SmallTown) -> str:
    message = {"type": "image", "id": "900", "quoteToken": "q", "contentProvider": {"type": "line"}}
    return await town.event("line", message_event(message, RESIDENT, town.now))


async def test_a_photo_is_practised_screen_by_screen_and_known_when_it_arrives(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    assert "何を練習しますか" in await small_town.line("練習したい")
    assert "1回押してください" in await small_town.line("写真を送る練習")
    assert "好きな写真" in await small_town.line("できた")
    assert "写真が届きました" in await photo(small_town)


PLACE = {"latitude": 35.694, "longitude": 139.754}
STICKER = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular", "file_id": "s", "file_unique_id": "u"}
SENT = {
    ("line", "place"): {"type": "location", "id": "910", "title": "待ち合わせ", "address": "千代田区", **PLACE},
    ("line", "sticker"): {"type": "sticker", "id": "911", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"},
    ("line", "words"): "こんにちは",
    ("telegram", "place"): {"location": PLACE},
    ("telegram", "sticker"): {"sticker": STICKER},
    ("telegram", "words"): "こんにちは",
}


async def does(town: SmallTown, channel: str, what: str) -> str:
    """A place, a sticker or words, as the channel's server sends them."""
    sent = SENT[channel, what]
    if isinstance(sent, str):
        return await getattr(town, channel)(sent)
    if channel == "line":
        return await town.event("line", message_event(sent, RESIDENT, town.now))
    town.updates += 1
    return await town.event("telegram", said(sent, town.updates))


@pytest.mark.parametrize(("channel", "what"), SENT, ids=" ".join)
async def test_success_is_seen_from_what_is_sent_and_only_from_that(small_town: SmallTown, channel: str, what: str) -> None:
    write = getattr(small_town, channel)
    await write("おはよう")
    begun = await write(MESSAGES.say(f"practice.{what}.says"))
    assert "1回押してください" in begun
    wrong = "sticker" if what != "sticker" else "place"
    assert "もう一度" in await does(small_town, channel, wrong)
    assert MESSAGES.say(f"practice.{what}.done") in await does(small_town, channel, what)
    assert MESSAGES.say(f"practice.{what}.done") not in await does(small_town, channel, what)  # control: nothing is practised any more


@pytest.mark.parametrize("channel", ["line", "telegram"])
@pytest.mark.parametrize("what", ["place", "sticker", "words"])
async def test_three_tries_then_another_way_on_both_channels(small_town: SmallTown, channel: str, what: str) -> None:
    write = getattr(small_town, channel)
    await write("おはよう")
    await write(MESSAGES.say(f"practice.{what}.says"))
    wrong = "sticker" if what != "sticker" else "place"
    heard = [await does(small_town, channel, wrong) for _ in range(3)]
    other = MESSAGES.say(f"practice.{what}.other")
    assert [other in one for one in heard] == [False, False, True] and "人に教えてもらう" in heard[2]
    assert MESSAGES.say(f"practice.{what}.done") in await does(small_town, channel, what)  # who finds it after all has still done it


async def test_a_photo_without_practice_is_no_practice(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    assert "写真が届きました。きれいに" not in await photo(small_town)


async def test_after_three_tries_another_way_and_a_person(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    await small_town.line("写真を送る練習")
    heard = [await small_town.line("うまくいかない") for _ in range(3)]
    assert "もう一度" in heard[0] and "共有" in heard[2] and "人に教えてもらう" in heard[2]
    assert "お使いのスマホ" in await small_town.line("スマホの相談をしたい")


async def test_other_questions_are_answered_in_the_middle_of_practice(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    await small_town.line("写真を送る練習")
    assert "円" in await small_town.line("扇風機を捨てたい")
    assert "119" in await small_town.line("胸が苦しい、助けて")
    assert "終わりました" in await small_town.line("練習をやめる")


async def test_a_spoken_question_during_another_practice_is_heard_as_a_question(small_town: SmallTown) -> None:
    await small_town.line("こんにちは")
    await small_town.line("写真を送る練習")
    heard = await small_town.event("line", audio_event("901", RESIDENT, small_town.now))
    assert "もう一度いきましょう" not in heard
    await small_town.line("声を送る練習")
    assert "お声が届きました" in await small_town.event("line", audio_event("902", RESIDENT, small_town.now))


@pytest.mark.parametrize("channel", ["line", "telegram"])
@pytest.mark.parametrize(
    ("choice", "told"),
    [("言われたとおりにする", "練習でよかった"), ("家族や役所に聞く", "そのとおりです"), ("何もしないで閉じる", "そのとおりです")],
)
async def test_a_drill_needs_consent_and_is_explained_at_once(small_town: SmallTown, channel: str, choice: str, told: str) -> None:
    write = getattr(small_town, channel)
    await write("おはよう")
    assert "【練習】" not in await write(choice)  # control: nobody is judged who did not agree
    assert "決してありません" in await write("詐欺に気づく練習")
    assert "【練習】" in await write("同意して詐欺の練習を始める")
    heard = await write(choice)
    assert told in heard and "作りもの" in heard and "見分け方" in heard and "#9110" in heard and "188" in heard


@pytest.mark.parametrize("channel", ["line", "telegram"])
async def test_who_takes_the_consent_back_is_drilled_no_more_and_not_judged(small_town: SmallTown, channel: str) -> None:
    write = getattr(small_town, channel)
    await write("おはよう")
    assert "詐欺の練習をやめる" in await write("同意して詐欺の練習を始める")  # leaving is a button
    assert "やめました" in await write("詐欺の練習をやめる")
    assert "作りもの" not in await write("言われたとおりにする")
    with small_town.database.writing() as session:
        person = session.exec(select(PracticeRun.person_id)).one()
        assert session.exec(select(PracticeRun.state)).all() == ["stopped"]
        with pytest.raises(NoConsent):
            start_drill(session, person, small_town.now)
        agree_to_drills(session, person, small_town.now)  # control: consenting again begins anew
        assert start_drill(session, person, small_town.now).state == "running"


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda one: one.name)
def test_every_message_asks_for_one_action(scenario) -> None:
    for step in range(1, scenario.steps + 1):
        assert MESSAGES.say(f"practice.{scenario.name}.{step}").count("ください") == 1
        assert "ください" not in MESSAGES.say(f"practice.{scenario.name}.{step}.see")


@pytest.mark.parametrize("drill", DRILLS)
def test_no_drill_holds_a_link_or_a_number(drill) -> None:
    assert MESSAGES.say(f"drill.{drill}").startswith("【練習】") and "http" not in MESSAGES.say(f"drill.{drill}")
