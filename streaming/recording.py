"""A live event as a film to keep; without it whoever was at the doctor's that afternoon would have missed it for good."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .muxing import Container


def open_recording(file: Path, codecs: Mapping[str, str]) -> Container:
    """Written in fragments: a recording cut off by a power failure still plays up to that moment."""
    return Container(str(file), "mp4", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}, codecs)
