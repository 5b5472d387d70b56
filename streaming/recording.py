"""A live event as a film to keep; without it whoever was at the doctor's that afternoon would have missed it for good."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import av

from .muxing import Container


def open_recording(file: Path, codecs: Mapping[str, str]) -> Container:
    """Written in fragments: a recording cut off by a power failure still plays up to that moment."""
    return Container(str(file), "mp4", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}, codecs)


async def settle(file: Path) -> None:
    """Copy the fragments into one film that players can jump in, in a process of its own; a film that resists stays as it was."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, str(file))
    await process.wait()


def settled(file: Path) -> None:
    """Nothing is decoded. The film is replaced in one step: whoever watches meanwhile reads the old one to its end."""
    whole = file.with_suffix(".whole")
    with av.open(str(file)) as source, av.open(str(whole), "w", format="mp4", options={"movflags": "faststart"}) as target:
        tracks = {stream.index: target.add_stream_from_template(stream) for stream in source.streams if stream.type in ("video", "audio")}
        for packet in source.demux(list(source.streams)):
            if packet.dts is not None and packet.stream.index in tracks:
                packet.stream = tracks[packet.stream.index]
                target.mux(packet)
    whole.replace(file)


if __name__ == "__main__":
    settled(Path(sys.argv[1]))
