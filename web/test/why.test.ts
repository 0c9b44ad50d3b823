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
  t: 1,
  status: 'listed',
  support: { seats: 7, groups: 3, by_group: { Harbour: 5, Hills: 1, Mill: 1 } },
  paid_by_group: { Harbour: 0.6, Hills: 0.3, Mill: 0.1 },
  rank_by_votes: 4,
  anchor: 'i',
  text: 'x',
  lang: 'en',
  sources: [],
  more: 0,
  tags: [],
  ...fields,
});
const isolates = new RegExp('[\\u2068\\u2069]', 'g');
const said = (fields: Partial<Item>, discreet = false): string =>
  why(item(fields), { nameOf: (group) => group, discreet })
    .join(' ')
    .replace(isolates, '');

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
  await words.choose('en');
});

describe('why an entry is here', () => {
  it('says who bought its place, who approves it, and where a plain count would put it', () => {
    expect(said({})).toBe(
      'Paid mostly by Harbour (60%) and Hills (30%). Approved by 7 people in 3 groups. By plain count it would be number 4.',
    );
    expect(said({ paid_by_group: { Harbour: 1 }, rank_by_votes: 2 })).toBe(
      'Paid by Harbour alone. Approved by 7 people in 3 groups. By plain count it would be number 2 as well.',
    );
  });

  it('says nothing while votes are hidden', () => {
    expect(said({ support: null, tags: ['heard', 'pinned'] })).toBe('');
  });

  it('says what people decided, and what is below the line', () => {
    expect(said({ tags: ['pinned'] })).toMatch(/^People put it first\./);
    expect(said({ status: 'below' })).toMatch(/below the line: the places above/);
    expect(said({ status: 'below', tags: ['shared-concern'] })).toMatch(/many groups share it\.$/);
    expect(
      said({ support: { seats: 0, groups: 0, by_group: {} }, paid_by_group: {}, tags: ['no-votes'] }),
    ).toBe('Nobody approves it, so it comes after everything that has votes.');
  });

  it('tells no figure of fewer than five people on paper', () => {
    const paper = said({}, true);
    expect(paper).toMatch(
      /^Paid by Harbour \(some\), Hills \(some\) and Mill \(some\)\.|^Paid by Harbour \(some\), Hills/,
    );
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
