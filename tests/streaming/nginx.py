"""A real nginx in front, with the configuration that docs/streaming.md shows."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from tests.servers import ROOT, free_port, running

NGINX = shutil.which("nginx") or (Path("/usr/sbin/nginx").exists() and "/usr/sbin/nginx") or ""
WHOLE = """{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  types {{ video/mp4 mp4 m4s; application/vnd.apple.mpegurl m3u8; }}
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{shown}
}}
"""


def shown_configuration() -> str:
    """The block of docs/streaming.md, word for word."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "streaming.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@contextmanager
def in_front_of(backend: str, var: Path, folder: Path, otherwise: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """nginx as documented, with what `otherwise` replaces (for a control)."""
    port = free_port()
    shown = shown_configuration().replace("127.0.0.1:8000", backend.removeprefix("http://"))
    shown = (
        shown.replace("listen 80;", f"listen 127.0.0.1:{port};")
        .replace("/srv/inclusion/var", str(var))
        .replace("/var/cache/nginx", str(folder))
    )
    for ours, theirs in otherwise.items():
        assert ours in shown
        shown = shown.replace(ours, theirs)
    file = folder / "nginx.conf"
    user = "user root; " if os.getuid() == 0 else ""
    file.write_text(WHOLE.format(folder=folder, shown=shown, user=user), encoding="utf-8")
    folder.chmod(0o755)
    with running([NGINX, "-c", str(file), "-p", str(folder)], port, "/healthz", {}):
        yield f"http://127.0.0.1:{port}"
