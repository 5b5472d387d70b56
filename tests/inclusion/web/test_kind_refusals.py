"""What people are told when a page refuses: what to do next, in no programmer's words, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator

import pytest
from fastapi import APIRouter
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from inclusion.settings import Settings
from inclusion.web.wiring import build_app
from tests.platforms import demo_platform

ADDRESS = "http://127.0.0.1:8000"
TECHNICAL = re.compile(r"JSON|Allow|openapi|Content-Type|ヘッダー|プログラム|キロバイト|header|program|kilobyte")


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> TestClient:
    settings = Settings(inclusion_var=tmp_path_factory.mktemp("town"), database_url="", voice="off", whisper_model="off", _env_file=None)
    platform = demo_platform(settings)
    platform.lesson_keeping().open_timetable()
    return TestClient(build_app(platform), base_url=ADDRESS, headers={"origin": ADDRESS}, follow_redirects=False)


def words(page: str) -> str:
    return html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL))


@pytest.mark.parametrize("language", ["ja", "en", "zh", "ko"])
def test_an_address_that_only_takes_forms_says_where_to_begin(people, language: str):
    reply = people.get("/spoken", headers={"accept-language": language})
    assert reply.status_code == 405 and 'href="/"' in reply.text and not TECHNICAL.search(words(reply.text))


@pytest.mark.parametrize("sent", [{"tap": "nonsense", "value": "x" * 50}, {}])
def test_a_form_that_cannot_be_read_says_how_to_go_on(people, sent: dict[str, str]):
    reply = people.post("/lessons/applications/none/after", data=sent)
    assert reply.status_code == 422 and "前のページにもどって" in words(reply.text) and not TECHNICAL.search(words(reply.text))


def test_a_program_is_still_told_in_its_own_words(people):
    assert "/openapi.json" in people.post("/api/v1/ask", json={}).json()["error"]["next_step"]
    assert "Allow" in people.get("/api/v1/ask").json()["error"]["next_step"]


def test_too_long_a_name_keeps_all_that_was_typed(people):
    page = people.get("/lessons").text
    address = next(one for one in re.findall(r'href="(/lessons/[^"]+)" aria', page) if "apply__form" in people.get(one).text)
    reply = people.post(address, data={"name": "あ" * 1_000, "phone": "03-1234-5678", "consent": "yes"})
    assert reply.status_code == 422 and "60文字までに縮めてください" in words(reply.text)
    assert 'value="03-1234-5678"' in reply.text and 'value="ああ' in reply.text and re.search(r'name="consent"[^>]* checked', reply.text)


def test_another_kind_of_body_is_refused_by_name_where_classes_are_booked(people):
    reply = people.post("/api/v1/lessons/sessions/any/applications", content=b"{}", headers={"content-type": "text/plain"})
    assert reply.status_code == 415


@pytest.mark.parametrize("path", ["/", "/lessons", "/live", "/mine", "/static/none", "/healthz"])
def test_who_asks_for_the_headers_alone_gets_those_of_the_page(people, path: str):
    asked, read = people.head(path), people.get(path)
    assert (asked.status_code, asked.content) == (read.status_code, b"")
    assert asked.headers.get("content-type") == read.headers.get("content-type")


def endless() -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"piece"

    return StreamingResponse(pieces())


def test_a_stream_without_an_end_gives_its_headers_and_ends_and_a_door_with_its_own_standard_is_left_alone(visit):
    router = APIRouter()
    for path in ("/captions", "/whep/sample"):
        router.add_api_route(path, endless)
    visitor = visit(extra_routers=[router])
    captions = visitor.head("/captions")
    assert (captions.status_code, captions.content) == (200, b"") and visitor.head("/whep/sample").status_code == 405


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/lessons/", "http://127.0.0.1:8000/lessons"),
        ("/live/?files=1", "http://127.0.0.1:8000/live?files=1"),
        ("/a/b/", "http://127.0.0.1:8000/a/b"),
    ],
)
def test_a_slash_too_many_leads_to_the_page(people, asked: str, leads: str):
    reply = people.get(asked, headers={"host": "elsewhere.example"})
    assert reply.status_code == 307 and str(people.build_request("GET", asked).url.join(reply.headers["location"])) == leads
    assert "elsewhere" not in reply.headers["location"]


def test_no_address_leads_to_another_host(people):
    asked = f"{ADDRESS}//elsewhere.example/"
    leads = people.get(asked).headers.get("location", "")
    assert people.build_request("GET", asked).url.join(leads).host == "127.0.0.1"
