// What everybody in the room does together: told by the server after every change, done with one press.
export class Together {
  constructor(room, ticket, shown, refused) {
    Object.assign(this, { room, ticket, shown, refused, state: null });
    this.open();
  }

  open() {
    this.events = new EventSource(`/live/${this.room}/together?ticket=${encodeURIComponent(this.ticket)}`);
    this.events.onmessage = (event) => {
      const state = JSON.parse(event.data), before = this.state;
      // After a restart of the server the hand goes up again by itself.
      if (before && before.hand && !state.hand && !state.yours && state.seat < before.seat) this.did("raise");
      this.state = state;
      if (state.removed) this.events.close();
      this.shown(state, before);
    };
    // A refusal ends an EventSource for good: come back by ourselves.
    this.events.onerror = () => { if (this.events.readyState === EventSource.CLOSED && !(this.state && this.state.removed)) setTimeout(() => this.open(), 5000); };
  }

  async did(act, more = {}) {
    const headers = { Authorization: `Bearer ${this.ticket}`, "Content-Type": "application/json" };
    const reply = await fetch(`/live/${this.room}/deeds`, { method: "POST", headers, body: JSON.stringify({ act, ...more }), keepalive: true }).catch(() => null);
    if (reply && reply.ok) return true;
    if (this.refused) this.refused(act, reply ? reply.status : 0);
    return false;
  }
}
