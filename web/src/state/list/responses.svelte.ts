/**
 * What this seat says of entries of the list in the plenary: an objection with one line, or nothing. What the
 * server has recorded, with the decisions that are still on their way laid over it, as in the ballot.
 */
import type { SavedState } from '../../wire/acknowledgements';
import type { Code } from '../../wire/proto';
import { objectionKey, type Session } from '../page/session.svelte';

export type Own = { stand: 'object'; line: string | null } | null;

export class OwnResponses {
  readonly #session: Session;
  /** Is the list frozen? Then it is not voted on any more. */
  readonly #isFrozen: () => boolean;
  /** Item → a line that is being written, or that was not taken. */
  #lines = $state.raw<ReadonlyMap<string, string>>(new Map());

  constructor(session: Session, isFrozen: () => boolean) {
    this.#session = session;
    this.#isFrozen = isFrozen;
  }

  readonly #onTheirWay = $derived.by(() => {
    const found = new Map<string, { own: Own; id: string }>();
    for (const { command } of this.#session.waiting) {
      if (command.do === 'object') {
        const own: Own = command.line === undefined ? null : { stand: 'object', line: command.line };
        found.set(command.item, { own, id: command.id });
      }
    }
    return found;
  });

  /** May anything be said now? Where everybody votes on the list, when that vote is closed. */
  readonly open = $derived.by(() => {
    const state = this.#session.state;
    const vote = state?.plenary_vote?.stage ?? 'closed';
    const frozenBefore = vote === 'waiting' && this.#isFrozen();
    return state?.phase === 'plenary' && (vote === 'closed' || frozenBefore);
  });

  own(item: string): Own {
    const onItsWay = this.#onTheirWay.get(item);
    if (onItsWay !== undefined) return onItsWay.own;
    const recorded = this.#session.you?.responses?.[item];
    if (recorded === undefined) return null;
    return { stand: 'object', line: recorded.line ?? null };
  }

  stateOf(item: string): SavedState {
    const decision = this.#onTheirWay.get(item);
    return decision === undefined ? 'recorded' : this.#session.stateOf(decision.id);
  }

  /** Why the line was not taken; null: none was refused. */
  refused(item: string): Code | null {
    return this.#session.refusedLines[item] ?? null;
  }

  line(item: string): string {
    return this.#lines.get(item) ?? this.#session.kept.get<string>(objectionKey(item)) ?? '';
  }

  /** Call after each keystroke: what is typed is kept on the phone. */
  write(item: string, line: string): void {
    this.#lines = new Map(this.#lines).set(item, line);
    this.#session.kept.set(objectionKey(item), line);
  }

  object(item: string, line: string): void {
    this.#session.decide({ do: 'object', item, line, counter: this.#next() });
    this.#forget(item);
  }

  takeBack(item: string): void {
    this.#session.decide({ do: 'object', item, counter: this.#next() });
  }

  #forget(item: string): void {
    const rest = new Map(this.#lines);
    rest.delete(item);
    this.#lines = rest;
    this.#session.kept.remove(objectionKey(item));
    this.#session.forgetRefused(item);
  }

  /** The seat's counter, the same as the ballot's: it only has to rise. */
  #next(): number {
    const counter = (this.#session.kept.get<number>('counter') ?? 0) + 1;
    this.#session.kept.set('counter', counter);
    return counter;
  }
}
