/** Reports for the safeguarding contact: which are read above everything else, and deciding about all that were read. */
import type { Alert } from '../../wire/proto';
import { wordsRead } from '../../wire/read';
import type { Session } from '../page/session.svelte';

export const isDecided = ({ state }: Alert): boolean => state === 'kept' || state === 'shown';

/** Still on its board: it waits, or was reported again after it was shown. */
export const isOpen = ({ state, again }: Alert): boolean =>
  state === 'waiting' || (state === 'shown' && again > 0);

/** So many at once that a message has room for them. */
const atOnce = 100;

/** Decides about the reports of a group that are on the screen; what came meanwhile was read by nobody. */
export function settleAll(session: Session, alerts: readonly Alert[], group: string, show: boolean): void {
  const told = alerts.filter((alert) => alert.group === group && !isDecided(alert));
  for (let at = 0; at < told.length; at += atOnce) {
    const read = told.slice(at, at + atOnce).map(({ id, text }): [string, string] => [id, wordsRead(text)]);
    session.decide({ do: 'settle-all', group, show, read: Object.fromEntries(read) });
  }
}
