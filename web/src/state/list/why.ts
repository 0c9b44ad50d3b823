/** Why an entry of the list stands where it stands, in sentences. Nothing before votes may be seen. */
import type { Item } from '../../wire/plenary';
import { parts, people } from './figures';
import { say, words } from '../page/words.svelte';

interface Reader {
  nameOf: (group: string) => string;
  /** For paper, figures of fewer than five people read “some”. */
  discreet: boolean;
}

/** A share that is worth a word. */
const SHARE_MIN = 0.005;
/** Who paid so much together paid most of it. */
const MOST = 0.75;

export function why(item: Item, reader: Reader): string[] {
  const { support } = item;
  if (support === null) return [];
  const tagged = (tag: string): boolean => item.tags.includes(tag);
  const sentences: string[] = [];
  if (tagged('pinned')) sentences.push(say('why.pinned'));
  sentences.push(...paid(item, reader));
  sentences.push(approved(support, reader));
  if (support.seats > 0 && item.rank_by_votes > 0) {
    const key = item.rank_by_votes === item.rank ? 'why.same-count' : 'why.by-count';
    sentences.push(say(key, { n: item.rank_by_votes }));
  }
  if (tagged('heard')) sentences.push(say('why.heard'));
  if (tagged('best-by-tally')) sentences.push(say('why.best-by-tally'));
  if (tagged('shared-concern')) sentences.push(say('why.shared-concern'));
  else if (item.status === 'below' && support.seats > 0) sentences.push(say('why.below'));
  return sentences;
}

function approved(support: NonNullable<Item['support']>, { discreet }: Reader): string {
  if (support.seats === 0) return say('why.no-votes');
  if (discreet && people(support.seats) === 'some') return say('why.some');
  return say('why.support', {
    people: say('item.people', { n: support.seats }),
    groups: say('item.groups', { n: support.groups }),
  });
}

function paid(item: Item, { nameOf, discreet }: Reader): string[] {
  const hidden = discreet ? parts(item.support?.by_group ?? {}) : {};
  const some = (group: string): boolean => hidden[group] === 'some';
  const shares = Object.entries(item.paid_by_group).filter(([, share]) => discreet || share > SHARE_MIN);
  // The order of shares that are not told must not tell them.
  shares.sort(([a, m], [b, n]) => {
    if (some(a) || some(b)) return Number(some(a)) - Number(some(b)) || (a < b ? -1 : 1);
    return n - m;
  });
  const [first] = shares;
  if (first === undefined) return [];
  if (shares.length === 1) return [say('why.paid-alone', { groups: nameOf(first[0]) })];
  const named = discreet ? shares.length : mostOf(shares.map(([, share]) => share));
  const list = shares.slice(0, named).map(([group, share]) =>
    say('why.share', {
      group: nameOf(group),
      share: some(group) ? say('report.some') : words.percent(share),
    }),
  );
  return [say(named === shares.length ? 'why.paid' : 'why.paid-mostly', { groups: words.list(list) })];
}

/** How many of the largest make most of it. */
function mostOf(shares: number[]): number {
  let sum = 0;
  const last = shares.findIndex((share) => (sum += share) >= MOST);
  return last < 0 ? shares.length : last + 1;
}
