"""What should never have been sent: a clear error or a kind answer, nothing lost, never a stack trace."""

import json
import socket

import pytest

from tests.doubles.line_events import sign, text_event, webhook

from .conftest import SECRET, Town

pytestmark = pytest.mark.xdist_group("town server")


def signed(body: bytes) -> dict[str, str]:
    return {"x-line-signature": sign(body, SECRET)}


def test_a_wrong_signature_is_refused(town: Town) -> None:
    body = webhook(text_event("こんにちは"))
    status, answer = town.post("/webhooks/line", body, **{"x-line-signature": sign(body + b" ", SECRET)})
    assert status == 401
    assert answer["error"]["next_step"]


def test_a_missing_signature_is_refused(town: Town) -> None:
    assert town.post("/webhooks/line", webhook(text_event("こんにちは")))[0] == 401


def test_a_signed_body_that_is_not_json_is_refused(town: Town) -> None:
    assert town.post("/webhooks/line", b"{events", **signed(b"{events"))[0] == 400


def test_an_empty_list_of_events_is_how_line_checks_the_address(town: Town) -> None:
    body = webhook()
    assert town.post("/webhooks/line", body, **signed(body)) == (200, {})


def test_a_body_over_the_limit_is_refused(town: Town) -> None:
    """Only the announcement is sent: the answer must not wait for the rest."""
    with socket.create_connection(("127.0.0.1", town.server.port), timeout=10) as wire:
        wire.sendall(b"POST /webhooks/line HTTP/1.1\r\nHost: x\r\nContent-Length: 1100000\r\n\r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_channel_that_is_off_says_so(town: Town) -> None:
    status, answer = town.post("/webhooks/telegram", {})
    assert status == 404
    assert answer["error"]["message"]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/ask/nothing"])
def test_an_unknown_address_is_a_clear_404(town: Town, path: str) -> None:
    status, answer = town.post(path, {"text": "a"})
    assert status == 404
    assert set(answer["error"]) == {"code", "message", "next_step"}


def test_a_text_of_100000_characters_gets_a_clear_error(town: Town) -> None:
    status, answer = town.post("/api/v1/ask", {"text": "あ" * 100_000})
    assert (status, answer["error"]["code"]) == (422, "text_too_long")


HIDDEN_MARKS = ["\u202e長いす\u202cはいくら", "長いす\x00\x07はいくら", "🪑🪑長いす🪑はいくら", "長いす\u3000は\n\nいくら"]


@pytest.mark.parametrize("text", HIDDEN_MARKS)
def test_marks_that_nobody_sees_do_not_hide_the_question(town: Town, text: str) -> None:
    assert town.ask(text)["total_yen"] == 600


@pytest.mark.parametrize("text", ["？？？", "🙂", "asdfghjkl", "' OR 1=1 --", "<script>alert(1)</script>", "{said}", "%s%n"])
def test_nonsense_gets_a_kind_answer(town: Town, text: str) -> None:
    answer = town.ask(text)
    assert answer["action"] == "refuse"
    assert "03-" in answer["text"]


def test_malformed_json_is_a_clear_400(town: Town) -> None:
    status, answer = town.post("/api/v1/ask", b'{"text": ')
    assert status == 400
    assert "JSON" in json.dumps(answer, ensure_ascii=False)
