import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { saysNothing, shownLetters, typed } from '../src/wire/letters';

interface Case {
  what: string;
  text: string;
  times?: number;
  idea: string | null;
  typed?: string;
}
const table = new URL('../../proto/letters.json', import.meta.url);
const cases = JSON.parse(readFileSync(table, 'utf8')) as Case[];

describe('rule B8, with the table that the server is tested with', () => {
  it.each(cases.map((one) => [one.what, one] as const))('%s', (_, one) => {
    const text = one.text.repeat(one.times ?? 1);
    expect(typed(text)).toBe(one.typed ?? text);
    expect(saysNothing(text)).toBe(one.idea === 'empty');
    expect(typed(typed(text))).toBe(typed(text));
  });

  it('takes everything out that the server refuses in an idea, marks apart', () => {
    const codes = Array.from({ length: 0x3000 }, (_, code) => code).concat([0xfff9, 0xfffa, 0xfffb]);
    const kept = typed(String.fromCodePoint(...codes));
    expect(/(?![\n\t])[\p{Cc}\u2028\u2029\u202A-\u202E\uFFF9-\uFFFB]/u.exec(kept)).toBeNull();
  });

  it('shows no pile of marks, with or without joiners between them', () => {
    for (const mark of ['\u0301', '\u0301\u200d'])
      expect([...shownLetters(`z${mark.repeat(249)}y`)].length).toBeLessThanOrEqual(14);
  });
});
