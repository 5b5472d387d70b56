"""A local stand-in for an OpenAI-compatible endpoint, which can also misbehave; without it only its good days would be tested."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Manner = Callable[["Handler"], None]


@dataclass
class ModelDouble:
    """`requests` are the bodies received, `headers` theirs; `manner` is how the next requests are answered."""

    url: str = ""
    manner: Manner = field(default=lambda handler: handler.says('{"id": "none"}'))
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def says(self, content: str) -> None:
        self.manner = lambda handler: handler.says(content)


class Handler(BaseHTTPRequestHandler):
    """One request. The ways to answer it are its public methods."""

    double: ModelDouble

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.double.requests.append({"path": self.path, **json.loads(body)})
        self.double.headers.append(dict(self.headers))
        self.double.manner(self)

    def says(self, content: str) -> None:
        """A well-formed completion with this text."""
        self.raw(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())

    def raw(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def sleeps(self) -> None:
        self.double.over.wait(30)

    def trickles(self) -> None:
        """A byte now and then, for ever, the headers included."""
        self._drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + b"X-Wait: 1\r\n" * 1000)

    def trickles_body(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        self._drip(b" " * 9999)

    def floods(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.double.over.is_set():
            self.wfile.write(b"x" * 65536)

    def breaks_off(self) -> None:
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"choices": [')
        self.connection.shutdown(socket.SHUT_RDWR)

    def _drip(self, text: bytes) -> None:
        for sign in text:
            if self.double.over.is_set():
                return
            self.wfile.write(bytes([sign]))
            self.wfile.flush()
            time.sleep(0.02)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what residents said is in no log, not even a double's."""


@contextmanager
def language_model_double() -> Iterator[ModelDouble]:
    """The endpoint at a free port of this machine, for as long as the block lasts."""
    double = ModelDouble()
    handler = type("OneHandler", (Handler,), {"double": double})
    server = _Quiet(("127.0.0.1", 0), handler)
    double.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        double.over.set()
        server.shutdown()
        server.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on a server that floods them."""
