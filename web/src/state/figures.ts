/** Figures as they may be told: fewer than five people are “some”. The server has said so before they came here. */
import type { Paid, People } from '../wire/proto';
import { say, words } from './words.svelte';

/** A number by itself. */
export const figure = (people: People): string =>
  people === 'some' ? say('report.some') : words.number(people);

/** So many people. */
export const counted = (people: People): string =>
  people === 'some' ? say('report.some-people') : say('item.people', { n: people });

/** So many votes. */
export const votes = (people: People): string =>
  people === 'some' ? say('report.some-people') : say('idea.votes', { n: people });

/** A part of a whole. */
export const share = (part: Paid): string => (part === 'some' ? say('report.some') : words.percent(part));

/** A share that is worth a word. */
const SHARE_MIN = 0.005;

/** What each group paid, the largest first. The order of shares that are not told must not tell them. */
export function shares(paid: Record<string, Paid>): [string, Paid][] {
  const worth = Object.entries(paid).filter(([, part]) => part === 'some' || part > SHARE_MIN);
  return worth.sort(([a, m], [b, n]) => {
    if (m === 'some' || n === 'some') return Number(m === 'some') - Number(n === 'some') || (a < b ? -1 : 1);
    return n - m;
  });
}

/** How many people in how many groups; empty while votes are hidden. */
export function supportOf(support: { seats: People; groups: People } | null): string {
  if (support === null) return '';
  if (support.seats === 'some' || support.groups === 'some') return say('report.some-people');
  return say('item.support', {
    people: counted(support.seats),
    groups: say('item.groups', { n: support.groups }),
  });
}
