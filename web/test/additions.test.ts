import { describe, expect, it } from 'vitest';
import { additionsTo } from '../src/wire/additions';

const put = (now: string, words: string): string =>
  additionsTo(now, words).reduce((text, { at, insert }) => text.slice(0, at) + insert + text.slice(at), now);

describe('words that were not taken, put in again', () => {
  it('make the text that their writer had, when nobody else wrote', () => {
    expect(put('Teach it early', 'Teach it early and often')).toBe('Teach it early and often');
    expect(put('Teach early', 'Teach it early')).toBe('Teach it early');
    expect(put('نعلّم الأمان', 'نعلّم الأمان في كل مدرسة')).toBe('نعلّم الأمان في كل مدرسة');
    expect(put('', 'All of it 😀')).toBe('All of it 😀');
  });

  it('go where they belong, wherever others wrote meanwhile', () => {
    expect(put('So: teach it early', 'teach it early and often')).toBe('So: teach it early and often');
    expect(put('Teach it early, everywhere', 'Teach it early and often')).toBe(
      'Teach it early, everywhere and often',
    );
    expect(put('هيا، نعلّم الأمان', 'نعلّم الأمان في كل مدرسة')).toBe('هيا، نعلّم الأمان في كل مدرسة');
    expect(put('好，我们教安全', '我们在学校教安全')).toBe('好，我们在学校教安全');
  });

  it('take nothing away', () => {
    expect(put('Teach it early', 'Teach it late')).toBe('Teach it early late');
    expect(put('Other words now', 'teach it')).toBe('Other words now teach it');
    expect(put('Early, all', 'Teach it Early')).toBe('Teach it Early, all');
  });

  it('are nothing when the text has them already, or when only something was erased', () => {
    expect(additionsTo('Teach it early', 'Teach it early')).toEqual([]);
    expect(additionsTo('Teach it early', 'Teach it')).toEqual([]);
  });

  it('lose no word and no letter, whatever the two texts are', () => {
    const texts = ['', 'a b', 'b a', 'a, b c', '😀 a', 'c c c', 'a  b\nc', '中文a', 'مرحبا a'];
    for (const now of texts)
      for (const words of texts) {
        const text = put(now, words);
        expect(holds(text, now), `${now} + ${words}`).toBe(true);
        expect(holds(text, words.replaceAll(/\s/gu, '')), `${now} + ${words}`).toBe(true);
      }
  });
});

/** Is `part` in `text`, in order, with anything between? */
function holds(text: string, part: string): boolean {
  let at = 0;
  for (const letter of part) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
