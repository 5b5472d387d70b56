"""Learns from right and wrong answers how sure we may be: `python -m tests.calibrating` writes `words/confidence.csv`; without it being
sure would be guessed.

The questions are those of several writers in `tests/inclusion/understanding/questions` (never the locked ones). Each is also asked of towns
that know less: some words, ways of asking, things and answers are taken away, so that there is plenty that nobody knows, as with real
residents. What is spoken has models of its own, fitted on the same answers and on those to questions as a recogniser might mishear
them.
Every figure printed is for questions that the model was not fitted on.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from accessibility import Readings
from inclusion.municipalities import Town, load_town
from inclusion.understanding import Talk, Understanding, topics
from inclusion.understanding.confidence import BASE, CHANNELS, ENOUGH, Channel, Confidence
from inclusion.understanding.evaluation import AT, Wanted, acceptable, outcome, read_questions
from inclusion.understanding.evidence import Evidence, names_of
from inclusion.understanding.mishearing import Mishearing
from inclusion.understanding.said import own_examples, taught_examples, words_for_things
from inclusion.understanding.trunk import as_heard, bundled_trunk

HERE = Path(__file__).parent / "inclusion" / "understanding"
SETS = ("questions.jsonl", "questions/items_by_an_independent_writer.jsonl", "questions/topics_by_an_independent_writer.jsonl",
        "questions/mixed_by_a_builder.jsonl", "questions/second_by_a_builder.jsonl", "questions/third_by_a_builder.jsonl",
        "questions/fourth_by_a_builder.jsonl", "questions/fifth_by_a_stranger.jsonl", "questions/sixth_by_a_stranger.jsonl")  # fmt: skip
TOWNS_KNOWING_LESS = 3
WORDS_LEFT_OUT, WAYS_LEFT_OUT, THINGS_LEFT_OUT = 0.3, 0.4, 0.08
FOLDS = 5
STIFFNESS = 1.0
WEIGHT_OF_LESS = 0.5  # such a question counts half of one asked of the real town
WEIGHT_OF_PLAIN, PLAIN_WORDS = 0.3, 400  # a bare word of the town's own, as many residents send it
NOISES, NOISES_OF_LESS, LESS_MISHEARD = (1, 2), (3,), 1  # seeds of mishearing; asked of so many towns that know less
WEIGHT_OF_HEARD_RIGHT = 0.5  # of every two spoken questions about one is misheard in a noun
WORSE: dict[Channel, int] = {"typed": 15, "spoken": 25}  # a wrong answer is so many times worse than one more question
NOTHING_OF_OURS = ({"action": "refuse", "ids": ["r.unknown"]}, {"action": "clarify", "ids": [], "also": []})
OUT = Path(__file__).parents[1] / "inclusion" / "understanding" / "words" / "confidence.csv"
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: what spoke for it, whether it was right, and how much it counts. `fold` is the same for all answers to one question;
    `misheard` tells that the question was asked as a recogniser might have written it."""

    evidence: Evidence
    right: bool
    weight: float
    fold: int
    q: str
    misheard: bool = False
    real: bool = True


@dataclass(frozen=True)
class Recording(Confidence):
    """Sure of everything, and keeps the evidence it was shown."""

    weights: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)
    enough: Mapping[tuple[str, str], float] = field(default_factory=dict)
    shown: list[Evidence] = field(default_factory=list)

    def of(self, evidence: Evidence, channel: Channel = "typed") -> float:
        self.shown.append(evidence)
        return 1.0


def answers(town: Town, known: Town, questions: Sequence[Wanted], weight: float, noises: Sequence[int] = (0,)) -> Iterator[Answered]:
    """What a town that knows `known` answers outright, graded by what the whole `town` would accept; each noise is a seed, 0 is none."""
    recording = Recording()
    understanding = replace(Understanding.of(known), confidence=recording)
    mishearing = Mishearing([alias.word for alias in town.aliases if alias.language == "ja"], understanding.readings)
    for wanted in questions:
        talk = Talk()
        for earlier in wanted.context:
            _, talk = understanding.understand(earlier, talk, AT)
        for seed in noises:
            q = mishearing.misheard(wanted.q, seed) if seed else wanted.q
            if seed and q == wanted.q:
                continue  # nothing in it can be misheard: already counted as heard right
            recording.shown.clear()
            request, _ = understanding.understand(q, talk, AT)
            if recording.shown and request.action in ("answer", "policy", "faq"):
                right = acceptable(town, accepted(wanted, town, known), outcome(town, request))
                fold = crc32(wanted.q.encode()) % FOLDS
                yield Answered(recording.shown[-1], right, weight, fold, q, seed > 0, known is town)


