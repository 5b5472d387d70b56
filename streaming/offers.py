"""Reads session descriptions that strangers send; without a strict reader one hostile line could cost the festival its server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from .errors import OfferTooLarge, OfferUnreadable, OfferUnusable

LONGEST_OFFER: Final = 64_000
MOST_LINES: Final = 2_000
MOST_SECTIONS: Final = 8
_ICE_WORD: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
_FINGERPRINT: Final = re.compile(r"sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})", re.IGNORECASE)
_MID: Final = re.compile(r"[!-~]{1,32}")
_RID: Final = re.compile(r"[A-Za-z0-9]{1,16}")
MOST_LAYERS: Final = 4
_DIRECTIONS: Final = ("sendrecv", "sendonly", "recvonly", "inactive")

SectionKind = Literal["audio", "video", "application"]
SECTION_KINDS: Final[Mapping[str, SectionKind]] = {"audio": "audio", "video": "video", "application": "application"}
Lines = Sequence[tuple[str, str]]
"""(name, value) of each `a=` line."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One way of coding a medium, under the number the offering side gave it."""

    number: int
    name: str
    rate: int
    settings: Mapping[str, str]

    def same_as(self, other: Codec) -> bool:
        """Whether a stream of `other` can be decoded as this one. H264 must agree in profile and packetisation."""
        if (self.name, self.rate) != (other.name, other.rate):
            return False
        return self.name != "h264" or (self.packetised, self.profile) == (other.packetised, other.profile)

    @property
    def packetised(self) -> str:
        return self.settings.get("packetization-mode", "0")

    @property
    def profile(self) -> str:
        """The H264 profile: "42e0" and "4200" both decode as baseline here; the level may differ."""
        name = self.settings.get("profile-level-id", "42e01f").lower()[:2]
        return "baseline" if name == "42" else name


