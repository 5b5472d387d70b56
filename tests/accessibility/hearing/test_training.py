"""What is taught, and that teaching can go on from what is shipped."""

import lzma
import random
from pathlib import Path

import numpy as np
import pytest

from accessibility.hearing.training.corpus import FILLERS, REPLIES_SAID, SHORTEST, Material, drawn, kept_back, number_said, taught

MATERIAL = Material(
    words=tuple(f"{one}{two}" for one in "椅子机棚鏡箱" for two in ("一", "二", "三")),
    sentences=("シールはどこで買えますか", "区役所は何時までですか"),
    forms=("{}を捨てたい", "{}はいくらですか", "{}なんですけど", "{}と{}でいくらですか"),
    replies=("はい", "いいえ"),
    nouns=tuple(f"名詞{number}" for number in range(40)),
)
HEARD_FRAMES = 40
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


def test_small_talk_is_drawn_and_nothing_kept_back_is_in_it() -> None:
    from dataclasses import replace

    material = replace(MATERIAL, everyday=("洗う", "借り"), endings=("たい", "ます"))
    texts = drawn(material, 1, 9000)
    assert len(texts) == 9000
    talk = [text for text in texts if ("洗う" in text or "借り" in text) and not text.startswith(FILLERS)]
    assert len(talk) > 100 and not [text for text in talk if kept_back(text)]


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore")
def test_ears_are_read_to_taught_and_packed(tmp_path: Path) -> None:
    """The whole of `make ears`, a few steps of it: what comes out is heard with by openai-whisper."""
    torch, whisper = pytest.importorskip("torch"), pytest.importorskip("whisper")
    from accessibility.hearing.training.learning import Plan, teach
    from accessibility.hearing.training.network import Pupil, Size
    from accessibility.hearing.training.packing import pack
    from accessibility.hearing.training.reading_aloud import Reading
    from accessibility.hearing.training.signs import whisper_signs

    reading = Reading(["椅子を捨てたい", "はい", "鏡はいくらですか", "棚なんですけど"], tmp_path / "clips", 3, 1)
    reading.wait()
    torch.manual_seed(3)
    pupil = Pupil(whisper_signs(), Size(width=48, heads=3, hearing_layers=1, writing_layers=1))
    before = pupil.aligned.weight.detach().clone()
    plan = Plan(steps=4, batch_s=6.0, writing_from=1, gentle_until=2, whole_windows=0.3)
    assert teach(tmp_path / "clips", tmp_path / "pupil.pt", plan, 3, pupil) == 4
    assert not torch.equal(before, pupil.aligned.weight)
    pack(pupil, tmp_path / "packed", {"steps": 4})
    checkpoint = tmp_path / "ears.pt"
    checkpoint.write_bytes(lzma.decompress((tmp_path / "packed" / "ears.pt.xz").read_bytes()))
    model = whisper.load_model(str(checkpoint), device="cpu")
    assert model.embed_audio(torch.zeros(1, 80, 3000)).shape == (1, 1500, 48)


@pytest.mark.filterwarnings("ignore")
def test_a_lesson_keeps_words_and_moments_together() -> None:
    """Stretched, bent and drowned: the loud frames of a clip are still those that are said to hold its sound."""
    torch = pytest.importorskip("torch")
    from accessibility.hearing.training.lesson import lesson_of
    from accessibility.hearing.training.library import Library
    from accessibility.hearing.training.reading_aloud import Clip

    mel = np.full((80, 2 * HEARD_FRAMES), -6.0, dtype=np.float16)
    mel[:, HEARD_FRAMES:] = 1.0
    heard = np.repeat(np.array([0, 1], dtype=np.int8), HEARD_FRAMES)
    library = Library(SHIPPED, "cpu")  # no clips there
    library.add([Clip(mel, "あ", ("a",), False, heard)] * 12)
    pupil_signs = pytest.importorskip("accessibility.hearing.training.signs").whisper_signs()
    for seed in range(5):
        dice, chance = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        lesson = lesson_of(library, range(12), pupil_signs, dice, chance, gentle=True, writing=False)
        loud = lesson.mel.mean(1)[:, ::2]
        known = lesson.heard
        for row in range(12):
            if (known[row] == 1).any():
                assert loud[row][known[row] == 1].median() > loud[row][known[row] == 0].median()
        assert lesson.mel.shape[2] == 2 * lesson.heard.shape[1] and not torch.isnan(lesson.mel).any()
        assert lesson.phonemes.numel() == int(lesson.phoneme_counts.sum())
