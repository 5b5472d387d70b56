// The figures of every room, read anew every two seconds.
const body = document.getElementById("figures"), EVERY = 2000;
const middle = (numbers) => { const sorted = [...numbers].sort((one, other) => one - other); return sorted.length ? sorted[sorted.length >> 1] : 0; };

const cells = (room) => [
  room.name, `${room.people} (${room.viewers.length})`, `${(room.bits_per_s / 1e6).toFixed(2)} Mbit/s`,
  `${(100 * Math.max(0, ...room.viewers.map((viewer) => viewer.lost))).toFixed(1)} %`, `${middle(room.viewers.map((viewer) => viewer.round_trip_ms))} ms`,
  room.first_picture_ms ? `${room.first_picture_ms} ms` : "―", room.freezes, room.by_files,
];

const read = async () => {
  const reply = await fetch("/staff/live/figures").catch(() => null);
  if (reply && reply.ok && !reply.redirected) {
    const { rooms } = await reply.json();
    const rows = rooms.map((room) => { const row = document.createElement("tr"); row.append(...cells(room).map((words) => { const cell = document.createElement("td"); cell.textContent = words; return cell; })); return row; });
    if (rows.length) body.replaceChildren(...rows);
  }
  setTimeout(read, EVERY);
};
read();
