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
  /** Participants only: the key of the door they came in by, for who has this phone next. */
  door?: string;
  /** Participants only: the token of the link that this seat came by. It ended; the link still leads here. */
  from?: string;
}

const places = saved.under('place');
const last = saved.under('last-place');
/** Seats that wait on a shared phone while somebody else has it, by seat. */
const resting = saved.under('resting');
/** Seat → its number on this phone, from 1. */
const numbers = saved.under('seat-number');

export function keepPlace(place: Place): void {
  places.set(`${place.role}/${place.consultation}`, place);
  last.set(place.role, place.consultation);
  if (place.seat === undefined) return;
  resting.remove(place.seat);
  if (numbers.get<number>(place.seat) === null) {
    const most = Math.max(0, ...numbers.keys().map((seat) => numbers.get<number>(seat) ?? 0));
    numbers.set(place.seat, most + 1);
  }
}

/** A seat of this phone, by its number: nobody's name is here. */
export interface SeatHere {
  place: Place;
  number: number;
  /** Is it the one that the phone shows? The others rest. */
  current: boolean;
}

/** Every seat of a participant on this phone, in the order in which they came. */
export function seatsHere(): SeatHere[] {
  const current = places.keys().flatMap((key) => {
    const place = places.get<Place>(key);
    return place?.role === 'participant' ? [{ place, current: true }] : [];
  });
  const others = resting.keys().flatMap((seat) => {
    const place = resting.get<Place>(seat);
    return place === null ? [] : [{ place, current: false }];
  });
  return [...current, ...others]
    .map((seat) => ({ ...seat, number: numbers.get<number>(seat.place.seat ?? '') ?? 0 }))
    .sort((a, b) => a.number - b.number);
}

/** Puts a seat aside, so that somebody else can have this phone. All that it keeps stays with it. */
export function restSeat(place: Place): void {
  if (place.seat === undefined) return;
  resting.set(place.seat, place);
  places.remove(`${place.role}/${place.consultation}`);
  if (last.get<string>(place.role) === place.consultation) last.remove(place.role);
}

/** Shows a seat; the one that was shown in its consultation rests. */
export function takeSeat(place: Place): void {
  const shown = placeIn('participant', place.consultation);
  if (shown !== null && shown.seat !== place.seat) restSeat(shown);
  keepPlace(place);
}

/** The group or token of a seat is another: it is kept where it is, shown or resting. */
export function updateSeat(place: Place): void {
  if (placeIn('participant', place.consultation)?.seat === place.seat) keepPlace(place);
  else if (place.seat !== undefined && resting.get(place.seat) !== null) resting.set(place.seat, place);
}

/** Has this phone a seat in this consultation, shown or resting? */
export function hasSeatIn(consultation: string): boolean {
  return seatsHere().some(({ place }) => place.consultation === consultation);
}

export function lastPlace(role: Role): Place | null {
  const consultation = last.get<string>(role);
  if (consultation !== null) return placeIn(role, consultation);
  // Whose last place is gone, because a rehearsal or a day was deleted, is staff where they were before.
  const other = role === 'participant' ? undefined : places.keys().find((key) => key.startsWith(`${role}/`));
  return other === undefined ? null : places.get<Place>(other);
}

export function placeIn(role: Role, consultation: string): Place | null {
  return places.get<Place>(`${role}/${consultation}`);
}

export function forgetPlace(place: Place): void {
  places.remove(`${place.role}/${place.consultation}`);
  if (last.get<string>(place.role) === place.consultation) last.remove(place.role);
  if (place.seat !== undefined) {
    resting.remove(place.seat);
    numbers.remove(place.seat);
  }
  keptBy(place).clear();
  // Without any place left there is nothing that the secret of this phone could still take back.
  if (places.keys().length === 0 && resting.keys().length === 0) saved.remove('phone-secret');
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

/** Deletes the browser databases that begin so. */
export async function forgetDatabases(prefix: string): Promise<void> {
  if (typeof indexedDB === 'undefined' || !('databases' in indexedDB)) return;
  const databases = await indexedDB.databases();
  for (const { name } of databases) if (name?.startsWith(prefix)) indexedDB.deleteDatabase(name);
}
