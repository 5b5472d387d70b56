"""Where the channels knock: signature first, saved once, acknowledged, never more read than the limit."""

from __future__ import annotations

import pytest

from .test_api import assert_kind_error


def knock(visitor, body: bytes, signature: str | None = None, path: str = "/webhooks/line"):
    return visitor.post(path, content=body, headers={"X-Line-Signature": str(len(body)) if signature is None else signature})


def test_signed_events_are_saved_and_acknowledged(visitor):
    reply = knock(visitor, b"e1\ne2")
    assert (reply.status_code, reply.text) == (200, "{}")
    assert list(visitor.behind.inbox.kept) == ["e1", "e2"]


def test_a_second_delivery_of_the_same_event_is_acknowledged_and_kept_once(visitor):
    knock(visitor, b"e1")
    assert knock(visitor, b"e1").status_code == 200
    assert list(visitor.behind.inbox.kept) == ["e1"]
    assert 'inclusion_webhook_events_saved_total{channel="line"} 1.0' in visitor.get("/metrics").text


@pytest.mark.parametrize("signature", ["", "999"])
def test_without_the_right_signature_nothing_is_saved(visitor, signature):
    assert_kind_error(knock(visitor, b"e1", signature), 401, "unsigned")
    assert not visitor.behind.inbox.kept


def test_the_signature_is_checked_before_the_body_is_read_as_anything(visitor):
    assert_kind_error(knock(visitor, b"? not json", "999"), 401, "unsigned")
    assert_kind_error(knock(visitor, b"? not json"), 400, "malformed_body")
    assert not visitor.behind.inbox.kept


def test_a_body_without_events_is_fine(visitor):
    assert knock(visitor, b"").status_code == 200


def test_a_channel_that_is_off_says_so(visitor):
    reply = knock(visitor, b"e1", path="/webhooks/telegram")
    assert_kind_error(reply, 404, "channel_off")
    assert "telegram" in reply.json()["error"]["message"]


def test_a_body_over_the_limit_is_refused_declared_or_chunked(visit):
    visitor = visit(max_body_bytes=1_000)
    assert_kind_error(knock(visitor, b"e" * 1_001), 413, "body_too_large")
    assert_kind_error(visitor.post("/webhooks/line", content=(b"e" * 400 for _ in range(5))), 413, "body_too_large")
    assert knock(visitor, b"e" * 1_000).status_code == 200


async def test_a_chunked_body_is_not_read_past_the_limit(visit):
    app, taken, sent = visit(max_body_bytes=1_000).app, [], []

    async def receive():
        taken.append(400)
        return {"type": "http.request", "body": b"e" * 400, "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/webhooks/line", "headers": [], "scheme": "http", "query_string": b""}
    await app(scope | {"http_version": "1.1", "server": ("testserver", 80), "client": ("203.0.113.7", 1), "root_path": ""}, receive, send)
    assert sent[0]["status"] == 413 and sum(taken) <= 1_600


def test_webhooks_are_only_posted_to(visitor):
    reply = visitor.get("/webhooks/line")
    assert_kind_error(reply, 405, "wrong_method")
    assert reply.headers["allow"] == "POST"


def test_five_hundred_webhooks_are_all_kept(visitor):
    for number in range(500):
        assert knock(visitor, f"e{number}".encode()).status_code == 200
    assert len(visitor.behind.inbox.kept) == 500
