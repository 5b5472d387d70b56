"""Writes the session descriptions we answer with; without it no browser would know where to send or what to expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .offers import Codec, Offer, Section
from .reports import Kind

MAX_BUNDLE: Final = "max-bundle"
ABS_SEND_TIME: Final = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
MID: Final = "urn:ietf:params:rtp-hdrext:sdes:mid"
LAYER: Final = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_LAYER: Final = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
_VIDEO_FEEDBACK: Final = ("nack", "nack pli", "ccm fir", "goog-remb")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where and as whom a session is reached: our half of ICE and DTLS."""

    ufrag: str
    password: str
    fingerprint: str
    addresses: Sequence[tuple[str, int]]

    def ice_lines(self) -> Iterator[str]:
        yield f"a=ice-ufrag:{self.ufrag}"
        yield f"a=ice-pwd:{self.password}"

    def candidate_lines(self) -> Iterator[str]:
        for rank, (host, port) in enumerate(self.addresses):
            yield f"a=candidate:{rank + 1} 1 udp {2130706431 - rank * 256} {host} {port} typ host"
        yield "a=end-of-candidates"


@dataclass(frozen=True, slots=True)
class Medium:
    """What one section carries: the chosen codec under the client's number, retransmission if any, our SSRC when we send, and the
    names of the sizes when the client sends several.
    """

    codec: Codec
    repair: Codec | None = None
    ssrc: int = 0
    layers: Sequence[str] = ()


def answer(offer: Offer, media: Mapping[Kind, Medium], contact: Contact, sends: bool) -> str:
    """The answer to an offer: `media` by kind, a kind left out is inactive. We are passive and ICE-lite."""
    carried = [one for one in offer.sections if one.kind != "application"]
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-lite", "a=ice-options:ice2"]
    lines.append("a=group:BUNDLE " + " ".join(one.mid for one in carried))
    lines.append("a=msid-semantic:WMS *")
    for section in offer.sections:
        if section.kind == "application":
            lines += _refused(section)
        else:
            lines += _section(section, media.get(section.kind), contact, sends)
    return "\r\n".join(lines) + "\r\n"


def counter_offer(media: Mapping[Kind, Medium], contact: Contact) -> str:
    """What WHEP sends with 406: an offer of our own, which the player answers with a PATCH."""
    sections = [_own_section(kind, str(at), medium) for at, (kind, medium) in enumerate(media.items())]
    asked = Offer(sections, "", "", "", "actpass")
    return answer(asked, media, contact, sends=True).replace("a=setup:passive", "a=setup:actpass")


def wish(codecs: Mapping[Kind, Sequence[Codec]], contact: Contact) -> str:
    """An offer to receive, in any of these codecs."""
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=ice-options:ice2"]
    lines.append("a=group:BUNDLE " + " ".join(str(mid) for mid in range(len(codecs))))
    for mid, (kind, known) in enumerate(codecs.items()):
        lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(str(one.number) for one in known)}", "c=IN IP4 0.0.0.0", f"a=mid:{mid}"]
        lines += ["a=recvonly", "a=rtcp-mux", "a=rtcp-mux-only", "a=setup:actpass", f"a=fingerprint:sha-256 {contact.fingerprint}"]
        lines += [*contact.ice_lines(), *contact.candidate_lines(), *(line for codec in known for line in _codec_lines(kind, codec))]
    return "\r\n".join(lines) + "\r\n"


def _own_section(kind: Kind, mid: str, medium: Medium) -> Section:
    return Section(kind, mid, "recvonly", (medium.codec,), {}, "UDP/TLS/RTP/SAVPF", "")


def fragment(mid: str, kind: str, contact: Contact) -> str:
    """The answer to an ICE restart (RFC 8840)."""
    lines = ["a=ice-lite", "a=ice-options:ice2", f"a=group:BUNDLE {mid}", f"m={kind} 9 UDP/TLS/RTP/SAVPF 0", f"a=mid:{mid}"]
    return "\r\n".join([*lines, *contact.ice_lines(), *contact.candidate_lines()]) + "\r\n"


def _refused(section: Section) -> list[str]:
    return [f"m={section.kind} 0 {section.protocol} {section.formats}", "c=IN IP4 0.0.0.0", f"a=mid:{section.mid}"]


def _section(section: Section, medium: Medium | None, contact: Contact, sends: bool) -> list[str]:
    codecs = _codecs_of(section, medium)
    host, port = contact.addresses[0] if contact.addresses else ("0.0.0.0", 9)  # noqa: S104 - a placeholder in text, nothing is bound
    direction = "inactive" if medium is None else "sendonly" if sends else "recvonly"
    lines = [f"m={section.kind} {port} UDP/TLS/RTP/SAVPF {' '.join(str(one.number) for one in codecs)}", f"c=IN IP4 {host}"]
    lines += [f"a=mid:{section.mid}", f"a={direction}", "a=rtcp-mux", "a=rtcp-mux-only", "a=rtcp-rsize", "a=setup:passive"]
    lines += [f"a=fingerprint:sha-256 {contact.fingerprint}", *contact.ice_lines(), *contact.candidate_lines()]
    lines += [line for codec in codecs for line in _codec_lines(section.kind, codec)]
    if medium is not None and not sends and ABS_SEND_TIME in section.extensions:
        lines.append(f"a=extmap:{section.extensions[ABS_SEND_TIME]} {ABS_SEND_TIME}")
    if medium is not None and not sends and medium.layers:
        lines += [f"a=extmap:{section.extensions[one]} {one}" for one in (MID, LAYER, REPAIRED_LAYER) if one in section.extensions]
        lines += [*(f"a=rid:{name} recv" for name in medium.layers), f"a=simulcast:recv {';'.join(medium.layers)}"]
    if medium is not None and sends:
        lines += [f"a=msid:live {section.kind}", f"a=ssrc:{medium.ssrc} cname:live", f"a=ssrc:{medium.ssrc} msid:live {section.kind}"]
    return lines


def _codecs_of(section: Section, medium: Medium | None) -> list[Codec]:
    if medium is None:
        return list(section.codecs[:1])
    return [medium.codec, *([medium.repair] if medium.repair else [])]


def _codec_lines(kind: str, codec: Codec) -> Iterator[str]:
    channels = "/2" if codec.name == "opus" else ""
    yield f"a=rtpmap:{codec.number} {codec.name.upper() if kind == 'video' and codec.name != 'rtx' else codec.name}/{codec.rate}{channels}"
    if codec.settings:
        pairs = (f"{name}={value}" if value else name for name, value in codec.settings.items())
        yield f"a=fmtp:{codec.number} {';'.join(pairs)}"
    if kind == "video" and codec.name != "rtx":
        yield from (f"a=rtcp-fb:{codec.number} {feedback}" for feedback in _VIDEO_FEEDBACK)
