"""What was said once is not said again by the engine, and nobody finds what was not meant for them."""

import time
from pathlib import Path

import pytest

from accessibility.speaking import Manner, Recording, SpeechShelf, Tone

FEE = "手数料は600円です。"


@pytest.fixture
def tone() -> Tone:
    return Tone()


def shelf(folder: Path, tone: Tone, **changes: object) -> SpeechShelf:
    return SpeechShelf(folder / "speech", tone, "only for tests", **changes)  # type: ignore[arg-type]  # named in each story


def test_the_same_answer_is_spoken_once(tmp_path: Path, tone: Tone) -> None:
    kept = shelf(tmp_path, tone)
    ids = {kept.order(FEE, Manner(speed=speed)) for speed in (0.9, 0.91)}
    first, second = (kept.fetch(ids.copy().pop(), "ogg") for _ in range(2))
    assert len(ids) == 1 and first == second and len(tone.said) == 1


def test_a_kept_recording_is_there_within_five_milliseconds(tmp_path: Path, tone: Tone) -> None:
    kept = shelf(tmp_path, tone)
    speech_id = kept.order(FEE, Manner())
    kept.fetch(speech_id, "m4a")
    times = []
    for _ in range(50):
        began = time.perf_counter()
        kept.fetch(speech_id, "m4a")
        times.append(time.perf_counter() - began)
    assert sorted(times)[25] < 0.005


def test_another_speed_voice_or_secret_is_another_address(tmp_path: Path, tone: Tone) -> None:
    ids = {shelf(tmp_path, tone).order(FEE, Manner(language, speed)) for language in ("ja", "en") for speed in (0.5, 0.9)}
    ids.add(SpeechShelf(tmp_path / "speech", tone, "another secret").order(FEE, Manner()))
    assert len(ids) == 5


@pytest.mark.parametrize("guess", ["", "0" * 40, "../../secret", "0" * 39 + "g"])
def test_an_address_that_we_never_gave_finds_nothing(tmp_path: Path, tone: Tone, guess: str) -> None:
    assert shelf(tmp_path, tone).fetch(guess, "m4a") is None
    assert not tone.said


def test_an_address_works_for_a_day(tmp_path: Path, tone: Tone) -> None:
    now = [1_000_000.0]
    kept = shelf(tmp_path, tone, clock=lambda: now[0])
    speech_id = kept.order(FEE, Manner())
    now[0] += 23 * 3600
    assert kept.fetch(speech_id, "ogg") is not None
    now[0] += 2 * 3600
    assert kept.fetch(speech_id, "ogg") is None
    kept.tidy()
    assert len(list((tmp_path / "speech").iterdir())) == 1  # the recording made at hour 23


def test_the_oldest_go_when_the_shelf_is_full(tmp_path: Path, tone: Tone) -> None:
    now = [1_000_000.0]
    kept = shelf(tmp_path, tone, most_bytes=40_000, clock=lambda: now[0])
    for number in range(10):
        now[0] += 1
        kept.fetch(kept.order(f"手数料は{number}00円です。", Manner()), "ogg")
    kept.tidy()
    assert sum(file.stat().st_size for file in (tmp_path / "speech").iterdir()) <= 40_000
    assert kept.fetch(kept.order("手数料は900円です。", Manner()), "ogg") and len(tone.said) == 10


def test_a_full_disk_does_not_take_the_sound_away(tmp_path: Path, tone: Tone, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = shelf(tmp_path, tone)
    speech_id = kept.order(FEE, Manner())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert kept.fetch(speech_id, "ogg") is not None


def test_what_was_listened_to_while_it_was_made_is_kept(tmp_path: Path, tone: Tone) -> None:
    kept = shelf(tmp_path, tone)
    speech_id = kept.order(FEE, Manner())
    pieces = kept.stream(speech_id)
    assert not isinstance(pieces, Recording) and pieces is not None
    heard = b"".join(pieces)
    again = kept.stream(speech_id)
    assert isinstance(again, Recording) and again.content == heard and len(tone.said) == 1
    assert abs(again.duration_ms - tone.say(FEE, Manner(), "ogg").duration_ms) < 90
    assert kept.stream("0" * 40) is None


def test_who_stops_listening_leaves_nothing_half_made_behind(tmp_path: Path, tone: Tone) -> None:
    kept = shelf(tmp_path, tone)
    speech_id = kept.order(FEE, Manner())
    pieces = kept.stream(speech_id)
    next(pieces)  # type: ignore[arg-type]  # it is not kept yet
    pieces.close()  # type: ignore[union-attr]  # as above
    assert not isinstance(kept.stream(speech_id), Recording)
