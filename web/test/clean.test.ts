import { describe, expect, it } from 'vitest';
import { clean } from '../src/state/compose/clean';

const at = (code: number): string => String.fromCodePoint(code);

describe('words as they are shown', () => {
  it('show letters that turn text around as what they are', () => {
    for (const code of [0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]) {
      const shown = clean(`a${at(code)}b`);
      expect(shown).toMatch(/^a⟦[A-Z]{3}⟧b$/);
    }
  });

  it('stop piles of accents', () => {
    const pile = `z${at(0x0335).repeat(200)}a`;
    expect([...clean(pile)].length).toBe(8);
  });

  it('stop piles with joiners between the accents, and holes of empty lines', () => {
    expect([...clean(`z${'\u0301\u200d'.repeat(249)}y`)].filter((letter) => letter === '\u0301').length).toBe(
      6,
    );
    expect(clean(`a${'\n'.repeat(60)}b`)).toBe('a\n\n\nb');
    expect(clean('a\n \n\t\n\n \nb')).toBe('a\n\n\nb');
    expect(clean('a\n\nb')).toBe('a\n\nb');
  });

  it.each([
    ['Arabic', 'السَّلامُ عَلَيْكُمْ، كيف يساعد الشبابُ؟'],
    ['Persian', 'می‌خواهیم کتاب‌های بیشتری بخوانیم'],
    ['Hindi', 'युवाओं को ऑनलाइन धोखाधड़ी से कैसे बचाएँ?'],
    ['Hebrew with vowels', 'בְּרֵאשִׁית בָּרָא אֱלֹהִים'],
    ['Thai', 'เยาวชนช่วยกันป้องกันอาชญากรรม'],
    ['Vietnamese, decomposed', 'Thanh niên cần được bảo vệ'.normalize('NFD')],
    ['emoji', '👩‍👩‍👧‍👦 🏴‍☠️ 👍🏽 🇺🇳 ❤️'],
    ['marks of direction', `abc${at(0x200e)}123${at(0x200f)}`],
  ])('leave %s alone', (_, text) => {
    expect(clean(text)).toBe(text);
  });
});
