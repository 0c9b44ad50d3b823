// People at work, each at the pace of a fast typist: they type marks, take own marks back, share ideas, approve.
// Each keeps a record of what it did and what was acknowledged.

const TYPE_EVERY_MS = 70; // below the 20 edits a second that a seat is allowed
const DECIDE_EVERY_MS = 40;
const WORDS_MAX = 700; // below the 1,000 that a text may hold

/** Types marks into ideas through a stock client. */
export class Typist {
  constructor({ client, author, ideas, random }) {
    Object.assign(this, { client, author, ideas, random });
    this.count = 0;
    /** Mark → idea, in the order of typing. */
    this.typed = new Map();
    this.erased = new Set();
  }

  start() {
    this.timer = setInterval(() => this.turn(), TYPE_EVERY_MS);
  }

  stop() {
    clearInterval(this.timer);
  }

  turn() {
    const idea = this.random.pick(this.ideas);
    const crowded = this.client.words(idea).length > WORDS_MAX;
    const own = crowded || this.random.below(5) === 0 ? this.ownMark(idea) : undefined;
    if (own) {
      this.erased.add(own);
      this.client.erase(idea, own);
    } else if (!crowded) {
      this.count += 1;
      const mark = `‹${this.author}-${this.count}›`;
      this.typed.set(mark, idea);
      this.client.type(idea, mark);
    }
  }

  /** An own mark that still stands in this idea. */
  ownMark(idea) {
    for (const [mark, where] of this.typed) if (where === idea && !this.erased.has(mark)) return mark;
    return undefined;
  }

  /** Marks that the server acknowledged; the y-websocket wire has no acknowledgements. */
  acknowledged() {
    const all = (this.client.acknowledged ?? []).join(' ');
    return [...this.typed.keys()].filter((mark) => all.includes(mark));
  }
}

/** Sends commands over HTTP, one after the other; what was not answered is kept and sent again, as a phone's outbox does. */
export class Outbox {
  constructor({ api, commands }) {
    this.api = api;
    /** `{token, command}` still to be sent, in order. */
    this.waiting = commands;
    /** Sent, no answer yet. */
    this.unknown = [];
    this.acknowledged = [];
    this.refused = [];
  }

  start() {
    this.timer = setInterval(() => {
      const next = this.waiting.shift();
      if (next) void this.send(next);
    }, DECIDE_EVERY_MS);
  }

  stop() {
    clearInterval(this.timer);
  }

  async send(entry) {
    this.unknown.push(entry);
    try {
      await this.api.command(entry.token, entry.command);
    } catch (error) {
      if (error.status === undefined) return; // no answer: it stays unknown
      this.refused.push({ ...entry, error });
    }
    this.unknown = this.unknown.filter((one) => one !== entry);
    if (!this.refused.some((one) => one.command === entry.command)) this.acknowledged.push(entry);
  }

  /** Sends again what was not answered. */
  async again() {
    const entries = this.unknown;
    this.unknown = [];
    for (const entry of entries) await this.send(entry);
  }
}
