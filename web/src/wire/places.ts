/**
 * Where this phone has a place: seats of participants, links of staff. One per role and consultation, and the last
 * one of each role, so that a reload or an address without a fragment comes back to the same seat.
 */
import type { Role } from './proto';
import { saved } from './saved';

export interface Place {
  role: Role;
  consultation: string;
  token: string;
  /** Participants only. */
  seat?: string;
  group?: string;
}

const places = saved.under('place');
const last = saved.under('last-place');

export function keepPlace(place: Place): void {
  places.set(`${place.role}/${place.consultation}`, place);
  last.set(place.role, place.consultation);
}

export function lastPlace(role: Role): Place | null {
  const consultation = last.get<string>(role);
  return consultation === null ? null : placeIn(role, consultation);
}

export function placeIn(role: Role, consultation: string): Place | null {
  return places.get<Place>(`${role}/${consultation}`);
}

export function forgetPlace(place: Place): void {
  places.remove(`${place.role}/${place.consultation}`);
  if (last.get<string>(place.role) === place.consultation) last.remove(place.role);
  keptBy(place).clear();
  // Without any place left there is nothing that the secret of this phone could still take back.
  if (places.keys().length === 0) saved.remove('phone-secret');
}

/** What this phone keeps for one place: drafts, outbox, own ideas, words that are not recorded yet. */
export function keptBy(place: Place): typeof saved {
  return saved.under(`at/${place.seat ?? `${place.role}-${place.consultation}`}`);
}

/** How the browser databases of one place begin. */
export function storePrefix(place: Place): string {
  return `plenum/${place.seat ?? `${place.role}-${place.consultation}`}/`;
}

/** The browser database that holds a copy of one document of one place. */
export function storeName(place: Place, document: string): string {
  return storePrefix(place) + document;
}
