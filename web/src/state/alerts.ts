/** In which order the safeguarding contact reads reports: what is still shown to everybody first, then the newest. */
import type { Alert } from '../wire/proto';

/** Still on its board: it waits, or was reported again after it was shown. */
export const isOpen = ({ state, again }: Alert): boolean =>
  state === 'waiting' || (state === 'shown' && again > 0);

/** The alerts as they are told (the oldest first), in the order of the screen. */
export function inOrder(alerts: readonly Alert[]): Alert[] {
  const newest = [...alerts].reverse();
  return [...newest.filter(isOpen), ...newest.filter((alert) => !isOpen(alert))];
}
