// A wire that changes one frame: put into a page before it loads, it alters one outgoing update and counts what follows.

/**
 * Runs in the page. `window.wire.next = true` arms it: the next update's first left origin becomes a struct of the server.
 * While `lose` is true no update leaves; `cut()` closes the sockets.
 */
export function corruptWire() {
  const wire = { next: false, lose: false, lost: 0, changed: 0, refusals: 0, updates: 0, step2s: 0, cut: () => sockets.forEach((socket) => socket.close()) };
  const sockets = new Set();
  const Real = window.WebSocket;
  const UPDATE = 2;
  const STEP2 = 1;
  const HAS_LEFT_ORIGIN = 0x80;
  /** Where the varint at `at` ends. */
  const past = (bytes, at) => {
    while (bytes[at] >= 0x80) at += 1;
    return at + 1;
  };
  const numberAt = (bytes, at) => {
    let value = 0;
    for (let shift = 1; ; at += 1, shift *= 128) {
      value += (bytes[at] & 0x7f) * shift;
      if (bytes[at] < 0x80) return value;
    }
  };
  /** What kind of sync message this is, and where its payload begins. */
  const syncOf = (bytes) => {
    const type = past(bytes, 0) + numberAt(bytes, 0);
    if (bytes.length === 1 || bytes[type] !== 0) return {};
    return { kind: bytes[type + 1], payload: past(bytes, type + 2) };
  };
  const forged = (bytes, payload) => {
    let at = payload;
    for (let skipped = 0; skipped < 4; skipped += 1) at = past(bytes, at); // sections, structs, client, clock
    if ((bytes[at] & HAS_LEFT_ORIGIN) === 0) return undefined;
    const copy = Uint8Array.from(bytes);
    copy.fill(0, past(bytes, at + 1), past(bytes, past(bytes, at + 1))); // the origin's clock
    return copy;
  };
  window.wire = wire;
  window.WebSocket = class extends Real {
    constructor(...args) {
      super(...args);
      sockets.add(this);
      this.addEventListener('close', () => sockets.delete(this));
      this.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer && new TextDecoder().decode(data).includes('"type":"refused"')) wire.refusals += 1;
      });
    }

    send(data) {
      const { kind, payload } = syncOf(data);
      if (kind === UPDATE) wire.updates += 1;
      if (kind === STEP2) wire.step2s += 1;
      if (kind === UPDATE && wire.lose) {
        wire.lost += 1;
        return;
      }
      const other = kind === UPDATE && wire.next ? forged(data, payload) : undefined;
      if (other) {
        wire.next = false;
        wire.changed += 1;
      }
      super.send(other ?? data);
    }
  };
}
