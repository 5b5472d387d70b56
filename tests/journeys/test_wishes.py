"""How somebody wants to read and hear, said once in plain words, holds on LINE, on Telegram, on the page and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from accessibility import Person, Preferences
from accessibility.plain_japanese import breaches
from bots.accounts import Account
from inclusion.municipalities.town import Town
from inclusion.web.app import create_app
from inclusion.web.assets import Assets
from inclusion.web.pages import Pages
from inclusion.web.paper_pages import paper_pages
from inclusion.web.services import AskReply
from inclusion.web.sheets import Sheets
from inclusion.web.town_readings import town_furigana
from tests.inclusion.web.fakes import services

from .small_town import SmallTown

SECRET = "only for tests"
FEE = "扇風機はいくら？"
WISHES = {
    "もっと大きく": lambda wishes: wishes.letter_size == "largest",
    "ゆっくり話して": lambda wishes: wishes.speed < Preferences().speed,
    "ふりがなつけて": lambda wishes: wishes.furigana,
    "English please": lambda wishes: wishes.language == "en",
}


def wishes_in(town: SmallTown, channel: str) -> Preferences:
    """What the channel's person wants, as the tables have it."""
    with town.database.reading() as session:
        account = session.exec(select(Account).where(Account.channel == channel)).one()
        return session.get_one(Person, account.person_id).preferences


async def new_code(town: SmallTown) -> str:
    """Six digits, good once."""
    return "".join(re.search(r"(\d{3}) (\d{3})", await town.line("つなぐ番号")).groups())


@pytest.mark.parametrize("channel", ["line", "telegram"])
@pytest.mark.parametrize("said", WISHES)
async def test_a_wish_said_in_a_chat_is_still_held_after_other_talk(small_town: SmallTown, channel: str, said: str) -> None:
    write = getattr(small_town, channel)
    before = await write(FEE)
    assert not WISHES[said](wishes_in(small_town, channel))
    await write(said)
    await write("ありがとう")
    after = await write(FEE)
    assert WISHES[said](wishes_in(small_town, channel))
    if said == "ふりがなつけて":
        assert "（せんぷうき）" in after and "（せんぷうき）" not in before
    if said == "English please":
        assert "fee" in after and "fee" not in before


@pytest.mark.parametrize("said", WISHES)
async def test_a_wish_said_on_line_holds_on_a_linked_telegram_and_page(small_town: SmallTown, said: str) -> None:
    await small_town.telegram(await new_code(small_town))
    conversation, _ = small_town.web(await new_code(small_town))
    await small_town.line(said)
    assert WISHES[said](wishes_in(small_town, "telegram"))
    kept, turn = small_town.answering.ask(FEE, conversation, {}, small_town.now)
    assert kept == conversation and WISHES[said](turn.memory.preferences)


class Press:
    """Keeps what it was asked to print instead of printing it."""

    def expect(self) -> None: ...

    def __init__(self) -> None:
        self.sheets: list[tuple[str, Sequence[int]]] = []

    def sheet(self, html: str, points: Sequence[int]) -> bytes:
        self.sheets.append((html, points))
        return b"%PDF"


class AskedOfTheTown:
    def __init__(self, town: SmallTown) -> None:
        self._town = town

    def ask(self, text, conversation, changes, now) -> AskReply:
        kept, turn = self._town.answering.ask(text, conversation, changes, self._town.now)
        return AskReply(kept, turn.answer, turn.rendered, turn.memory.preferences, turn.said)

    def expects(self, conversation, language, now) -> tuple[str, ...]:
        return self._town.answering.expects(conversation, language, now)


ON_PAGE = {
    "もっと大きく": 'data-letters="largest"',
    "ゆっくり話して": 'data-speed="75"',
    "ふりがなつけて": "<rt>せんぷうき</rt>",
    "English please": '<html lang="en"',
}


