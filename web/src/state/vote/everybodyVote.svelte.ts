/** The vote of everybody as a screen shows it: how far it is, its entries with their words, and what this seat approves. */
import type { OwnPlenaryVote, People, PlenaryVoteState } from '../../wire/proto';
import type { Item } from '../../wire/plenary';
import { Approvals, plenaryVote } from './approvals.svelte';
import { stableNumber } from '../../wire/identifiers';
import type { PlenaryState } from '../list/plenary.svelte';
import type { Session } from '../page/session.svelte';

/** An entry of the ballot paper with what the list says of it. */
export interface PaperEntry {
  item: Item;
  approvals: People | null;
}

const size = (approvals: People | null): number => (approvals === 'some' ? 1 : (approvals ?? 0));

export class EverybodyVote {
  readonly #session: Session;
  readonly #plenary: PlenaryState;
  readonly #approvals: Approvals;

  constructor(session: Session, plenary: PlenaryState) {
    this.#session = session;
    this.#plenary = plenary;
    this.#approvals = new Approvals(session, plenaryVote);
  }

  get state(): PlenaryVoteState | null {
    return this.#session.state?.plenary_vote ?? null;
  }

  get own(): OwnPlenaryVote | null {
    return this.#session.you?.plenary_vote ?? null;
  }

  get approvals(): Approvals {
    return this.#approvals;
  }

  /** Does the list share out places between groups alone? Known when the plenary has begun. */
  readonly noneHeld = $derived.by((): boolean => {
    const phase = this.#session.state?.phase;
    if (phase !== 'plenary' && phase !== 'closed') return false;
    return this.state === null || (phase === 'closed' && this.state.stage === 'waiting');
  });

  /** The entries that the list shows: in an order of this seat's own while it votes, those that most approve first afterwards. */
  readonly entries = $derived.by((): PaperEntry[] => {
    const paper = (this.state?.paper ?? []).flatMap((entry) => {
      const item = this.#plenary.itemOf(entry.item);
      return item === null ? [] : [{ item, approvals: entry.approvals ?? null }];
    });
    if (this.state?.stage === 'closed') return paper.sort((a, b) => size(b.approvals) - size(a.approvals));
    const seed = this.#session.place.seat ?? this.#session.place.token;
    const key = ({ item }: PaperEntry): number => stableNumber(seed + item.id);
    return paper.sort((a, b) => key(a) - key(b));
  });

  /** Says of every entry that this seat does not approve it: that counts as voting. */
  approveNone(): void {
    const approved = this.#approvals.approved;
    const [first] = this.state?.paper ?? [];
    if (approved.size > 0) for (const item of approved) this.#approvals.say(item, false);
    else if (first !== undefined) this.#approvals.say(first.item, false);
  }

  groupNames(groups: readonly string[]): string[] {
    return groups.map((group) => this.#plenary.groupName(group));
  }
}
