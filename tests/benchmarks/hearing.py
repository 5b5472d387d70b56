"""How well and how fast is heard, engine beside engine; without this file nobody would know what the town's own ears can and cannot do.

The test set is drawn here, with a seed of its own: sentences, nouns and voices that training kept back. All of it is synthetic speech.
`HEARING_EACH=20` draws a third as many.
"""

from __future__ import annotations

import os
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
from rapidfuzz.distance import Levenshtein

from accessibility import Readings
from accessibility.hearing import TOWN
from accessibility.hearing.ears import RATE, Sound
from accessibility.hearing.endpointing import cut_to_speech, speech_in
from accessibility.hearing.engine import CTRANSLATE2, WHISPER, HearingEngine
from accessibility.hearing.errors import HearingError
from accessibility.hearing.minds import TownMind
from accessibility.hearing.sounds import kana_of, phonemes_of
from accessibility.hearing.training.corpus import in_a_form, kept_back
from accessibility.hearing.training.nouns import dictionary_nouns
from accessibility.hearing.training.rooms import Place, heard_at
from accessibility.hearing.training.speakers import OPEN_JTALK, Speaker, Studio, new_speaker, taught_speaker
from accessibility.hearing.training.spoken import Speller
from inclusion.municipalities import Town, load_town
from inclusion.sayings import sayings_of
from inclusion.sayings.vocabulary import vocabulary_of
from inclusion.understanding import Talk, Understanding, believe

SEED = 4_711
NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
EACH = int(os.environ.get("HEARING_EACH", "60"))
LONG_E = re.compile("(?<=[えけげせぜてでねへべぺめれ])い")
LONG_O = re.compile("(?<=[おこごそぞとどのほぼぽもよろょ])う")
MEI = Speaker(OPEN_JTALK, 0.9, -3)
Way = Callable[[random.Random], tuple[Speaker, Place]]


@dataclass(frozen=True)
class Said:
    text: str
    kana: str
    sound: Sound


def measure() -> Mapping[str, object]:
    """Errors by condition, what becomes of known and unknown things, and what one question costs."""
    town = load_town("chiyoda")
    with tempfile.TemporaryDirectory() as folder:
        engine, booth = HearingEngine.opened(_settings(town, Path(folder))), (Speller(), Studio())
        return {
            "errors": {name: _errors(engine, _sentences(town, way, booth)) for name, way in CONDITIONS.items()},
            "things": _things(town, engine, booth),
            "cost": _cost(Path(folder), booth),
        }


def _usual(dice: random.Random) -> tuple[Speaker, Place]:
    return MEI, Place()


def _taught(dice: random.Random) -> tuple[Speaker, Place]:
    return taught_speaker(dice), Place()


def _new(dice: random.Random) -> tuple[Speaker, Place]:
    return new_speaker(dice), Place()


def _slow(dice: random.Random) -> tuple[Speaker, Place]:
    return replace(MEI, rate=dice.uniform(0.48, 0.6)), Place()


def _room(dice: random.Random) -> tuple[Speaker, Place]:
    return MEI, Place(echo_s=dice.uniform(0.2, 0.5), noise_db=dice.uniform(12, 25))


def _telephone(dice: random.Random) -> tuple[Speaker, Place]:
    return MEI, Place(noise_db=30, telephone=True)


def _opus(dice: random.Random) -> tuple[Speaker, Place]:
    return MEI, Place(codec=0, bits=16_000)


CONDITIONS: Mapping[str, Way] = {
    "held-out sentences, usual voice": _usual,
    "held-out sentences, taught voices": _taught,
    "held-out voices": _new,
    "very slow": _slow,
    "room and noise": _room,
    "telephone band": _telephone,
    "Opus 16 kbit/s": _opus,
}


def _sentences(town: Town, way: Way, booth: tuple[Speller, Studio]) -> Iterator[Said]:
    """Known words in sentences kept back, half of them; whole questions kept back, the other half."""
    dice, sayings = random.Random(SEED), sayings_of(town)
    whole = [text for text in sayings.sentences if kept_back(text)]
    for number in range(EACH):
        text = dice.choice(whole) if number % 2 else in_a_form(dice.choice(sayings.words), sayings.words, sayings.forms, dice, wanted=True)
        yield from _spoken(text, way, booth, dice)


