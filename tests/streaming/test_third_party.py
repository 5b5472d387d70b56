"""Clients that others wrote, really used: Eyevinn's WHIP client publishes, Eyevinn's WHEP player watches, decoded frames are counted.

They are fetched from the registry by the lock file's hashes, bundled once and kept in pytest's cache; never shipped.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from streaming import Gate

from .chromium import in_chromium

HERE = Path(__file__).parent / "third_party"
PATIENCE_S = 90
PUBLISH = """async ([room, token, codec]) => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  const add = RTCPeerConnection.prototype.addTransceiver, addTrack = RTCPeerConnection.prototype.addTrack;
  const prefer = (one) => one.setCodecPreferences(RTCRtpReceiver.getCapabilities("video").codecs.filter((own) => own.mimeType === codec));
  RTCPeerConnection.prototype.addTransceiver = function (track, options) {
    const made = add.call(this, track, options);
    if ((track.kind || track) === "video") prefer(made);
    return made;
  };
  RTCPeerConnection.prototype.addTrack = function (track, ...streams) {
    const sender = addTrack.call(this, track, ...streams);
    if (track.kind === "video") prefer(this.getTransceivers().find((one) => one.sender === sender));
    return sender;
  };
  window.client = new WHIPClient({ endpoint: `${location.origin}/whip/${room}`, opts: { authkey: token } });
  await client.setIceServersFromEndpoint();
  await client.ingest(stream);
}"""
WATCH = """async ([room, token]) => {
  const video = document.createElement("video");
  video.id = "picture"; video.autoplay = true;
  document.body.append(video);
  window.player = new WebRTCPlayer({ video, type: "whep" });
  await player.load(new URL(`${location.origin}/whep/${room}`), `Bearer ${token}`);
  player.unmute();
}"""
SEEN = """async () => {
  const found = { frames: 0, sound: 0, codecs: [] };
  const rows = await player.peer.getStats();
  rows.forEach((row) => {
    if (row.type !== "inbound-rtp") return;
    if (row.kind === "video") found.frames = row.framesDecoded || 0;
    else found.sound = (row.totalSamplesReceived || 0) - (row.concealedSamples || 0);
    const codec = rows.get(row.codecId);
    if (codec) found.codecs.push(codec.mimeType);
  });
  return found;
}"""

pytestmark = in_chromium


@pytest.fixture(scope="session")
def bundle(pytestconfig) -> Path:
    """The clients as one script; skipped with the reason where they cannot be had."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed, so nobody else's client was tried.")
    folder = Path(pytestconfig.cache.mkdir("third-party-clients"))
    script = folder / "bundle.js"
    lock = (HERE / "package-lock.json").read_bytes() + (HERE / "entry.js").read_bytes()
    if script.exists() and (folder / "made-of").exists() and (folder / "made-of").read_bytes() == lock:
        return script
    for name in ("package.json", "package-lock.json", "entry.js"):
        shutil.copy(HERE / name, folder / name)
    fetched = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    if fetched.returncode and "EINTEGRITY" not in fetched.stderr:
        pytest.skip("npm could not fetch the clients (no registry), so nobody else's client was tried.")
    assert fetched.returncode == 0, "A client is not the one whose hash is pinned."
    bundled = ["node_modules/.bin/esbuild", "entry.js", "--bundle", "--outfile=bundle.js", "--define:global=window", "--log-level=error"]
    subprocess.run(bundled, cwd=folder, check=True, timeout=120)
    (folder / "made-of").write_bytes(lock)
    return script


def opened(open_page, address: str, script: Path) -> Page:
    page = open_page(f"{address}/openapi.json")  # a page of ours without the pages' ban on cameras
    page.add_script_tag(path=str(script))
    return page


@pytest.mark.parametrize("codec", ["video/H264", "video/VP8"])
def test_their_publisher_and_their_player_meet_in_our_room(open_page, served, bundle, codec):
    address, var = served
    room, gate = f"others-{codec[-3:].lower()}", Gate((var / "secret.key").read_text())
    publish, watch = (gate.issue(room, act, datetime.now(UTC), timedelta(minutes=10)) for act in ("publish", "watch"))
    publisher = opened(open_page, address, bundle)
    publisher.evaluate(PUBLISH, [room, publish, codec])
    player = opened(open_page, address, bundle)
    until = time.monotonic() + PATIENCE_S
    player.evaluate(WATCH, [room, watch])
    seen = player.evaluate(SEEN)
    while (seen["frames"] < 40 or seen["sound"] < 48_000) and time.monotonic() < until:
        time.sleep(0.5)
        seen = player.evaluate(SEEN)
    assert seen["frames"] >= 40, seen
    assert seen["sound"] >= 48_000, seen  # a second of sound that was really received
    assert set(seen["codecs"]) == {codec, "audio/opus"}
