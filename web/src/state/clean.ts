/**
 * What people wrote, as it is shown: letters that turn the text around them become visible marks, and piles of accents
 * stop growing. The stored text stays as it was written. Real Arabic, Persian, Hindi and emoji need none of this and stay.
 */
const visible: Readonly<Record<string, string>> = {
  '\u202A': '⟦LRE⟧',
  '\u202B': '⟦RLE⟧',
  '\u202C': '⟦PDF⟧',
  '\u202D': '⟦LRO⟧',
  '\u202E': '⟦RLO⟧',
  '\u2066': '⟦LRI⟧',
  '\u2067': '⟦RLI⟧',
  '\u2068': '⟦FSI⟧',
  '\u2069': '⟦PDI⟧',
};

/** Marks on one letter: real writing has up to four or five. */
const marksMax = 6;
const piles = new RegExp(`(\\p{M}{${String(marksMax)}})\\p{M}+`, 'gu');

export function clean(text: string): string {
  return text.replace(/[\u202A-\u202E\u2066-\u2069]/gu, (turn) => visible[turn] ?? '').replace(piles, '$1');
}
