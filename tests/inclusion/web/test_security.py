"""Headers, foreign forms and too many questions."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from inclusion.web.errors import TooManyRequests
from inclusion.web.limits import RateLimit, TokenBuckets, visitor_of

from .test_api import assert_kind_error


def test_pages_forbid_what_they_do_not_need(visitor):
    page = visitor.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe-inline" not in policy
    assert page.headers["x-content-type-options"] == "nosniff" and page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin" and len(page.headers["x-request-id"]) == 16


def test_pages_hold_nothing_inline_that_the_policy_would_block(visitor):
    page = visitor.get("/").text
    assert " style=" not in page and "<style" not in page and " onclick" not in page and "<script>" not in page


def test_https_is_remembered_only_where_it_is_used(visit):
    assert "strict-transport-security" not in visit().get("/").headers
    secure = visit(public_url="https://machi.example.jp")
    assert "max-age" in secure.get("/").headers["strict-transport-security"]
    assert "Secure" in secure.post("/", data={"letters": "large"}).headers["set-cookie"]


def test_every_request_has_a_number_of_its_own(visitor):
    assert visitor.get("/healthz").headers["x-request-id"] != visitor.get("/healthz").headers["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
def test_a_form_from_another_site_is_not_believed(visitor, headers):
    page = visitor.post("/", data={"text": "長いす"}, headers=headers)
    assert page.status_code == 403 and "ほかのページから" in page.text and not visitor.asked


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://testserver"}, {}])
def test_our_own_form_is_believed(visitor, headers):
    assert visitor.post("/", data={"text": "長いす"}, headers=headers).status_code == 200


@pytest.mark.parametrize("address", ["/settings?back=%00", "/%00", "/settings/%00"])
def test_an_address_that_postgresql_cannot_look_for_is_not_found(visitor, address):
    page = visitor.get(address)
    assert page.status_code == 404 and "このページはありません" in page.text
    assert visitor.get("/settings").status_code == 200


def test_cookies_stay_on_our_site_and_out_of_scripts(visitor):
    for cookie in visitor.post("/", data={"text": "いす"}).headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie


def test_too_many_questions_are_asked_to_wait(visit):
    visitor = visit(asks_at_once=3, asks_per_second=0.1)
    for _ in range(3):
        assert visitor.post("/api/v1/ask", json={"text": "いす"}).status_code == 200
    refused = visitor.post("/api/v1/ask", json={"text": "いす"})
    assert_kind_error(refused, 429, "too_many_requests")
    assert refused.headers["retry-after"] == "10" and "10秒" in refused.json()["error"]["next_step"]
    assert "お急ぎのとき" in visitor.post("/", data={"text": "いす"}).text
    assert visitor.get("/").status_code == 200


def test_tokens_grow_back_with_time():
    time = [0.0]
    buckets = TokenBuckets(2, 1.0, lambda: time[0])
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    time[0] = 1.0
    assert buckets.take("a") == 0.0 and buckets.take("b") == 0.0


def test_visitors_without_end_do_not_fill_the_memory():
    buckets = TokenBuckets(2, 1.0, lambda: 0.0, max_visitors=100)
    for number in range(10_000):
        buckets.take(str(number))
    assert len(buckets) == 100


def request_from(host: str, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (host, 1), "headers": headers})


def test_a_visitor_cannot_pretend_another_address():
    assert visitor_of(request_from("203.0.113.7", "198.51.100.1"), ()) == "203.0.113.7"
    assert visitor_of(request_from("10.0.0.1", "6.6.6.6, 203.0.113.7"), {"10.0.0.1"}) == "203.0.113.7"
    assert visitor_of(request_from("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2"), {"10.0.0.1", "10.0.0.2"}) == "203.0.113.7"


def test_an_ipv6_home_is_one_visitor_and_this_machine_is_none():
    assert visitor_of(request_from("2001:db8::1"), ()) == visitor_of(request_from("2001:db8::ffff"), ())
    assert visitor_of(request_from("127.0.0.1"), ()) is None
    assert visitor_of(request_from("testclient"), ()) == "unknown"


async def test_this_machine_may_ask_without_limit():
    limit = RateLimit(TokenBuckets(1, 0.1, lambda: 0.0), ())
    for _ in range(10):
        await limit(request_from("127.0.0.1"))
    await limit(request_from("203.0.113.7"))
    with pytest.raises(TooManyRequests):
        await limit(request_from("203.0.113.7"))
