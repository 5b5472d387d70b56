"""What must be written again is named as people say it, in every language and on every channel, never by the name of a column."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from accessibility import Messages
from inclusion.classes.refusals import sentence
from inclusion.web.platform import clock
from lessons import team
from lessons.errors import ContactIncomplete
from lessons.fields import Field
from lessons.helper_errors import PlaceIncomplete, VolunteerIncomplete

from .test_day_pages import press
from .test_pages import FORM, app, clerk, first_class, platform, visitor

__all__ = ["app", "clerk", "platform", "visitor"]
COLUMN = re.compile(r"[a-z]+_[a-z]+|（[a-z]+）")


@pytest.mark.parametrize("field", get_args(Field))
@pytest.mark.parametrize("column", ["ja", "ja-easy", "en", "zh-Hans", "ko"])
def test_every_field_a_refusal_can_name_has_a_word_in_every_language(platform, field, column):
    words = platform.town.messages.texts[f"lesson.field.{field}"][column]
    assert words and "_" not in words


@pytest.mark.parametrize("error", [ContactIncomplete, PlaceIncomplete, VolunteerIncomplete])
@pytest.mark.parametrize("field", get_args(Field))
def test_no_refusal_of_a_field_reads_like_a_column(platform, error, field):
    said = sentence(error(field), platform.town.messages.say, str)
    assert not COLUMN.search(said) and platform.town.messages.say(f"lesson.field.{field}") in said


def test_control_a_sentence_filled_without_the_words_reads_like_a_column(platform):
    error = VolunteerIncomplete("first_day")
    assert COLUMN.search(platform.town.messages.say(error.message_id, **error.values()))


def test_a_volunteer_staff_and_a_program_read_the_words(visitor, clerk, platform):
    with platform.database.writing() as session:
        _, key = team.register(session, team.Profile("支援 者", "0311112222"), clock())
    assert "始まりの日" in visitor.post(f"/volunteers/{key}/away", data={"first": "day"}).text
    assert "終わりの日" in press(clerk, "/staff/places", "/staff/places/closures", first="2099-12-05", last="2099-12-01").text
    shown = press(clerk, "/staff/places", "/staff/places/devices", name="貸出機", system="pager", quantity=2).text
    assert "スマホの種類" in shown and "quantity）" not in shown
    body = {"name": "機械", "phone": "12", "consent": True}
    reply = visitor.post(f"/api/v1/lessons/sessions/{first_class(platform)}/applications", json=body, headers={"Idempotency-Key": "field"})
    assert "電話番号" in reply.json()["error"]["message"] and "telephone number" in reply.json()["error"]["message"]


def test_a_form_with_a_number_out_of_bounds_is_told_in_words_on_a_page_and_by_its_field_to_a_program(clerk, visitor, platform):
    page = press(clerk, "/staff/roster", days="9000")
    assert page.status_code == 422 and "書き直してください" in page.text and "openapi" not in page.text
    reply = visitor.post(f"/api/v1/lessons/sessions/{first_class(platform)}/applications", json={**FORM, "name": 7})
    assert "name" in reply.json()["error"]["message"]


def test_the_words_are_said_by_anything_that_says_messages():
    messages = Messages({"lesson.error.place_incomplete": {"ja": "（{field}）"}, "lesson.field.capacity": {"ja": "定員"}})
    assert sentence(PlaceIncomplete("capacity"), messages.say, str) == "（定員）"
