"""Runs an engine (ears, a voice, a printing press) in a process of its own; without it one crash in a C library would end the service.

The engine speaks in frames over its standard input and output: two lengths, a JSON header, raw bytes. It answers one job at a time, and
it ends by itself when we do, because its input closes.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from threading import BoundedSemaphore, Lock, Timer
from time import monotonic
from typing import IO, Any, Final

from .errors import AccessibilityError

LENGTHS: Final = struct.Struct(">II")
END_S: Final = 2.0
ENOUGH: Final = "enough"  # a frame with this name: nobody listens to the job in hand any more
SPARED_S: Final = 2.0  # an engine that has not let go of it by then is started anew
Header = Mapping[str, Any]
Frame = tuple[dict[str, Any], bytes]


class EngineError(AccessibilityError):
    """The engine gave no answer; asking again later may help."""


class EngineBusy(EngineError):
    def __init__(self, name: str, waiting: int) -> None:
        super().__init__(f"The {name} has {waiting} jobs already. Try again in a moment.")


class EngineLate(EngineError):
    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"The {name} needed longer than {seconds:g} seconds and is started anew. Try a shorter piece.")


class EngineBroken(EngineError):
    def __init__(self, name: str, kind: str) -> None:
        super().__init__(f"The {name} stopped ({kind}) and is started anew. Try once more.")
        self.kind = kind


class JobRefused(AccessibilityError):
    """The engine is well and says no: `code` is its word for why, `facts` go with it."""

    def __init__(self, code: str, facts: Header) -> None:
        super().__init__(f"The engine refused the job: {code}.")
        self.code, self.facts = code, facts


class EngineProcess:
    """`factory` is "module:function": it is called in the new process with `settings` (or what they return) and gives what answers jobs.

    Nothing is started before the first job. `most_waiting` jobs may wait, the next one is refused at once. Safe to share between threads.
    """

    def __init__(
        self, name: str, factory: str, settings: Header | Callable[[], Header], most_waiting: int = 8, start_s: float = 60.0
    ) -> None:
        self.name, self._factory, self._settings = name, factory, settings
        self._most, self._start_s = most_waiting, start_s
        self._places, self._turn = BoundedSemaphore(most_waiting), Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The engine's process, None while none runs."""
        process = self._process  # another thread may stop it meanwhile
        return process.pid if process is not None and process.poll() is None else None

    def ask(self, header: Header, body: bytes = b"", timeout_s: float = 10.0) -> Iterator[Frame]:
        """The frames of one answer, as they come. Raises EngineBusy, EngineLate, EngineBroken or JobRefused; `timeout_s` holds for all.

        Whoever closes it in the middle spares the engine what was still to come: it stays, and the next job begins at once. Loading an
        engine is not part of `timeout_s`: a large one would otherwise be ended each time before its first answer.
        """
        if not self._places.acquire(blocking=False):
            raise EngineBusy(self.name, self._most)
        try:
            until = monotonic() + timeout_s
            if not self._turn.acquire(timeout=timeout_s):
                raise EngineLate(self.name, timeout_s)
            try:
                yield from self._answers(header, body, until, timeout_s)
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def wake(self) -> None:
        """Start the engine now if it does not run, so that the first person need not wait for it."""
        with self._turn:
            self._running()

    def rest(self) -> None:
        """End the engine once the job in hand is done; a later one starts a new engine."""
        with self._turn:
            self.stop()

    def stop(self) -> None:
        """End the engine; a later job starts a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def _answers(self, header: Header, body: bytes, until: float, timeout_s: float) -> Iterator[Frame]:
        loading = self.pid is None
        process = self._running()
        watch = _Watch(process, timeout_s if loading else max(until - monotonic(), 0.001))
        finished, exchange = False, self._exchange(process, header, body)
        try:
            for answer in exchange:
                if "refused" in answer[0]:
                    finished = True
                    raise JobRefused(answer[0]["refused"], answer[0]["facts"])
                yield answer
            finished = True
        except GeneratorExit:
            watch.end()
            finished = _spared(process, exchange)
            raise
        except (OSError, ValueError) as gone:  # ValueError: stopped meanwhile, its pipes are closed
            raise (EngineLate(self.name, timeout_s) if watch.struck else EngineBroken(self.name, type(gone).__name__)) from gone
        finally:
            watch.end()
            if not finished:  # killed or broken: what is in the pipe belongs to nobody
                process.kill()
                self.stop()

    def _exchange(self, process: subprocess.Popen[bytes], header: Header, body: bytes) -> Iterator[Frame]:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101  # both are pipes, see _start
        write_frame(process.stdin, header, body)
        while True:
            answer, sound = read_frame(process.stdout)
            if answer.get("end"):
                return
            if "broken" in answer:
                raise EngineBroken(self.name, answer["broken"])
            yield answer, sound

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is None or process.poll() is not None:
            self.stop()
            process = self._process = self._start()
        return process

    def _start(self) -> subprocess.Popen[bytes]:
        """A new engine that has said it is ready. Its own session keeps a Ctrl-C in our terminal from it."""
        command = [sys.executable, "-m", __name__, self._factory]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)  # noqa: S603  # our own
        watch = _Watch(process, self._start_s)
        try:
            for answer, _ in self._exchange(process, self._settings() if callable(self._settings) else self._settings, b""):
                if "refused" in answer:  # it knows why it cannot be opened
                    process.kill()
                    self._process = process
                    self.stop()
                    raise JobRefused(answer["refused"], answer["facts"])
        except (OSError, EngineBroken) as gone:
            process.kill()
            self._process = process
            self.stop()
            raise EngineBroken(self.name, getattr(gone, "kind", "it did not start")) from gone
        finally:
            watch.end()
        return process


def _spared(process: subprocess.Popen[bytes], exchange: Iterator[Frame]) -> bool:
    """Whether the engine let go of the job in hand: it ends the piece it is at and is then free."""
    assert process.stdin is not None  # noqa: S101  # a pipe, see EngineProcess._start
    watch = _Watch(process, SPARED_S)
    try:
        write_frame(process.stdin, {ENOUGH: True})
        for _ in exchange:
            pass
    except (OSError, ValueError, EngineBroken):
        return False
    finally:
        watch.end()
    return True


class _Watch:
    """Kills a process that takes too long, and remembers having done so."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process, self.struck = process, False
        self._timer = Timer(seconds, self._strike)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        self._timer.cancel()

    def _strike(self) -> None:
        self.struck = True
        self._process.kill()


def write_frame(pipe: IO[bytes], header: Header, body: bytes = b"") -> None:
    told = json.dumps(header).encode()
    pipe.write(LENGTHS.pack(len(told), len(body)))
    pipe.write(told)
    pipe.write(body)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> Frame:
    """The next frame; raises PipeClosed when the other side is gone."""
    first, second = LENGTHS.unpack(_read(pipe, LENGTHS.size))
    header = json.loads(_read(pipe, first))
    return header, _read(pipe, second)


class PipeClosed(OSError):
    """The other side has ended."""


def _read(pipe: IO[bytes], size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise PipeClosed("The other side of the pipe has ended.")
    return found


if __name__ == "__main__":
    from accessibility.engine_worker import answer_jobs  # only the new process answers jobs

    answer_jobs(sys.argv[1])
