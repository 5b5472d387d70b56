// The viewer's page: one press to watch, one to raise a hand, one to clap. Everything else follows by itself.
import { Asking } from "./live-asking.js";
import { Captions } from "./live-captions.js";
import { Guests } from "./live-guests.js";
import { Picture } from "./live-picture.js";
import { Together } from "./live-together.js";
import { Screen, backCamera, mayShareScreen, screenStream, still } from "./live-screen.js";
import { Turn } from "./live-turn.js";

const page = document.getElementById("main"), at = (id) => document.getElementById(id);
const { room, ticket } = page.dataset, say = (name) => page.getAttribute(`data-${name}`) || "";
const video = at("picture"), status = at("status");
const BUSY = ["connecting", "lost", "waiting"];
const { now, put } = globalThis.Words;

let state = null, told = false, sending = false;

const picture = new Picture(video, room, ticket, (name) => {
  if (name === "stale") { location.reload(); return; }
  put(status, state && state.closed ? over() : say(name));
  soundButton();
  status.toggleAttribute("data-busy", BUSY.includes(name) && !(state && state.closed));
  if (picture.everShown && !told) { told = true; together.did("figures", picture.figures); }
});
// It may have been pressed, or the browser may be unable to show this picture at all.
const soundButton = () => {
  at("sound").setAttribute("aria-pressed", String(picture.soundOnly));
  put(at("sound"), say(picture.soundOnly ? "with-picture" : "sound-only"));
  at("large").hidden = picture.soundOnly;
};
setInterval(() => { if (picture.wanted && picture.everShown) together.did("figures", picture.figures); }, 30000);

const named = (part) => say(state.mode !== "pair" ? "guest" : part.screen ? "partner-screen" : "partner");
const guests = new Guests(at("guests"), named);
const over = () => say(state.mode === "pair" ? "closed-pair" : "closed");
const captions = new Captions(room, ticket, at("captions"), at("captions-now"), at("captions-log"), at("captions-note"));

const turn = new Turn(at("preview"), (name, left) => {
  put(at("turn-words"), say(`turn-${name}`), { left: left || "" });
  if (["denied", "nomic"].includes(name)) { sending = false; arrange(); }
});
const screen = new Screen(at("shown"), () => { together.did("screen-off"); arrange(); });

const together = new Together(room, ticket, (now, before) => {
  state = now;
  if (!now.send) screen.end(); // the room has closed, or one was sent out: the camera goes off, its button is no longer there
  if (asking && (now.removed || now.closed)) asking.end();
  if (now.removed) { picture.stop(); turn.end(); put(status, say("removed")); for (const id of ["before", "during", "part"]) at(id).hidden = true; return; }
  if (now.closed && (!before || !before.closed)) { turn.end(); sending = false; picture.stop(); put(status, over()); status.removeAttribute("data-busy"); show(false); at("before").hidden = true; }
  if (before && now.turns > before.turns) { endTurn(); thanks(); }
  else if (sending && !now.send) endTurn();
  if (before && now.claps > before.claps) clapped(Math.min(now.claps - before.claps, 12));
  at("filmed").hidden = !now.recording;
  if (before && now.hand !== before.hand) inSight("hand-words");
  guests.show(picture.wanted || now.mode === "pair" ? now.parts : []);
  arrange();
  if (!before && picture.wanted) inSight("hand");
  if (now.yours && !(before && before.yours)) at("turn").scrollIntoView({ block: "center" }); // who is called need not look for the button
}, (act, refused) => { if (act === "ask") put(at("asked"), say(refused === 422 || refused === 429 ? "ask-refused" : "lost")); });

const asking = at("ask") && new Asking(page, room, ticket, together, say);
const endTurn = () => { turn.end(); sending = false; };
let thankedUntil = 0;
const thanks = () => { thankedUntil = performance.now() + 8000; setTimeout(arrange, 8100); };

