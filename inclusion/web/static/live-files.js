// Plays the room from files over HTTP: by the browser itself where it can, piece by piece through a media source elsewhere.
const WAIT = 1000, BEHIND = 3, KEPT = 30;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Not where the browser has no decoder for what they hold.
export const playsFiles = (video) => Boolean(video.canPlayType('video/mp4; codecs="avc1.42e01f, mp4a.40.2"'));

export const playFiles = (video, address) => {
  if (video.canPlayType("application/vnd.apple.mpegurl")) return bare(video, address);
  const Source = window.ManagedMediaSource || window.MediaSource;
  return Source ? piecewise(video, address, Source) : null;
};

const bare = (video, address) => {
  let ended = false;
  const begin = async () => {
    // The first files take a moment to be written; a player that met a 404 would give up for good.
    while (!ended && !(await fetch(address).then((reply) => reply.ok, () => false))) await pause(WAIT);
    if (ended) return;
    video.srcObject = null;
    video.src = address;
    video.play().catch(() => {});
  };
  const again = () => { if (!ended) setTimeout(begin, WAIT); };
  video.addEventListener("error", again);
  video.addEventListener("ended", again);
  begin();
  return () => { ended = true; video.removeEventListener("error", again); video.removeEventListener("ended", again); video.removeAttribute("src"); video.load(); };
};

const piecewise = (video, address, Source) => {
  let ended = false;
  const run = async () => {
    while (!ended) {
      try { await oneRun(video, address, Source, () => ended); } catch { /* begin anew below */ }
      await pause(WAIT);
    }
  };
  run();
  return () => { ended = true; video.removeAttribute("src"); video.load(); };
};

const oneRun = async (video, address, Source, ended) => {
  const source = new Source();
  video.srcObject = null;
  video.disableRemotePlayback = true;
  video.src = URL.createObjectURL(source);
  await new Promise((done) => source.addEventListener("sourceopen", done, { once: true }));
  let buffer = null, map = "", taken = new Set();
  while (!ended()) {
    const reply = await fetch(address);
    if (reply.ok) {
      const list = parts(await reply.text());
      if (map && list.map !== map) return;
      if (!buffer) { map = list.map; buffer = await opened(source, address, map); }
      for (const part of taken.size ? list.parts : list.parts.slice(-BEHIND)) {
        if (taken.has(part) || ended()) continue;
        taken.add(part);
        await appended(buffer, await bytes(address, part));
      }
      follow(video, buffer);
    }
    await pause(WAIT);
  }
};

const parts = (text) => ({
  map: (text.match(/#EXT-X-MAP:URI="([^"]+)"/) || [])[1] || "",
  parts: text.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#")),
});
const bytes = async (address, name) => (await fetch(new URL(name, new URL(address, location.href)))).arrayBuffer();

// The browser must be told the exact kind of H264: it stands in the beginning's avcC box.
const opened = async (source, address, map) => {
  const beginning = await bytes(address, map);
  const view = new Uint8Array(beginning);
  let kind = "42e01f";
  for (let at = 0; at + 8 < view.length; at++) {
    if (view[at] === 97 && view[at + 1] === 118 && view[at + 2] === 99 && view[at + 3] === 67) kind = [5, 6, 7].map((next) => view[at + next].toString(16).padStart(2, "0")).join("");
  }
  const buffer = source.addSourceBuffer(`video/mp4; codecs="avc1.${kind}, mp4a.40.2"`);
  await appended(buffer, beginning);
  return buffer;
};

const appended = (buffer, content) => new Promise((done, failed) => {
  buffer.addEventListener("updateend", done, { once: true });
  buffer.addEventListener("error", failed, { once: true });
  buffer.appendBuffer(content);
});

const follow = (video, buffer) => {
  if (!buffer.buffered.length) return;
  const newest = buffer.buffered.end(buffer.buffered.length - 1);
  if (video.currentTime < newest - 10) video.currentTime = Math.max(buffer.buffered.start(buffer.buffered.length - 1), newest - BEHIND);
  if (video.paused) video.play().catch(() => {});
  if (!buffer.updating && buffer.buffered.start(0) < newest - KEPT - 10) buffer.remove(0, newest - KEPT);
};
