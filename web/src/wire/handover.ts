/**
 * Taking a seat along to another phone: its token, its drafts and what proves its ideas, sealed. The server keeps the
 * sealed letter for some minutes and gives it out once; the key travels only in the QR code.
 *
 * A letter is written by whoever made the seat, so nothing in it is believed: it has no role and no secret, only the
 * fields below are taken, each after a look at its shape, and nothing that this phone has already is replaced.
 */
import { KINDS } from './constants';
import { ENTRY_UNITS_MAX } from './constants';
import { saysNothing } from './letters';
import { exchangeToken, fetchParcel, leaveParcel, Refusal } from './http';
import { fromHex, newId, randomBytes, toHex } from './identifiers';
import { keptBy, takeSeat, type Place } from './places';
import { Receipts } from './receipts';
import { saved, type Saved } from './saved';
import { seal, unseal } from './sealed';

/** What waits on this phone until the server has exchanged the token: also over a reload. */
export interface Taking {
  request: string;
  token: string;
  consultation: string;
  letter: unknown;
  /** Did the seat come by a link with its token? Then that link leads here from now on. */
  linked: boolean;
}

type Fields = Record<string, unknown>;

const takings = saved.under('taking');
const listMax = 200;
/** No honest counter of votes is further ahead of this phone's clock. */
const counterAheadMilliseconds = 24 * 3_600_000;
const kinds: readonly unknown[] = KINDS;

const isText = (value: unknown, max = ENTRY_UNITS_MAX): value is string =>
  typeof value === 'string' && value.length <= max;
const isId = (value: unknown): value is string => isText(value, 36) && /^[0-9a-f-]{36}$/.test(value);
const isKind = (value: unknown): boolean => value === null || (isText(value) && kinds.includes(value));
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listed = (value: unknown): Fields[] =>
  Array.isArray(value) ? (value as unknown[]).filter(isFields).slice(0, listMax) : [];

/** The address that the other phone opens. */
export async function handOver(place: Place): Promise<string> {
  const from = keptBy(place);
  const receipts = new Receipts(from, saved);
  const own = from.under('own');
  const letter = {
    token: place.token,
    drafts: from.get('drafts'),
    composer: from.get('composer'),
    returned: from.get('returned'),
    counter: from.get('counter'),
    own: own.keys().flatMap((id) => {
      const idea = own.get<{ text: string; seen: boolean; withdrawn?: boolean }>(id);
      if (idea === null || idea.withdrawn) return [];
      // The board has the words of an idea that was seen there.
      return [{ ...idea, text: idea.seen ? '' : idea.text, receipt: receipts.of(id) }];
    }),
  };
  const key = randomBytes(32);
  const { id } = await leaveParcel(place.token, seal(key, JSON.stringify(letter)));
  return `${location.origin}/join#m=${id}.${toHex(key)}`;
}

/** Fetches a parcel: after this it is nowhere else, so it waits here until its token is exchanged. */
export async function fetchTaking(id: string, key: string, consultation: string): Promise<Taking> {
  const { sealed } = await fetchParcel(id);
  const text = unseal(fromHex(key), sealed);
  if (text === null) throw new Refusal('not-found', 'not sealed with this key');
  const letter = JSON.parse(text) as unknown;
  const token = isFields(letter) ? letter['token'] : null;
  if (!isText(token, 200)) throw new Refusal('not-found', 'a letter without a token');
  return keepTaking({ request: newId(), token, consultation, letter, linked: false });
}

export function keepTaking(taking: Taking): Taking {
  takings.set(taking.request, taking);
  return taking;
}

/** A seat that was being taken when the page ended. */
export function openTaking(): Taking | null {
  const [request] = takings.keys();
  return request === undefined ? null : takings.get<Taking>(request);
}

/** Exchanges the token, and shows the seat; the one that this phone showed here rests with all that it has. */
export async function take(taking: Taking): Promise<Place> {
  const { token, consultation, request } = taking;
  try {
    const joined = await exchangeToken(token, consultation, request);
    const place: Place = {
      role: 'participant',
      consultation: joined.consultation,
      token: joined.token,
      seat: joined.seat,
      group: joined.group,
      ...(taking.linked ? { from: token } : {}),
    };
    takeSeat(place);
    accept(taking.letter, keptBy(place));
    takings.remove(request);
    return place;
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'unavailable';
    // What passes is tried again, with the same request: the token may be exchanged already.
    if (code !== 'offline' && code !== 'unavailable' && code !== 'too-fast') takings.remove(request);
    throw error;
  }
}

/** Takes over what a letter brings, as far as it is what it should be and is not here yet. */
export function accept(letter: unknown, here: Saved): void {
  if (!isFields(letter)) return;
  const put = (name: string, value: unknown): void => {
    if (here.get(name) === null) here.set(name, value);
  };
  const drafts = listed(letter['drafts']).filter(
    ({ id, text, kind, point, lang }) =>
      isId(id) && isText(text) && isKind(kind) && isText(point) && (lang === undefined || isText(lang, 35)),
  );
  if (drafts.length > 0)
    put(
      'drafts',
      drafts.map(({ id, text, kind, point, lang, spoken }) => ({
        id,
        text,
        kind,
        point,
        ...(lang === undefined ? {} : { lang }),
        ...(spoken === true ? { spoken } : {}),
      })),
    );
  const open = letter['composer'];
  if (isFields(open) && isText(open['text']) && isKind(open['kind']))
    put('composer', { text: open['text'], kind: open['kind'] });
  const returned = listed(letter['returned']).filter(
    ({ id, words, code }) => isText(id, 200) && isText(words) && isText(code, 40),
  );
  if (returned.length > 0)
    put(
      'returned',
      returned.map(({ id, words, code }) => ({ id, words, code })),
    );
  const counter = letter['counter'];
  if (Number.isSafeInteger(counter) && Number(counter) <= Date.now() + counterAheadMilliseconds)
    put('counter', counter);
  for (const { id, text, kind, point, lang, command, late, seen, group, receipt } of listed(letter['own'])) {
    if (!isId(id) || !isText(text) || !isKind(kind) || !isText(point) || !isText(lang, 35)) continue;
    if (!isText(command, 36) || !isText(receipt) || !/^[0-9a-f]{64}$/.test(receipt)) continue;
    if (here.under('own').get(id) !== null) continue;
    const where = isId(group) ? { group } : {};
    here.under('own').set(id, {
      ...{ id, text, kind, point, lang, command, seen: seen === true },
      ...(late === true ? { late } : {}),
      ...where,
    });
    here.under('carried').set(id, receipt);
  }
}

/** What a phone that has its seat no longer wrote and did not send: nobody else has it. */
export function unsentWords(kept: Saved): string[] {
  const drafts = listed(kept.get('drafts')).map(({ text }) => text);
  const composer = kept.get<{ text: string }>('composer')?.text;
  const outbox = kept.under('outbox');
  const waiting = outbox.keys().flatMap((key) => {
    const { text, line } = outbox.get<{ command: Fields }>(key)?.command ?? {};
    return [text, line];
  });
  return [composer, ...drafts, ...waiting].filter(
    (text): text is string => isText(text) && !saysNothing(text),
  );
}
