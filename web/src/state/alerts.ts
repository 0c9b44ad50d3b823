/** Reports for the safeguarding contact: in which order they are read, and deciding about all that were read. */
import type { Alert } from '../wire/proto';
import { wordsRead } from '../wire/read';
import type { Session } from './session.svelte';

export const isDecided = ({ state }: Alert): boolean => state === 'kept' || state === 'shown';

/** Still on its board: it waits, or was reported again after it was shown. */
export const isOpen = ({ state, again }: Alert): boolean =>
  state === 'waiting' || (state === 'shown' && again > 0);

/** The alerts as they are told (the oldest first), in the order of the screen: what everybody still sees, then the newest. */
export function inOrder(alerts: readonly Alert[]): Alert[] {
  const newest = [...alerts].reverse();
  return [...newest.filter(isOpen), ...newest.filter((alert) => !isOpen(alert))];
}

/** So many at once that a message has room for them. */
const atOnce = 100;

/** Decides about the reports of a group that are on the screen; what came meanwhile was read by nobody. */
export function settleAll(session: Session, group: string, show: boolean): void {
  const told = (session.alerts ?? []).filter((alert) => alert.group === group && !isDecided(alert));
  for (let at = 0; at < told.length; at += atOnce) {
    const read = told.slice(at, at + atOnce).map(({ id, text }): [string, string] => [id, wordsRead(text)]);
    session.decide({ do: 'settle-all', group, show, read: Object.fromEntries(read) });
  }
}
