/** Requests of an organizer who rehearses the day. */
import { json } from './http';
import type { Place } from './places';
import type { Rehearsal, RehearsalView, Rehearse } from './proto';

async function ask(
  place: Place,
  wish: { method: 'GET' | 'DELETE' } | { method: 'POST'; body: Rehearse },
): Promise<Rehearsal | null> {
  const path = `/api/consultations/${place.consultation}/rehearsal`;
  return (await json<RehearsalView>(path, { bearer: place.token, ...wish })).rehearsal;
}

export const rehearsal = (place: Place): Promise<Rehearsal | null> => ask(place, { method: 'GET' });
/** `seconds`: how long the whole day takes, from 10 to 600. */
export const startRehearsal = (place: Place, seconds: number): Promise<Rehearsal | null> =>
  ask(place, { method: 'POST', body: { seconds } });
export const stopRehearsal = (place: Place): Promise<Rehearsal | null> => ask(place, { method: 'DELETE' });
