"""Understanding in process: how long a question takes, how long the start takes, and what it costs in memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from inclusion.municipalities import load_town
from inclusion.understanding import Talk, Understanding

OWN_QUESTIONS = Path(__file__).parents[1] / "inclusion" / "understanding" / "questions.jsonl"
ROUNDS = 5


def measure() -> Mapping[str, object]:
    """Milliseconds per question over our own question set (every question of it ROUNDS times), and the cost of a fresh start."""
    town = load_town("chiyoda")
    understanding = Understanding.of(town)
    questions = [json.loads(line)["q"] for line in OWN_QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    times = sorted(_asked(understanding, text) for text in questions * ROUNDS)
    return {
        "questions": len(questions),
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
        "worst_ms": round(times[-1], 2),
        **_fresh_start(),
    }


def _asked(understanding: Understanding, text: str) -> float:
    start = time.perf_counter()
    understanding.understand(text, Talk(), datetime.now(UTC))
    return (time.perf_counter() - start) * 1000


FRESH = """
import json, re, time
from pathlib import Path
from datetime import UTC, datetime
start = time.perf_counter()
from inclusion.municipalities import load_town
from inclusion.understanding import Talk, Understanding
imported = time.perf_counter()
understanding = Understanding.of(load_town("chiyoda"))
built = time.perf_counter()
understanding.understand("長いす捨てたいんだけど、いくら？", Talk(), datetime.now(UTC))
first = time.perf_counter()
print(json.dumps({
    "import_s": round(imported - start, 2), "build_s": round(built - imported, 2), "first_question_s": round(first - built, 2),
    "start_to_first_answer_s": round(first - start, 2), "processor_s": round(time.process_time(), 2),
    "process_memory_mb": round(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024 / 1e6),
}))
"""


def _fresh_start() -> dict[str, float]:
    best: dict[str, float] = json.loads(subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True).stdout)
    return best
