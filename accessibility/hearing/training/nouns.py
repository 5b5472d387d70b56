"""Thousands of nouns no town asked for; ears taught only the town's words would hear every other word as one of those.

They come from the dictionary inside pyopenjtalk-plus (MeCab's binary form: a header of ten numbers, then the trie, tokens and features).
"""

from __future__ import annotations

import re
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Final

HEADER, CHARSET = 40, 32
KINDS: Final = ("名詞,一般", "名詞,サ変接続")
WRITTEN: Final = re.compile(r"[一-鿿ァ-ヺー]{2,8}")
FEWEST_SIGNS, MOST_SIGNS = 2, 8


def dictionary_nouns() -> tuple[str, ...]:
    """Nouns in the dictionary's order, each reading once; written in kanji or katakana, of 2 to 8 kana."""
    content = _dictionary().read_bytes()
    _, _, _, _, _, _, trie, tokens, features, _ = struct.unpack("<10I", content[:HEADER])
    begin = HEADER + CHARSET + trie + tokens
    wanted = tuple(kind.encode() for kind in KINDS)
    found: dict[str, str] = {}
    for entry in content[begin : begin + features].split(b"\0"):
        if entry.startswith(wanted):
            _, _, _, _, _, _, written, reading, *_ = entry.decode().split(",")
            if WRITTEN.fullmatch(written) and FEWEST_SIGNS <= len(reading) <= MOST_SIGNS:
                found.setdefault(reading, written)
    return tuple(found.values())


def _dictionary() -> Path:
    spec = find_spec("pyopenjtalk")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("Teaching the ears needs the package 'pyopenjtalk-plus'.")
    return Path(spec.origin).parent / "dictionary" / "sys.dic"
