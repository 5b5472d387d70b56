"""The menu command against the double, menus that follow a person's language, and Telegram without a webhook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bots.line.menu_setting import set_menus, tokens_for
from inclusion.menu_pictures import NoFont, font_file, menu_set
from inclusion.rich_menus import TONGUES, keep_menu
from inclusion.web.polling import poll
from tests.doubles.line import LineDouble
from tests.doubles.telegram import said

from .small_town import SmallTown


@pytest.fixture(scope="module")
def font() -> str:
    try:
        return font_file(None)
    except NoFont:
        pytest.skip("No Japanese font is installed, so no menu can be drawn.")


async def test_menus_of_every_tongue_are_set_and_set_again_without_leftovers(small_town: SmallTown, font: str) -> None:
    sets = [menu_set(small_town.answering.town.messages, tongue, font) for tongue in TONGUES]
    async with LineDouble() as line:
        for _ in range(2):
            made = await set_menus(sets, "ja", tokens_for(line.access_token, "", "", line.url), line.url)
        assert set(made) == set(TONGUES) and line.menus.of_everybody == made["ja"]
        assert len(line.menus.forms) == len(line.menus.aliases) == 2 * len(TONGUES)
        assert line.menus.aliases["zh-hans-ask"] == made["zh-Hans"] and 400 not in line.statuses()


async def test_another_language_brings_another_menu(small_town: SmallTown) -> None:
    with small_town.database.writing() as session:
        keep_menu(session, "en", "richmenu-en", datetime.now(UTC))
    await small_town.line("こんにちは")
    assert "richmenu-en" in await small_town.line("英語でお願いします")
    assert "richmenu-en" not in await small_town.line("How much for an electric fan?")


async def test_another_language_brings_the_last_answer_in_it(small_town: SmallTown) -> None:
    await small_town.line("椅子2脚とテーブル1つ")
    await small_town.line("90センチ")
    assert "¥900" in await small_town.line("英語でお願いします")
    back = await small_town.line("日本語で")
    assert "全部で900円です。" in back and "¥900" not in back


class Updates:
    """Hands out what waits from an offset on, as Telegram does."""

    def __init__(self, *waiting: dict[str, Any]) -> None:
        self.waiting, self.asked = list(waiting), list[int]()

    async def updates(self, offset: int) -> list[dict[str, Any]]:
        self.asked.append(offset)
        return [update for update in self.waiting if update["update_id"] >= offset][:2]


async def test_an_update_is_confirmed_only_after_it_was_saved() -> None:
    telegram, saved = Updates(said("一", 5), said("二", 6), said("三", 9)), list[str]()

    async def save(events: Any) -> None:
        saved.extend(event_id for event_id, _ in events)

    await poll(telegram, save, rounds=3)
    assert saved == ["update:5", "update:6", "update:9"] and telegram.asked == [0, 7, 10]


async def test_what_could_not_be_saved_is_handed_out_again() -> None:
    telegram = Updates(said("一", 5))

    async def save(events: Any) -> None:
        raise OSError

    for _ in range(2):
        with pytest.raises(OSError):
            await poll(telegram, save, rounds=1)
    assert telegram.asked == [0, 0]
