"""A class booked, chosen and arrived at by voice alone: on LINE and on Telegram, through the door by which every recording comes.

With ears that know the recordings here; with the real voice and the real ears in `make soak`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from accessibility import Answer, Choice, Readings
from accessibility.hearing import Heard, Hypothesis, Listener
from accessibility.speaking import Manner, Speaker
from inclusion.classes.choosing import chosen_by_sound
from inclusion.classes.words import meant
from lessons import Application, Course, ScheduledSession, Venue
from lessons.learning_tables import Attendance, CheckInCode
from tests.doubles.line import audio_event
from tests.doubles.line_content import Recording
from tests.doubles.telegram import voice

from .lent_engines import LentEars, LentVoice
from .small_town import SmallTown
from .test_voice_messages import KnowingEars, Speaking, running

CODE = "4821"
SAID = ("スマホ教室に申し込みたいんですが", "2番目", "はい")


def soon(town: SmallTown, board: str = "v1") -> None:
    """Two classes that begin within the hour, with the digits on the `board` of one."""
    now = datetime.now(UTC)
    with town.database.writing() as session:
        session.add_all([Course(code="call", name="電話"), Venue(id="hall", name="会場")])
        session.flush()
        for number, name in enumerate(("電話", "地図")):
            start = now + timedelta(minutes=20 + number)
            times = {"start_date": start, "end_date": start + timedelta(hours=1), "registration_closes": start, "cancel_deadline": start}
            sizes = {"room_capacity": 5, "devices": 5, "maximum_attendee_capacity": 5, "helper_ratio": 0}
            opened = {"registration_opens": now - timedelta(days=1), "changed_at": now}
            session.add(ScheduledSession(id=f"v{number}", course_code="call", venue_id="hall", name=name, **times, **sizes, **opened))
        session.flush()
        session.add(CheckInCode(session_id=board, code=CODE))


async def speaks(live: Speaking, channel: str, number: int, sound: bytes, seconds: float = 30) -> None:
    """One recording, and its answer."""
    double: Any = getattr(live, channel)
    before = len(double.delivered)
    if channel == "line":
        double.recordings.kept[str(number)] = Recording(sound)
        await live.receives("line", audio_event(str(number)))
    else:
        double.files[f"f{number}"] = sound
        await live.receives("telegram", voice(f"f{number}", number + 1))
    await live.until(lambda: len(double.delivered) > before, seconds)


def stands(town: SmallTown) -> list[tuple[str, str, str]]:
    with town.database.reading() as session:
        rows = select(Application.session_id, Application.channel, Attendance.method)
        return list(session.exec(rows.join(Attendance, Attendance.application_id == Application.id)).all())


@pytest.mark.parametrize(("channel", "arrived"), [("line", "着きました。よんはちにいち"), ("telegram", "到着しました。四八二一です")])
async def test_a_class_is_booked_and_arrived_at_by_voice(small_town: SmallTown, tmp_path: Path, channel: str, arrived: str) -> None:
    """The wish comes as the ears give it: with a second way it may have been said."""
    soon(small_town)
    wish = Heard((Hypothesis(SAID[0], 0.9, 0.0, 2.0), Hypothesis("スマホ今日室に申し込みたいんですが", 0.5, 0.0, 2.0)), "ja", 2.0)
    ears = KnowingEars({text.encode(): Heard.of(text, 0.95) for text in (*SAID[1:], arrived)} | {b"wish": wish})
    async with running(small_town, ears, tmp_path) as live:
        for number, sound in enumerate([b"wish", *(text.encode() for text in (*SAID[1:], arrived))]):
            await speaks(live, channel, number, sound)
    assert stands(small_town) == [("v1", channel, "voice")]


async def test_control_digits_that_stand_on_no_board_let_nobody_in(small_town: SmallTown, tmp_path: Path) -> None:
    soon(small_town)
    said = (*SAID, "着きました。いちいちいちいち")
    ears = KnowingEars({text.encode(): Heard.of(text, 0.95) for text in said})
    async with running(small_town, ears, tmp_path) as live:
        for number, text in enumerate(said):
            await speaks(live, "line", number, text.encode())
        assert "ようこそ" not in live.words()
    assert stands(small_town) == []


@pytest.mark.soak
@pytest.mark.xdist_group("town ears")
@pytest.mark.filterwarnings("ignore")
async def test_the_same_with_the_real_voice_and_the_real_ears(
    small_town: SmallTown, town_engines: tuple[Speaker, Listener], tmp_path: Path
) -> None:
    """Every word is spoken by the platform's own voice and heard by its own ears."""
    soon(small_town)
    speaker, ears = town_engines
    async with running(small_town, LentEars(ears), tmp_path, 90, LentVoice(speaker)) as live:
        for number, text in enumerate((*SAID, "着きました。番号は、よん、はち、に、いちです")):
            await speaks(live, "line", number, speaker.say(text, Manner(), "m4a").content, 100)
        told = live.words()
    assert stands(small_town) == [("v1", "line", "voice")], told


FOUR = Answer(
    "lesson",
    "どれにしますか。",
    choices=tuple(Choice(f"12/{n} {name}", f"12/{n}（火）10:00 {name}") for n, name in enumerate(("電話", "地図", "写真", "買い物"), 1)),
)
WAYS = (
    (
        "1番目",
        "1番",
        "一つ目",
        "最初の",
        "最初",
        "一番上",
        "一番上の",
        "最初のでお願いします",
        "最初の教室",
        "一番最初の",
        "1番お願いします",
    ),
    ("2番目", "2番", "二つ目", "2番です", "2番でお願いします", "2番目がいいです", "2番目の教室", "にばん"),
    ("3番目", "3番", "三つ目", "3番お願いします", "3つ目の教室"),
    ("4番目", "4番", "四つ目", "最後の", "最後", "一番下", "一番下の", "4番です", "4番でお願いします", "4番目でお願いします", "最後の教室"),
)


@pytest.mark.soak
@pytest.mark.xdist_group("town ears")
@pytest.mark.filterwarnings("ignore")
def test_a_spoken_choice_is_the_right_one_or_none(town_engines: tuple[Speaker, Listener]) -> None:
    """The figure in the changelog: `-s` shows what is missed."""
    speaker, ears = town_engines
    missed, all_of_them = [], [(number, said) for number, ways in enumerate(WAYS) for said in ways]
    for number, said in all_of_them:
        heard = ears.hear(speaker.say(said, Manner(), "m4a").content)
        words = meant(heard.text, FOUR)
        if words == heard.text:
            words = meant(chosen_by_sound(heard, FOUR, Readings().kana), FOUR)
        assert words in ("", FOUR.choices[number].says), (said, heard.text)
        missed += [] if words else [(said, heard.text)]
    print(f"{len(all_of_them) - len(missed)} of {len(all_of_them)}, missed:", missed)
    assert len(missed) <= len(all_of_them) // 8
