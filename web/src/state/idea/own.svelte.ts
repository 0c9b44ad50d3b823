/** Which ideas are this phone's own. Only the phone knows; the board stores no authors. */
import type { Kind } from '../../wire/proto';
import type { Saved } from '../../wire/saved';

export interface OwnIdea {
  id: string;
  /** As it was shared: shown while the board does not have it yet. */
  text: string;
  kind: Kind | null;
  point: string;
  lang: string;
  /** The command that shared it. */
  command: string;
  /** Did it come too late? Then it is on the late shelf. */
  late?: boolean;
  /** Was it ever seen on the board? Then its absence means that it was taken off. */
  seen: boolean;
  /** Taken back by this phone. */
  withdrawn?: boolean;
  /** Its words were deleted for good, here as well. */
  erased?: boolean;
  /** The group whose board it was shared on; absent: before seats could move. */
  group?: string;
}

export class OwnIdeas {
  readonly #saved: Saved;
  all = $state.raw<ReadonlyMap<string, OwnIdea>>(new Map());

  constructor(saved: Saved) {
    this.#saved = saved.under('own');
    this.all = new Map(
      this.#saved.keys().flatMap((id) => {
        const own = this.#saved.get<OwnIdea>(id);
        return own === null ? [] : [[id, own] as const];
      }),
    );
  }

  keep(own: OwnIdea): void {
    this.#saved.set(own.id, own);
    this.all = new Map(this.all).set(own.id, own);
  }

  saw(ideas: readonly { id: string; text: string }[]): void {
    for (const { id, text } of ideas) {
      const own = this.all.get(id);
      if (own === undefined || own.erased || (own.seen && own.text !== '')) continue;
      // A phone that took the seat over has no words of what was on the board.
      this.keep({ ...own, seen: true, text: own.text === '' ? text : own.text });
    }
  }

  /** Its words were deleted: this phone keeps that there was an idea, and none of them. */
  erase(id: string): void {
    const own = this.all.get(id);
    if (own !== undefined && !own.erased) this.keep({ ...own, text: '', erased: true });
  }

  drop(id: string): void {
    this.#saved.remove(id);
    const rest = new Map(this.all);
    rest.delete(id);
    this.all = rest;
  }
}
