/** The discussion point that is looked at, its ideas, and how many each point has. */
import type { Point } from '../../wire/proto';
import type { BoardState } from '../idea/board.svelte';
import type { Card } from '../idea/ideaCard';
import type { Session } from '../page/session.svelte';
import { isOff } from '../idea/standing';

interface Chosen {
  point: string;
  during: string | null;
}

export class PointView {
  readonly #session: Session;
  readonly #board: BoardState;
  /** What was chosen here, and where the group was then: when the group goes on, so does the view. */
  #chosen = $state.raw<Chosen>({ point: '', during: null });
  /** Where somebody began to write: the group's going on does not take the page away. */
  #stay = $state<string | null>(null);

  constructor(session: Session, board: BoardState) {
    this.#session = session;
    this.#board = board;
    const kept = session.kept.get<Chosen | string>('point');
    if (kept !== null && typeof kept === 'object') this.#chosen = kept;
  }

  readonly all = $derived.by((): Point[] => this.#session.state?.points ?? []);
  /** The point that the group talks about; the vote and the plenary are about all of them. */
  readonly ofGroup = $derived.by((): string | null => {
    const group = this.#session.state?.groups.find(({ id }) => id === this.#board.group);
    return group?.phase === 'brainstorm' ? this.#known(group.point) : null;
  });
  readonly current = $derived.by((): string => {
    const stay = this.#known(this.#stay);
    if (stay !== null) return stay;
    const { point, during } = this.#chosen;
    const stands = this.ofGroup === null || during === this.ofGroup;
    const chosen = stands ? this.#known(point) : null;
    return chosen ?? this.ofGroup ?? this.all[0]?.id ?? '';
  });

  #known(point: string | null): string | null {
    return this.all.find(({ id }) => id === point)?.id ?? null;
  }

  choose(point: string): void {
    this.#stay = this.#stay === null ? null : point;
    this.#chosen = { point, during: this.ofGroup };
    this.#session.kept.set('point', this.#chosen);
  }

  /** Somebody writes here, or has finished. */
  writing(on: boolean): void {
    if (!on) this.#stay = null;
    else this.#stay ??= this.current;
  }

  readonly counts = $derived.by((): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const card of this.#board.cards) {
      if (isOff(card.standing)) continue;
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
