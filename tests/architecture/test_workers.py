"""How the suite is dealt out to its workers; a pytest that xdist does not know yet dealt every story out alone, without a word."""

import os

import pytest


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="Everything runs in one process.")
def test_the_stories_of_a_file_are_dealt_out_together(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@tests/architecture/test_workers.py")
