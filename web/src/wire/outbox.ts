/**
 * Commands that are not answered yet. Kept on the phone, sent in order, sent again with the same id after every
 * reconnect until the server answers or refuses: so a decision is made once, however often the network breaks.
 */
import { newId } from './identifiers';
import type { SavedState } from './acknowledgements';
import type { Action, Answer, Problem } from './proto';
import type { Saved } from './saved';

export type Command = Action & { id: string };

export interface Waiting {
  command: Command;
  /** Rising per phone: the order of sending. */
  turn: number;
  /** Not sent before this moment (undo); milliseconds since 1970. */
  notBefore: number;
  /** Ever handed to a connection: then it may be on the server. */
  tried: boolean;
}

export interface OutboxEvents {
  changed(): void;
  answered(command: Command, answer: Answer): void;
  refused(command: Command, problem: Problem): void;
  /** The server takes nothing more for so many seconds; what waits is kept and sent then. */
  delayed(seconds: number): void;
}

/** Commands that may wait for their answers at once: stays below the server's rate per seat. */
const inFlightMax = 16;
const retryMilliseconds = 2_000;
/** Nothing waits longer than this before it is sent: who would have to wait longer is on a phone whose clock was turned back. */
const delayMillisecondsMax = 60_000;
/** Refusals that pass by themselves. */
const passing = new Set(['unavailable', 'too-fast']);

export class Outbox {
  readonly #saved: Saved;
  readonly #events: OutboxEvents;
  readonly #now: () => number;
  #line: ((command: Command) => void) | null = null;
  #waiting: Waiting[];
  #sent = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #turn: number;

  constructor(saved: Saved, events: OutboxEvents, now: () => number = Date.now) {
    this.#saved = saved;
    this.#events = events;
    this.#now = now;
    this.#waiting = saved
      .keys()
      .map((key) => saved.get<Waiting>(key))
      .filter((entry) => entry !== null)
      .sort((a, b) => a.turn - b.turn);
    this.#turn = Math.max(this.#waiting.at(-1)?.turn ?? 0, now());
  }

  add(action: Action, delayMilliseconds = 0): string {
    const command = { ...action, id: newId() };
    this.#turn += 1;
    const entry = { command, turn: this.#turn, notBefore: this.#now() + delayMilliseconds, tried: false };
    this.#waiting.push(entry);
    this.#saved.set(command.id, entry);
    this.#events.changed();
    this.#pump();
    return command.id;
  }

  /** Takes a command back that never left this phone. */
  cancel(id: string): boolean {
    const entry = this.#waiting.find((waiting) => waiting.command.id === id);
    if (entry === undefined || entry.tried) return false;
    this.#remove(id);
    return true;
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  /** `recorded` when the command is not here any more. */
  stateOf(id: string): SavedState {
    if (!this.#waiting.some((entry) => entry.command.id === id)) return 'recorded';
    return this.#sent.has(id) ? 'sent' : 'phone';
  }

  /** A connection is ready for commands: everything that has no answer goes again. */
  connected(line: (command: Command) => void): void {
    this.#line = line;
    this.#sent.clear();
    this.#pump();
    this.#events.changed();
  }

  disconnected(): void {
    this.#line = null;
    this.#sent.clear();
    this.#events.changed();
  }

  answered(answer: Answer): void {
    const command = this.#remove(answer.id);
    if (command !== null) this.#events.answered(command, answer);
    this.#pump();
  }

  refused(id: string | null, problem: Problem): void {
    if (id === null) return;
    if (passing.has(problem.code)) {
      this.#sent.delete(id);
      const entry = this.#waiting.find((waiting) => waiting.command.id === id);
      if (entry !== undefined) entry.notBefore = this.#now() + this.#pause(problem);
      this.#pump();
      this.#events.changed();
      return;
    }
    const command = this.#remove(id);
    if (command !== null) this.#events.refused(command, problem);
    this.#pump();
  }

  /** After which a refused command is sent again; no longer than any command waits. */
  #pause({ wait }: Problem): number {
    if (wait === undefined) return retryMilliseconds;
    this.#events.delayed(wait);
    return Math.min(wait * 1_000, delayMillisecondsMax);
  }

  /** How long the oldest sent command has had no answer; 0 when there is none. */
  waitingFor(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const at of this.#sent.values()) oldest = Math.min(oldest, at);
    return oldest === Number.POSITIVE_INFINITY ? 0 : this.#now() - oldest;
  }

  #remove(id: string): Command | null {
    const entry = this.#waiting.find((waiting) => waiting.command.id === id);
    if (entry === undefined) return null;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== entry);
    this.#sent.delete(id);
    this.#saved.remove(id);
    this.#events.changed();
    return entry.command;
  }

  #pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#line === null) return;
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#waiting) {
      if (this.#sent.has(entry.command.id)) continue;
      if (this.#sent.size >= inFlightMax) break;
      const wait = entry.notBefore - this.#now();
      if (wait > 0 && wait <= delayMillisecondsMax) {
        next = Math.min(next, wait);
        continue;
      }
      this.#send(entry);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#pump(), next);
  }

  #send(entry: Waiting): void {
    if (!entry.tried) {
      entry.tried = true;
      this.#saved.set(entry.command.id, entry);
    }
    this.#sent.set(entry.command.id, this.#now());
    this.#line?.(entry.command);
    this.#events.changed();
  }
}
