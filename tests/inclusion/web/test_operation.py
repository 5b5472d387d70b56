"""What machines ask about us: alive, ready, figures; and what runs at start and stop."""

from __future__ import annotations

import gzip

from starlette.testclient import TestClient

from inclusion.web.app import create_app
from inclusion.web.metrics import Metrics

from .fakes import services


def test_alive_even_when_not_ready(visit):
    visitor = visit(readiness=lambda: {"database": False, "town": True})
    assert visitor.get("/healthz").json() == {"alive": True}
    reply = visitor.get("/readyz")
    assert reply.status_code == 503 and reply.json() == {"ready": False, "parts": {"database": False, "town": True}}


def test_ready_when_everything_is_there(visit):
    assert visit(readiness=lambda: {"database": True}).get("/readyz").status_code == 200


def test_the_figures_count_by_route_template_and_action(visitor):
    visitor.post("/api/v1/ask", json={"text": "2人掛け"})
    visitor.get("/somewhere/unknown")
    figures = visitor.get("/metrics").text
    assert 'inclusion_http_requests_total{method="POST",route="/api/v1/ask",status="200"} 1.0' in figures
    assert 'inclusion_http_requests_total{method="GET",route="other",status="404"} 1.0' in figures
    assert 'inclusion_answers_total{action="answer"} 1.0' in figures and "inclusion_ask_seconds_count 1.0" in figures


def test_the_outbox_tells_its_figures_when_asked(visit):
    waiting = {"waiting": 2}
    visitor = visit(metrics=Metrics(outbox=lambda: waiting))
    waiting["waiting"] = 5
    assert 'inclusion_outbox_messages{state="waiting"} 5.0' in visitor.get("/metrics").text


def test_what_starts_is_stopped_in_the_other_order():
    told = []

    def note(word):
        async def told_later():
            told.append(word)

        return told_later

    with TestClient(create_app(services(on_start=[note("a"), note("b")], on_stop=[note("stop a"), note("stop b")]))):
        assert told == ["a", "b"]
    assert told == ["a", "b", "stop b", "stop a"]


def test_assets_are_kept_for_ever_under_their_fingerprint(visitor):
    page = visitor.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in visitor.get(address).headers["cache-control"]
    assert visitor.get("/static/page.css").headers["cache-control"] == "no-cache"
    assert visitor.get("/static/../app.py").status_code == 404 and visitor.get("/static/nothing.css").status_code == 404


def test_the_script_stays_small_on_the_wire_recorder_included(visitor):
    assert len(gzip.compress(visitor.get("/static/page.js").content)) <= 5_300


def test_documentation_that_would_load_from_elsewhere_is_off(visitor):
    assert visitor.get("/docs").status_code == 404 and visitor.get("/redoc").status_code == 404
