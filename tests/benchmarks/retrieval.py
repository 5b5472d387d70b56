"""Three ways to search a list, beside our understanding, on the same questions in the same run: why a search box is not enough.

Every way gets the same documents (the town's things and FAQ with all their words). Right means the best document is one that is accepted;
a question to be refused counts as right where the best score is under the threshold that suits the other half of the questions best.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz import fuzz, process

from accessibility import Readings
from inclusion.municipalities import Town, load_town
from inclusion.understanding import Understanding
from inclusion.understanding.evaluation import Wanted, evaluate, read_questions
from inclusion.understanding.normalising import fold_kana
from inclusion.understanding.sentence import read

QUESTIONS = Path(__file__).parents[1] / "inclusion" / "understanding" / "questions"
FILES = {
    "": ("items_by_an_independent_writer", "topics_by_an_independent_writer", "mixed_by_a_builder"),
    "strangers_": ("fifth_by_a_stranger", "sixth_by_a_stranger", "seventh_by_a_stranger"),
}
STEPS = 40
LARGEST = 3
Search = Callable[[str], tuple[str, float]]
Document = tuple[str, str]


def measure() -> Mapping[str, object]:
    """Share right, share of direct answers wrong and milliseconds a question, for each way."""
    town, readings = load_town("chiyoda"), Readings()
    documents = _documents(town)
    ways: dict[str, Search] = {"sqlite_fts5_trigram": _fts5(documents), "reading_rapidfuzz": _by_sound(documents, readings)}
    if find_spec("bm25s") is not None:
        ways["bm25s_char_ngrams"] = _bm25s(documents)
    understanding = Understanding.of(town)
    figures: dict[str, object] = {"documents": len(documents)}
    for whose, names in FILES.items():
        wanted = [one for name in names for one in read_questions(QUESTIONS / f"{name}.jsonl") if not one.context]
        figures[f"{whose}questions"] = len(wanted)
        for name, search in ways.items():
            figures.update({f"{whose}{name}_{key}": value for key, value in _measured(search, wanted, town).items()})
        report = evaluate(understanding, wanted)
        ours = {"right": report.strict, "wrong_direct": report.wrong_direct_rate, "p50_ms": report.p50_ms}
        figures.update({f"{whose}ours_{key}": value for key, value in ours.items()})
    return figures


def _documents(town: Town) -> list[Document]:
    words: dict[str, list[str]] = {}
    for alias in town.aliases:
        words.setdefault(alias.target, []).append(alias.word)
    for item in town.items.values():
        words.setdefault(item.id, []).append(item.name)
    for policy in town.policies.values():
        words.setdefault(policy.id, []).append(policy.name)
    for faq in town.faqs.values():
        words[faq.id] = [faq.title, *faq.paraphrases, *faq.keywords]
    return [(target, word) for target, said in words.items() for word in said]


def _grams(text: str) -> list[str]:
    plain = fold_kana(text.lower())
    return [plain[at : at + size] for size in range(1, LARGEST + 1) for at in range(len(plain) - size + 1)]


def _fts5(documents: Sequence[Document]) -> Search:
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table words using fts5(target unindexed, word, tokenize='trigram')")
    base.executemany("insert into words values (?, ?)", [(target, fold_kana(word.lower())) for target, word in documents])

    def search(text: str) -> tuple[str, float]:
        grams = {gram for gram in _grams(text) if len(gram) == LARGEST}
        asked = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in sorted(grams))
        row = (
            base.execute("select target, -rank from words where words match ? order by rank limit 1", (asked,)).fetchone()
            if asked
            else None
        )
        return row or ("", 0.0)

    return search


def _by_sound(documents: Sequence[Document], readings: Readings) -> Search:
    sounds = [fold_kana(read(word, readings).kana or word.lower()) for _, word in documents]

    def search(text: str) -> tuple[str, float]:
        sentence = read(text, readings)
        found = process.extractOne(fold_kana(sentence.kana or sentence.folded), sounds, scorer=fuzz.partial_ratio)
        return (documents[found[2]][0], found[1]) if found else ("", 0.0)

    return search


def _bm25s(documents: Sequence[Document]) -> Search:
    bm25s = import_module("bm25s")
    index = bm25s.BM25()
    index.index([_grams(word) for _, word in documents], show_progress=False)

    def search(text: str) -> tuple[str, float]:
        found, scores = index.retrieve([_grams(text)], k=1, show_progress=False)
        return documents[int(found[0, 0])][0], float(scores[0, 0])

    return search


def _measured(search: Search, wanted: Sequence[Wanted], town: Town) -> dict[str, float]:
    started = time.perf_counter()
    found = [search(one.q) for one in wanted]
    ms = (time.perf_counter() - started) * 1000 / len(wanted)
    judged = [(score, _accepted(one, target, town), _refusable(one)) for one, (target, score) in zip(wanted, found, strict=True)]
    odd, even = judged[::2], judged[1::2]
    halves = [(odd, _best_threshold(even)), (even, _best_threshold(odd))]
    rights = [(right if score >= least else refusable) for half, least in halves for score, right, refusable in half]
    direct = [right for half, least in halves for score, right, _ in half if score >= least]
    wrong = 1 - sum(direct) / max(len(direct), 1)
    return {"right": round(sum(rights) / len(rights), 3), "wrong_direct": round(wrong, 3), "mean_ms": round(ms, 2)}


def _best_threshold(judged: Sequence[tuple[float, bool, bool]]) -> float:
    scores = sorted(score for score, _, _ in judged)
    tried = [0.0, *(scores[at * (len(scores) - 1) // STEPS] for at in range(STEPS + 1))]
    return max(tried, key=lambda least: sum(right if score >= least else refusable for score, right, refusable in judged))


def _accepted(one: Wanted, target: str, town: Town) -> bool:
    """Whether the document is one of the wanted things (or its family), whatever the count."""
    ids = {named for want in one.accept if want["action"] != "refuse" for named in want["ids"]}
    families = ids | {town.items[named].group for named in ids if named in town.items}
    return target in families or (target in town.items and town.items[target].group in families)


def _refusable(one: Wanted) -> bool:
    return any(want["action"] == "refuse" for want in one.accept)
