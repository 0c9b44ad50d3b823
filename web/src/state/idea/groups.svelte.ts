/** The boards of several groups, for those who watch them all: organizer and room. Read only. */
import { BoardState } from './board.svelte';
import type { Session } from '../page/session.svelte';

/** More live boards than this would be a load for one screen; the others are not counted here. */
export const boardsMax = 24;

export class GroupBoards {
  #boards = $state.raw<ReadonlyMap<string, BoardState>>(new Map());

  constructor(session: Session) {
    $effect(() => {
      const wanted = session.state?.groups.slice(0, boardsMax).map(({ id }) => id) ?? [];
      const missing = wanted.filter((id) => !this.#boards.has(id));
      if (missing.length === 0) return;
      this.#boards = new Map([
        ...this.#boards,
        ...missing.map((id) => [id, new BoardState(session, id, 'read')] as const),
      ]);
    });
  }

  of(group: string): BoardState | undefined {
    return this.#boards.get(group);
  }

  /** How many ideas a group's board shows; `null` when it is not watched. */
  count(group: string): number | null {
    const board = this.#boards.get(group);
    return board?.loaded ? board.ideas.length : null;
  }
}
