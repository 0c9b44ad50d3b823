import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parts, people } from '../src/state/list/figures';
import { why } from '../src/state/list/why';
import { words } from '../src/state/page/words.svelte';
import { shownLetters } from '../src/wire/letters';
import type { Item } from '../src/wire/plenary';

const item = (fields: Partial<Item>): Item => ({
  id: 'i',
  wording: '',
  note: '',
  section: 'recommendations',
  points: [],
  rank: 2,
  number: 3,
  t: 1,
  status: 'listed',
  support: { seats: 7, groups: 3, by_group: { Harbour: 5, Hills: 1, Mill: 1 } },
  paid_by_group: { Harbour: 0.6, Hills: 0.3, Mill: 0.1 },
  rank_by_votes: 4,
  because: { alone: 6, margin: 2 },
  anchor: 'i',
  text: 'x',
  lang: 'en',
  sources: [],
  translations: {},
  more: 0,
  tags: [],
  ...fields,
});
const isolates = new RegExp('[\\u2068\\u2069]', 'g');
const said = (fields: Partial<Item>, discreet = false): string =>
  why(item(fields), { discreet }).join(' ').replace(isolates, '');

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  await words.choose('en');
});

describe('why an entry is here', () => {
  it('says who approves it, who has nothing else on the list, and what would take its place away', () => {
    expect(said({})).toBe(
      'Approved by 7 people in 3 groups. It has a place because 6 people approve nothing else on the list. It would lose its place if 2 people fewer approved it.',
    );
    expect(said({ because: { alone: 0, most: true, margin: 1 } })).toBe(
      'Approved by 7 people in 3 groups. It has a place because more people approve it than any entry below the line. It would lose its place if 1 person fewer approved it.',
    );
    expect(said({ because: { alone: 0 } })).toBe('Approved by 7 people in 3 groups.');
  });

  it('says which numbers those have already who approve what is below the line', () => {
    expect(said({ status: 'below', because: { served: 7, served_by: [1, 2, 4] } })).toBe(
      'Approved by 7 people in 3 groups. It is below the line: of those who approve it, 7 people already have an entry on the list (numbers: 1, 2, and 4).',
    );
  });

  it('says nothing while votes are hidden', () => {
    expect(said({ support: null, tags: ['heard', 'pinned'] })).toBe('');
  });

  it('says what people decided, and what is below the line', () => {
    expect(said({ tags: ['pinned'] })).toMatch(/^People put it first\./);
    expect(said({ status: 'below', because: { served: 0 } })).toMatch(/below the line: the places above/);
    expect(said({ status: 'below', tags: ['shared-concern'] })).toMatch(/many groups share it\.$/);
    expect(
      said({
        support: { seats: 0, groups: 0, by_group: {} },
        paid_by_group: {},
        because: {},
        tags: ['no-votes'],
      }),
    ).toBe('Nobody approves it, so it comes after everything that has votes.');
  });

  it('tells no figure of fewer than five people on paper', () => {
    // Seven approve it: six who have nothing else would tell of one who has.
    expect(said({}, true)).toMatch(/because some people approve nothing else/);
    expect(said({ because: { alone: 2 } }, true)).toMatch(/because some people approve nothing else/);
    expect(said({ because: { alone: 7 } }, true)).toMatch(/because 7 people approve nothing else/);
    expect(said({ support: { seats: 3, groups: 1, by_group: { Harbour: 3 } } }, true)).toMatch(
      /Approved by some people\./,
    );
    expect([0, 1, 4, 5].map(people)).toEqual([0, 'some', 'some', 5]);
    expect(parts({ a: 5, b: 2, c: 9 })).toEqual({ a: 'some', b: 'some', c: 9 });
    expect(parts({ a: 5, b: 2, c: 3 })).toEqual({ a: 5, b: 'some', c: 'some' });
  });
});

describe('letters on the list', () => {
  it('turn nothing around and do not pile up', () => {
    expect(shownLetters('\u202Egnp.exe\u2066')).toBe('gnp.exe');
    expect(shownLetters(`z${'\u0301'.repeat(90)}a`)).toBe(`z${'\u0301'.repeat(6)}a`);
    for (const text of ['التوعية الرَّقْمِيَّة', 'می‌خواهیم', '👨‍👩‍👧 ❤️', 'हम चाहते हैं'])
      expect(shownLetters(text)).toBe(text);
  });
});
