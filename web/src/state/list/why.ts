/** Why an entry of the list stands where it stands, in sentences that count people. Nothing before votes may be seen. */
import type { Item } from '../../wire/plenary';
import { part, people, type Figure } from './figures';
import { say, words } from '../page/words.svelte';

interface Reader {
  /** For paper, figures of fewer than five people read “some”. */
  discreet: boolean;
}

type Support = NonNullable<Item['support']>;

export function why(item: Item, reader: Reader): string[] {
  const { support } = item;
  if (support === null) return [];
  const tagged = (tag: string): boolean => item.tags.includes(tag);
  const reasons = because(item, support, reader);
  const sentences: string[] = [];
  if (tagged('pinned')) sentences.push(say('why.pinned'));
  sentences.push(approved(support, reader), ...reasons);
  if (tagged('held-back')) sentences.push(say('why.held-back'));
  if (tagged('not-on-paper')) sentences.push(say('why.not-on-paper'));
  if (tagged('heard')) sentences.push(say('why.heard'));
  if (tagged('best-by-tally')) sentences.push(say('why.best-by-tally'));
  if (tagged('shared-concern')) sentences.push(say('why.shared-concern'));
  else if (tagged('held-back') || tagged('not-on-paper')) return sentences;
  else if (item.status === 'below' && reasons.length === 0 && support.seats > 0)
    sentences.push(say('why.below'));
  return sentences;
}

function approved(support: Support, { discreet }: Reader): string {
  if (support.seats === 0) return say('why.no-votes');
  if (discreet && people(support.seats) === 'some') return say('why.some');
  return say('why.support', {
    people: say('item.people', { n: support.seats }),
    groups: say('item.groups', { n: support.groups }),
  });
}

/** Why it has a place or none, and what would take its place away. */
function because({ because: reason }: Item, { seats }: Support, { discreet }: Reader): string[] {
  const told = (count: number): string => {
    const figure: Figure = discreet ? part(count, seats) : count;
    return figure === 'some' ? say('report.some-people') : say('item.people', { n: figure });
  };
  const sentences: string[] = [];
  if ((reason.alone ?? 0) > 0) sentences.push(say('why.alone', { people: told(reason.alone ?? 0) }));
  else if (reason.most === true) sentences.push(say('why.most'));
  if (reason.margin !== undefined) sentences.push(say('why.margin', { n: reason.margin }));
  if ((reason.served ?? 0) > 0) {
    const numbers = words.list((reason.served_by ?? []).map((n) => words.number(n)));
    sentences.push(say('why.served', { people: told(reason.served ?? 0), numbers }));
  }
  return sentences;
}
