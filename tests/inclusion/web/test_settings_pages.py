"""Letters and language can be changed from any page, and one is back on that page afterwards."""

from __future__ import annotations

import pytest

FROM_HERE = {"referer": "http://testserver/lessons/abc?day=1"}


def test_a_choice_is_kept_and_leads_back_to_the_page_it_was_made_on(visitor):
    done = visitor.post("/settings", data={"letters": "largest"}, headers=FROM_HERE, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/lessons/abc?day=1")
    assert 'data-letters="largest"' in visitor.get("/").text


def test_the_page_of_all_choices_shows_which_are_made(visitor):
    visitor.post("/settings", data={"tongue": "en"})
    page = visitor.get("/settings").text
    assert 'value="en" lang="en" aria-pressed="true"' in page and 'value="ja" lang="ja" aria-pressed="false"' in page


@pytest.mark.parametrize(("asked", "kept"), [("80", "80"), ("８０", "80"), ("20", "90"), ("9" * 5000, "90"), ("fast", "90")])
def test_a_pace_is_a_number_within_reason_or_stays_as_it_was(visitor, asked, kept):
    assert visitor.post("/settings", data={"speed": asked}).status_code == 200
    assert visitor.cookies["reading"].strip('"').split(".")[4] == kept


@pytest.mark.parametrize("referer", ["https://evil.example/x", "", "http://testserver//evil.example", "nonsense"])
def test_nobody_is_sent_to_another_site(visitor, referer):
    done = visitor.post("/settings", data={"letters": "large"}, headers={"referer": referer}, follow_redirects=False)
    assert done.headers["location"] == "/"


def test_another_site_cannot_change_how_one_reads(visitor):
    refused = visitor.post("/settings", data={"letters": "largest"}, headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403 and 'data-letters="large"' in visitor.get("/").text