@dataclass(frozen=True, slots=True)
class Section:
    """One m-section."""

    kind: SectionKind
    mid: str
    direction: str
    codecs: Sequence[Codec]
    extensions: Mapping[str, int]
    protocol: str
    formats: str
    layers: Sequence[str] = ()

    def codec(self, name: str) -> Codec | None:
        return next((one for one in self.codecs if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a client asks for (or answers, to a counter-offer)."""

    sections: Sequence[Section]
    ufrag: str
    password: str
    fingerprint: str
    setup: str

    def section(self, kind: str) -> Section | None:
        return next((one for one in self.sections if one.kind == kind), None)


def read_offer(body: bytes) -> Offer:
    """The offer in a request's body. Raises OfferTooLarge, OfferUnreadable or OfferUnusable, and nothing else."""
    top, parts = _split(_lines(body))
    if not parts:
        raise OfferUnreadable()
    shared = [*top, *(pair for _, lines in parts for pair in lines)]
    sections = tuple(_section(head, lines) for head, lines in parts)
    for kind in ("audio", "video"):
        if sum(one.kind == kind for one in sections) > 1:
            raise OfferUnusable("At most one sound and one picture can be carried.")
    if len({one.mid for one in sections}) != len(sections):
        raise OfferUnreadable()
    _demand_one_way_in(top, parts, sections)
    ufrag, password = read_credentials(shared)
    return Offer(sections, ufrag, password, _fingerprint(shared), _first(shared, "setup"))


def _demand_one_way_in(top: Lines, parts: Sequence[tuple[str, Lines]], sections: Sequence[Section]) -> None:
    """One port and one stream (RFC 9725, sections 4.4.1 and 4.4.2): all media bundled, RTCP beside them, one MediaStream."""
    carried = [(section, lines) for section, (_, lines) in zip(sections, parts, strict=True) if section.kind != "application"]
    bundled = next((value.split()[1:] for name, value in top if name == "group" and value.startswith("BUNDLE ")), [])
    if len(carried) > 1 and not {section.mid for section, _ in carried} <= set(bundled):
        raise OfferUnusable("All media must be in one BUNDLE group.")
    if any("rtcp-mux" not in {name for name, _ in lines} for _, lines in carried):
        raise OfferUnusable("RTP and RTCP must share a port (rtcp-mux).")
    streams = {value.partition(" ")[0] for _, lines in carried for name, value in lines if name == "msid"}
    if len(streams) > 1:
        raise OfferUnusable("Everything must belong to one MediaStream.")


def read_fragment(body: bytes) -> tuple[str, str]:
    """The ICE credentials in a trickle-ice-sdpfrag. Candidates are not needed: we are ICE-lite and answer whoever proves himself."""
    lines = _lines(body)
    return read_credentials([_attribute(line) for line in lines if line.startswith("a=")])


def read_credentials(lines: Lines) -> tuple[str, str]:
    ufrag, password = _first(lines, "ice-ufrag"), _first(lines, "ice-pwd")
    if not _ICE_WORD.fullmatch(ufrag) or not _ICE_WORD.fullmatch(password) or len(password) < 22:
        raise OfferUnreadable()
    return ufrag, password


def _lines(body: bytes) -> list[str]:
    if len(body) > LONGEST_OFFER:
        raise OfferTooLarge()
    try:
        lines = body.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise OfferUnreadable() from None
    if len(lines) > MOST_LINES:
        raise OfferTooLarge()
    return [line.strip() for line in lines]


def _split(lines: list[str]) -> tuple[Lines, list[tuple[str, Lines]]]:
    """What stands above the first m-line, and each m-line with what follows it."""
    if not lines or lines[0] != "v=0":
        raise OfferUnreadable()
    starts = [at for at, line in enumerate(lines) if line.startswith("m=")]
    if len(starts) > MOST_SECTIONS:
        raise OfferUnusable("Too many media sections.")
    ends = [*starts[1:], len(lines)][: len(starts)]
    top = lines[: starts[0]] if starts else lines
    return _attributes(top), [(lines[start][2:], _attributes(lines[start:end])) for start, end in zip(starts, ends, strict=True)]


def _attributes(lines: list[str]) -> Lines:
    return [_attribute(line) for line in lines if line.startswith("a=")]


def _attribute(line: str) -> tuple[str, str]:
    name, _, value = line[2:].partition(":")
    return name, value


def _section(head: str, lines: Lines) -> Section:
    words = head.split()
    kind = SECTION_KINDS.get(words[0]) if len(words) >= 4 else None
    if kind is None:
        raise OfferUnreadable()
    mid = _first(lines, "mid")
    if not _MID.fullmatch(mid):
        raise OfferUnreadable()
    direction = next((name for name, _ in lines if name in _DIRECTIONS), "sendrecv")
    codecs = tuple(_codecs(lines, words[3:])) if kind != "application" else ()
    return Section(kind, mid, direction, codecs, dict(_extensions(lines)), words[2], " ".join(words[3:]), _layers(lines))


def _layers(lines: Lines) -> Sequence[str]:
    """The names of the sizes a picture is sent in (RFC 8853, section 5.1); of alternatives the first, paused ones too."""
    words = _first(lines, "simulcast").split()
    sent = words[words.index("send") + 1].split(";") if "send" in words[:-1] else []
    named = {value.partition(" ")[0] for name, value in lines if name == "rid" and value.partition(" ")[2].startswith("send")}
    found = [one.split(",")[0].removeprefix("~") for one in sent]
    return tuple(dict.fromkeys(one for one in found if one in named and _RID.fullmatch(one)))[:MOST_LAYERS]


def _codecs(lines: Lines, numbers: Sequence[str]) -> Iterator[Codec]:
    settings = {number: text for number, _, text in (value.partition(" ") for name, value in lines if name == "fmtp")}
    for value in (value for name, value in lines if name == "rtpmap"):
        number, _, described = value.partition(" ")
        parts = described.split("/")
        if number not in numbers or not number.isdecimal() or int(number) > 127 or len(parts) < 2 or not parts[1].isdecimal():
            continue
        yield Codec(int(number), parts[0].lower(), int(parts[1][:9]), dict(_settings(settings.get(number, ""))))


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, _, value = part.strip().partition("=")
        if name:
            yield name.lower(), value


def _extensions(lines: Lines) -> Iterator[tuple[str, int]]:
    for value in (value for name, value in lines if name == "extmap"):
        number, _, address = value.partition(" ")
        number = number.partition("/")[0]
        if number.isdecimal() and len(number) <= 2 and 1 <= int(number) <= 14:
            yield address.split(" ")[0], int(number)


def _fingerprint(lines: Lines) -> str:
    for value in (value for name, value in lines if name == "fingerprint"):
        found = _FINGERPRINT.fullmatch(value)
        if found:
            return found.group(1).upper()
    raise OfferUnusable("A sha-256 fingerprint is needed.")


def _first(lines: Lines, wanted: str) -> str:
    return next((value for name, value in lines if name == wanted), "")
