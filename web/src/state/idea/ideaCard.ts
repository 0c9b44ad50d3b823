/** An idea as screens show it: of the board, or an own one that is not on it. */
import { savedStates, type SavedState } from '../../wire/acknowledgements';
import type { Idea } from '../../wire/board';
import type { Code } from '../../wire/proto';
import { isBeforeReveal, type Standing } from './standing';

/** An idea as a card shows it. */
export interface Card extends Idea {
  mine: boolean;
  /** Of the share itself, for own ideas; of this phone's last edit, for all. */
  saving: SavedState;
  /** Is it on the board, for everybody of the group? Otherwise it is an own one. */
  onBoard: boolean;
  /** Where an own idea is, once it is recorded. */
  standing: Standing;
  /** Why it is hidden, in words. */
  reason?: string;
  /** Is `standing` what was so when this phone was last connected? */
  stale: boolean;
  /** Ideas that this one stands for. */
  folded: Idea[];
}

/** Can its words be changed by who opens it, where texts of the board may be changed or not? */
export const mayImprove = (card: Card, writing: boolean): boolean =>
  writing && (card.onBoard ? !card.locked : card.mine && isBeforeReveal(card.standing));

/** Words that were not taken, until their writer decides what becomes of them. */
export interface Returned {
  id: string;
  words: string;
  code: Code;
  /** Where they were written: an idea, or a field of the list. */
  field?: string;
}

/** Of two things, how far the one has come that is less far. */
export const earlier = (one: SavedState, other: SavedState): SavedState =>
  savedStates[Math.min(savedStates.indexOf(one), savedStates.indexOf(other))] ?? 'recorded';

/** Those with most votes first; ties as they are on the board. */
export const ranked = (cards: readonly Card[]): Card[] =>
  [...cards].sort((a, b) => (b.tally ?? 0) - (a.tally ?? 0) || a.order - b.order);
