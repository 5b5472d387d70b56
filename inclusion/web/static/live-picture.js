// Keeps one room's picture running: the quick way first, files where that does not come through, and mends what breaks by itself.
import { Refused, watching } from "./live-link.js";
import { playFiles, playsFiles } from "./live-files.js";

const FIRST_WAIT = 1000, LONGEST_WAIT = 15000, SILENT_AFTER = 4000, QUICK_MUST_SHOW = 7000, LOOK = 500, LONGEST_WITHOUT = 90000;
// A browser draws one black frame when a connection ends: only more than that is a picture.
const MOVING = 3;
const NO_COMMON = [406, 422];

// `say(state)` is told connecting, waiting, lost, playing, files, sound, sound-instead, unable or stale.
export class Picture {
  constructor(video, room, ticket, say, { quickOnly = false } = {}) {
    Object.assign(this, { video, room, ticket, say, quickOnly, link: null, stopFiles: null, wanted: false, timer: 0, everShown: false, soundOnly: false, instead: false, soundPackets: 0, soundAt: -SILENT_AFTER, frozen: false, decoded: 0, decodedBefore: 0 });
    this.figures = { first_picture_ms: 0, freezes: 0, way: "" };
    setInterval(() => this.watchOver(), LOOK);
    window.addEventListener("online", () => this.again("lost", 1));
    window.addEventListener("pagehide", () => this.drop());
  }

  start() {
    Object.assign(this, { wanted: true, wait: FIRST_WAIT, frames: -1, before: 0, began: performance.now(), silentSince: performance.now() });
    this.say("connecting");
    if (window.RTCPeerConnection && !new URLSearchParams(location.search).has("files")) this.begin(); else this.useFiles();
  }

  stop() { this.wanted = false; this.drop(); if (this.stopFiles) this.stopFiles(); this.stopFiles = null; this.video.srcObject = null; }

  // Without the picture hardly anything is sent: for who pays by the amount, or has a weak connection.
  // `instead`: nobody asked for that, but this browser cannot show the picture.
  listenOnly(soundOnly, instead = false) {
    Object.assign(this, { soundOnly, instead });
    if (this.stopFiles) { this.stopFiles(); this.stopFiles = null; }
    this.drop();
    this.video.srcObject = null;
    this.start();
  }

  drop() { clearTimeout(this.timer); if (this.link) this.link.close(); this.link = null; }

  again(why, afterMs) {
    if (!this.wanted || this.stopFiles) return;
    this.drop();
    this.say(why);
    this.timer = setTimeout(() => this.begin(), afterMs || this.wait);
    if (!afterMs) this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  async begin() {
    const own = this.soundOnly ? watching(this.room, this.ticket, this.video, ["audio"]) : watching(this.room, this.ticket, this.video);
    this.link = own;
    this.before = this.counted();
    this.decodedBefore = this.decoded;
    this.connectedSince = performance.now();
    this.soundPackets = 0;
    own.connection.onconnectionstatechange = () => {
      if (own === this.link && this.soundOnly && own.connection.connectionState === "connected") { this.wait = FIRST_WAIT; this.say(this.instead ? "sound-instead" : "sound"); }
      if (own === this.link && ["failed", "closed"].includes(own.connection.connectionState)) this.failed();
    };
    try {
      await own.open();
      this.video.play().catch(() => {});
    } catch (error) {
      if (own !== this.link) return;
      if (!(error instanceof Refused)) { this.again("lost"); return; }
      if (error.status === 401) { this.say("stale"); return; }
      if (error.status === 503) { this.useFiles(); return; } // the quick seats are taken: files have room for everybody
      if (NO_COMMON.includes(error.status)) { this.withoutPicture(); return; }
      this.again(error.status === 409 ? "waiting" : "lost", 1000 * error.retryAfter);
    }
  }

  failed() { if (this.everShown || this.soundOnly) this.again("lost"); else this.useFiles(); } // what never came through will not come the second time

  // This browser has no decoder for what the room sends (a Firefox without its H264 part, a telephone without VP8): files if it can play
  // those (H264 whatever the room sends), else the sound at least, and why.
  withoutPicture() {
    if (this.soundOnly) this.say("unable");
    else if (!this.quickOnly && playsFiles(this.video)) this.useFiles();
    else this.listenOnly(true, true);
  }

  useFiles() {
    if (this.quickOnly) { this.again("lost"); return; } // somebody's own voice is never written to files
    this.drop();
    if (this.stopFiles) return;
    this.figures.way = "files";
    this.frames = -1; this.silentSince = performance.now(); this.before = this.counted();
    this.stopFiles = playFiles(this.video, `/live/${this.room}/index.m3u8`);
    if (!this.stopFiles) this.say("unable");
  }

  // A picture that stands still is noticed here, whatever the connection believes.
  watchOver() {
    if (this.quickOnly || this.soundOnly) return; // a voice alone has no pictures to count: its connection tells when it broke
    if (!this.wanted || !(this.stopFiles || (this.link && this.link.session))) return;
    const shown = this.counted(), now = performance.now();
    this.countDecoded();
    if (shown < this.before) this.before = shown; // another source counts from its own beginning
    if (shown !== this.frames) { this.frames = shown; this.silentSince = now; this.frozen = false; if (shown - this.before >= MOVING) this.shown(now); return; }
    const still = now - this.silentSince;
    if (this.stopFiles) { if (this.frames > this.before && still > 2 * SILENT_AFTER) this.say("lost"); return; }
    if (!this.everShown) { if (now - this.connectedSince > QUICK_MUST_SHOW) this.useFiles(); return; }
    if (still > SILENT_AFTER) this.listenForSound(now);
    if (still > 2 * SILENT_AFTER) {
      if (now - this.soundAt < SILENT_AFTER && still < LONGEST_WITHOUT) { this.say("sound"); return; }
      this.silentSince = now;
      this.again("lost");
    } else if (this.frames - this.before >= MOVING && still > SILENT_AFTER && !this.frozen) { this.frozen = true; this.figures.freezes += 1; this.say("lost"); }
  }

  // Firefox counts no frames of a live stream on the element itself: there it is what the connection has decoded.
  counted() { return this.video.getVideoPlaybackQuality().totalVideoFrames || this.decoded; }

  async countDecoded() {
    const link = this.link;
    if (!link || this.video.getVideoPlaybackQuality().totalVideoFrames) return;
    for (const [, row] of await link.connection.getStats()) if (link === this.link && row.type === "inbound-rtp" && row.kind === "video") this.decoded = this.decodedBefore + (row.framesDecoded || 0);
  }

  // Where the connection carries no picture, the server sends the sound alone and tries the picture again by itself.
  async listenForSound(now) {
    const link = this.link, rows = link ? await link.connection.getStats() : [];
    for (const [, row] of rows) if (row.type === "inbound-rtp" && row.kind === "audio" && row.packetsReceived > this.soundPackets) { this.soundPackets = row.packetsReceived; this.soundAt = now; }
  }

  shown(now) {
    if (!this.everShown) { this.everShown = true; this.figures.first_picture_ms = Math.round(now - this.began); this.figures.way = this.figures.way || "quick"; }
    this.wait = FIRST_WAIT;
    this.say(this.stopFiles ? "files" : "playing");
  }
}
