"""The optional language model: what it is asked, what of its reply is believed, and that no misbehaviour of its reaches a resident."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic

import pytest
from pydantic import ValidationError

from inclusion.language_model import FAILURES, REST_S, LanguageModel
from inclusion.settings import Settings
from inclusion.turn import Memory, Turn, take_turn
from inclusion.understanding import Understanding
from inclusion.understanding.advice import Asked
from inclusion.web.wiring import adviser_of
from tests.doubles.language_model import Handler, ModelDouble, language_model_double
from tests.towns import town_understood

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
UNKNOWN = "ポポリンを捨てたい"
ASKED = Asked("何か", (("S00246", "扇風機"),))


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return town_understood()


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with language_model_double() as double:
        yield double


def ask(understanding: Understanding, text: str, model: LanguageModel | None, memory: Memory | None = None) -> Turn:
    return take_turn(text, memory or Memory(), understanding.town, understanding, NOW, adviser=model)


def test_what_it_picks_is_put_as_a_question_with_our_own_fee(understanding: Understanding, double: ModelDouble) -> None:
    double.says('{"id": "S00246", "fee": 99999, "text": "無料です"}')
    turn = ask(understanding, "ポポリンを2台捨てたい", LanguageModel(double.url, "any"))
    assert (turn.request.action, turn.request.ids, turn.answer.total_yen) == ("confirm", ("S00246",), 600)
    assert "99999" not in turn.rendered.text and "無料" not in turn.rendered.text
    yes = ask(understanding, "はい", None, turn.memory)
    assert (yes.request.action, yes.request.ids) == ("answer", ("S00246",))


def test_a_size_class_it_picks_is_asked_about(understanding: Understanding, double: ModelDouble) -> None:
    double.says('{"id": "sofa"}')
    turn = ask(understanding, UNKNOWN, LanguageModel(double.url, "any"))
    assert (turn.request.action, turn.request.ids) == ("clarify", ("sofa",))
    assert ask(understanding, "2人用です", None, turn.memory).request.ids == ("S00077",)


def test_a_rule_and_an_answer_it_picks_are_put_as_questions(understanding: Understanding, double: ModelDouble) -> None:
    for chosen in ("n.piano", "f.receipt"):
        double.says(json.dumps({"id": chosen}))
        turn = ask(understanding, UNKNOWN, LanguageModel(double.url, "any"))
        assert (turn.request.action, turn.request.ids) == ("confirm", (chosen,))


def test_a_kind_it_reads_from_the_words_settles_the_class_as_a_question(understanding: Understanding, double: ModelDouble) -> None:
    double.says('{"slots": {"kind": "ダブル"}}')
    turn = ask(understanding, "親がいっしょに寝ていたベッドを捨てたい", LanguageModel(double.url, "any"))
    assert (turn.request.action, turn.request.ids) == ("confirm", ("S00271",))
    assert "シングル" in double.requests[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    "content",
    [
        '{"id": "none"}', '{"id": "S99998"}', '{"id": "r.emergency"}', '{"id": ["S00246"]}', '{"id": 7}', '{"id": null}', "{}", "[]",
        '"S00246"',
        "扇風機です。300円です。", "", "{" * 5000, '{"slots": {"kind": "シングル"}}', '{"id": "s00246"}', '{"id": "S00246 "}', "null",
    ],
)  # fmt: skip
def test_nothing_but_an_existing_id_is_believed(understanding: Understanding, double: ModelDouble, content: str) -> None:
    double.says(content)
    turn = ask(understanding, UNKNOWN, LanguageModel(double.url, "any"))
    assert turn.rendered.text == ask(understanding, UNKNOWN, None).rendered.text and len(double.requests) == 1


@pytest.mark.parametrize(
    "slots",
    ['{"kind": "2人用"}', '{"width_cm": "120"}', '{"kind": 3}', '{"kind": ["ダブル"]}', "{}", "[]", '{"kind": "ダブル", "fee": "0"}'],
)
def test_no_kind_or_number_of_its_own_is_believed(understanding: Understanding, double: ModelDouble, slots: str) -> None:
    double.says(f'{{"slots": {slots}}}')
    turn = ask(understanding, "ベッドを捨てたい", LanguageModel(double.url, "any"))
    assert (turn.request.action, turn.request.ids) == ("clarify", ("bed",)) and double.requests


MISBEHAVIOUR = {
    "slow": Handler.sleeps,
    "trickling": Handler.trickles,
    "trickling its body": Handler.trickles_body,
    "flooding": Handler.floods,
    "breaking off": Handler.breaks_off,
    "refusing": lambda handler: handler.raw(b"{}", 429),
    "failing": lambda handler: handler.raw(b"<html>", 500),
    "redirecting": lambda handler: handler.raw(b"", 307, Location="http://192.0.2.1/"),
    "saying no JSON": lambda handler: handler.raw(b"\xff\xfe not json"),
    "saying no choice": lambda handler: handler.raw(b'{"choices": []}'),
    "nesting": lambda handler: handler.raw(b"[" * 16000),
}


@pytest.mark.parametrize("manner", MISBEHAVIOUR)
def test_our_own_answer_comes_in_time_whatever_it_does(understanding: Understanding, double: ModelDouble, manner: str) -> None:
    double.manner = MISBEHAVIOUR[manner]
    model = LanguageModel(double.url, "any", patience_s=1.0)
    started = monotonic()
    turn = ask(understanding, UNKNOWN, model)
    assert monotonic() - started < 2.5 and turn.rendered.text == ask(understanding, UNKNOWN, None).rendered.text and double.requests


def test_it_rests_after_three_failures_and_is_asked_again_later(double: ModelDouble) -> None:
    now = [0.0]
    model = LanguageModel(double.url, "any", clock=lambda: now[0])
    double.manner = MISBEHAVIOUR["failing"]
    for _ in range(FAILURES + 2):
        assert model(ASKED) is None
    assert len(double.requests) == FAILURES
    now[0] = REST_S + 1
    double.says('{"id": "S00246"}')
    assert model(ASKED) == {"id": "S00246"}


@pytest.mark.parametrize(
    "said",
    [
        "胸が苦しくて息ができない",
        "税務署からATMに行けと言われた",
        "もう死にたい",
        "隣の人の電話番号を教えて",
        "扇風機を捨てたい",
        "大きな字にして",
        "もしもし",
    ],
)
def test_it_is_asked_neither_about_dangers_nor_where_we_know(understanding: Understanding, double: ModelDouble, said: str) -> None:
    ask(understanding, said, LanguageModel(double.url, "any"))
    assert double.requests == []


def test_it_never_sees_who_asks(understanding: Understanding, double: ModelDouble) -> None:
    ask(
        understanding,
        "山田花子です、03-1234-5678、神田駿河台1丁目2番3号のポポリン、a.b@example.com",
        LanguageModel(double.url, "any", "a-key"),
    )
    sent = json.dumps(double.requests[0], ensure_ascii=False)
    assert "ポポリン" in sent and not any(word in sent for word in ("山田", "花子", "1234", "2番3号", "example.com"))
    assert double.headers[0]["Authorization"] == "Bearer a-key" and double.requests[0]["temperature"] == 0


def test_it_is_off_unless_set_and_only_reached_privately() -> None:
    assert adviser_of(Settings(_env_file=None)) is None
    assert adviser_of(Settings(_env_file=None, language_model_url="https://llm.example/v1", language_model_name="m")) is not None
    with pytest.raises(ValidationError, match="https"):
        Settings(_env_file=None, language_model_url="http://llm.example/v1")
