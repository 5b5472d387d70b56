"""How soon an answer is heard, beside plain pyttsx3 with espeak-ng; without this file "slow voice" would be an opinion."""

from __future__ import annotations

import ast
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from accessibility.speaking import RATE, Manner, Speaker, SpeechShelf

# Each is said once: the engine keeps whole sentences, and a second time would cost nothing.
SENTENCES = tuple(
    sentence.format(number)
    for number in (2, 3, 7)
    for sentence in (
        "「長いす」の手数料は{}00円です。",
        "申し込んだあとで、B券を{}枚買ってください。",
        "粗大ごみ受付センター、03-6743-060{}。",
        "神田明神のお祭りは、10月2{}日の火曜日です。",
    )
)
# What a program would do without us: pyttsx3's usual driver, kana (it cannot read kanji), one file.
PEER = """
import sys, time, wave
from accessibility.speaking.pyttsx3_voice import load_espeak
load_espeak()
import pyttsx3
engine = pyttsx3.init("espeak")
engine.setProperty("voice", "ja")
times = []
for number, text in enumerate(sys.argv[2:]):
    began, cpu = time.perf_counter(), time.process_time()
    engine.save_to_file(text, sys.argv[1] + "/peer.wav")
    engine.runAndWait()
    with wave.open(sys.argv[1] + "/peer.wav") as sound:
        seconds = sound.getnframes() / sound.getframerate()
    times.append((time.perf_counter() - began, time.process_time() - cpu, seconds))
print("RESULT", times)
"""
KANA = (
    "ながいすのてすうりょうはろっぴゃくえんです",
    "もうしこんだあとでびーけんをにまいかってください",
    "そだいごみうけつけせんたー",
    "かんだみょうじんのおまつりはじゅうがつはつかです",
)


def measure() -> Mapping[str, object]:
    """First sound of a sentence never said before, of the second sentence, of a kept recording; and the peer's figures."""
    speaker = Speaker()
    speaker.wake()
    try:
        ours = [_first_and_whole(speaker, sentence) for sentence in SENTENCES]
        with tempfile.TemporaryDirectory() as folder:
            kept = _kept_ms(SpeechShelf(Path(folder), speaker, "benchmark"))
            peer = _peer(folder)
    finally:
        speaker.stop()
    seconds = sum(sound for _, sound in ours)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "first_sound_ms": _figures([1000 * first for first, _ in ours]),
        "kept_recording_ms": _figures(kept),
        "real_time_factor": round(sum(first for first, _ in ours) / seconds, 4),
        "peer_first_sound_ms": _figures([1000 * wall for wall, _, _ in peer]),
        "peer_real_time_factor": round(sum(wall for wall, _, _ in peer) / sum(sound for _, _, sound in peer), 4),
        "cpu_s_of_all_engines": round(used.ru_utime + used.ru_stime, 2),
    }


def _first_and_whole(speaker: Speaker, sentence: str) -> tuple[float, float]:
    began = time.perf_counter()
    sounds = speaker.sentences(sentence, Manner())
    first = next(sounds)
    waited = time.perf_counter() - began
    return waited, (first.size + sum(rest.size for rest in sounds)) / RATE


def _kept_ms(shelf: SpeechShelf) -> list[float]:
    speech_id = shelf.order(SENTENCES[0], Manner())
    shelf.fetch(speech_id, "m4a")
    found = []
    for _ in range(200):
        began = time.perf_counter()
        shelf.fetch(speech_id, "m4a")
        found.append(1000 * (time.perf_counter() - began))
    return found


def _peer(folder: str) -> list[tuple[float, float, float]]:
    done = subprocess.run([sys.executable, "-c", PEER, folder, *KANA * 3], capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    return [tuple(one) for one in ast.literal_eval(line.removeprefix("RESULT").strip())]


def _figures(found: list[float]) -> Mapping[str, float]:
    ordered = sorted(found)
    return {"p50": round(median(ordered), 2), "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 2)}
