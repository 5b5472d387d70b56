"""Chooses codecs both sides understand; without it viewers would be answered with a codec the publisher does not send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from .answers import LAYER, Medium
from .errors import OfferUnusable
from .offers import Codec, Offer, Section
from .reports import Kind
from .viewer import Numbers

KINDS: Final[tuple[Kind, ...]] = ("video", "audio")
PREFERRED: Final = Codec(0, "h264", 90000, {"packetization-mode": "1", "profile-level-id": "42e01f"})
SECOND: Final = Codec(0, "vp8", 90000, {})
SOUND: Final = Codec(0, "opus", 48000, {})
NUMBERS: Final[Mapping[Kind, int]] = {"video": 102, "audio": 111}
"""Payload types in offers of our own, of those that are free to give (96 to 127)."""


def chosen_for_publishing(offer: Offer, viewed: Mapping[Kind, Codec]) -> dict[Kind, Medium]:
    """What a publisher shall send: what present viewers already decode, then H264 baseline (it can also become HLS), then VP8.

    Raises OfferUnusable when a section that sends offers nothing we carry.
    """
    wanted: dict[Kind, tuple[Codec, ...]] = {"video": (PREFERRED, SECOND), "audio": (SOUND,)}
    media: dict[Kind, Medium] = {}
    for kind in KINDS:
        section = offer.section(kind)
        if section is None or section.direction not in ("sendonly", "sendrecv"):
            continue
        first = (viewed[kind],) if kind in viewed else ()
        codec = _best(section, (*first, *wanted[kind]))
        if codec is None:
            raise OfferUnusable(f"The {kind} codec must be {' or '.join(one.name for one in wanted[kind])}.")
        layers = section.layers if kind == "video" and LAYER in section.extensions else ()
        media[kind] = Medium(codec, _repair_of(section, codec), layers=layers if len(layers) > 1 else ())
    if not media:
        raise OfferUnusable("Nothing is sent.")
    return media


def chosen_for_watching(offer: Offer, sent: Mapping[Kind, Codec]) -> dict[Kind, Medium] | None:
    """The publisher's own codecs under the viewer's numbers; None when a section that wants to receive cannot have them."""
    media: dict[Kind, Medium] = {}
    for kind, codec in sent.items():
        section = offer.section(kind)
        if section is None or section.direction not in ("recvonly", "sendrecv"):
            continue
        own = _best(section, (codec,))
        if own is None:
            return None
        media[kind] = Medium(own)
    return media or None


def offered_codecs(sent: Mapping[Kind, Codec]) -> dict[Kind, Medium]:
    """What an offer of our own names: exactly what is being published, under numbers of ours (what the program itself plays has none)."""
    return {kind: Medium(replace(codec, number=NUMBERS[kind])) for kind, codec in sent.items()}


def numbers_of(media: Mapping[Kind, Medium]) -> Numbers:
    return (media["video"].codec.number if "video" in media else 0, media["audio"].codec.number if "audio" in media else 0)


def _best(section: Section, wanted: tuple[Codec, ...]) -> Codec | None:
    return next((own for codec in wanted for own in section.codecs if own.same_as(codec)), None)


def _repair_of(section: Section, codec: Codec) -> Codec | None:
    return next((one for one in section.codecs if one.name == "rtx" and one.settings.get("apt") == str(codec.number)), None)
