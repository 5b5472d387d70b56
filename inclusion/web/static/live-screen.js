// What one shows the other person beside oneself: the screen, where the browser can; a telephone's cannot, so what its back camera sees, or a picture.
import { sending } from "./live-link.js";

const LONGEST = 1280, REDRAWN_MS = 500;

export const mayShareScreen = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getDisplayMedia);
export const screenStream = () => navigator.mediaDevices.getDisplayMedia({ video: true, audio: false });
export const backCamera = () => navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: 1280, height: 720 }, audio: false });

// A picture as a film that stands still: it goes the way all pictures go, is kept nowhere, and loses the place and time a camera wrote into it.
export const still = async (file) => {
  const drawn = await createImageBitmap(file), smaller = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas"), even = (side) => Math.max(2, 2 * Math.round(side * smaller / 2));
  canvas.width = even(drawn.width); canvas.height = even(drawn.height);
  const pen = canvas.getContext("2d"), draw = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); pen.drawImage(drawn, 0, 0, canvas.width, canvas.height); };
  draw();
  const stream = canvas.captureStream(), [track] = stream.getVideoTracks(), again = setInterval(() => { if (track.readyState === "ended") clearInterval(again); else draw(); }, REDRAWN_MS);
  track.contentHint = "detail"; // letters must stay readable
  return stream;
};

export class Screen {
  constructor(shown, ended) { Object.assign(this, { shown, ended, link: null, stream: null, asked: false }); }

  // `source` gives the stream. False where there is none, where it does not arrive, or where it was ended meanwhile. Not to be called
  // while one is `asked` for or shown: the camera of the first would stay open, and no button would close it.
  async begin(room, ticket, source) {
    this.asked = true;
    try { this.stream = await source(); } catch { return false; } finally { this.asked = false; }
    this.stream.getVideoTracks()[0].addEventListener("ended", () => this.end());
    this.shown.srcObject = this.stream;
    this.shown.hidden = false;
    this.shown.play().catch(() => {});
    const own = this.link = sending(room, ticket, this.stream);
    try { await own.open(); } catch { if (this.link === own) this.end(); }
    return this.link === own;
  }

  end() {
    const was = this.stream;
    if (this.link) this.link.close();
    if (was) for (const track of was.getTracks()) track.stop();
    this.link = this.stream = this.shown.srcObject = null;
    this.shown.hidden = true;
    if (was) this.ended();
  }
}
