"""One speaking process for all stories of this folder; opening it anew for each would cost two seconds a time."""

from collections.abc import Iterator

import pytest

from accessibility.speaking import Speaker

pytest.importorskip("pyttsx3")


@pytest.fixture(scope="session")
def speaker() -> Iterator[Speaker]:
    found = Speaker({"猿楽町": "さるがくちょう"})
    found.wake()
    yield found
    found.stop()
