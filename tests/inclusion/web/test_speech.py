"""The answer spoken on the page, over the API and in LINE, and the question asked aloud."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from accessibility import Aloud, Preferences, render
from accessibility.hearing import Ears, EarsAway, EarsOff, Heard, NobodySpoke, ScriptedEars
from accessibility.speaking import Container, Manner, Recording, SpeechShelf, Tone, VoiceAway
from inclusion.turn import Memory, Turn
from inclusion.understanding import Request
from inclusion.voices import Voices, with_recording

from .fakes import ASK_SIZE, FEE

HTTPS = "https://town.example"


def voices(folder: Path, tone: Tone, public_url: str = HTTPS) -> Voices:
    return Voices(SpeechShelf(folder / "speech", tone, "only for tests"), public_url, wait_s=10, clock=lambda: 0.0)


@dataclass
class BrokenVoice(Tone):
    """A voice whose engine has gone away."""

    def say(self, *_: object) -> Recording:
        raise VoiceAway("The speaking engine stopped.")


@dataclass
class DeafEars:
    """Ears that refuse everything for one reason."""

    reason: Exception
    given: list[int] = field(default_factory=list)
    told: list[tuple[str, ...]] = field(default_factory=list)

    def hear(self, recording: bytes, language: str = "ja", hints: tuple[str, ...] = ()) -> Heard:
        self.given.append(len(recording))
        self.told.append(hints)
        raise self.reason

    def stop(self) -> None:
        """Nothing runs."""


PAGE = b"OggS" + bytes(24)


@dataclass
class GrowingVoice(Tone):
    """A voice that speaks in pieces, and may break off after some."""

    breaks_after: int = 9

    def stream(self, text: str, manner: Manner) -> Iterator[bytes]:
        for number, piece in enumerate((PAGE, b"-one", b"-two")):
            if number == self.breaks_after:
                raise VoiceAway("The speaking engine stopped.")
            yield piece


@dataclass
class SlowVoice(Tone):
    """A voice that takes its time."""

    def say(self, text: str, manner: Manner, container: Container) -> Recording:
        time.sleep(0.3)
        return super().say(text, manner, container)


def turn(**wishes: Any) -> Turn:
    wanted = Preferences(**wishes)
    return Turn(Request("answer", ("S00001",)), FEE, render(FEE, wanted), Memory(preferences=wanted))


def asked_page(visitor: Any, **fields: str) -> str:
    return str(visitor.post("/", data={"text": "2人掛け", **fields}).text)


def test_the_page_plays_the_answer_it_shows(visit: Callable[..., Any], tmp_path: Path) -> None:
    tone = Tone()
    visitor = visit(voices=voices(tmp_path, tone))
    address = re.search(r'data-speech="([^"]+)"', asked_page(visitor))
    assert address is not None
    sound = visitor.get(address[1])
    assert sound.status_code == 200 and sound.headers["content-type"] == "audio/mp4" and sound.content[4:8] == b"ftyp"
    assert "1,600円" in tone.said[0][0]


def test_without_a_script_the_browser_s_own_player_is_there(visit: Callable[..., Any], tmp_path: Path) -> None:
    assert re.search(r"<noscript><audio [^>]*controls", asked_page(visit(voices=voices(tmp_path, Tone()))))


def slower_button(page: str) -> str:
    found = re.search(r'<button [^>]*value="slower"[^>]*>[^<]*', page)
    return found[0] if found else ""


def test_slower_is_a_button_beside_the_answer_until_it_is_slowest(visit: Callable[..., Any], tmp_path: Path) -> None:
    visitor = visit(voices=voices(tmp_path, Tone()))
    page = asked_page(visitor)
    assert slower_button(page).endswith("data-aloud>ゆっくり")
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    slow = visitor.post("/", data={**carried, "again": "slower"}).text
    assert "1,600円" in slow and 'data-speed="75"' in slow and visitor.asked == ["2人掛け"]
    assert slower_button(slow) == "" and 'data-speed="75"' in visitor.get("/").text
    before, after = (re.findall(r'<audio [^>]*src="([^"]+)"', one) for one in (page, slow))
    assert before != after and visitor.get(after[0]).status_code == 200


def test_slower_is_not_offered_where_nothing_speaks(visit: Callable[..., Any], tmp_path: Path) -> None:
    assert " hidden>ゆっくり" in slower_button(asked_page(visit()))  # the script shows it where the device has a voice
    silent = visit(voices=voices(tmp_path, Tone()))
    silent.post("/", data={"voice": "off"})
    assert slower_button(asked_page(silent)) == ""


def test_somebody_who_wants_no_voice_gets_none(visit: Callable[..., Any], tmp_path: Path) -> None:
    visitor = visit(voices=voices(tmp_path, Tone()))
    visitor.post("/", data={"voice": "off"})
    assert "/api/v1/speech/" not in asked_page(visitor)


def test_a_part_of_the_sound_can_be_asked_for(visit: Callable[..., Any], tmp_path: Path) -> None:
    spoken = voices(tmp_path, Tone())
    visitor = visit(voices=spoken)
    address = f"/api/v1/speech/{spoken.order('はい。', 'ja', 0.9)}.ogg"
    whole, part = visitor.get(address).content, visitor.get(address, headers={"Range": "bytes=2-5"})
    assert part.status_code == 206 and part.content == whole[2:6]
    assert part.headers["content-range"] == f"bytes 2-5/{len(whole)}"
    assert visitor.get(address, headers={"Range": "bytes=-4"}).content == whole[-4:]
    assert visitor.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert visitor.get(address, headers={"Range": f"bytes={'9' * 5000}-"}).content == whole


@pytest.mark.parametrize("guess", ["0" * 40, "x", "..%2Fsecret"])
def test_a_guessed_address_finds_nothing(visit: Callable[..., Any], tmp_path: Path, guess: str) -> None:
    assert visit(voices=voices(tmp_path, Tone())).get(f"/api/v1/speech/{guess}.m4a").status_code == 404


def test_a_broken_voice_is_said_kindly_and_the_page_stays(visit: Callable[..., Any], tmp_path: Path) -> None:
    visitor = visit(voices=voices(tmp_path, BrokenVoice()))
    page = asked_page(visitor)
    refused = visitor.get(re.search(r'data-speech="([^"]+)"', page)[1])  # type: ignore[index]  # it is there
    assert "1,600円" in page
    assert refused.status_code == 503 and refused.json()["error"]["code"] == "voice_away"


def test_a_line_answer_carries_its_recording(tmp_path: Path) -> None:
    aloud = voices(tmp_path, Tone()).aloud("line", turn()).rendered.aloud
    assert aloud is not None and aloud.duration_ms > 1000
    assert re.fullmatch(rf"{HTTPS}/api/v1/speech/[0-9a-f]{{40}}\.m4a", aloud.address)


def test_no_recording_without_https_without_the_wish_or_on_another_channel(tmp_path: Path) -> None:
    assert voices(tmp_path, Tone(), "http://127.0.0.1:8000").aloud("line", turn()).rendered.aloud is None
    assert voices(tmp_path, Tone()).aloud("line", turn(voice=False)).rendered.aloud is None
    assert voices(tmp_path, Tone()).aloud("console", turn()).rendered.aloud is None


def test_a_telegram_answer_names_its_recording_and_does_not_wait_for_it(tmp_path: Path) -> None:
    tone = Tone()
    spoken = voices(tmp_path, tone, "http://127.0.0.1:8000")
    aloud = spoken.aloud("telegram", turn()).rendered.aloud
    assert aloud is not None and tone.said == []
    sound, duration_ms = spoken.note(aloud.speech_id) or (b"", 0)
    assert sound.startswith(b"OggS") and duration_ms > 1000 and spoken.note("0" * 40) is None


def test_opus_begins_before_the_last_word_is_spoken(visit: Callable[..., Any], tmp_path: Path) -> None:
    spoken = voices(tmp_path, GrowingVoice())
    visitor = visit(voices=spoken)
    address = f"/api/v1/speech/{spoken.order('はい。', 'ja', 0.9)}.ogg"
    streamed, kept = (visitor.get(address, headers={"Range": "bytes=0-"}) for _ in range(2))
    assert (streamed.status_code, kept.status_code) == (200, 206) and streamed.content == kept.content == PAGE + b"-one-two"
    assert visitor.get(address.replace(".ogg", ".m4a")).headers["content-type"] == "audio/mp4"


def test_a_voice_that_breaks_off_keeps_nothing_and_one_that_never_began_is_told(visit: Callable[..., Any], tmp_path: Path) -> None:
    spoken = voices(tmp_path, GrowingVoice(breaks_after=1))
    address = f"/api/v1/speech/{spoken.order('はい。', 'ja', 0.9)}.ogg"
    assert visit(voices=spoken).get(address).content == PAGE
    assert visit(voices=spoken).get(address).headers.get("content-range") is None
    silent = voices(tmp_path, GrowingVoice(breaks_after=0))
    assert visit(voices=silent).get(address).status_code == 503


def test_the_api_names_the_recording_of_its_answer(visit: Callable[..., Any], tmp_path: Path) -> None:
    visitor = visit(voices=voices(tmp_path, Tone()))
    reply = visitor.post("/api/v1/ask", json={"text": "2人掛け"}).json()
    sound = visitor.get(reply["speech"])
    assert sound.status_code == 200 and sound.content[4:8] == b"ftyp"
    assert visit().post("/api/v1/ask", json={"text": "2人掛け"}).json()["speech"] == ""


def test_the_text_goes_on_without_a_broken_voice(tmp_path: Path) -> None:
    assert voices(tmp_path, BrokenVoice()).aloud("line", turn()) == turn()


def test_the_text_does_not_wait_for_a_late_voice_and_the_next_asker_hears_it(tmp_path: Path) -> None:
    spoken = Voices(SpeechShelf(tmp_path / "speech", SlowVoice(), "only for tests"), HTTPS, wait_s=0.05)
    began = time.monotonic()
    assert spoken.aloud("line", turn()).rendered.aloud is None
    assert time.monotonic() - began < 0.25
    until = time.monotonic() + 10
    while spoken.aloud("line", turn()).rendered.aloud is None and time.monotonic() < until:
        time.sleep(0.1)
    assert spoken.aloud("line", turn()).rendered.aloud is not None


def test_the_recording_comes_last_and_takes_the_quick_replies_along() -> None:
    messages = ({"type": "flex", "quickReply": {"items": [1]}, "sender": {"name": "花野市"}},)
    answer, sound = with_recording(messages, Aloud(f"{HTTPS}/a.m4a", 1234))
    assert "quickReply" not in answer and sound["quickReply"] == {"items": [1]}
    assert sound["type"] == "audio" and sound["originalContentUrl"] == f"{HTTPS}/a.m4a" and sound["duration"] == 1234
    assert with_recording(messages * 5, Aloud(f"{HTTPS}/a.m4a", 1)) == messages * 5


def test_the_ears_are_told_what_belongs_to_the_talk(visit: Callable[..., Any]) -> None:
    ears = DeafEars(NobodySpoke())
    visitor = visit(ears=ears)
    visitor.post("/api/v1/ask/audio?conversation=talk-7&language=ko", content=b"sound")
    visitor.post("/spoken", data={"conversation": "talk-8"}, files={"recording": ("q.webm", b"sound", "audio/webm")})
    assert ears.told == [("ko after talk-7",), ("ja after talk-8",)]


def test_a_spoken_question_is_answered_and_shown(visit: Callable[..., Any]) -> None:
    visitor = visit(ears=ScriptedEars(Heard.of("いすはいくら", 0.8)))
    reply = visitor.post("/api/v1/ask/audio?language=ja", content=b"sound", headers={"Content-Type": "audio/mp4"}).json()
    assert reply["heard"] == "いすはいくら" and reply["heard_confidence"] == 0.8
    assert reply["action"] == ASK_SIZE.action and reply["text"]


@pytest.mark.parametrize(
    ("ears", "status", "code"),
    [
        (DeafEars(NobodySpoke()), 422, "no_speech"),
        (DeafEars(EarsAway("late")), 503, "ears_away"),
        (DeafEars(EarsOff("no model")), 503, "ears_off"),
        (None, 503, "ears_off"),
        (ScriptedEars(Heard.of("x")), 422, "empty_recording"),
    ],
)
def test_what_cannot_be_heard_has_a_kind_reason(visit: Callable[..., Any], ears: Ears | None, status: int, code: str) -> None:
    refused = visit(ears=ears).post("/api/v1/ask/audio", content=b"" if code == "empty_recording" else b"sound")
    assert refused.status_code == status
    error = refused.json()["error"]
    assert error["code"] == code and error["message"] and error["next_step"]


def test_a_recording_may_be_larger_than_a_text_but_not_endless(visit: Callable[..., Any]) -> None:
    ears = DeafEars(NobodySpoke())
    visitor = visit(ears=ears)
    assert visitor.post("/api/v1/ask/audio", content=bytes(3_000_000)).status_code == 422
    assert visitor.post("/api/v1/ask/audio", content=bytes(10_000_001)).status_code == 413
    assert visitor.post("/api/v1/ask", content=bytes(3_000_000)).status_code == 413
    assert ears.given == [3_000_000]


def test_a_slower_reader_gets_a_slower_recording(tmp_path: Path) -> None:
    spoken = voices(tmp_path, Tone())
    slow, fast = (spoken.aloud("line", turn(speed=speed)).rendered.aloud for speed in (0.6, 1.2))
    assert slow is not None and fast is not None and slow.duration_ms > 1.5 * fast.duration_ms
    assert replace(slow, address="") != replace(fast, address="")
