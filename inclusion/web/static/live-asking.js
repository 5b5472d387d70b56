// A question to the host, typed or spoken. What was heard is shown large and goes only after a press; what was not, as the voice itself.
const SILENT = ["no_speech", "too_quiet", "empty_recording"], LONG = ["audio_too_long", "audio_too_large"];

export class Asking {
  constructor(page, room, ticket, together, say) {
    Object.assign(this, { page, together, say, address: `/live/${room}/spoken`, headers: { Authorization: `Bearer ${ticket}` }, said: null });
    this.recorder = page.querySelector("[data-recorder]");
    this.at("ask").addEventListener("submit", (event) => { event.preventDefault(); this.type(); });
    this.recorder.addEventListener("recorder:start", () => { this.leave(); this.hush(true); });
    this.recorder.addEventListener("recorder:quiet", () => this.hush(false));
    this.recorder.addEventListener("recorder:recorded", ({ detail }) => this.hand(detail.blob, detail.noisy));
    this.recorder.querySelector(".recorder__send").addEventListener("click", () => { const [file] = this.recorder.querySelector("[type=file]").files; if (file) this.hand(file); });
    this.at("heard-send").addEventListener("click", () => this.send());
    this.at("heard-again").addEventListener("click", () => { this.withdraw(); this.recorder.querySelector("[data-record]").click(); });
    this.at("heard-type").addEventListener("click", () => { this.withdraw(); this.at("question").focus(); });
  }

  at(id) { return document.getElementById(id); }
  tell(name) { globalThis.Words.put(this.at("asked"), name ? this.say(name) : ""); }

  // The festival must not answer for the person: it is silent while the microphone is open.
  hush(silent) { for (const one of this.page.querySelectorAll("video:not(#preview)")) one.muted = silent; }

  async type() {
    const box = this.at("question");
    if (box.value.trim() && await this.together.did("ask", { text: box.value })) { box.value = ""; this.tell("asked"); }
  }

  async hand(recording, noisy) {
    this.tell("");
    const reply = await fetch(this.address, { method: "POST", headers: this.headers, body: recording }).catch(() => null);
    const told = reply ? await reply.json().catch(() => ({})) : {};
    if (reply && reply.ok) this.show(told);
    const silent = SILENT.includes(told.code), word = silent ? (noisy ? "noisy" : "nothing") : "";
    if (!(reply && reply.ok) && !silent) this.tell(LONG.includes(told.code) || (reply && reply.status === 413) ? "spoken-long" : reply && reply.status === 422 && !told.code ? "ask-refused" : "spoken-failed");
    this.recorder.dispatchEvent(new CustomEvent("recorder:done", { detail: { word } }));
  }

  show(said) {
    this.said = said;
    const { put } = globalThis.Words;
    this.at("heard").hidden = false;
    put(this.at("heard-said"), this.say(said.text ? "spoken-heard" : "spoken-unsure"));
    this.at("heard-text").textContent = said.text;
    this.at("heard-too").hidden = !said.text;
    this.at("heard-voice").checked = false;
    put(this.at("heard-send"), this.say(said.text ? "spoken-send" : "spoken-send-voice"));
    this.at("heard").scrollIntoView({ block: "nearest" });
    this.at("heard").focus({ preventScroll: true });
  }

  async send() {
    const { number, text } = this.said, voice = !text || this.at("heard-voice").checked;
    const headers = { ...this.headers, "Content-Type": "application/json" };
    const reply = await fetch(`${this.address}/${number}`, { method: "POST", headers, body: JSON.stringify({ voice }) }).catch(() => null);
    if (reply && reply.ok) this.leave();
    this.tell(reply && reply.ok ? "asked" : reply && reply.status === 422 ? "ask-refused" : "spoken-failed");
  }

  // There is nobody to be asked any more, or no button to press: the microphone is not left open.
  end() { this.recorder.dispatchEvent(new CustomEvent("recorder:leave")); }

  withdraw() { this.leave(); fetch(this.address, { method: "DELETE", headers: this.headers }).catch(() => {}); }
  leave() { this.said = null; this.at("heard").hidden = true; this.tell(""); }
}
