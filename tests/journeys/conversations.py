"""A whole conversation on LINE and one on Telegram, through the real clients to the doubles; without it nobody would hear us.

`python -m tests.journeys.conversations line` (or `telegram`) prints the double's log as a person sees it.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from accessibility import Aloud
from bots.line import open_line
from bots.telegram import open_telegram
from bots.telegram.pacing import Pace
from inclusion.courier import Courier
from inclusion.database import open_database
from inclusion.handover import open_tickets
from inclusion.inbox import Inbox
from inclusion.migrations import upgrade
from inclusion.quiet_hours import QuietAtNight
from inclusion.turn import Turn
from tests.doubles.line import LineDouble
from tests.doubles.line_events import RESIDENT, follow_event, in_group, message_event, text_event, unfollow_event, unsend_event
from tests.doubles.telegram import TelegramDouble, press, said
from tests.towns import demo_town, town_understood

from .small_town import NIGHT, SmallTown, answering_for

STICKER = {"type": "sticker", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}
PLACE = {"type": "location", "title": "自宅", "address": "東京都千代田区", "latitude": 35.7, "longitude": 139.7}
UNHURRIED = Pace(0.0, 0.0, 0.0)


@dataclass
class Talk:
    """One resident and one staff member at a town that is really connected to the doubles. `log` is what each of them saw."""

    town: SmallTown
    line: LineDouble
    telegram: TelegramDouble
    channels: dict[str, Any]
    log: list[str] = field(default_factory=list)
    updates: int = 100

    async def say(self, text: str, **more: Any) -> None:
        await self.event("line", text_event(text, at=self.town.now, **more), text)

    async def write(self, text: str) -> None:
        self.updates += 1
        await self.event("telegram", said(text, self.updates), text)

    async def event(self, channel: str, raw: dict[str, Any], shown: str) -> None:
        self.log.append(f"\n【住民】{shown}")
        await self.town.take(channel, raw)
        await self.deliver()

    async def staff(self, text: str) -> None:
        with self.town.database.writing() as session:
            (ticket,) = open_tickets(session)
            self.town.answering.desk.reply(session, ticket.number or 0, 1, text, self.town.now)
        await self.deliver()

    async def finish(self) -> None:
        with self.town.database.writing() as session:
            for ticket in open_tickets(session):
                self.town.answering.desk.finish(session, ticket.number or 0, self.town.now)
        await self.deliver()

    async def deliver(self) -> None:
        before = len(self.line.delivered), len(self.telegram.delivered)
        courier = Courier(self.town.database, self.channels, lambda: self.town.now)
        await courier.deliver_once(self.town.now)
        await courier.close()
        for delivered in self.line.delivered[before[0] :]:
            self.log += [_seen_on_line(message, delivered.silent) for message in delivered.messages]
        self.log += [_seen_on_telegram(message) for message in self.telegram.delivered[before[1] :]]

    def code(self) -> str:
        found = re.findall(r"\d{3} \d{3}", "\n".join(self.log))
        return str(found[-1])


@asynccontextmanager
async def talking(folder: Path, fresh: Path) -> AsyncIterator[Talk]:
    """A town with an empty database in `folder` (a copy of `fresh`), both doubles, and a voice that is always ready."""
    shutil.copy(fresh, folder / "talk.db")
    database, town = open_database(f"sqlite:///{folder / 'talk.db'}"), demo_town()
    answering = replace(answering_for(database, town, town_understood()), aloud=_spoken)
    small = SmallTown(answering, Inbox(database), database)
    async with LineDouble(clock=lambda: small.now) as line, TelegramDouble(clock=lambda: small.now) as telegram:
        out = await open_line(line.access_token, line.url), await open_telegram(telegram.token, telegram.url, pace=UNHURRIED)
        channels = {channel.name: QuietAtNight(channel, town.timezone) for channel in out}
        try:
            yield Talk(small, line, telegram, channels)
        finally:
            for channel in channels.values():
                await channel.close()
            await small.inbox.close()
            database.close()


async def on_line(talk: Talk) -> None:
    """From the first greeting to the farewell: questions, wishes, other kinds of message, a person at the desk, a night."""
    await talk.event("line", follow_event(at=talk.town.now), "（友だち追加）")
    for text in (
        "長いす捨てたいんだけど、いくら？",
        "もう一度",
        "テーブル",
        "90センチです",
        "短く",
        "大きな字で",
        "冷蔵庫は？",
        "傘は何ごみ",
    ):
        await talk.say(text)
    for text in (
        "粗大ごみはどうやって申し込むの",
        "スマホ教室はありますか",
        "お祭りの中継を見たい",
        "Wi-Fiにつながらない",
        "ありがとう",
        "謎の物体X",
    ):
        await talk.say(text)
    for message in (STICKER, PLACE, {"type": "image"}, {"type": "audio"}, {"type": "video"}, {"type": "file"}, {"type": "tomorrow"}):
        await talk.event("line", message_event(message, at=talk.town.now), f"（{message['type']}）")
    for text in ("やさしい日本語で", "扇風機はいくら", "ふつうの日本語で", "英語でお願いします", "How much is a bookshelf?", "日本語で"):
        await talk.say(text)
    for text in ("還付金があるのでATMに行けと言われた", "胸が苦しい、助けて"):
        await talk.say(text)
    await _with_staff(talk)
    await talk.say("つなぐ番号")
    await talk.write(talk.code())
    await talk.say("つながり解除")
    mention = text_event("@案内 傘は何ごみ", RESIDENT, talk.town.now)
    mention["message"]["mention"] = {"mentionees": [{"type": "user", "isSelf": True, "index": 0, "length": 3}]}
    await talk.event("line", in_group(mention), "（グループで）@案内 傘は何ごみ")
    taken_back = text_event("言い間違い", at=talk.town.now)
    await talk.event("line", taken_back, "言い間違い")
    await talk.event("line", unsend_event(taken_back["message"]["id"], at=talk.town.now), "（送信取消）")
    await talk.event("line", unfollow_event(at=talk.town.now), "（ブロック）")


async def on_telegram(talk: Talk) -> None:
    for text in ("/start", "長いす捨てたいんだけど、いくら？", "テーブル"):
        await talk.write(text)
    await talk.event("telegram", press("90センチ", 60), "［90センチ］を押す")
    for text in ("傘は何ごみ", "スマホ教室はありますか", "やさしい日本語で", "扇風機はいくら", "How do I throw away a TV?"):
        await talk.write(text)
    kinds: tuple[dict[str, Any], ...] = ({"voice": {}}, {"photo": []}, {"sticker": {}}, {"location": {}}, {"poll": {}})
    for content in kinds:
        talk.updates += 1
        await talk.event("telegram", said(content, talk.updates), f"（{next(iter(content))}）")
    await talk.write("日本語で")
    await talk.write("係の人と話したい")
    await talk.staff("お待たせしました。区役所の窓口です。")
    await talk.finish()


async def _with_staff(talk: Talk) -> None:
    await talk.say("係の人と話したい")
    await talk.say("まだですか")
    await talk.staff("お待たせしました。どうなさいましたか。")
    await talk.say("粗大ごみの券を買い間違えました")
    await talk.staff("お近くの取扱所で替えられます。レシートをお持ちください。")
    await talk.finish()
    talk.town.now = NIGHT
    await talk.say("係の人と話したい")
    await talk.say("折り返し 11月26日 10時")


def _spoken(channel: str, turn: Turn) -> Turn:
    if channel != "line" or not turn.memory.preferences.voice:
        return turn
    return replace(turn, rendered=replace(turn.rendered, aloud=Aloud("https://town.example/api/v1/speech/talk.m4a", 2400)))


def _seen_on_line(message: dict[str, Any], silent: bool) -> str:
    name = message.get("sender", {}).get("name", "")
    text = message.get("text") or message.get("altText") or f"（音声 {message.get('duration', 0) / 1000:.1f} 秒）"
    quick = [item["action"]["label"] for item in message.get("quickReply", {}).get("items", [])]
    marks = ("（音なし）" if silent else "") + ("（質問を引用）" if "quoteToken" in message else "")
    return f"【{name}】{marks}{text}" + (f"\n    ［{'］［'.join(quick)}］" if quick else "")


def _seen_on_telegram(message: dict[str, Any]) -> str:
    markup = message.get("reply_markup", {})
    rows: Sequence[Any] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    buttons = [button["text"] for row in rows for button in row]
    return f"【Telegram】{message['text']}" + (f"\n    ［{'］［'.join(buttons)}］" if buttons else "")


async def _print(which: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        upgrade(f"sqlite:///{folder / 'fresh.db'}")
        async with talking(folder, folder / "fresh.db") as talk:
            await (on_telegram if which == "telegram" else on_line)(talk)
            print("\n".join(talk.log))


if __name__ == "__main__":
    asyncio.run(_print(sys.argv[1] if len(sys.argv) > 1 else "line"))
