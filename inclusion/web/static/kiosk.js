// One press, then only speaking and hearing: the words heard and said stand large on the page.
import { written } from "./live-captions.js";
import { sending, watching } from "./live-link.js";

const page = document.getElementById("main"), at = (id) => document.getElementById(id);
const say = (name) => page.getAttribute(`data-${name}`) || "";
const { put } = globalThis.Words;
const BUSY = ["thinking"];
let talk = null;
// Words of the talk, with kana above where the server told them.
const speak = (element, text, kana) => {
  if (element.textContent === text) return;
  if (/[ぁ-ヿ]/.test(text)) element.lang = "ja"; else element.removeAttribute("lang"); // also on a page in another language
  element.replaceChildren(...written({ text, pieces: (kana || {})[text] }));
};

const show = (told) => {
  if (told.state) { put(at("status"), say(told.state)); at("status").toggleAttribute("data-busy", BUSY.includes(told.state)); page.dataset.state = told.state; }
  if (told.partial !== undefined) { at("said").hidden = false; speak(at("heard"), `${told.partial}…`); }
  if (told.heard) { at("said").hidden = false; speak(at("heard"), told.heard, told.kana); }
  if (told.answer) {
    at("said").hidden = false;
    speak(at("answer"), told.answer, told.kana);
    at("lines").replaceChildren(...[...told.lines, ...told.notes].map((line) => { const made = document.createElement("p"); speak(made, line, told.kana); return made; }));
  }
  if (told.state === "ended") finish("ended");
};

const finish = (why) => {
  if (!talk) return;
  const over = talk;
  talk = null;
  over.events.close();
  over.up.close();
  over.down.close();
  for (const track of over.stream.getTracks()) track.stop();
  put(at("status"), say(why));
  at("begin").hidden = false; at("end").hidden = true;
};

const begin = async () => {
  at("begin").hidden = true;
  put(at("status"), say("listening"));
  let stream;
  try { stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } }); } catch (refused) {
    put(at("status"), say(refused.name === "NotFoundError" ? "nomic" : "denied"));
    at("begin").hidden = false;
    return;
  }
  const reply = await fetch("/kiosk/talks", { method: "POST" }).catch(() => null);
  if (!reply || reply.status !== 201) { for (const track of stream.getTracks()) track.stop(); put(at("status"), say(reply && reply.status === 503 ? "full" : "lost")); at("begin").hidden = false; return; }
  const line = await reply.json(), address = `/kiosk/talks/${line.room}?token=${encodeURIComponent(line.token)}`;
  const down = watching(line.room, line.hear, at("voice"), ["audio"]), up = sending(line.send_room, line.send, stream);
  const events = new EventSource(address);
  events.onmessage = (event) => show(JSON.parse(event.data));
  talk = { stream, up, down, events, address };
  at("end").hidden = false;
  for (const one of [up, down]) one.connection.onconnectionstatechange = () => { if (one.connection.connectionState === "failed") finish("lost"); };
  try { await Promise.all([down.open(), up.open()]); } catch { finish("lost"); return; }
  at("voice").play().catch(() => {});
};

at("begin").addEventListener("click", begin);
at("end").addEventListener("click", () => { if (talk) fetch(talk.address, { method: "DELETE", keepalive: true }).catch(() => {}); finish("ended"); });
