"""Which of a computer's own voices is taken, and that what it writes is read, shown with a driver that behaves as theirs do."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import av
import numpy as np
import pytest
from pyttsx3.voice import Voice

from accessibility.speaking import Manner
from accessibility.speaking.platform_voices import driver_of, voice_for
from accessibility.speaking.pyttsx3_voice import Pyttsx3Voice

KYOKO, ALEX = Voice("com.apple.kyoko", languages=["ja_JP"]), Voice("com.apple.alex", languages=["en_US"])


def test_windows_and_macos_have_voices_of_their_own_and_linux_has_not() -> None:
    assert [driver_of(platform) for platform in ("win32", "darwin", "linux")] == ["sapi5", "nsss", ""]


@pytest.mark.parametrize(("language", "found"), [("ja", KYOKO.id), ("en", ALEX.id), ("ko", None)])
def test_the_voice_that_speaks_the_language_is_taken(language: str, found: str | None) -> None:
    assert voice_for((ALEX, KYOKO), language) == found


class Aiff:
    """A driver that writes AIFF, as macOS does, under whatever name it is given."""

    def __init__(self, proxy: Any) -> None:
        self._proxy, self.chosen = proxy, ""

    def getProperty(self, name: str) -> Any:
        return [ALEX, KYOKO] if name == "voices" else None

    def setProperty(self, name: str, value: Any) -> None:
        self.chosen = value if name == "voice" else self.chosen

    def save_to_file(self, text: str, filename: str) -> None:
        assert self.chosen == KYOKO.id
        with av.open(filename, "w", format="aiff") as out:
            stream = out.add_stream("pcm_s16be", rate=22_050, layout="mono")
            hum = (8000 * np.sin(2 * np.pi * 200 * np.arange(22_050) / 22_050)).astype("<i2")
            frame = av.AudioFrame.from_ndarray(hum.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = 22_050
            out.mux(stream.encode(frame))
            out.mux(stream.encode(None))

    def startLoop(self) -> None:
        self._proxy.setBusy(False)

    def endLoop(self) -> None: ...


def test_what_such_a_driver_writes_is_heard_and_its_place_is_taken_where_it_cannot_speak(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = ModuleType("pyttsx3.drivers.aiff")
    module.buildDriver = Aiff  # type: ignore[attr-defined]  # pyttsx3 asks for this name
    monkeypatch.setitem(sys.modules, "pyttsx3.drivers.aiff", module)
    voice = Pyttsx3Voice(tmp_path, own="aiff")
    assert 0.8 < voice.speak("はい。", Manner()).size / 24_000 < 1.2
    assert voice.speak("네.", Manner("ko")).size > 0  # espeak-ng's turn
    voice.close()
