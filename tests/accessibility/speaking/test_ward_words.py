"""The ward's words are spoken as the ward reads them: what the engine will sound is compared with a list made by people."""

import csv
import re
import warnings
from pathlib import Path

import jaconv
import pytest

from accessibility.speaking.engine import SpeakingEngine
from inclusion.web.town_readings import town_names
from tests.towns import demo_town

pyopenjtalk = pytest.importorskip("pyopenjtalk")
# pyopenjtalk-plus opens its dictionary in the way that SudachiPy 0.7 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:.*create.*is deprecated:DeprecationWarning")
LISTS = sorted(Path(__file__).parents[1].glob("ward_readings_*.csv"))
# Spelling, not sound: long vowels, one sound with two letters, particles.
# （火） behind a date or before から and まで stands for 火曜日: shown か, as written; the ear needs かようび (docs/accessibility.md).
SPOKEN_IN_FULL = {
    ("10月20日（火）", "じゅうがつはつか（か）"): "じゅうがつはつか、かようび",
    ("（月）から（金）まで", "（げつ）から（きん）まで"): "げつようびからきんようびまで",
}
LONG = (
    ("(?<=[エケセテネヘメレゲゼデベペェ])イ", "ー"),
    ("(?<=[オコソトノホモヨロゴゾドボポョ])[ウオ]", "ー"),
    ("(?<=[ウクスツヌフムユルグズブプュ])ウ", "ー"),
    ("(?<=[イキシチニヒミリギジビピ])イ", "ー"),
)


@pytest.fixture(scope="module")
def engine() -> SpeakingEngine:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SpeakingEngine(dict(town_names(demo_town())))


def heard(kana: str) -> str:
    plain = re.sub("[^ァ-ヶー]", "", kana).translate(str.maketrans("ヅヂヲハヘ", "ズジオワエ"))
    for pattern, sound in LONG:
        plain = re.sub(pattern, sound, plain)
    return plain


def spoken(engine: SpeakingEngine, text: str) -> str:
    return heard("".join(pyopenjtalk.g2p(engine.as_the_town_reads(part.text, "ja"), kana=True) for part in engine.script(text, "ja")))


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_every_word_on_the_list_is_spoken_as_it_is_read(engine: SpeakingEngine, file: Path) -> None:
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    said = {row["text"]: SPOKEN_IN_FULL.get((row["text"], row["reading"]), row["reading"]) for row in rows}
    wrong = [text for text, reading in said.items() if spoken(engine, text) != heard(jaconv.hira2kata(reading))]
    assert len(rows) > 100 and wrong == []


def test_every_place_of_the_ward_is_spoken_as_its_list_says(engine: SpeakingEngine) -> None:
    places = {place.name: heard(jaconv.hira2kata(place.reading)) for place in demo_town().places}
    assert len(places) == 104 and {name for name, said in places.items() if spoken(engine, name) != said} == set()


def test_a_voice_without_the_list_speaks_some_places_otherwise() -> None:
    """Control."""
    places = {place.name: heard(jaconv.hira2kata(place.reading)) for place in demo_town().places}
    unlisted = SpeakingEngine({})
    assert {name for name, said in places.items() if spoken(unlisted, name) != said}


def test_a_weekday_in_brackets_is_shown_short_and_spoken_in_full_nowhere_else(engine: SpeakingEngine) -> None:
    rows = {(row["text"], row["reading"]) for file in LISTS for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())}
    assert set(SPOKEN_IN_FULL) <= rows
    for (text, shown), said in SPOKEN_IN_FULL.items():
        assert spoken(engine, text) == heard(jaconv.hira2kata(said)) != heard(jaconv.hira2kata(shown))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("神田明神", "カンダミョージン"),
        ("二千二百円", "ニセンニヒャクエン"),
        ("2,200円", "ニセンニヒャクエン"),
        ("10月20日（火）", "ジューガツハツカカヨービ"),
        ("03-3264-2111", "ゼロサンサンニーロクヨンニーイチイチイチ"),
        ("お住まいの方は", "オスマイノカタワ"),
        ("来ている方や学生は", "キテイルカタヤガクセーワ"),
        ("蛍光灯は、燃やしません", "ケーコートーワモヤシマセン"),
        ("何日か待つ", "ナンニチカマツ"),
    ],
)
def test_names_fees_days_and_numbers_are_spoken_right(engine: SpeakingEngine, written: str, said: str) -> None:
    assert spoken(engine, written) == heard(said)