@dataclass
class Learning:
    """Learns the layers of towns that share most of their sentences: what the trunk has read once it need not read again."""

    read: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def learn(self, town: Town) -> None:
        """Leaves the layer where the next understanding of this town finds it."""
        trunk, readings = bundled_trunk(), Readings({place.name: place.reading for place in town.places})
        sentences, words = list(taught_examples(town)), list(words_for_things(town))
        examples = [*sentences, *words]
        new = {example.text: as_heard(example, readings) for example in examples if example.text not in self.read}
        seen = iter(trunk.of([text for texts in new.values() for text in texts]))
        self.read |= {text: np.stack([next(seen) for _ in texts]) for text, texts in new.items()}
        own = [example.label for example in examples for _ in self.read[example.text]]
        of_words = sum(len(self.read[example.text]) for example in words)
        learnt = topics.fitted(own, np.concatenate([self.read[example.text] for example in examples]), trunk, of_words)
        topics._held[topics.fingerprint(list(own_examples(town)), trunk)] = learnt


def plain(town: Town) -> list[Wanted]:
    """Bare words: every keyword that only one FAQ has, and some of the words for things without size classes."""
    owners = Counter(word for faq in town.faqs.values() for word in faq.keywords)
    faqs = [(word, "faq", one.id) for one in town.faqs.values() for word in one.keywords if owners[word] == 1]
    things = [(one.word, "answer", one.target) for one in town.aliases if one.language == "ja" and one.target in town.items]
    chosen = random.Random(0).sample(things, PLAIN_WORDS)
    return [Wanted(word, "plain", ({"action": action, "ids": [target]},)) for word, action, target in (*faqs, *chosen)]


def accepted(wanted: Wanted, town: Town, known: Town) -> Sequence[Mapping[str, object]]:
    """What is still acceptable where some things and answers were taken away."""
    gone = (set(town.items) - set(known.items)) | (set(town.faqs) - set(known.faqs))
    left = [one for one in wanted.accept if not gone & set(one["ids"])]
    return left or NOTHING_OF_OURS


def knowing_less(town: Town, seed: int) -> Town:
    """The town with some of its words, ways of asking, things without size classes, and answers taken away."""
    chance = random.Random(seed)
    dropped = {i for i, item in town.items.items() if item.group not in town.groups and chance.random() < THINGS_LEFT_OUT}
    faqs = {}
    for one in town.faqs.values():
        if chance.random() >= THINGS_LEFT_OUT or one.id == "f.sp_consult":
            kept = tuple(way for way in one.paraphrases if chance.random() >= WAYS_LEFT_OUT)
            faqs[one.id] = replace(one, paraphrases=kept)
    aliases = tuple(one for one in town.aliases if one.target not in dropped and one.target in faqs.keys() | town.items.keys()
                    | town.groups.keys() | town.policies.keys() | town.sorting.keys() and chance.random() >= WORDS_LEFT_OUT)  # fmt: skip
    items = {i: item for i, item in town.items.items() if i not in dropped}
    sorting = {i: row for i, row in town.sorting.items() if i not in dropped}
    left = faqs.keys() | items.keys() | sorting.keys() | town.groups.keys() | town.policies.keys()
    asked = tuple(one for one in town.asked if one.id in left and chance.random() >= WAYS_LEFT_OUT)
    return replace(town, items=items, faqs=faqs, aliases=aliases, sorting=sorting, asked=asked)


