// The host's page: be on the air, see whose hand is up, give the floor and thank, read questions, keep the peace.
import { sending } from "./live-link.js";
import { Guests } from "./live-guests.js";
import { Picture } from "./live-picture.js";
import { Together } from "./live-together.js";

const page = document.getElementById("main"), at = (id) => document.getElementById(id);
const { room, ticket, stage } = page.dataset, say = (name) => page.getAttribute(`data-${name}`) || "";
const { put } = globalThis.Words;
const seatName = (seat) => say("guest").replace("{seat}", seat);

let own = null, stream = null, state = null;
const guests = new Guests(at("guests"), () => say("guest"));
const picture = new Picture(at("picture"), room, ticket, (name) => { if (!stream) put(at("status"), say(name)); });

const button = (words, done, kind = "choice-button") => {
  const made = document.createElement("button");
  made.type = "button"; made.className = kind; made.textContent = words;
  made.addEventListener("click", done);
  return made;
};
const row = (tag, words, ...buttons) => {
  const made = document.createElement(tag), text = document.createElement("span");
  text.textContent = words;
  made.className = "host__row";
  made.append(text, ...buttons);
  return made;
};

// What the ears wrote down says so; a voice is fetched when it is asked for, and kept nowhere.
const question = (one) => {
  const buttons = [button(say("answered"), () => together.did("answered", { number: one.number }))];
  if (one.voice) buttons.unshift(button(say("listen"), () => hear(one.number)));
  const made = row("li", `${seatName(one.seat)}${one.text ? `「${one.text}」` : say("voice-question")}`, ...buttons);
  if (one.heard) { const mark = document.createElement("small"); mark.className = "host__mark"; mark.textContent = say("heard-mark"); made.firstChild.append(mark); }
  return made;
};
const hear = async (number) => {
  const reply = await fetch(`/live/${room}/questions/${number}`, { headers: { Authorization: `Bearer ${ticket}` } }).catch(() => null);
  if (!reply || !reply.ok) return;
  const address = URL.createObjectURL(await reply.blob()), sound = new Audio(address);
  sound.onended = sound.onerror = () => URL.revokeObjectURL(address);
  sound.play().catch(() => URL.revokeObjectURL(address));
};

let drawn = "";
const draw = () => {
  // Drawn anew only when something changed: a button must not vanish under a finger.
  const now = JSON.stringify([state.hands, state.questions, state.here, state.speaker, state.parts, state.recording]);
  if (now === drawn) return;
  drawn = now;
  const speaking = state.speaker ? [row("p", seatName(state.speaker),
    button(say("thank"), () => together.did("thank"), "main-action"), button(say("silence"), () => together.did("silence", { seat: state.speaker })))] : [];
  at("speaker").replaceChildren(...(speaking.length ? speaking : [row("p", say("nobody"))]));
  at("hands").replaceChildren(...state.hands.map((hand) => row("li", seatName(hand.seat), button(say("give"), () => together.did("give", { seat: hand.seat }), "main-action"))));
  at("questions").replaceChildren(...state.questions.map(question));
  at("here").replaceChildren(...state.here.map((seat) => row("li", seatName(seat), button(say("remove"), () => { if (confirm(say("remove-sure"))) together.did("remove", { seat }); }))));
  at("record").setAttribute("aria-pressed", String(Boolean(state.recording)));
  put(at("record"), say(state.recording ? "record-stop" : "record"));
};

const together = new Together(room, ticket, (now, before) => {
  state = now;
  if (now.removed) { unpublish(); picture.stop(); guests.show([]); put(at("status"), say("removed")); for (const one of page.querySelectorAll("button")) one.disabled = true; return; }
  put(at("people"), say("people"), { people: now.people, claps: now.claps });
  at("filmed").hidden = !now.recording;
  guests.show(now.parts);
  draw();
  if (now.closed) { unpublish(); put(at("status"), say("closed")); }
}, () => {});

const unpublish = () => {
  if (own) own.close();
  if (stream) for (const track of stream.getTracks()) track.stop();
  own = stream = null;
  at("picture").srcObject = null; at("picture").muted = false;
  at("publish").hidden = false; at("unpublish").hidden = true; at("look").hidden = false;
};

const send = async () => {
  if (!stream) return;
  const link = sending(room, stage, stream, { sizes: true });
  own = link;
  link.connection.onconnectionstatechange = () => {
    if (link !== own) return;
    if (link.connection.connectionState === "connected") put(at("status"), say("on-air"));
    if (["failed", "disconnected"].includes(link.connection.connectionState)) { put(at("status"), say("lost")); link.close(); setTimeout(send, 2000); }
  };
  try { await link.open(); } catch (refused) { put(at("status"), say("lost")); setTimeout(() => { if (own === link) send(); }, 3000); }
};

at("publish").addEventListener("click", async () => {
  try { stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720, frameRate: 30 } }); } catch { put(at("status"), say("turn-denied")); return; }
  picture.stop();
  at("picture").srcObject = stream; at("picture").muted = true; at("picture").play().catch(() => {});
  at("publish").hidden = true; at("unpublish").hidden = false; at("look").hidden = true;
  put(at("status"), say("connecting"));
  send();
});
at("unpublish").addEventListener("click", () => { unpublish(); put(at("status"), say("stopped-air")); });
at("look").addEventListener("click", () => picture.start());
at("record").addEventListener("click", () => {
  if (state && state.recording) together.did("record-stop"); else { at("agree-first").hidden = !at("agree-first").hidden; if (!at("agree-first").hidden) at("agreed").focus(); }
});
at("agreed").addEventListener("click", () => { at("agree-first").hidden = true; together.did("record", { agreed: true }); at("record").focus(); });
at("close").addEventListener("click", () => together.did("close"));
