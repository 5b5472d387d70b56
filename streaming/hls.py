"""The live picture as small files behind a playlist; without it thousands at once, and networks that stop UDP, would see nothing.

The files' names begin with a secret of this run: who was not shown the playlist cannot guess them, and a web server or a network of
caches in front may hand them out without asking us.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from .muxing import Container

PLAYLIST: Final = "index.m3u8"
SECONDS: Final = 2
KEPT: Final = 8
PART: Final = re.compile(r"[0-9a-f]{16}-(?:init\.mp4|[0-9]{6}\.m4s)")


def open_playlist(folder: Path, secret: str, codecs: Mapping[str, str]) -> Container:
    options = {
        "hls_time": str(SECONDS),
        "hls_init_time": "1",  # the first picture comes sooner
        "hls_list_size": str(KEPT),
        "hls_delete_threshold": "4",
        "hls_segment_type": "fmp4",
        "hls_flags": "independent_segments+program_date_time+delete_segments+temp_file",
        "hls_segment_filename": str(folder / f"{secret}-%06d.m4s"),
        "hls_fmp4_init_filename": f"{secret}-init.mp4",
    }
    return Container(str(folder / PLAYLIST), "hls", options, codecs)


def media_type(name: str) -> str:
    if name == PLAYLIST:
        return "application/vnd.apple.mpegurl"
    return "video/mp4"
