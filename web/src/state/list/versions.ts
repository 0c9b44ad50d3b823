/** What screens say of a version of the list. */
import { saysNothing } from '../../wire/letters';
import { say } from '../page/words.svelte';
import type { Item } from '../../wire/plenary';

/** Letters of a hash by which people compare it. */
const shortHash = 8;

/** The day in UTC as files write it, so that screens and files can be compared. */
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

export const versionLine = (n: number, at: number, sha256: string): string =>
  say('list.version', { n, date: day(at), hash: sha256.slice(0, shortHash) });

/** What this group sent, if the list says it in other words and nobody has voted on it yet. */
export const changedFor = (item: Item, group: string | undefined): string | null => {
  const own = item.sources.some((source) => source.group === group);
  const changed = !saysNothing(item.wording) && item.wording.trim() !== item.text.trim();
  return own && changed && item.voted === undefined ? item.text : null;
};

/** What an entry said when everybody voted on it, if it says something else now. */
export const rewordedFrom = (item: Item): string | null =>
  item.voted !== undefined && item.voted.trim() !== (item.wording || item.text).trim() ? item.voted : null;