def fitted(signs: Numbers, right: Numbers, weight: Numbers) -> Numbers:
    """Logistic regression by Newton's method, held back by STIFFNESS (not for the base, the first column)."""
    held = np.full(signs.shape[1], STIFFNESS)
    held[0] = 1e-6
    weights = np.zeros(signs.shape[1])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))
        slope = signs.T @ (weight * (right - sure)) - held * weights
        curve = (signs * (weight * sure * (1 - sure))[:, None]).T @ signs + np.diag(held)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def rows(of: Sequence[Answered], names: Sequence[str]) -> Numbers:
    return np.array([[1.0, *(one.evidence.values.get(name, 0.0) for name in names)] for one in of])


def unseen(of: Sequence[Answered], names: Sequence[str]) -> Numbers:
    """How sure a model would be of each answer that was not fitted on its question."""
    signs, right, weight = rows(of, names), np.array([float(one.right) for one in of]), np.array([one.weight for one in of])
    sure = np.zeros(len(of))
    for fold in range(FOLDS):
        test = np.array([one.fold == fold for one in of])
        if test.any():
            model = fitted(signs[~test], right[~test], weight[~test])
            sure[test] = 1 / (1 + np.exp(-signs[test] @ model))
    return sure


def table(found: Iterable[Answered]) -> Iterator[tuple[str, str, str, float]]:
    """The rows of the file, and a line for each kind of answer and channel on stderr."""
    every = list(found)
    for about, channel in product(("thing", "rule", "faq"), CHANNELS):
        of = [one for one in as_it_comes(every, channel) if one.evidence.about == about]
        names = names_of([one.evidence for one in of])
        right, weight = np.array([float(one.right) for one in of]), np.array([one.weight for one in of])
        model, sure = fitted(rows(of, names), right, weight), unseen(of, names)
        least = 1 - 1 / WORSE[channel]
        yield about, channel, BASE, model[0]
        yield from ((about, channel, name, value) for name, value in zip(names, model[1:], strict=True))
        yield about, channel, ENOUGH, least
        print(_line(f"{about} {channel}", least, of, sure), file=sys.stderr)


def as_it_comes(every: Sequence[Answered], channel: Channel) -> Sequence[Answered]:
    """What is typed is never misheard; of what is spoken a part is."""
    if channel == "typed":
        return [one for one in every if not one.misheard]
    return [one if one.misheard else replace(one, weight=one.weight * WEIGHT_OF_HEARD_RIGHT) for one in every]


def _line(of_what: str, least: float, of: Sequence[Answered], sure: Numbers) -> str:
    parts = []
    for name, some in (("real", [one.real for one in of]), ("less", [not one.real for one in of])):
        picked = np.array(some)
        right = np.array([one.right for one in of])[picked]
        direct = sure[picked] >= least
        parts.append(f"{name}: all {len(right)} ({(~right).sum()} wrong), direct {direct.sum()} ({(~right[direct]).sum()} wrong)")
    return f"{of_what} >= {least:.3f}; " + "; ".join(parts)


def collected() -> list[Answered]:
    town = load_town("chiyoda")
    questions = [one for name in SETS for one in read_questions(HERE / name)]
    words = plain(town)
    found = [*answers(town, town, questions, 1.0, (0, *NOISES)), *answers(town, town, words, WEIGHT_OF_PLAIN)]
    learning = Learning()
    for seed in range(1, TOWNS_KNOWING_LESS + 1):
        print(f"a town that knows less: {seed} of {TOWNS_KNOWING_LESS}", file=sys.stderr)
        less = knowing_less(town, seed)
        learning.learn(less)
        found += answers(town, less, questions, WEIGHT_OF_LESS, (0, *NOISES_OF_LESS) if seed <= LESS_MISHEARD else (0,))
        found += answers(town, less, words, WEIGHT_OF_LESS * WEIGHT_OF_PLAIN)
    return found


def main() -> None:
    found = (f"{about},{channel},{sign},{value:.4f}" for about, channel, sign, value in table(collected()))
    lines = ["about,channel,sign,value", *found]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps({"written": OUT.name, "numbers": len(lines) - 1}))


if __name__ == "__main__":
    main()
