"""What is taught, and that teaching can go on from what is shipped."""

import random
from pathlib import Path

import pytest

from accessibility.hearing.training.corpus import REPLIES_SAID, SHORTEST, Material, kept_back, number_said, taught

MATERIAL = Material(
    words=tuple(f"{one}{two}" for one in "椅子机棚鏡箱" for two in ("一", "二", "三")),
    sentences=("シールはどこで買えますか", "区役所は何時までですか"),
    forms=("{}を捨てたい", "{}はいくらですか", "{}なんですけど", "{}と{}でいくらですか"),
    replies=("はい", "いいえ"),
    nouns=tuple(f"名詞{number}" for number in range(40)),
)
SHIPPED = Path(__file__).parents[3] / "accessibility" / "hearing" / "town_ears"


def test_short_replies_are_said_most_often() -> None:
    texts = taught(MATERIAL, random.Random(1))
    assert sum(text.endswith("いいえ") for text in texts) >= 2 * REPLIES_SAID - 4  # some have えーと before them
    assert {word for word in SHORTEST if word not in texts} == set()


def test_what_is_kept_back_for_tests_is_never_read_aloud() -> None:
    material = [text for text in (*MATERIAL.sentences, *MATERIAL.nouns) if kept_back(text)]
    said = " ".join(taught(MATERIAL, random.Random(1)))
    assert material
    assert not [text for text in material if text in said]


def test_sizes_stand_alone_and_sums_are_told() -> None:
    said = {number_said(random.Random(seed)) for seed in range(300)}
    assert any(text.endswith("センチ") and text[0].isdigit() for text in said)
    assert any(text.startswith("手数料は") for text in said)


@pytest.mark.xdist_group("town ears")
@pytest.mark.filterwarnings("ignore")
def test_more_layers_hear_as_the_shipped_ears_until_they_are_taught() -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("whisper")
    from accessibility.hearing.training.shipped import shipped_pupil

    shipped = shipped_pupil(SHIPPED, 0)
    deeper = shipped_pupil(SHIPPED, shipped.size.hearing_layers + 2)
    mel = torch.randn(1, 80, 200, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        before, after = shipped.align(shipped.hear(mel)), deeper.align(deeper.hear(mel))
    assert len(deeper.encoder.blocks) == len(shipped.encoder.blocks) + 2
    assert torch.allclose(before, after, atol=1e-5)