@pytest.mark.parametrize("said", WISHES)
async def test_a_wish_said_on_the_page_holds_on_the_next_page_and_on_paper(small_town: SmallTown, said: str) -> None:
    town, press = small_town.answering.town, Press()
    pages = Pages(town, town.messages, Assets.gather(), town_furigana(town))
    sheets = Sheets(pages, press, "http://testserver", lambda: small_town.now)
    parts = {"asker": AskedOfTheTown(small_town), "town": town, "messages": town.messages, "furigana": town_furigana(town)}
    app = create_app(services(**parts, prints=press.expect, secret=SECRET, extra_routers=(paper_pages(sheets, SECRET),)))
    with TestClient(app, headers={"accept-language": "ja"}) as visitor:
        before = visitor.post("/", data={"text": FEE, "turn": "t0"}).text
        visitor.post("/", data={"text": said, "turn": "t1"})
        after = visitor.post("/", data={"text": FEE, "turn": "t2"}).text
        assert ON_PAGE[said] in after and ON_PAGE[said] not in before
        for page in (before, after):
            assert visitor.get(unescape(re.search(r'href="(/paper/[^"]+)"', page)[1])).status_code == 200
    (_, plain_points), (paper, points) = press.sheets
    if said == "もっと大きく":
        assert points[0] > 16 and points[0] > min(plain_points)
    if said == "ふりがなつけて":
        assert "<rt>せんぷうき</rt>" in paper
    if said == "English please":
        assert 'lang="en"' in paper and "fee" in paper


STORIES = {
    "ja-easy": ("やさしい日本語にして", "扇風機はいくら？", "スマホ教室はいつですか", "もっと大きく"),
    "en": ("English please", "How much for an electric fan?", "When are the smartphone classes?", "Bigger letters please"),
    "zh-Hans": ("请说中文", "电风扇多少钱？", "手机课什么时候？", "字大一点"),
    "ko": ("한국어로 해 주세요", "선풍기 얼마예요?", "스마트폰 교실은 언제예요?", "글자 크게 해 주세요"),
}
KANA = re.compile("[ぁ-んァ-ヶ]")
ADDRESSES = ("☎", "出典：")  # lines of names, numbers and hours as the offices themselves write them


def shown(sent: str) -> list[str]:
    """Every line that a chat shows of what was sent; what a button says back for somebody (「はい」) is not among them."""
    lines: list[str] = []

    def look(part: object) -> None:
        if isinstance(part, dict):
            keys = ("altText", "label") if part.get("type") == "message" else ("altText", "label", "text")
            lines.extend(line for key in keys if isinstance(part.get(key), str) for line in part[key].split("\n"))
            part = list(part.values())
        if isinstance(part, list):
            for one in part:
                look(one)

    look(json.loads(sent))
    return lines


def japanese_left(town: Town, text: str) -> str:
    """What is left of `text` in kana without the names and titles that are Japanese in every language."""
    offices, titles = ({one.name for one in town.contacts.values()}, {one.title for one in town.sources.values()})
    for name in sorted(offices | titles | {one.name for one in town.items.values()}, key=len, reverse=True):
        text = text.replace(name, "")
    return "".join(KANA.findall(text))


@pytest.mark.parametrize("channel", ["line", "telegram"])
@pytest.mark.parametrize("tongue", STORIES)
async def test_the_main_stories_are_told_in_the_language_asked_for(small_town: SmallTown, channel: str, tongue: str) -> None:
    """What a fan costs, when the classes are, larger letters: no sentence falls back to Japanese, and easy Japanese keeps its rules."""
    write, town = getattr(small_town, channel), small_town.answering.town
    wish, *asked = STORIES[tongue]
    lines = [line for one in (wish, *asked) for line in shown(await write(one))]
    assert "300" in "".join(lines) and wishes_in(small_town, channel).letter_size == "largest"
    if tongue == "ja-easy":
        assert {line: breaches(line) for line in lines if not line.startswith(ADDRESSES) and breaches(line)} == {}
    else:
        assert {line: left for line in lines if not line.startswith(ADDRESSES) and (left := japanese_left(town, line))} == {}


@pytest.mark.parametrize("channel", ["line", "telegram"])
async def test_control_the_same_stories_in_japanese_are_noticed(small_town: SmallTown, channel: str) -> None:
    write, town = getattr(small_town, channel), small_town.answering.town
    lines = [line for one in (FEE, "スマホ教室はいつですか") for line in shown(await write(one))]
    assert sum(bool(japanese_left(town, line)) for line in lines) >= 3
    assert any(breaches(line) for line in lines if not line.startswith(ADDRESSES))
