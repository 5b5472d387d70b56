"""Two imported towns and Chiyoda on one server: each answers from its own data, on its own channel, under its own address."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from inclusion.municipalities.importing import Wishes, import_town
from tests.doubles.line_events import sign, text_event, webhook
from tests.inclusion.municipalities.importing_files import STANDARD, five, written
from tests.servers import free_port, python, running

from .conftest import Town, line_settings

TODAY = date(2026, 11, 24)
LINE = "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Chiyoda with LINE, 小里 with a LINE account of its own, 東町 without."""
    folder = tmp_path_factory.mktemp("towns")
    import_town("standard", written(folder / "standard.csv", STANDARD), folder / "kosato", TODAY)
    import_town("5374", five(folder / "five"), folder / "higashi", TODAY, Wishes(name="東町"))
    double_port, port = free_port(), free_port()
    double_url = f"http://127.0.0.1:{double_port}"
    settings = line_settings(double_url, folder / "var") | {
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "KOSATO_LINE_CHANNEL_SECRET": "kosato-secret",
        "KOSATO_LINE_CHANNEL_ACCESS_TOKEN": "double-access-token",
        "KOSATO_LINE_API_URL": double_url,
    }
    options = ["--town", "chiyoda", "--town", str(folder / "kosato"), "--town", str(folder / "higashi")]
    with (
        running(python("-m", "tests.doubles.line", "--port", str(double_port)), double_port, "/double/counts", {}),
        running(python("-m", "inclusion", "serve", "--port", str(port), *options), port, "/healthz", settings) as server,
    ):
        yield Town(server, double_url, folder / "var")


def page(towns: Town, path: str, host: str = "") -> tuple[str, str]:
    """The address that answered at last, and what it said."""
    request = urllib.request.Request(f"http://127.0.0.1:{towns.server.port}{path}", headers={"Host": host} if host else {})
    with urllib.request.urlopen(request, timeout=20) as reply:
        return reply.url, reply.read().decode()


def ask(towns: Town, town: str, text: str) -> dict[str, Any]:
    return towns.post(f"/towns/{town}/api/v1/ask", {"text": text})[1]


def test_one_question_gets_three_towns_answers(towns: Town) -> None:
    assert "「アイロン」は「燃やさないごみ」です。" in ask(towns, "kosato", "アイロンは何ごみ？")["text"]
    assert "コードは切らない" in ask(towns, "higashi", "アイロンは何ごみ？")["text"]
    assert "小型家電の拠点回収" in ask(towns, "chiyoda", "アイロンは何ごみ？")["text"]
    assert ask(towns, "chiyoda", "長いす捨てたい、いくら？")["total_yen"] == 600


def test_a_host_name_leads_to_its_town_and_any_other_to_the_first(towns: Town) -> None:
    titles = {
        host: page(towns, "/", host)[1].partition("<title>")[2].partition("<")[0]
        for host in ("kosato.localhost", "higashi.localhost:80", "x", "[")
    }
    assert [title.split(" ")[0] for title in titles.values()] == ["小里町", "東町", "千代田区", "千代田区"]


def test_the_towns_are_listed_and_an_unknown_one_is_named_an_error(towns: Town) -> None:
    assert [town["title"] for town in json.loads(page(towns, "/towns")[1])] == ["千代田区", "小里町", "東町"]
    status, told = towns.post("/towns/nowhere/api/v1/ask", {"text": "あ"})
    assert status == 404 and "kosato" in told["error"]["next_step"]


def test_each_towns_line_account_is_answered_from_that_town(towns: Town) -> None:
    ours, theirs = text_event("アイロンは何ごみ？", "U" + "a" * 32), text_event("アイロンは何ごみ？", "U" + "b" * 32)
    assert knock(towns, "/webhooks/line", ours, "journey-secret") == 200
    assert knock(towns, "/towns/kosato/webhooks/line", theirs, "kosato-secret") == 200
    assert "小型家電の拠点回収" in answer_to(towns, ours) and "燃やさないごみ" in answer_to(towns, theirs)


def test_a_webhook_of_one_town_is_not_taken_by_another(towns: Town) -> None:
    """Control: the secrets are really each town's own."""
    event = text_event("アイロンは何ごみ？")
    assert knock(towns, "/towns/kosato/webhooks/line", event, "journey-secret") == 401
    assert knock(towns, "/towns/higashi/webhooks/line", event, "journey-secret") == 404


def test_conversations_do_not_cross_the_border(towns: Town) -> None:
    begun = towns.ask("椅子")
    elsewhere = towns.post("/towns/kosato/api/v1/ask", {"text": "90センチです", "conversation": begun["conversation"]})[1]
    assert elsewhere["conversation"] != begun["conversation"] and "S00" not in str(elsewhere["ids"])


def knock(towns: Town, path: str, event: dict[str, Any], secret: str) -> int:
    body = webhook(event)
    return towns.post(path, body, **{"x-line-signature": sign(body, secret)})[0]


def answer_to(towns: Town, event: dict[str, Any]) -> str:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = [one for one in towns.delivered() if one["to"] in (event["replyToken"], event["source"]["userId"])]
        if found:
            return json.dumps(found, ensure_ascii=False)
        time.sleep(0.05)
    return ""
