import { describe, expect, it } from 'vitest';
import { changeBetween, Drift, type Change } from '../src/wire/textChange';

const apply = (text: string, { at, remove, insert }: Change): string =>
  text.slice(0, at) + insert + text.slice(at + remove);

/** Is no character cut in half? */
const whole = (text: string): boolean => !/\p{Surrogate}/u.test(text);

describe('a change between two texts', () => {
  it('is nothing when nothing changed', () => {
    expect(changeBetween('same', 'same')).toBeNull();
  });

  it('never begins or ends inside a surrogate pair', () => {
    // 😀 and 😁 share their first half, 𝟘 and 😀 nothing; 🀀 and 😀 share no second half.
    expect(changeBetween('a😀b', 'a😁b')).toEqual({ at: 1, remove: 2, insert: '😁' });
    expect(changeBetween('😀😀', '😀')).toEqual({ at: 2, remove: 2, insert: '' });
    expect(changeBetween('x\u{1F600}', 'x\u{1F400}\u{1F600}', 3)).toEqual({
      at: 1,
      remove: 0,
      insert: '\u{1F400}',
    });
    const same = changeBetween('\u{10400}z', '\u{10800}z');
    expect(same).toEqual({ at: 0, remove: 2, insert: '\u{10800}' });
  });

  it('knows by the caret which of equal letters is the new one', () => {
    expect(changeBetween('aaa', 'aaaa', 1)).toEqual({ at: 0, remove: 0, insert: 'a' });
    expect(changeBetween('aaa', 'aaaa', 4)).toEqual({ at: 3, remove: 0, insert: 'a' });
    expect(changeBetween('aaa', 'aa', 0)).toEqual({ at: 0, remove: 1, insert: '' });
  });

  it('makes the second text of the first, whatever the two are', () => {
    const letters = ['a', 'b', '😀', '😁', '日', 'ع', '👩🏽‍🚀', '\u0301'];
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed % below;
    };
    const text = (): string =>
      Array.from({ length: random(8) }, () => letters[random(letters.length)]).join('');
    for (let round = 0; round < 3_000; round++) {
      const [before, after] = [text(), text()];
      const change = changeBetween(before, after, random(after.length + 1));
      const made = change === null ? before : apply(before, change);
      expect(made).toBe(after);
      if (change !== null) {
        expect(whole(change.insert)).toBe(true);
        expect(whole(before.slice(change.at, change.at + change.remove))).toBe(true);
      }
    }
  });
});

describe('a drift between textarea and shared text', () => {
  const both = (
    shown: string,
    remote: { retain?: number; delete?: number; insert?: string }[],
    typed: Change,
  ) => {
    const drift = new Drift(shown.length);
    drift.remote(remote);
    let shared = shown;
    let at = 0;
    for (const step of remote) {
      if (step.retain !== undefined) at += step.retain;
      if (step.delete !== undefined) shared = shared.slice(0, at) + shared.slice(at + step.delete);
      if (step.insert !== undefined) {
        shared = shared.slice(0, at) + step.insert + shared.slice(at);
        at += step.insert.length;
      }
    }
    for (const step of drift.local(typed)) shared = apply(shared, step);
    return { shared, drift };
  };

  it('puts a letter where its writer saw it, though others wrote before it', () => {
    const { shared, drift } = both('world', [{ insert: 'hello ' }], { at: 5, remove: 0, insert: '!' });
    expect(shared).toBe('hello world!');
    expect(drift.placeOf(6)).toBe(12);
  });

  it('deletes only what its writer saw', () => {
    const { shared } = both('abcd', [{ retain: 2 }, { insert: 'XY' }], { at: 1, remove: 2, insert: '' });
    expect(shared).toBe('aXYd');
  });

  it('replaces what is left of a word that others shortened', () => {
    const { shared } = both('abcdef', [{ retain: 2 }, { delete: 2 }], { at: 1, remove: 4, insert: 'Z' });
    expect(shared).toBe('aZf');
  });
});
