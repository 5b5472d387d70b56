"""LINE's door stays open by itself, and everybody gets the menu of their language."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bots import Parcel, TryLater, Undeliverable
from bots.line import Button, Tab, menu_parcel, open_line, staff_messages
from bots.line.client import LineChannel
from bots.line.rich_menu import HEIGHT, WIDTH, button_boxes, menu_form, tab_boxes
from tests.bots.conftest import push_parcel
from tests.doubles.line import LineDouble
from tests.doubles.line_events import RESIDENT
from tests.doubles.line_menus import menu_complaints
from tests.doubles.line_rules import message_complaints
from tests.doubles.line_schema import Bodies

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
TABS = (
    Tab("ja-ask", "聞く", tuple(Button(f"釦{n}", f"言う{n}") for n in range(4))),
    Tab("ja-change", "見やすく", (Button("大", "大きく"),)),
)


@pytest.fixture
async def renewing(line: LineDouble) -> AsyncIterator[LineChannel]:
    """A channel that has only the channel's id and secret."""
    opened = await open_line("", line.url, timeout_s=0.5, channel_id=line.keys.channel_id, channel_secret=line.keys.channel_secret)
    yield opened
    await opened.close()


async def test_without_a_token_one_is_fetched_and_used_again(line: LineDouble, renewing: LineChannel) -> None:
    for _ in range(3):
        await renewing.send(push_parcel(), NOW)
    assert len(line.delivered) == 3 and list(line.keys.issued) == ["stateless-1"]


async def test_a_token_that_ended_is_renewed_and_nothing_is_lost(line: LineDouble, renewing: LineChannel) -> None:
    await renewing.send(push_parcel(), NOW)
    line.keys.issued.clear()
    line.keys.issued["long ago"] = datetime.now(UTC) - timedelta(days=1)
    await renewing.send(push_parcel(), NOW)
    assert len(line.delivered) == 2 and line.statuses()[-3:] == [401, 200, 200]


async def test_control_a_fixed_token_that_ended_waits_for_staff(line: LineDouble) -> None:
    channel = await open_line("a token of last year", line.url)
    with pytest.raises(TryLater, match="LINE_CHANNEL_ACCESS_TOKEN"):
        await channel.send(push_parcel(), NOW)
    await channel.close()


async def test_a_wrong_channel_secret_waits_for_staff_and_is_not_shown(line: LineDouble) -> None:
    channel = await open_line("", line.url, channel_id=line.keys.channel_id, channel_secret="wrong-secret")
    with pytest.raises(TryLater, match="LINE_CHANNEL_ID") as refusal:
        await channel.send(push_parcel(), NOW)
    assert "wrong-secret" not in str(refusal.value)
    await channel.close()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 8])
def test_buttons_fill_the_menu_without_overlapping(count: int) -> None:
    boxes = button_boxes(count)
    assert all(box.x + box.width <= WIDTH and box.y + box.height <= HEIGHT for box in boxes)
    assert all(one.y != other.y or one.x + one.width <= other.x for one, other in pairwise(boxes))
    assert sum(box.width for box in tab_boxes(count)) == WIDTH


@pytest.mark.parametrize("open_tab", [0, 1])
def test_a_menu_is_taken_by_lines_own_rules(open_tab: int) -> None:
    form = menu_form(TABS, open_tab, "メニュー", "ja")
    assert Bodies().complaints("RichMenuRequest", form) == [] and menu_complaints(form) == []
    assert [area["action"]["type"] for area in form["areas"]][:2] == ["richmenuswitch", "richmenuswitch"]


def test_control_a_menu_line_refuses_is_noticed() -> None:
    form = menu_form(TABS, 0, "メニュー", "ja")
    form["areas"][0]["bounds"]["width"] = 9999
    assert menu_complaints(form) and Bodies().complaints("RichMenuRequest", {**form, "chatBarText": "あ" * 15})


async def test_a_person_is_given_a_menu_through_the_outbox(line: LineDouble, channel: LineChannel) -> None:
    line.menus.images["richmenu-7"] = b""
    await channel.send(Parcel(RESIDENT, (menu_parcel("richmenu-7"),), str(uuid.uuid4())), NOW)
    assert line.menus.of_people == {RESIDENT: "richmenu-7"} and line.delivered == []
    with pytest.raises(Undeliverable):
        await channel.send(Parcel(RESIDENT, (menu_parcel("richmenu-gone"),), str(uuid.uuid4())), NOW)


def test_staff_write_under_the_offices_name_above_the_question() -> None:
    (message,) = staff_messages("お待たせしました。", "千代田区 係の者", "https://town.example/staff.png", "quote")
    assert (
        message["sender"] == {"name": "千代田区 係の者", "iconUrl": "https://town.example/staff.png"} and message["quoteToken"] == "quote"
    )
    assert message_complaints([message]) == []
    assert "iconUrl" not in staff_messages("あ", "係", "http://127.0.0.1:8000/staff.png")[0]["sender"]
