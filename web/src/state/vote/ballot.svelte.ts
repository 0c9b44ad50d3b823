/** What this seat approves on its group's board: within the budget, and with the question whether it still stands for other words. */
import type { SavedState } from '../../wire/acknowledgements';
import { Approvals, groupVote } from './approvals.svelte';
import type { Session } from '../page/session.svelte';

export class Ballot {
  readonly #session: Session;
  readonly #approvals: Approvals;

  constructor(session: Session) {
    this.#session = session;
    this.#approvals = new Approvals(session, groupVote);
  }

  get approved(): ReadonlySet<string> {
    return this.#approvals.approved;
  }

  /** Votes of this seat; `null`: as many as one likes. */
  readonly budget = $derived.by(() => this.#session.state?.settings.votes ?? null);
  readonly left = $derived.by(() =>
    this.budget === null ? null : Math.max(0, this.budget - this.#approvals.approved.size),
  );

  /** Ideas that this seat approves and whose words changed since. */
  readonly toConfirm = $derived.by(
    () => new Set((this.#session.you?.confirm ?? []).filter((idea) => !this.#approvals.isOnItsWay(idea))),
  );

  /** The approval stands, whatever the words are now. */
  confirm(idea: string): void {
    this.#approvals.say(idea, true);
  }

  stateOf(idea: string): SavedState {
    return this.#approvals.stateOf(idea);
  }

  toggle(idea: string): void {
    if (this.left === 0 && !this.approved.has(idea)) return;
    this.#approvals.toggle(idea);
  }
}
