"""The question as another program asks it: the contract, and every way to get it wrong."""

from __future__ import annotations

import json

import pytest

from .fakes import FakeAsker


def assert_kind_error(reply, status, code):
    """Our own form, in Japanese and English, with a next step."""
    assert reply.status_code == status
    error = reply.json()["error"]
    assert error["code"] == code
    assert set(error) == {"code", "message", "next_step"}
    assert " / " in error["message"] and " / " in error["next_step"]


def test_a_question_is_answered_in_the_form_of_the_contract(visitor):
    reply = visitor.post("/api/v1/ask", json={"text": "2人掛けの長いすはいくら？"}).json()
    assert reply["action"] == "answer" and reply["ids"] == ["S00001"] and reply["counts"] == {"S00001": 1}
    assert reply["total_yen"] == 1600 and reply["confidence"] == 0.97 and reply["conversation"] == "talk-1"
    assert reply["text"].startswith("長いす（2人掛け）の手数料は1,600円です。") and "https" not in reply["spoken"]
    source = {"title": "粗大ごみ品目表（第三者のまとめ）", "url": "https://example.jp/sodai", "checked_on": "2026-05", "verified": False}
    assert reply["sources"] == [source] and reply["choices"] == []


def test_a_clarifying_question_brings_its_choices(visitor):
    reply = visitor.post("/api/v1/ask", json={"text": "長いす"}).json()
    assert reply["choices"][1] == {"label": "2人掛け", "says": "2人掛けです"} and reply["total_yen"] is None


def test_the_conversation_goes_on_and_preferences_are_passed_only_when_given(visitor):
    visitor.post("/api/v1/ask", json={"text": "長いす", "conversation": "abc", "language": "en", "plain": False})
    visitor.post("/api/v1/ask", json={"text": "長いす"})
    first, second = visitor.behind.asker.asked
    assert first == ("長いす", "abc", {"language": "en", "easy": False}) and second == ("長いす", None, {})


@pytest.mark.parametrize("body", [b"{", b"", b"[" * 50_000, b"\xff\xfe", b'{"text": "\xe3\x81"}'])
def test_malformed_json_is_told_kindly(visitor, body):
    reply = visitor.post("/api/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert_kind_error(reply, reply.status_code, "malformed_body" if reply.status_code == 400 else "wrong_fields")


@pytest.mark.parametrize(
    "question",
    [
        {},
        [],
        "text",
        {"text": 5},
        {"text": ""},
        {"text": "\u0000\u202e "},
        {"text": "あ", "language": "fr"},
        {"text": "あ", "conversation": "x" * 201},
    ],
)
def test_fields_out_of_bounds_are_named_but_never_repeated(visitor, question):
    reply = visitor.post("/api/v1/ask", json=question)
    assert_kind_error(reply, 422, "wrong_fields")
    assert "fr" not in reply.json()["error"]["message"].replace("from", "")
    assert not visitor.asked


def test_half_a_surrogate_is_refused_without_a_crash(visitor):
    reply = visitor.post("/api/v1/ask", content=b'{"text": "\\ud83d"}', headers={"Content-Type": "application/json"})
    assert_kind_error(reply, 422, "wrong_fields")
    assert not visitor.behind.asker.asked


def test_a_text_of_a_hundred_thousand_characters_gets_a_clear_sentence(visitor):
    reply = visitor.post("/api/v1/ask", json={"text": "あ" * 100_000})
    assert_kind_error(reply, 422, "text_too_long")
    assert "2000文字" in reply.json()["error"]["next_step"]


def test_two_thousand_characters_are_still_read(visitor):
    assert visitor.post("/api/v1/ask", json={"text": "あ" * 2_000}).status_code == 200


def test_emoji_stay_and_characters_that_turn_text_around_go(visitor):
    visitor.post("/api/v1/ask", json={"text": "\u202eいす\u0007👨\u200d👩\u200d👧\r\n２つ"})
    assert visitor.asked == ["いす👨\u200d👩\u200d👧\n２つ"]


def test_another_content_type_is_refused_by_name(visitor):
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        reply = visitor.post("/api/v1/ask", content=b'{"text": "a"}', headers={"Content-Type": kind})
        assert_kind_error(reply, 415, "not_json")
    assert not visitor.behind.asker.asked


def test_a_body_over_the_limit_is_refused_before_it_is_read(visitor):
    reply = visitor.post("/api/v1/ask", json={"text": "あ" * 400_000})
    assert_kind_error(reply, 413, "body_too_large")
    assert not visitor.behind.asker.asked


def test_a_chunked_body_over_the_limit_is_refused_too(visitor):
    chunks = (b"x" * 100_000 for _ in range(50))
    reply = visitor.post("/api/v1/ask", content=chunks, headers={"Content-Type": "application/json"})
    assert_kind_error(reply, 413, "body_too_large")
    assert not visitor.behind.asker.asked


def test_wrong_addresses_and_methods_are_told_in_the_same_form(visitor):
    assert_kind_error(visitor.get("/api/v1/nothing"), 404, "not_found")
    wrong = visitor.get("/api/v1/ask")
    assert_kind_error(wrong, 405, "wrong_method")
    assert wrong.headers["allow"] == "POST"


def test_our_own_fault_is_told_without_a_trace_of_what_was_said(visit, caplog):
    visitor = visit(asker=FakeAsker(breaks=True))
    reply = visitor.post("/api/v1/ask", json={"text": "ひみつ"})
    assert_kind_error(reply, 500, "broken")
    assert "RuntimeError at fakes.py:" in caplog.text
    assert "ひみつ" not in caplog.text and "ひみつ" not in reply.text and "Traceback" not in reply.text


def test_the_log_names_routes_but_never_what_was_said(visitor, caplog):
    caplog.set_level("INFO")
    visitor.post("/api/v1/ask", json={"text": "ひみつ"})
    visitor.get("/nowhere/himitsu?q=himitsu2")
    ours = [record.getMessage() for record in caplog.records if record.name == "inclusion.web"]
    assert any("POST /api/v1/ask was answered 200" in line for line in ours)
    assert not any("himitsu" in line or "ひみつ" in line for line in ours)


def test_the_schema_names_every_error_and_the_webhooks(visitor):
    schema = visitor.get("/openapi.json").json()
    ask = schema["paths"]["/api/v1/ask"]["post"]
    assert {"200", "400", "404", "405", "413", "415", "422", "429", "500"} == set(ask["responses"])
    assert {"200", "400", "401", "404", "405", "413", "500"} <= set(schema["paths"]["/webhooks/line"]["post"]["responses"])
    assert schema["components"]["schemas"]["Question"]["examples"]
    assert "HTTPValidationError" not in json.dumps(schema)


def test_the_schema_is_valid_openapi(visitor):
    validator = pytest.importorskip("openapi_spec_validator", reason="The OpenAPI validator is not installed.")
    schema = visitor.get("/openapi.json").json()
    validator.validate(schema)
    assert {"200", "413", "415", "422"} <= set(schema["paths"]["/api/v1/ask"]["post"]["responses"])
    with pytest.raises(Exception, match="paths"):  # control: the validator does refuse
        validator.validate({**schema, "paths": []})
