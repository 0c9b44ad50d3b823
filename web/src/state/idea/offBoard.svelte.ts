/** Own ideas that their board does not show: still on their way, waiting, held, hidden. Each with what was heard of it. */
import type { Idea } from '../../wire/board';
import type { Phase } from '../../wire/proto';
import type { Card } from './ideaCard';
import { OutcomesState } from './outcomes.svelte';
import type { OwnIdea, OwnIdeas } from './own.svelte';
import type { Session } from '../page/session.svelte';
import { standingOf } from './standing';

/** What is asked of the board. */
interface Beside {
  group: string;
  there(): ReadonlyMap<string, Idea>;
  phase(): Phase;
  loaded(): boolean;
}

export class OffBoard {
  readonly fates: OutcomesState;
  readonly #session: Session;
  readonly #own: OwnIdeas;
  readonly #board: Beside;
  /** Own ideas that were on the board when it changed last. */
  #before: ReadonlySet<string> = new Set();

  constructor(session: Session, own: OwnIdeas, board: Beside) {
    this.#session = session;
    this.#own = own;
    this.#board = board;
    this.fates = new OutcomesState(session, own, () => this.#ideas());
  }

  readonly cards = $derived.by((): Card[] =>
    this.#ideas()
      .filter((own) => !own.seen || this.#isOffForAReason(own.id))
      .map((own, at) => this.#card(own, at)),
  );

  #ideas(): OwnIdea[] {
    const { group: ofBoard } = this.#board;
    const there = this.#board.there();
    return [...this.#own.all.values()].filter(
      ({ id, group, withdrawn }) => !there.has(id) && !withdrawn && (group ?? ofBoard) === ofBoard,
    );
  }

  /** Of an own idea that was on the board, and is not any more: does this phone know why? */
  #isOffForAReason(idea: string): boolean {
    const place = this.fates.known(idea)?.place;
    return this.#board.loaded() && place !== undefined && place !== 'shown';
  }

  #card(own: OwnIdea, at: number): Card {
    const known = this.fates.known(own.id);
    const standing = standingOf({
      onBoard: false,
      known,
      phase: this.#board.phase(),
      late: own.late === true,
    });
    const reason = known?.reason === undefined ? {} : { reason: this.fates.reasonName(known.reason) };
    const stale = !this.fates.isFresh && known !== null;
    const none = { order: 1e9 + at, tally: null, promoted: false, into: null, locked: false, folded: [] };
    const saving = this.#session.stateOf(own.command);
    return { ...own, ...none, mine: true, saving, onBoard: false, standing, ...reason, stale };
  }

  /** The board shows other ideas than before. */
  saw(ideas: readonly Idea[]): void {
    this.#own.saw(ideas);
    const there = this.#board.there();
    const gone = [...this.#before].some((id) => !there.has(id));
    this.#before = new Set([...this.#own.all.keys()].filter((id) => there.has(id)));
    this.fates.sawOnBoard(this.#before);
    if (gone) this.fates.askSoon();
  }
}
