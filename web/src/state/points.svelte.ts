/** The discussion point that is looked at, its ideas, and how many each point has. */
import type { Point } from '../wire/proto';
import type { BoardState, Card } from './board.svelte';
import type { Session } from './session.svelte';

export class PointView {
  readonly #session: Session;
  readonly #board: BoardState;
  #chosen = $state('');

  constructor(session: Session, board: BoardState) {
    this.#session = session;
    this.#board = board;
    this.#chosen = session.kept.get<string>('point') ?? '';
  }

  readonly all = $derived.by((): Point[] => this.#session.state?.points ?? []);
  readonly current = $derived.by((): string =>
    this.all.some(({ id }) => id === this.#chosen) ? this.#chosen : (this.all[0]?.id ?? ''),
  );

  choose(point: string): void {
    this.#chosen = point;
    this.#session.kept.set('point', point);
  }

  readonly counts = $derived.by((): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const card of this.#board.cards) {
      const point = this.#home(card);
      counts.set(point, (counts.get(point) ?? 0) + 1);
    }
    return counts;
  });

  readonly cards = $derived.by((): Card[] =>
    this.#board.cards.filter((card) => this.#home(card) === this.current),
  );

  /** Ideas of a point that does not exist any more are shown with the first. */
  #home(card: Card): string {
    return this.all.some(({ id }) => id === card.point) ? card.point : (this.all[0]?.id ?? '');
  }
}
