/**
 * What this seat approves in a vote, on ideas or on entries of the list: what the server has recorded, with the decisions that are
 * still on their way laid over it. Each decision carries the seat's rising counter, so late and repeated ones cannot undo newer ones.
 */
import type { SavedState } from '../../wire/acknowledgements';
import type { Action } from '../../wire/proto';
import { ticking } from '../page/clock.svelte';
import type { Session } from '../page/session.svelte';

/** One of the two votes. */
export interface VoteKind {
  /** What the server has recorded. */
  recorded(session: Session): readonly string[];
  /** The command by which this seat says whether it approves a subject. */
  decision(subject: string, on: boolean, counter: number): Action;
  /** Of what a command says whether this seat approves it; null: it is no command of this vote. */
  said(action: Action): { subject: string; on: boolean } | null;
}

export class Approvals {
  readonly #session: Session;
  readonly #kind: VoteKind;

  constructor(session: Session, kind: VoteKind) {
    this.#session = session;
    this.#kind = kind;
  }

  /** Subject → the decision on its way. */
  readonly #onTheirWay = $derived.by(() => {
    const found = new Map<string, { on: boolean; id: string }>();
    for (const { command } of this.#session.waiting) {
      const said = this.#kind.said(command);
      if (said !== null) found.set(said.subject, { on: said.on, id: command.id });
    }
    return found;
  });

  readonly approved = $derived.by(() => {
    const subjects = new Set(this.#kind.recorded(this.#session));
    for (const [subject, { on }] of this.#onTheirWay)
      if (on) subjects.add(subject);
      else subjects.delete(subject);
    return subjects;
  });

  isOnItsWay(subject: string): boolean {
    return this.#onTheirWay.has(subject);
  }

  stateOf(subject: string): SavedState {
    const decision = this.#onTheirWay.get(subject);
    return decision === undefined ? 'recorded' : this.#session.stateOf(decision.id);
  }

  toggle(subject: string): void {
    const on = !this.approved.has(subject);
    const waiting = this.#onTheirWay.get(subject);
    if (waiting !== undefined && this.#session.cancel(waiting.id)) {
      const recorded = this.#kind.recorded(this.#session).includes(subject);
      if (recorded === on) return;
    }
    this.say(subject, on);
  }

  say(subject: string, on: boolean): void {
    // Above what this phone counted, and above what another phone of this seat did earlier: by the server's clock.
    const counter = Math.max((this.#session.kept.get<number>('counter') ?? 0) + 1, ticking.serverNow());
    this.#session.kept.set('counter', counter);
    this.#session.decide(this.#kind.decision(subject, on, counter));
  }
}

/** The vote of a group on its ideas. */
export const groupVote: VoteKind = {
  recorded: (session) => session.you?.approved ?? [],
  decision: (idea, on, counter) => ({ do: 'approve', idea, on, counter }),
  said: (action) => (action.do === 'approve' ? { subject: action.idea, on: action.on } : null),
};

/** The vote of everybody on entries of the list. */
export const plenaryVote: VoteKind = {
  recorded: (session) => session.you?.plenary_vote?.approved ?? [],
  decision: (item, on, counter) => ({ do: 'approve-entry', item, on, counter }),
  said: (action) => (action.do === 'approve-entry' ? { subject: action.item, on: action.on } : null),
};
