// The viewer's page: one press begins.
import { Picture } from "./live-picture.js";

const page = document.getElementById("main"), video = document.getElementById("picture"), status = document.getElementById("status");
const before = document.getElementById("before"), during = document.getElementById("during");
const BUSY = ["connecting", "lost", "waiting"];

const say = (name) => {
  if (name === "stale") { location.reload(); return; }
  const words = page.dataset[name] || "";
  if (status.textContent !== words) status.textContent = words;
  status.toggleAttribute("data-busy", BUSY.includes(name));
};
const picture = new Picture(video, page.dataset.room, page.dataset.ticket, say);
const show = (watching) => { before.hidden = watching; during.hidden = !watching; };

document.getElementById("watch").addEventListener("click", () => { show(true); picture.start(); });
document.getElementById("stop").addEventListener("click", () => { picture.stop(); show(false); say("stopped"); document.getElementById("watch").focus(); });
document.getElementById("large").addEventListener("click", () => {
  const open = video.requestFullscreen || video.webkitEnterFullscreen;
  if (open) Promise.resolve(open.call(video)).catch(() => {});
});
