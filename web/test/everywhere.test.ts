/** What is found everywhere: names among other words, numbers however they are written. */
import { describe, expect, it } from 'vitest';
import { finder } from '../src/state/moderate/findEverywhere.svelte';

describe('finder', () => {
  it('finds a short name among other words, whatever its case and accents', () => {
    const says = finder(' josé ');
    expect(['We asked Jose about it', 'JOSÉ', 'said (josé)'].map(says)).toEqual([true, true, true]);
    expect(['Jo se', 'Joe'].map(says)).toEqual([false, false]);
    expect(finder('Мария')('Спросите МАРИЮ или Мария сама')).toBe(true);
    expect(finder('李')('我们问了李老师')).toBe(true);
  });
  it('finds a number however it is divided, and in the digits of other scripts', () => {
    const says = finder('079 555 99 88');
    expect(['0795559988', 'Call 079-555.99 88!', '٠٧٩ ٥٥٥ ٩٩ ٨٨', '079 555 99 89'].map(says)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
  it('finds nothing where nothing is asked', () => {
    expect([finder('')('words'), finder(' \u200b ')('words')]).toEqual([false, false]);
  });
});
