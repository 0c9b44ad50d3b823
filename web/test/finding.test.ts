import { describe, expect, it } from 'vitest';
import type { Card } from '../src/state/idea/ideaCard';
import { withWords } from '../src/state/idea/finding';

const none = { point: '', kind: null, tally: null, promoted: false, into: null, locked: false, mine: false };
const card = (id: string, text: string, more: Partial<Card> = {}): Card => ({
  ...none,
  id,
  text,
  lang: 'en',
  order: 0,
  saving: 'recorded',
  onBoard: true,
  standing: 'shown',
  stale: false,
  folded: [],
  ...more,
});

describe('the cards that have certain words', () => {
  const cards = [
    card('lights', 'More street Lights near the school'),
    card('arabic', 'مدرسة قرب الميناء', { tr: { fr: 'Une école près du port' } }),
    card('folded', 'Something', { folded: [card('in it', 'Swimming pools')] }),
  ];
  const ids = (asked: string): string[] => withWords(cards, asked).map(({ id }) => id);

  it('are found whatever the case and the order of the words', () => {
    expect(ids('SCHOOL lights')).toEqual(['lights']);
    expect(ids('school pools')).toEqual([]);
  });

  it('are found by their translations and by what they stand for', () => {
    expect(ids('الميناء')).toEqual(['arabic']);
    expect(ids('école')).toEqual(['arabic']);
    expect(ids('pool')).toEqual(['folded']);
  });

  it('are found whatever their accents and in whichever digits', () => {
    const numbers = [card('latin', 'Bus line 149'), card('arabic', 'الخط ١٤٩'), card('accents', 'Une école')];
    const found = (asked: string): string[] => withWords(numbers, asked).map(({ id }) => id);
    expect(found('١٤٩')).toEqual(['latin', 'arabic']);
    expect(found('149')).toEqual(['latin', 'arabic']);
    expect(found('ecole')).toEqual(['accents']);
  });

  it('are all of them when nothing is asked', () => {
    expect(ids('  ')).toHaveLength(3);
  });
});
