/** The adoption of a version as a phone takes part in it: does this seat stand by it, with what is still on its way. */
import type { AdoptionState, OwnAdoption } from '../../wire/proto';
import type { Session } from '../page/session.svelte';
import { Approvals, type VoteKind } from './approvals.svelte';

/** The one subject that this vote is about. */
const subject = 'adoption';

const adoptionVote: VoteKind = {
  recorded: (session) => (session.you?.adoption?.adopts === true ? [subject] : []),
  decision: (_, on, counter) => ({ do: 'adopt', on, counter }),
  said: (action) => (action.do === 'adopt' ? { subject, on: action.on } : null),
};

export class Adoption {
  readonly #session: Session;
  readonly #approvals: Approvals;

  constructor(session: Session) {
    this.#session = session;
    this.#approvals = new Approvals(session, adoptionVote);
  }

  get state(): AdoptionState | null {
    return this.#session.state?.adoption ?? null;
  }

  get own(): OwnAdoption | null {
    return this.#session.you?.adoption ?? null;
  }

  get adopts(): boolean {
    return this.#approvals.approved.has(subject);
  }

  toggle(): void {
    this.#approvals.toggle(subject);
  }
}