const arrange = () => {
  if (!state || state.removed) return;
  const pair = state.mode === "pair", may = Boolean(state.send);
  video.closest(".live__stage").hidden = pair || state.closed; // two who talk have no stage to watch
  at("part").hidden = state.closed || (!picture.wanted && !pair);
  at("hand").hidden = pair || may;
  at("hand").setAttribute("aria-pressed", String(state.hand));
  put(at("hand"), say(state.hand ? "hand-down" : "hand-up"));
  const thanked = performance.now() < thankedUntil;
  put(at("hand-words"), thanked ? say("thanks") : state.hand ? say("place") : state.speaker && !state.yours ? say("other") : "", { place: state.place });
  at("turn").hidden = !may;
  at("turn").classList.toggle("turn--called", state.yours && !sending);
  put(at("turn-title"), say(state.yours ? "turn-yours" : pair ? "turn-pair" : "turn-class"));
  for (const id of ["voice", "face", "decline"]) at(id).hidden = sending;
  at("decline").hidden = sending || !state.yours;
  at("done").hidden = !sending;
  at("share").hidden = !(pair && mayShareScreen() && !screen.stream);
  at("instead").hidden = !(pair && !mayShareScreen() && !screen.stream);
  at("unshare").hidden = !screen.stream;
  if (!sending) { const words = at("turn-words"); if (!["turn-denied", "turn-nomic"].some((name) => now(words) === say(name))) put(words, ""); }
  at("agree").hidden = state.mode !== "class" || state.agreed || state.yours;
  at("clap").hidden = pair;
};

const speak = async (withPicture) => {
  if (!state || !state.send) return;
  sending = true;
  arrange();
  if (!(await turn.begin(state.send, withPicture, () => together.did("live")))) { sending = false; arrange(); }
};

const clapped = (times) => {
  for (let one = 0; one < times; one++) {
    const hands = document.createElement("span");
    hands.className = "claps__hands";
    hands.textContent = "★";
    hands.style.setProperty("--start", `${Math.random() * 90}%`);
    hands.style.setProperty("--delay", `${one * 90}ms`);
    hands.addEventListener("animationend", () => hands.remove());
    at("claps").append(hands);
  }
};

const show = (watching) => { at("before").hidden = watching; at("during").hidden = !watching; };
const press = (id, done) => at(id).addEventListener("click", done);

// What one has just pressed stays whole in sight, above the bar at the foot of the page (scroll-padding in page.css).
const inSight = (id) => requestAnimationFrame(() => at(id).scrollIntoView({ block: "nearest" }));
press("watch", () => { show(true); picture.start(); captions.start(); if (state) guests.show(state.parts); arrange(); inSight("hand"); });
press("stop", () => { if (asking) asking.end(); picture.stop(); captions.stop(); guests.show([]); show(false); put(status, say("stopped")); if (state && state.hand) together.did("lower"); arrange(); at("watch").focus(); });
press("sound", () => picture.listenOnly(!picture.soundOnly));
press("large", () => { const open = video.requestFullscreen || video.webkitEnterFullscreen; if (open) Promise.resolve(open.call(video)).catch(() => {}); });
press("hand", () => together.did(state && state.hand ? "lower" : "raise"));
press("clap", () => { clapped(1); together.did("clap"); });
press("voice", () => speak(false));
press("face", () => speak(true));
press("done", () => { endTurn(); together.did("done"); });
press("decline", () => together.did("done"));
press("agree", () => together.did("agree"));
const shows = async (source, refused) => {
  if (!state || !state.send || screen.asked || screen.stream) return;
  const shown = await screen.begin(state.send.screen_room, state.send.screen_ticket, source);
  if (shown) together.did("screen");
  arrange();
  if (refused) put(at("shown-words"), shown ? "" : say(refused));
};
press("share", () => shows(screenStream));
press("back-camera", () => shows(backCamera, "turn-denied"));
at("still").addEventListener("change", ({ target }) => { const [file] = target.files; target.value = ""; if (file) shows(() => still(file), "still-unable"); });
press("unshare", () => screen.end());
// Who pressed 「見る」 on the page before has pressed it: the picture begins by itself where the browser lets sound do so.
if (location.hash === "#begin" && window.AudioContext) {
  const sound = new AudioContext(), begin = () => { if (sound.state === "running" && !picture.wanted) at("watch").click(); };
  sound.addEventListener("statechange", begin);
  begin();
  setTimeout(() => sound.close(), 1000);
}