def _spoken(text: str, way: Way, booth: tuple[Speller, Studio], dice: random.Random) -> Iterator[Said]:
    speller, studio = booth
    spoken = speller.spoken(text)
    if spoken is not None:
        speaker, place = way(dice)
        quiet = np.zeros(RATE // 2, dtype=np.float32)
        yield Said(
            text,
            kana_of(one for one in spoken.phonemes if one != "pau"),
            np.concatenate([quiet, heard_at(place, studio.say(spoken, speaker).sound, dice), quiet]),
        )


def _errors(engine: HearingEngine, told: Iterator[Said]) -> Mapping[str, float]:
    """Wrong kana as they sound, with the town's words and of the bare sounds; sentences without any.

    Whether い behind え is a sound of its own (して・いる) or makes it long (せんせい) is known to the word, not to the ear: the figures
    "alike" count them as one, and う behind お likewise.
    """
    wrong, bare_wrong, alike_wrong, signs, exact, count = 0, 0, 0, 0, 0, 0
    for said in told:
        heard, bare = _heard(engine, said.sound)
        distance, alike = Levenshtein.distance(said.kana, heard), Levenshtein.distance(_long(said.kana), _long(heard))
        wrong, bare_wrong, signs = wrong + distance, bare_wrong + Levenshtein.distance(said.kana, bare), signs + len(said.kana)
        exact, count, alike_wrong = exact + (alike == 0), count + 1, alike_wrong + alike
    figures = {
        "cer_percent": 100 * wrong / signs,
        "cer_of_bare_sounds_percent": 100 * bare_wrong / signs,
        "cer_long_vowels_alike_percent": 100 * alike_wrong / signs,
        "exact_long_vowels_alike_percent": 100 * exact / count,
    }
    return {**{name: round(value, 1) for name, value in figures.items()}, "sentences": count}


def _long(kana: str) -> str:
    return LONG_O.sub("お", LONG_E.sub("え", kana))


def _heard(engine: HearingEngine, sound: Sound) -> tuple[str, str]:
    try:
        heard = kana_of(phonemes_of(engine.heard(sound, "ja", ()).hypotheses[0].kana))
    except HearingError:
        return "", ""
    mind = engine._mind
    assert isinstance(mind, TownMind)
    finder = engine._finder
    return heard, mind._reader.bare(mind._encoder.encode(cut_to_speech(sound, speech_in(sound, finder))))


def _things(town: Town, engine: HearingEngine, booth: tuple[Speller, Studio]) -> Mapping[str, object]:
    """Known things: how many are answered without asking back, and how many of those rightly. Unknown things: how many are."""
    understanding = Understanding.of(town)
    dice = random.Random(SEED)
    names = [item.said for item in town.items.values()]
    pool = [noun for noun in dictionary_nouns() if kept_back(noun)]
    unknown_nouns = [noun for noun in dice.sample(pool, 3 * EACH) if _is_unknown(noun, understanding)][:EACH]
    known = [_outcome(engine, understanding, name, booth, dice) for name in dice.sample(names, EACH)]
    unknown = [_outcome(engine, understanding, noun, booth, dice) for noun in unknown_nouns]
    return {"known": _counted(known), "unknown": _counted(unknown)}


def _is_unknown(noun: str, understanding: Understanding) -> bool:
    return understanding.understand(f"{noun}を捨てたい", Talk(), NOW)[0].action == "refuse"


def _settings(town: Town, folder: Path) -> dict[str, object]:
    vocabulary = vocabulary_of(town, Readings())
    limits = {"seconds": 60.0, "size": 10_000_000}
    return {"model": TOWN, "folder": str(folder), "engine": CTRANSLATE2, "limits": limits, "vocabulary": asdict(vocabulary)}


def _outcome(engine: HearingEngine, understanding: Understanding, thing: str, booth: tuple[Speller, Studio], dice: random.Random) -> str:
    """What becomes of 「…を捨てたい」: said without asking and as if it had been typed, said and otherwise, asked about, or turned away."""
    typed = understanding.understand(f"{thing}を捨てたい", Talk(), NOW)[0]
    said = next(_spoken(f"{thing}を捨てたい", _taught, booth, dice), None)
    if said is None:
        return "unsaid"
    try:
        heard = engine.heard(said.sound, "ja", ())
    except HearingError:
        return "turned away"
    believed = believe(heard, lambda text: understanding.understand(text, Talk(), NOW)[0])
    request = understanding.understand(believed.text, Talk(), NOW)[0]
    if request.action in ("refuse", "confirm") or not believed.clear:
        return "turned away" if request.action == "refuse" else "asked"
    if not believed.sure:
        return "asked" if request.ids == typed.ids else "asked about another"
    return "right at once" if request.ids == typed.ids else "wrong at once"


def _counted(outcomes: Sequence[str]) -> Mapping[str, float]:
    return {name: round(100 * outcomes.count(name) / len(outcomes), 1) for name in sorted(set(outcomes))}


def _cost(folder: Path, booth: tuple[Speller, Studio]) -> Mapping[str, object]:
    """From decoded sound to text, warm; wall and CPU milliseconds."""
    dice = random.Random(SEED)
    texts = ("ソファーを捨てたいんですが", "扇風機はいくらですか", "粗大ごみのシールはどこで買えますか")
    sounds = [next(_spoken(text, _usual, booth, dice)).sound for text in texts]
    town = load_town("chiyoda")
    engines = {name: HearingEngine.opened({**_settings(town, folder), "engine": name}) for name in (CTRANSLATE2, WHISPER)}
    return {name: _timed(engine, sounds) for name, engine in engines.items()}


def _timed(engine: HearingEngine, sounds: Sequence[Sound]) -> Mapping[str, float]:
    engine.heard(sounds[0], "ja", ())
    walls, cpu = [], _cpu()
    for sound in sounds * 5:
        began = time.perf_counter()
        engine.heard(sound, "ja", ())
        walls.append(1000 * (time.perf_counter() - began))
    return {
        "p50_ms": round(median(walls), 1),
        "p95_ms": round(sorted(walls)[int(0.95 * (len(walls) - 1))], 1),
        "cpu_ms": round(1000 * (_cpu() - cpu) / len(walls), 1),
    }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
