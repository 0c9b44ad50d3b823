/**
 * Counts which local edits of one document are durable on the server.
 *
 * The server acknowledges each update and each step 2 of this connection once, in order. A step 2 holds everything
 * this document knows when it leaves; an update holds one edit and counts only after a step 2 left on the same
 * connection, because only then nothing older can be missing. The provider's own counter resets at a reconnect and
 * calls a document synced before offline edits have left, so it is not used.
 */
export const savedStates = ['phone', 'sent', 'recorded'] as const;
export type SavedState = (typeof savedStates)[number];

export class Acknowledgements {
  #made = 0;
  #recorded = 0;
  /** For each message that waits for its acknowledgement: the last edit it brings home. First in, first out. */
  #waiting: number[] = [];
  #handshaken = false;
  #lastOf = new Map<string, number>();
  #oldestWaitingSince: number | null = null;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A local edit of this field is about to be made. Call it before the transaction. */
  edited(field: string): void {
    this.#made += 1;
    this.#lastOf.set(field, this.#made);
  }

  /** May updates leave? Before the first step 2 of a connection they would be sent twice. */
  get handshaken(): boolean {
    return this.#handshaken;
  }

  /** A step 2 leaves: it holds every edit made so far. */
  stepTwoLeft(): void {
    this.#handshaken = true;
    this.#push();
  }

  /** An update leaves that holds every edit made since the message before it. */
  updateLeft(): void {
    this.#push();
  }

  #push(): void {
    this.#waiting.push(this.#made);
    this.#oldestWaitingSince ??= this.#now();
  }

  /** The server says that the oldest unacknowledged message is durable. Returns the fields that came home. */
  acknowledged(): string[] {
    const upTo = this.#waiting.shift();
    this.#oldestWaitingSince = this.#waiting.length > 0 ? this.#now() : null;
    if (upTo === undefined || upTo <= this.#recorded) return [];
    this.#recorded = upTo;
    const home: string[] = [];
    for (const [field, edit] of this.#lastOf)
      if (edit <= upTo) {
        home.push(field);
        this.#lastOf.delete(field);
      }
    return home;
  }

  /** The connection is gone; what was not acknowledged may not have arrived. */
  disconnected(): void {
    this.#handshaken = false;
    this.#waiting = [];
    this.#oldestWaitingSince = null;
  }

  stateOf(field: string): SavedState {
    const edit = this.#lastOf.get(field);
    if (edit === undefined) return 'recorded';
    return this.#waiting.some((upTo) => upTo >= edit) ? 'sent' : 'phone';
  }

  /** Fields with edits that are not recorded. */
  get open(): string[] {
    return [...this.#lastOf.keys()];
  }

  /** How long the oldest message has been waiting; 0 when none does. */
  waitingFor(): number {
    return this.#oldestWaitingSince === null ? 0 : this.#now() - this.#oldestWaitingSince;
  }
}
