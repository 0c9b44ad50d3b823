/**
 * Taking a seat along to another phone: place, secret and drafts, sealed. The server keeps the sealed letter for some
 * minutes and gives it out once; the key travels only in the QR code.
 */
import { fetchParcel, leaveParcel, Refusal } from './http';
import { fromHex, randomBytes, toHex } from './identifiers';
import { keptBy, takeSeat, type Place } from './places';
import { seal, unseal } from './sealed';

interface Letter {
  place: Place;
  kept: Record<string, unknown>;
}

/** What goes along. What waits in the outbox stays with the phone that wrote it, which sends it. */
const carried = ['secret', 'drafts', 'composer', 'returned', 'point', 'counter'];

/** The address that the other phone opens. */
export async function handOver(place: Place): Promise<string> {
  const from = keptBy(place);
  const kept: Record<string, unknown> = {};
  for (const key of carried) kept[key] = from.get(key);
  for (const key of from.keys().filter((key) => key.startsWith('own/'))) {
    const own = from.get<{ text: string; seen: boolean }>(key);
    // The board has the words of an idea that was seen there.
    kept[key] = own === null ? null : { ...own, text: own.seen ? '' : own.text };
  }
  const key = randomBytes(32);
  const letter: Letter = { place, kept };
  const { id } = await leaveParcel(place.token, seal(key, JSON.stringify(letter)));
  return `${location.origin}/join#m=${id}.${toHex(key)}`;
}

/** Takes a seat that another phone handed over; the seat that this one had here is kept beside it. */
export async function takeOver(parcel: string): Promise<Place> {
  const [id = '', key = ''] = parcel.split('.');
  const { sealed } = await fetchParcel(id);
  const text = unseal(fromHex(key), sealed);
  if (text === null) throw new Refusal('not-found', 'not sealed with this key');
  const { place, kept } = JSON.parse(text) as Letter;
  takeSeat(place);
  const here = keptBy(place);
  for (const [name, value] of Object.entries(kept)) if (value !== null) here.set(name, value);
  return place;
}
