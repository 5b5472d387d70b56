"""`make bench`: every benchmark beside its peer or limit, printed as JSON. Name some of them to run only those."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping

from tests.benchmarks import (
    first_picture,
    hearing,
    hearing_sizes,
    importing,
    lessons_booking,
    many_towns,
    pages_speed,
    rendering,
    retrieval,
    rostering,
    speaking,
    starting,
    streaming_fanout,
    streaming_latency,
    understanding,
    voice_questions,
    webhook_ack,
)

BENCHMARKS: Mapping[str, Callable[[], Mapping[str, object]]] = {
    "hearing": hearing.measure,
    "retrieval": retrieval.measure,
    "hearing_sizes": hearing_sizes.measure,
    "understanding": understanding.measure,
    "lessons_booking": lessons_booking.measure,
    "pages_speed": pages_speed.measure,
    "rendering": rendering.measure,
    "rostering": rostering.measure,
    "speaking": speaking.measure,
    "voice_questions": voice_questions.measure,
    "starting": starting.measure,
    "streaming_fanout": streaming_fanout.measure,
    "streaming_latency": streaming_latency.measure,
    "first_picture": first_picture.measure,
    "webhook_ack": webhook_ack.measure,
    "importing": importing.measure,
    "many_towns": many_towns.measure,
}


def main() -> None:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"There is no benchmark '{unknown[0]}'. Choose from: {', '.join(BENCHMARKS)}.")
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    print(json.dumps({"machine": machine}))
    for name in wanted:
        print(f"measuring {name} ...", file=sys.stderr)
        print(json.dumps({name: BENCHMARKS[name]()}, ensure_ascii=False, indent=1))


main()
