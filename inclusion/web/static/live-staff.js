// The figures of every room and every viewer, read anew every two seconds.
const rooms = document.getElementById("figures"), viewers = document.getElementById("viewers"), EVERY = 2000;
const nothing = new Map([rooms, viewers].map((body) => [body, [...body.children]]));
const middle = (numbers) => { const sorted = [...numbers].sort((one, other) => one - other); return sorted.length ? sorted[sorted.length >> 1] : 0; };
const ms = (number) => (number ? `${number} ms` : "―"), share = (number) => `${(100 * number).toFixed(1)} %`;

const ofRoom = (room) => {
  const direct = room.viewers.filter((viewer) => "lost" in viewer);
  return [
    room.name, `${room.people} (${direct.length})`, room.joined, `${(room.bits_per_s / 1e6).toFixed(2)} Mbit/s`,
    share(Math.max(0, ...direct.map((viewer) => viewer.lost))), ms(middle(direct.map((viewer) => viewer.round_trip_ms))),
    ms(room.first_picture_ms), room.freezes, room.by_files,
  ];
};
const ofViewer = (room, viewer) => [
  room.name, viewer.seat || viewers.dataset.program, viewer.seconds ?? "―", "lost" in viewer ? share(viewer.lost) : "―",
  ms(viewer.round_trip_ms), ms(viewer.jitter_ms), viewer.repaired ?? "―", ms(viewer.first_picture_ms), viewer.freezes,
  viewers.dataset[viewer.way || "quick"],
];
const cell = (word, number, columns) => {
  const made = document.createElement(number ? "td" : "th");
  if (number) made.dataset.label = columns[number]; else made.scope = "row";
  made.textContent = word;
  return made;
};
const row = (words, columns) => { const made = document.createElement("tr"); made.append(...words.map((word, number) => cell(word, number, columns))); return made; };
const fill = (body, lines) => {
  const columns = [...body.closest("table").querySelectorAll("thead th")].map((one) => one.textContent);
  body.replaceChildren(...(lines.length ? lines.map((words) => row(words, columns)) : nothing.get(body)));
};

const read = async () => {
  const reply = await fetch("/staff/live/figures").catch(() => null);
  if (reply && reply.ok && !reply.redirected) {
    const found = (await reply.json()).rooms;
    fill(rooms, found.map(ofRoom));
    fill(viewers, found.flatMap((room) => room.viewers.map((viewer) => ofViewer(room, viewer))));
  }
  setTimeout(read, EVERY);
};
read();
