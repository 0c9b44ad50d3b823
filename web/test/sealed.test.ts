import { describe, expect, it } from 'vitest';
import { randomBytes } from '../src/wire/identifiers';
import { seal, unseal } from '../src/wire/sealed';

describe('a sealed letter', () => {
  const words = 'Teach it early: نعلّم الأمان الرقمي 😀 '.repeat(40);

  it('is read by who has the key, in every script', () => {
    const key = randomBytes(32);
    expect(unseal(key, seal(key, words))).toBe(words);
    expect(unseal(key, seal(key, ''))).toBe('');
  });

  it('says nothing to anybody else, and nothing of its words is in it', () => {
    const key = randomBytes(32);
    const sealed = seal(key, words);
    expect(unseal(randomBytes(32), sealed)).toBeNull();
    expect(atob(sealed)).not.toContain('Teach');
    expect(seal(randomBytes(32), words)).not.toBe(sealed);
  });

  it('is refused when anything of it was changed, or it is none', () => {
    const key = randomBytes(32);
    const bytes = Uint8Array.from(atob(seal(key, 'short')), (letter) => letter.charCodeAt(0));
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.map((byte, place) => (place === at ? byte ^ 1 : byte));
      expect(unseal(key, btoa(String.fromCharCode(...changed)))).toBeNull();
    }
    for (const none of ['', 'no base64!', btoa('short')]) expect(unseal(key, none)).toBeNull();
  });
});
