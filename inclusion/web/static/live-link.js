// WHEP to watch and WHIP to send, one connection each; without it every page would negotiate in its own way.
const iceServers = (link) => [...(link || "").matchAll(/<([^>]+)>; rel="ice-server"(?:; username="([^"]*)"; credential="([^"]*)")?/g)]
  .map(([, urls, username, credential]) => (username ? { urls, username, credential } : { urls }));

// Whether there are relays at all is known to the page: asking costs a round trip.
const page = document.getElementById("main"), relayed = Boolean(page && page.dataset.relays);

export class Refused extends Error {
  constructor(reply) { super(`refused with ${reply.status}`); this.status = reply.status; this.retryAfter = Number(reply.headers.get("Retry-After") || 0); }
}

// One connection to one room. `open` throws Refused; `close` tells the server.
export class Link {
  constructor(protocol, room, ticket) {
    this.address = `/${protocol}/${room}`;
    this.headers = { Authorization: `Bearer ${ticket}` };
    this.connection = new RTCPeerConnection();
    this.session = "";
    this.closed = false;
  }

  async open() {
    const own = this.connection;
    // A browser looks for relays when it makes its offer; those it hears of afterwards are not used (RFC 9725, section 4.6).
    if (relayed) {
      const told = await fetch(this.address, { method: "OPTIONS", headers: this.headers }).catch(() => null);
      const servers = told && told.ok ? iceServers(told.headers.get("Link")) : [];
      if (servers.length && !this.closed) own.setConfiguration({ iceServers: servers });
    }
    await own.setLocalDescription(await own.createOffer());
    const reply = await fetch(this.address, { method: "POST", headers: { ...this.headers, "Content-Type": "application/sdp" }, body: own.localDescription.sdp });
    if (reply.status === 406) { await this.takeTheirs(reply); return; }
    if (reply.status !== 201) throw new Refused(reply);
    this.session = reply.headers.get("Location");
    if (this.closed) { this.leave(); return; }
    await own.setRemoteDescription({ type: "answer", sdp: await reply.text() });
  }

  // The server makes an offer of its own (WHEP draft 03, section 4.2.2). It is taken when this browser can play all of it.
  async takeTheirs(reply) {
    const own = this.connection;
    this.session = reply.headers.get("Location");
    if (this.closed) { this.leave(); return; }
    const answer = await this.answerTo(await reply.text());
    if (!answer || /^m=\w+ 0 /m.test(answer.sdp)) throw new Refused(reply);
    await own.setLocalDescription(answer);
    const settled = await fetch(this.session, { method: "PATCH", headers: { ...this.headers, "Content-Type": "application/sdp" }, body: own.localDescription.sdp });
    if (!settled.ok) throw new Refused(settled);
  }

  // Nothing for an offer that this browser cannot read at all: then it is the same as one it cannot play.
  async answerTo(sdp) {
    try {
      await this.connection.setLocalDescription({ type: "rollback" });
      await this.connection.setRemoteDescription({ type: "offer", sdp });
      return await this.connection.createAnswer();
    } catch { return null; }
  }

  close() {
    this.closed = true;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
    if (this.session) this.leave();
  }

  leave() { fetch(this.session, { method: "DELETE", headers: this.headers, keepalive: true }).catch(() => {}); this.session = ""; }
}

export const watching = (room, ticket, video, kinds = ["video", "audio"]) => {
  const link = new Link("whep", room, ticket);
  for (const kind of kinds) link.connection.addTransceiver(kind, { direction: "recvonly" });
  link.connection.ontrack = (event) => { if (video.srcObject !== event.streams[0]) video.srcObject = event.streams[0]; };
  return link;
};

// The same picture three times, so that a weak connection is shown a small one instead of a broken large one.
const SIZES = [
  { rid: "small", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "middle", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "large", maxBitrate: 1_700_000 },
];

const added = (connection, track, stream, sizes) => {
  const plain = { direction: "sendonly", streams: [stream] };
  if (track.kind !== "video" || !sizes) return connection.addTransceiver(track, plain);
  try { return connection.addTransceiver(track, { ...plain, sendEncodings: SIZES }); } catch { return connection.addTransceiver(track, plain); }
};

export const sending = (room, ticket, stream, { sizes = false } = {}) => {
  const link = new Link("whip", room, ticket);
  for (const track of stream.getTracks()) {
    const sent = added(link.connection, track, stream, sizes);
    if (track.kind === "video" && sent.setCodecPreferences) {
      // H264 first: every telephone shows it, and it can become files without being drawn again.
      const codecs = RTCRtpSender.getCapabilities("video").codecs;
      sent.setCodecPreferences([...codecs].sort((one, other) => (other.mimeType === "video/H264") - (one.mimeType === "video/H264")));
    }
  }
  return link;
};
