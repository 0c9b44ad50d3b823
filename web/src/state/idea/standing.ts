/**
 * What is to be said of an own idea: where it is, as far as this phone knows. A board says it of the ideas that are on it;
 * of all others the server is asked by their receipts (`outcomes.svelte.ts`), never the settings.
 */
import type { Phase, Whereabouts } from '../../wire/proto';
import { heldInGroup } from '../moderate/hiding';

export type Standing =
  | 'recorded'
  | 'shown'
  | 'waiting'
  | 'held'
  | 'admitted'
  | 'late'
  | 'hidden'
  | 'held-in-group'
  | 'veiled'
  | 'not-let-in'
  | 'not-shown'
  | 'gone';

/** What the server said last of an idea. */
export interface Known {
  place: Whereabouts;
  reason?: string;
  /** Did this phone hear before that it waits for the moderator? Then it was let in since. */
  waited?: boolean;
}

interface Facts {
  onBoard: boolean;
  known: Known | null;
  phase: Phase;
  /** Was it put on the late shelf? */
  late: boolean;
}

export function standingOf({ onBoard, known, phase, late }: Facts): Standing {
  if (onBoard) return 'shown';
  const over = phase === 'closed';
  switch (known?.place) {
    case undefined:
      return late ? 'late' : 'recorded';
    // It is on its way to this phone.
    case 'shown':
      return 'recorded';
    case 'waiting':
      return over ? 'not-let-in' : 'waiting';
    case 'held':
      return over ? 'not-shown' : known?.waited ? 'admitted' : 'held';
    case 'late':
      return 'late';
    case 'unknown':
      return 'gone';
    case 'hidden':
      // Without a reason the whole board is out of sight.
      if (known?.reason === undefined) return 'veiled';
      return known.reason === heldInGroup ? 'held-in-group' : 'hidden';
  }
}

/** Off its board for good, or until somebody decides otherwise: not counted among the ideas of its point. */
export const isOff = (standing: Standing): boolean =>
  standing === 'hidden' || standing === 'held-in-group' || standing === 'gone';

/** May its author still give it other words whole? Only while nobody else has them before them. */
export const isBeforeReveal = (standing: Standing): boolean =>
  standing === 'waiting' || standing === 'held' || standing === 'admitted';
