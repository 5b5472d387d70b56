"""Commands that run until they are told to stop: whoever tells them, they say goodbye first."""

import signal
import subprocess
import sys

import pytest

POLITE = """
import asyncio
from inclusion.ending import ended_by_signal

async def work():
    print("ready", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0)
        print("goodbye", flush=True)

print("told" if ended_by_signal(work()) else "done", flush=True)
"""
RUDE = """
import asyncio

async def work():
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(work())
"""


def started(program: str, before: str = "") -> subprocess.Popen[str]:
    """`program` as a shell starts it; `before` is typed first."""
    command = ["sh", "-c", f'{before} exec "$0" -c "$1"', sys.executable, program]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert running.stdout is not None and running.stdout.readline() == "ready\n"
    return running


@pytest.mark.parametrize("before", ["", 'trap "" INT;'], ids=["in front", "behind the shell"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_what_is_told_to_stop_says_goodbye(before: str, ending: signal.Signals) -> None:
    running = started(POLITE, before)
    running.send_signal(ending)
    assert running.communicate(timeout=20)[0] == "goodbye\ntold\n"
    assert running.returncode == 0


@pytest.mark.parametrize(("before", "ending"), [("", signal.SIGTERM), ('trap "" INT;', signal.SIGINT)])
def test_control_a_bare_loop_dies_at_once_or_does_not_hear(before: str, ending: signal.Signals) -> None:
    running = started(RUDE, before)
    running.send_signal(ending)
    try:
        assert running.wait(timeout=1) == -signal.SIGTERM
    except subprocess.TimeoutExpired:
        assert ending is signal.SIGINT
    finally:
        running.kill()
        running.communicate()
