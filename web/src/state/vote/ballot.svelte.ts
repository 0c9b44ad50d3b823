/**
 * What this seat approves: what the server has recorded, with the decisions that are still on their way laid over
 * it. Each decision carries the seat's rising counter, so late and repeated ones cannot undo newer ones.
 */
import type { SavedState } from '../../wire/acknowledgements';
import { ticking } from '../page/clock.svelte';
import type { Session } from '../page/session.svelte';

export class Ballot {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Idea → the decision on its way. */
  readonly #onTheirWay = $derived.by(() => {
    const found = new Map<string, { on: boolean; id: string }>();
    for (const { command } of this.#session.waiting)
      if (command.do === 'approve') found.set(command.idea, { on: command.on, id: command.id });
    return found;
  });

  readonly approved = $derived.by(() => {
    const ideas = new Set(this.#session.you?.approved ?? []);
    for (const [idea, { on }] of this.#onTheirWay)
      if (on) ideas.add(idea);
      else ideas.delete(idea);
    return ideas;
  });

  /** Votes of this seat; `null`: as many as one likes. */
  readonly budget = $derived.by(() => this.#session.state?.settings.votes ?? null);
  readonly left = $derived(this.budget === null ? null : Math.max(0, this.budget - this.approved.size));

  /** Ideas that this seat approves and whose words changed since. */
  readonly toConfirm = $derived.by(
    () => new Set((this.#session.you?.confirm ?? []).filter((idea) => !this.#onTheirWay.has(idea))),
  );

  /** The approval stands, whatever the words are now. */
  confirm(idea: string): void {
    this.#decide(idea, true);
  }

  stateOf(idea: string): SavedState {
    const decision = this.#onTheirWay.get(idea);
    return decision === undefined ? 'recorded' : this.#session.stateOf(decision.id);
  }

  toggle(idea: string): void {
    const on = !this.approved.has(idea);
    if (on && this.left === 0) return;
    const waiting = this.#onTheirWay.get(idea);
    if (waiting !== undefined && this.#session.cancel(waiting.id)) {
      const recorded = this.#session.you?.approved.includes(idea) ?? false;
      if (recorded === on) return;
    }
    this.#decide(idea, on);
  }

  #decide(idea: string, on: boolean): void {
    // Above what this phone counted, and above what another phone of this seat did earlier: by the server's clock.
    const counter = Math.max((this.#session.kept.get<number>('counter') ?? 0) + 1, ticking.serverNow());
    this.#session.kept.set('counter', counter);
    this.#session.decide({ do: 'approve', idea, on, counter });
  }
}
