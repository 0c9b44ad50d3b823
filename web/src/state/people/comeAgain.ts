/**
 * A seat that was closed together with others: its person comes in again by the same door. The phone takes along what it
 * keeps for the seat: drafts, what was being written, what was on its way, and the secret by which own ideas are known.
 * The old seat rests on this phone, because the organizer may undo the closing.
 */
import { keptBy, restSeat, type Place } from '../../wire/places';
import { saved } from '../../wire/saved';
import { router } from '../page/route.svelte';
import type { Session } from '../page/session.svelte';

const leftKey = 'seat-left';

export function comeAgain(session: Session): void {
  const { place } = session;
  session.end();
  restSeat(place);
  saved.set(leftKey, place);
  router.go(place.door === undefined ? '/join' : `/join#${place.door}`);
}

/** Gives a new seat what the phone kept for the one that was left in the same consultation. */
export function takeAlong(place: Place): void {
  const left = saved.get<Place>(leftKey);
  if (left === null || left.consultation !== place.consultation || left.seat === place.seat) return;
  saved.remove(leftKey);
  const [from, to] = [keptBy(left), keptBy(place)];
  for (const key of from.keys()) to.set(key, from.get(key));
  // Sent once, by the seat that can send.
  from.under('outbox').clear();
}
