/** Why an entry of the list stands where it stands, in sentences. Nothing before votes may be seen. */
import type { Paid } from '../wire/proto';
import type { Item } from '../wire/plenary';
import { counted, share, shares } from './figures';
import { say, words } from './words.svelte';

interface Reader {
  nameOf: (group: string) => string;
  /** For paper: every group is named, also those that paid little. */
  all: boolean;
}

/** Who paid so much together paid most of it. */
const MOST = 0.75;

export function why(item: Item, reader: Reader): string[] {
  const { support } = item;
  if (support === null) return [];
  const tagged = (tag: string): boolean => item.tags.includes(tag);
  const sentences: string[] = [];
  if (tagged('pinned')) sentences.push(say('why.pinned'));
  sentences.push(...paid(item, reader));
  sentences.push(approved(support));
  if (support.seats !== 0 && item.rank_by_votes > 0) {
    const key = item.rank_by_votes === item.rank ? 'why.same-count' : 'why.by-count';
    sentences.push(say(key, { n: item.rank_by_votes }));
  }
  if (tagged('heard')) sentences.push(say('why.heard'));
  if (tagged('best-by-tally')) sentences.push(say('why.best-by-tally'));
  if (tagged('shared-concern')) sentences.push(say('why.shared-concern'));
  else if (item.status === 'below' && support.seats !== 0) sentences.push(say('why.below'));
  return sentences;
}

function approved({ seats, groups }: NonNullable<Item['support']>): string {
  if (seats === 0) return say('why.no-votes');
  if (seats === 'some' || groups === 'some') return say('why.some');
  return say('why.support', { people: counted(seats), groups: say('item.groups', { n: groups }) });
}

function paid(item: Item, { nameOf, all }: Reader): string[] {
  const parts = shares(item.paid_by_group);
  const [first] = parts;
  if (first === undefined) return [];
  if (parts.length === 1) return [say('why.paid-alone', { groups: nameOf(first[0]) })];
  const named = all ? parts.length : mostOf(parts.map(([, part]) => part));
  const list = parts
    .slice(0, named)
    .map(([group, part]) => say('why.share', { group: nameOf(group), share: share(part) }));
  return [say(named === parts.length ? 'why.paid' : 'why.paid-mostly', { groups: words.list(list) })];
}

/** How many of the largest make most of it; all of them where one is not told. */
function mostOf(parts: Paid[]): number {
  let sum = 0;
  for (const [at, part] of parts.entries()) {
    if (part === 'some') break;
    sum += part;
    if (sum >= MOST) return at + 1;
  }
  return parts.length;
}
