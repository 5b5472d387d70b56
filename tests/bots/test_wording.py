"""Words fitted into limits, numbers that can be dialled, faces that open alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.addresses import is_loopback, tel_address, web_address
from bots.wording import Limit, clip, grapheme_count, split_at_sentences, utf16_length

NUMBERS = {
    "03-5211-4253": "tel:0352114253",
    "03（5211）4253": "tel:0352114253",
    "０３－１２３４－５６７８（代表）": "tel:0312345678",
    "03-1234-5678 内線12": "tel:0312345678",
    "#7119": "tel:%237119",
    "＃９１１０": "tel:%239110",
    "188（いやや）": "tel:188",
    "+81 3-1234-5678": "tel:+81312345678",
    "区役所2階": "",
    "": "",
}


@pytest.mark.parametrize("written", NUMBERS)
def test_a_number_is_dialled_as_it_is_written_for_people(written: str) -> None:
    assert tel_address(written) == NUMBERS[written]


@pytest.mark.parametrize(
    "url", ["", "ftp://a.jp", "javascript:alert(1)", "https://", "http://[::1", "https://a.jp/" + "a" * 1000, "//a.jp"]
)
def test_an_address_no_phone_can_open_is_none(url: str) -> None:
    assert web_address(url) == ""


def test_an_address_keeps_what_is_encoded_and_encodes_the_rest() -> None:
    assert web_address("https://日本語.jp/%E3%81%82?q=あ い") == "https://xn--wgv71a119e.jp/%E3%81%82?q=%E3%81%82%20%E3%81%84"


def test_loopback_is_this_machine_only() -> None:
    assert all(is_loopback(url) for url in ("http://127.0.0.1:1", "http://localhost", "http://[::1]:2"))
    assert not any(is_loopback(url) for url in ("https://api.line.me", "", "http://127.0.0.1.example.jp"))


WORDS = st.text(alphabet=st.sampled_from("あ。、\n！a 😀👍🏽\u200d❤️🇯🇵か\u3099"), max_size=80)


@given(WORDS, st.integers(min_value=15, max_value=40))
def test_pieces_fit_and_nothing_but_line_breaks_is_lost(words: str, most: int) -> None:
    limit = Limit(most, utf16_length)
    pieces = split_at_sentences(words, limit)
    assert all(limit.holds(piece) for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(words.split())


@given(WORDS, st.integers(min_value=1, max_value=30))
def test_a_clipped_text_fits_and_begins_as_before(words: str, most: int) -> None:
    clipped = clip(words, Limit(most, grapheme_count))
    assert grapheme_count(clipped) <= most and words.startswith(clipped.removesuffix("…"))


def test_the_face_of_bots_opens_alone_without_any_library_of_a_channel() -> None:
    check = "import sys, bots; assert not {'linebot', 'telegram', 'fastapi', 'inclusion'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
