"""aiortc's inner names that we build on: a new version must fail here, loudly, and not in the middle of a festival."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from aiortc import codecs, rate, rtcdtlstransport, rtcrtpparameters, rtcrtpreceiver, rtp

ROOT = Path(__file__).parents[2]
WANTED = {
    rtcdtlstransport: ("SRTP_PROFILES", "SRTPProtectionProfile", "certificate_digest", "generate_certificate"),
    rtcrtpreceiver: ("StreamStatistics",),
    rate: ("RemoteBitrateEstimator",),
    rtp: ("HeaderExtensionsMap", "RtpPacket"),
    rtcrtpparameters: ("RTCRtpHeaderExtensionParameters", "RTCRtpParameters"),
    codecs: ("h264",),
}


def test_the_version_built_on_is_the_version_installed():
    assert version("aiortc") == "1.16.0"
    assert 'aiortc==1.16.0"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert int(version("av").split(".")[0]) >= 17  # older ones lose memory with every frame


@pytest.mark.parametrize("module", WANTED, ids=lambda module: module.__name__)
def test_the_names_built_on_are_there(module):
    assert [name for name in WANTED[module] if not hasattr(module, name)] == []


def test_what_they_do_is_what_we_count_on():
    profile = rtcdtlstransport.SRTP_PROFILES[0]
    material = bytes(range(2 * (profile.key_length + profile.salt_length)))
    assert profile.openssl_profile == b"SRTP_AEAD_AES_256_GCM"
    assert profile.get_key_and_salt(material, 0) != profile.get_key_and_salt(material, 1)
    packet = rtp.RtpPacket.parse(b"\x80\xe0\x00\x05\x00\x00\x00\x09\x00\x00\x00\x07picture")
    assert (packet.payload_type, packet.marker, packet.sequence_number, packet.timestamp, packet.ssrc) == (96, 1, 5, 9, 7)
    seen = rtcrtpreceiver.StreamStatistics(90_000)
    seen.add(packet)
    assert (seen.max_seq, seen.cycles, seen.packets_lost, seen.fraction_lost) == (5, 0, 0, 0)


def test_no_mangled_private_name_of_aiortc_is_touched():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "streaming").glob("*.py")]
    assert not [found for text in sources for found in re.findall(r"_RTC\w+__\w+", text)]
