// Runs the viewer page's own live-picture.js on a clock and a connection of the story's making; prints what the page said and did, and when.
// Arguments: the script's address, and phases as JSON: [[seconds, { frames, sound, connection, status }], …]; then perhaps what the browser is without.
const [, , script, told, without] = process.argv;
globalThis.noFiles = without === "no H264 at all";
const uncounted = without === "frames on the element";
let now = 0, frames = 0, sound = 0, phase = {};
const said = [], asked = [], timers = new Map();
let number = 0;
performance.now = () => now;
globalThis.setInterval = (done, every) => timers.set(++number, { done, every, due: now + every }) && number;
globalThis.setTimeout = (done, after) => timers.set(++number, { done, due: now + (after || 0) }) && number;
globalThis.clearTimeout = (one) => timers.delete(one);

const connections = [];
class Connection {
  constructor() { this.connectionState = "new"; this.localDescription = { sdp: "v=0" }; connections.push(this); }
  addTransceiver(kind) { this.kinds = [...(this.kinds || []), kind]; }
  createOffer() { return Promise.resolve({}); }
  setLocalDescription() { return Promise.resolve(); }
  setRemoteDescription() { this.became("connected"); return Promise.resolve(); }
  getStats() {
    const own = frames - (this.from ??= frames);
    return Promise.resolve(new Map([["a", { type: "inbound-rtp", kind: "audio", packetsReceived: sound }], ["v", { type: "inbound-rtp", kind: "video", framesDecoded: own }]]));
  }
  became(state) { this.connectionState = state; if (this.onconnectionstatechange) this.onconnectionstatechange(); }
  close() { this.connectionState = "closed"; }
}
const answered = () => (phase.status === 406 && connections.at(-1).kinds.join() === "audio" ? 201 : phase.status || 201); // everybody can hear Opus
const reply = (status) => ({ status, ok: status < 300, headers: new Map([["Location", "/whep/hall/1"], ["Retry-After", "1"]]), text: () => Promise.resolve("v=0") });
Object.assign(globalThis, {
  window: globalThis, RTCPeerConnection: Connection, location: { search: "" }, document: { getElementById: () => null }, addEventListener() {},
  fetch: (address, { method = "GET" } = {}) => { asked.push([now / 1000, method, address]); return Promise.resolve(reply(method === "POST" ? answered() : 200)); },
});
const video = {
  getVideoPlaybackQuality: () => ({ totalVideoFrames: uncounted ? 0 : frames }), play: () => Promise.resolve(), load() {}, canPlayType: (kind) => (kind.includes("avc1") && globalThis.noFiles ? "" : "maybe"),
  addEventListener() {}, removeEventListener() {}, removeAttribute() {},
};

const settle = () => new Promise((done) => setImmediate(done));
const { Picture } = await import(script);
const picture = new Picture(video, "hall", "ticket", (state) => { if (said.length === 0 || said.at(-1)[1] !== state) said.push([now / 1000, state]); });
for (const [seconds, what] of JSON.parse(told)) {
  phase = what;
  if (!picture.wanted) picture.start();
  if (what.connection) connections.at(-1).became(what.connection);
  for (const end = now + 1000 * seconds; now < end; now += 100) {
    if (connections.at(-1).connectionState === "connected") { if (phase.frames) frames += 3; if (phase.sound) sound += 5; }
    for (const [key, one] of [...timers]) {
      if (one.due > now) continue;
      if (one.every) one.due += one.every; else timers.delete(key);
      one.done();
      await settle();
    }
    await settle();
  }
}
console.log(JSON.stringify({ said, offers: asked.filter(([, method]) => method === "POST").map(([at]) => at), files: Boolean(picture.stopFiles), freezes: picture.figures.freezes }));
process.exit(0);
