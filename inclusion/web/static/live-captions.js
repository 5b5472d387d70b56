// What is said, in large letters. Newest below; the older lines stay to be read again.
const KEPT = 60;

export class Captions {
  constructor(room, ticket, whole, now, log, note) { Object.assign(this, { room, ticket, whole, now, log, note, events: null, last: 0 }); }

  start() {
    if (this.events) return;
    this.events = new EventSource(`/live/${this.room}/captions?ticket=${encodeURIComponent(this.ticket)}`);
    this.events.addEventListener("state", (event) => this.stateIs(JSON.parse(event.data)));
    this.events.onmessage = (event) => this.add(JSON.parse(event.data));
  }

  stop() { if (this.events) this.events.close(); this.events = null; this.whole.hidden = true; }

  stateIs({ on, trial }) { this.whole.hidden = !on; this.note.hidden = !trial; }

  add(line) {
    this.whole.hidden = false;
    this.now.replaceChildren(...written(line), ...(line.notes || []).map((note, number) => noted(note, (line.note_pieces || [])[number])));
    if (!line.final || line.number <= this.last) return;
    this.last = line.number;
    const said = document.createElement("p");
    said.lang = this.now.lang;
    said.append(...written(line));
    this.log.append(said);
    while (this.log.childElementCount > KEPT) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }
}

const noted = (text, pieces) => {
  const made = document.createElement("small");
  made.className = "captions__gloss";
  made.append(...written({ text, pieces }));
  return made;
};

// `pieces` carry kana above; text is only ever put in as text.
export const written = (line) => (line.pieces || [[line.text, ""]]).map(([text, above]) => {
  if (!above) return document.createTextNode(text);
  const ruby = document.createElement("ruby"), kana = document.createElement("rt");
  kana.textContent = above;
  ruby.append(text, kana);
  return ruby;
});
