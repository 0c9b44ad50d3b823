/** Requests of an organizer who rehearses the day. */
import { json } from './http';
import type { Place } from './places';
import type { Rehearsal, RehearsalView } from './proto';

async function ask(place: Place, method: 'GET' | 'POST' | 'DELETE'): Promise<Rehearsal | null> {
  const path = `/api/consultations/${place.consultation}/rehearsal`;
  const body = method === 'POST' ? { body: {} } : {};
  return (await json<RehearsalView>(path, { method, bearer: place.token, ...body })).rehearsal;
}

export const rehearsal = (place: Place): Promise<Rehearsal | null> => ask(place, 'GET');
export const startRehearsal = (place: Place): Promise<Rehearsal | null> => ask(place, 'POST');
export const stopRehearsal = (place: Place): Promise<Rehearsal | null> => ask(place, 'DELETE');
