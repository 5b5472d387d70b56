"""Janus from Debian as the peer: its streaming plugin, fed the same packets, with two event loops; skipped where not installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any, Final

from tests.servers import ROOT, free_port, python, wait_until_it_answers

from .streaming_viewers import LightViewer, own_host

JANUS: Final = shutil.which("janus")
OURS: Final = {"libjanus_streaming.so", "libjanus_http.so"}
GENERAL: Final = """
general: {{ configs_folder = "{folder}" event_loops = 2 session_timeout = 0 log_to_stdout = true debug_level = 3 admin_secret = "x" }}
media: {{ }}
nat: {{ ice_ignore_list = "vmnet" }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
HTTP: Final = """
general: {{ json = "compact" base_path = "/janus" http = true port = {port} interface = "lo" }}
admin: {{ admin_http = false }}
"""
STREAM: Final = """
general: {{ }}
live: {{ type = "rtp" id = 1 media = (
  {{ type = "video" mid = "v" port = {video} pt = 102 codec = "h264" fmtp = "packetization-mode=1;profile-level-id=42e01f" }},
  {{ type = "audio" mid = "a" port = {audio} pt = 111 codec = "opus" }} ) }}
"""


class JanusServer:
    """One Janus and what feeds it. `join` opens a session for a viewer."""

    def __init__(self, slow: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="janus-"))
        self._ports = {name: free_port() for name in ("video", "audio", "port")}
        self._configure()
        self.process = subprocess.Popen([str(JANUS), "-F", str(self.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        feeder = python(
            "-m", "tests.benchmarks.streaming_feeder", str(self._ports["video"]), str(self._ports["audio"]), *(["slow"] if slow else [])
        )
        self.feeder = subprocess.Popen(feeder, cwd=ROOT)
        wait_until_it_answers(f"http://127.0.0.1:{self._ports['port']}/janus/info", self.process, 20)
        self._session = self._ask("", janus="create")["data"]["id"]

    @property
    def pid(self) -> int:
        return self.process.pid

    def join(self, viewer: LightViewer) -> None:
        handle = self._ask(f"/{self._session}", janus="attach", plugin="janus.plugin.streaming")["data"]["id"]
        offer = self._event(handle, {"request": "watch", "id": 1})["jsep"]["sdp"]
        answer = {"type": "answer", "sdp": viewer.description("active", ("v", "a"))}
        viewer.connect(offer)
        self._event(handle, {"request": "start"}, jsep=answer)

    def close(self) -> None:
        for process in (self.feeder, self.process):
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self) -> None:
        library = Path(str(JANUS)).parents[1] / "lib"
        found = {kind: {one.name for one in library.glob(f"*/janus/{kind}/*.so")} for kind in ("plugins", "transports")}
        others = {kind: ",".join(sorted(names - OURS)) for kind, names in found.items()}
        files = {"janus.jcfg": GENERAL, "janus.transport.http.jcfg": HTTP, "janus.plugin.streaming.jcfg": STREAM}
        for name, text in files.items():
            filled = text.format(folder=self.folder, **self._ports, **others)
            (self.folder / name).write_text(filled, encoding="ascii")

    def _event(self, handle: int, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The plugin's answer to a message: it comes later, among other news of the session."""
        self._ask(f"/{self._session}/{handle}", janus="message", body=body, **more)
        while True:
            news = self._call(f"/{self._session}?maxev=1", None)
            if news["janus"] == "event" and news["sender"] == handle:
                return news

    def _ask(self, path: str, **request: Any) -> dict[str, Any]:
        return self._call(path, json.dumps({**request, "transaction": "t"}).encode())

    def _call(self, path: str, body: bytes | None) -> dict[str, Any]:
        address = f"http://127.0.0.1:{self._ports['port']}/janus{path}"
        with urllib.request.urlopen(address, body, timeout=40) as reply:
            found: dict[str, Any] = json.load(reply)
        return found


def available() -> bool:
    return JANUS is not None and sys.platform == "linux" and own_host() != "127.0.0.1"
