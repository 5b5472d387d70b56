"""One engine with the shipped ears and one voice for all stories of this folder: opening them anew for each would cost seconds a time."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from accessibility import Readings
from accessibility.hearing import TOWN, Listener, Vocabulary
from accessibility.speaking import Speaker
from inclusion.sayings.vocabulary import vocabulary_of
from tests.towns import demo_town


@pytest.fixture(scope="session")
def speaker() -> Iterator[Speaker]:
    found = Speaker()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def town_words() -> Callable[[], Vocabulary]:
    return cache(lambda: vocabulary_of(demo_town(), Readings()))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shipped ears are unpacked and converted, once."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def ears(models: Path, town_words: Callable[[], Vocabulary]) -> Iterator[Listener]:
    listener = Listener(TOWN, models, vocabulary=town_words, engine="ctranslate2")
    yield listener
    listener.stop()
