// One's own turn: one sees oneself first, then everybody hears. Used by the viewer's page and by one-to-one rooms.
import { sending } from "./live-link.js";

const COUNT_FROM = 3, AGAIN_MS = 2000;

export class Turn {
  constructor(preview, say) { Object.assign(this, { preview, say, stream: null, link: null, timer: 0, rights: null }); }

  // `live` is called once the own voice really arrives at the server.
  async begin(rights, withPicture, live) {
    this.end();
    this.rights = rights;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true }, video: withPicture ? { width: 640, height: 480, facingMode: "user" } : false });
    } catch (error) {
      this.say(error && error.name === "NotAllowedError" ? "denied" : "nomic");
      return false;
    }
    this.preview.srcObject = withPicture ? this.stream : null;
    this.preview.hidden = !withPicture;
    if (withPicture) this.preview.play().catch(() => {});
    this.count(COUNT_FROM, live);
    return true;
  }

  count(left, live) {
    if (!this.stream) return;
    if (left > 0) { this.say("count", left); this.timer = setTimeout(() => this.count(left - 1, live), 1000); return; }
    this.send(live);
  }

  async send(live) {
    const own = sending(this.rights.room, this.rights.ticket, this.stream);
    this.link = own;
    own.connection.onconnectionstatechange = () => {
      if (own !== this.link) return;
      if (own.connection.connectionState === "connected") { this.say("live"); live(); }
      if (["failed", "disconnected"].includes(own.connection.connectionState)) this.mend(live);
    };
    try { await own.open(); } catch { this.mend(live); }
  }

  mend(live) {
    if (this.link) this.link.close();
    this.link = null;
    if (!this.stream) return;
    this.say("lost");
    this.timer = setTimeout(() => this.send(live), AGAIN_MS);
  }

  end() {
    clearTimeout(this.timer);
    if (this.link) this.link.close();
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    this.link = this.stream = null;
    this.preview.srcObject = null;
    this.preview.hidden = true;
  }
}
