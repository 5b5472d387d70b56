"""Weights come with the platform or are fetched once and checked; a checkpoint is read without believing what is in it."""

import functools
import hashlib
import http.server
import os
import pickle
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from accessibility.hearing import TOWN, EarsOff, Listener
from accessibility.hearing.checkpoint import NotACheckpoint, read_checkpoint
from accessibility.hearing.conversion import converted
from accessibility.hearing.weights import fetched, weights_for

CONTENT = b"weights" * 100_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[str]:
    """The address of a server that publishes one file, at the place its hash says, and a wrong one."""
    for sha256, content in ((SHA256, CONTENT), ("0" * 64, b"something else")):
        (tmp_path / "shelf" / sha256).mkdir(parents=True)
        (tmp_path / "shelf" / sha256 / "small.pt").write_bytes(content)
    handler = functools.partial(Quiet, directory=str(tmp_path / "shelf"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_published_weights_are_fetched_once_and_then_need_no_network(shelf: str, tmp_path: Path) -> None:
    file = fetched("small", SHA256, tmp_path / "models", shelf)
    assert file.read_bytes() == CONTENT
    assert fetched("small", SHA256, tmp_path / "models", "http://127.0.0.1:9") == file


def test_a_file_that_was_tampered_with_is_refused_and_not_kept(shelf: str, tmp_path: Path) -> None:
    with pytest.raises(EarsOff, match="not what was published"):
        fetched("small", "0" * 64, tmp_path / "models", shelf)
    assert list((tmp_path / "models").iterdir()) == []


def test_what_a_broken_off_start_left_lying_is_cleared_away(shelf: str, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    left, another = tmp_path / "models" / "small.1.part", tmp_path / "models" / "small.2.part"
    left.write_bytes(b"half of it")
    os.utime(left, (1, 1))
    another.write_bytes(b"another process is at it")
    fetched("small", SHA256, tmp_path / "models", shelf)
    assert not left.exists() and another.exists()


def test_without_a_network_it_says_what_can_be_done(tmp_path: Path) -> None:
    with pytest.raises(EarsOff, match=r"Check the network, or lay small\.pt into .*town's own ears"):
        fetched("small", SHA256, tmp_path, "http://127.0.0.1:9")


def test_the_towns_own_ears_need_nothing_but_the_package(tmp_path: Path) -> None:
    weights = weights_for(TOWN, tmp_path)
    checkpoint = read_checkpoint(weights.checkpoint)
    assert checkpoint.sizes["n_vocab"] == 51_865
    assert checkpoint.weights["decoder.token_embedding.weight"].shape == (51_865, checkpoint.sizes["n_text_state"])
    assert all(np.isfinite(one).all() for one in checkpoint.weights.values())
    assert weights.head is not None
    assert weights.head.weights.shape[1] == checkpoint.sizes["n_audio_state"]
    assert weights_for(TOWN, tmp_path).checkpoint == weights.checkpoint


def test_they_are_converted_once(tmp_path: Path) -> None:
    weights = weights_for(TOWN, tmp_path)
    first = converted(weights.checkpoint, tmp_path)
    made = (first / "model.bin").stat().st_mtime_ns
    assert converted(weights.checkpoint, tmp_path) == first
    assert (first / "model.bin").stat().st_mtime_ns == made


class Evil:
    def __reduce__(self) -> object:
        return (os.system, ("true",))


@pytest.mark.parametrize("content", [pickle.dumps(Evil()), pickle.dumps({"dims": {}}), b"no pickle"], ids=["evil", "poor", "broken"])
def test_a_file_that_is_no_checkpoint_is_refused_and_never_run(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "gift.pt"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("gift/data.pkl", content)
    with pytest.raises(NotACheckpoint, match="gift"):
        read_checkpoint(file)


def test_a_name_that_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(EarsOff, match="neither a checkpoint here nor one of tiny, base, small"):
        weights_for("smalll", tmp_path)


def test_who_looks_at_the_terminal_sees_how_far_the_fetching_is(
    shelf: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched("small", SHA256, tmp_path / "quiet", shelf)
    assert capsys.readouterr().err == ""  # control: nothing is drawn into a log
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    fetched("small", SHA256, tmp_path / "shown", shelf)
    assert "Whisper small: 100%" in capsys.readouterr().err


class Breaking(Quiet):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2])


def test_weights_that_broke_off_in_the_middle_are_refused_and_not_kept(tmp_path: Path) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Breaking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(EarsOff):
            fetched("small", SHA256, tmp_path / "models", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert list((tmp_path / "models").iterdir()) == []


def test_who_asks_for_published_weights_without_a_network_reads_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the engine's own process, as whoever set WHISPER_MODEL=small sees it; the way out is closed by a proxy that is none."""
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    listener = Listener("small", tmp_path / "models")
    try:
        with pytest.raises(
            EarsOff, match=r"weights 'small' are not here .* Check the network, or lay small\.pt into .*, or leave WHISPER_MODEL"
        ):
            listener.hear(b"sound")
    finally:
        listener.stop()
    assert list((tmp_path / "models").iterdir()) == []
