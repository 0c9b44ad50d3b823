import { fewMarks, saysNothing } from '../../wire/letters';

export { saysNothing } from '../../wire/letters';

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

/** What a group sends to the plenary: its wording of an idea if that says something, else the idea's own words. */
export const sentWords = (entry: string | undefined, text: string): string =>
  entry === undefined || saysNothing(entry) ? text : entry;

/** A hole of empty lines, that shared texts may have because nobody counts in them while people write. */
const holes = /\n(?:[^\S\n]*\n){3,}/gu;

export function clean(text: string): string {
  const turned = text.replace(/[\u202A-\u202E\u2066-\u2069]/gu, (turn) => visible[turn] ?? '');
  return fewMarks(turned).replace(holes, '\n\n\n');
}
