"""DTLS without a socket: datagrams in, datagrams out, keys at the end; without it nothing sent or received would be encrypted.

We are always the server (answers say `passive`): browsers then choose AES-256-GCM, the cheapest of the SRTP profiles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiortc.rtcdtlstransport import SRTP_PROFILES, SRTPProtectionProfile, certificate_digest, generate_certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy, Session

LARGEST_DATAGRAM: Final = 1200
GCM_TAG: Final = 16
SHA1_TAG: Final = 10
_RECORD_HEADER: Final = 13
_HANDSHAKE: Final = (20, 22)  # ChangeCipherSpec and handshake messages (RFC 5246, section 6.2.1)
CIPHERS: Final = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"


class Identity:
    """A self-signed certificate, valid while the process lives, and the one OpenSSL context all sessions of a house share."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = generate_certificate(key)
        self.fingerprint = certificate_digest(certificate, "sha-256")
        self.context = _context(certificate, key)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a finished handshake leaves: one SRTP session each way, and how many bytes encryption adds to a packet."""

    arriving: Session
    leaving: Session
    growth: int = GCM_TAG

    @property
    def handle(self) -> Any:
        """libsrtp's own session for what leaves, for those who call it without a copy of each packet."""
        return self.leaving._srtp[0]


class Handshake:
    """One peer's. `keys` is there once it is done; `failed` once it cannot be any more."""

    def __init__(self, context: SSL.Context, peer_fingerprint: str, as_client: bool = False) -> None:
        self._peer_fingerprint, self._as_client = peer_fingerprint, as_client
        self._tls = SSL.Connection(context)
        if as_client:
            self._tls.set_connect_state()
        else:
            self._tls.set_accept_state()
        self.keys: Keys | None = None
        self.failed = False
        self.closed_by_peer = False
        self._flight: Sequence[bytes] = ()

    def receive(self, datagram: bytes) -> Sequence[bytes]:
        """Take one DTLS datagram; gives the datagrams to send back."""
        done = self.keys is not None
        self._tls.bio_write(datagram)
        sent = self._advance()
        if not done:
            return self._kept(sent)
        # A client that still shakes hands has not got our last flight. A client that is done never answers, or both would go on for ever.
        return self._flight if not sent and not self._as_client and datagram[0] in _HANDSHAKE else sent

    def begin(self) -> Sequence[bytes]:
        """A client's first flight."""
        return self._kept(self._advance())

    def again(self) -> Sequence[bytes]:
        """The last flight once more, byte for byte: what the other side has of it already, it passes over (RFC 6347, section 4.1.2.6)."""
        return self._flight

    def _kept(self, flight: Sequence[bytes]) -> Sequence[bytes]:
        self._flight = flight or self._flight
        return flight

    def close(self) -> Sequence[bytes]:
        """Say goodbye (close_notify), so that the other side knows at once."""
        try:
            self._tls.shutdown()
        except SSL.Error:
            return ()
        return tuple(self._outgoing())

    def _advance(self) -> Sequence[bytes]:
        try:
            if self.keys is None:
                self._tls.do_handshake()
                self._finish()
            else:
                self._tls.recv(1500)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.closed_by_peer = True
        except SSL.Error:
            self.failed = self.keys is None
        return tuple(self._outgoing())

    def _finish(self) -> None:
        certificate = self._tls.get_peer_certificate(as_cryptography=True)
        given = certificate_digest(certificate, "sha-256") if certificate else ""
        chosen = self._tls.get_selected_srtp_profile()
        profile = next((one for one in SRTP_PROFILES if one.openssl_profile == chosen), None)
        if given != self._peer_fingerprint.upper() or profile is None:
            self.failed = True
            return
        self.keys = self._keys(profile)

    def _keys(self, profile: SRTPProtectionProfile) -> Keys:
        size = 2 * (profile.key_length + profile.salt_length)
        material = self._tls.export_keying_material(b"EXTRACTOR-dtls_srtp", size)
        client, server = profile.get_key_and_salt(material, 0), profile.get_key_and_salt(material, 1)
        ours, theirs = (client, server) if self._as_client else (server, client)
        return Keys(
            _session(profile, theirs, Policy.SSRC_ANY_INBOUND),
            _session(profile, ours, Policy.SSRC_ANY_OUTBOUND),
            SHA1_TAG if profile.libsrtp_profile == Policy.SRTP_PROFILE_AES128_CM_SHA1_80 else GCM_TAG,
        )

    def _outgoing(self) -> Iterator[bytes]:
        """What OpenSSL wants sent, cut between records into datagrams that fit any network."""
        try:
            waiting = self._tls.bio_read(1 << 16)
        except SSL.Error:
            return
        datagram = b""
        while waiting:
            size = _RECORD_HEADER + int.from_bytes(waiting[11:13], "big")
            if datagram and len(datagram) + size > LARGEST_DATAGRAM:
                yield datagram
                datagram = b""
            datagram, waiting = datagram + waiting[:size], waiting[size:]
        if datagram:
            yield datagram


def _context(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> SSL.Context:
    context = SSL.Context(SSL.DTLS_METHOD)
    context.set_options(SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    # Any certificate may be shown: it is then compared with the fingerprint that came over HTTPS.
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    context.use_certificate(certificate)
    context.use_privatekey(key)
    context.set_cipher_list(CIPHERS)
    context.set_tlsext_use_srtp(b":".join(one.openssl_profile for one in SRTP_PROFILES))
    return context


def _session(profile: SRTPProtectionProfile, key: bytes, direction: int) -> Session:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile.libsrtp_profile)
    policy.allow_repeat_tx = True  # a repeated packet is byte for byte the same, so no nonce meets two texts
    policy.window_size = 1024
    return Session(policy)
