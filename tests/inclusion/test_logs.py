"""Logging outlives the stream it began with: a test's or a terminal's, replaced and closed since."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest

from inclusion.logs import set_up_logging


@pytest.fixture
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def test_a_closed_stream_is_not_written_to(as_before, monkeypatch):
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    set_up_logging("info")
    logging.getLogger("live").warning("one")
    first_said = first.getvalue()
    first.close()
    monkeypatch.setattr(sys, "stderr", second)
    logging.getLogger("live").warning("two")
    assert '"one"' in first_said
    assert '"two"' in second.getvalue()
    assert "closed file" not in second.getvalue()


def test_a_torn_form_leaves_nothing_of_its_body_in_the_log(as_before, monkeypatch):
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    set_up_logging("info")
    for name in ("python_multipart.multipart", "live"):  # the second is the control
        logging.getLogger(name).warning("Expected boundary character 45, got %s", name)
    assert "python_multipart" not in said.getvalue() and "got live" in said.getvalue()
