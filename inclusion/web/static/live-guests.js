// The voices and pictures of people in the room beside the stage's own: opened and closed as the room's state says.
import { Picture } from "./live-picture.js";

export class Guests {
  constructor(place, label) { Object.assign(this, { place, label, open: new Map() }); }

  show(parts) {
    const wanted = new Map(parts.map((part) => [part.room, part]));
    for (const [room, one] of this.open) if (!wanted.has(room)) { one.picture.stop(); one.figure.remove(); this.open.delete(room); }
    for (const [room, part] of wanted) if (!this.open.has(room)) this.open.set(room, this.add(part));
  }

  add(part) {
    const figure = document.createElement("figure"), video = document.createElement("video"), caption = document.createElement("figcaption");
    figure.className = part.screen ? "guest guest--screen" : "guest guest--voice";
    video.addEventListener("resize", () => figure.classList.toggle("guest--voice", !video.videoWidth)); // a voice alone needs no black box
    video.playsInline = true;
    globalThis.Words.put(caption, this.label(part), { seat: part.seat });
    figure.append(video, caption);
    this.place.append(figure);
    const picture = new Picture(video, part.room, part.ticket, () => {}, { quickOnly: true });
    picture.start();
    return { figure, picture };
  }
}
