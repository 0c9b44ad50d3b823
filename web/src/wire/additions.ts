/**
 * Words that were not taken, put into a text again that others may have changed meanwhile. Pure.
 *
 * Only what the text lacks is added; nothing that stands there is taken away. Compared word by word (letter by letter where
 * a script has no spaces), because what others wrote may stand anywhere.
 */
import { typed } from './letters';
import { changeBetween, type Change } from './textChange';

const spaceless = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}`;
/** A word, a sign or a letter, with the space before it. */
const tokens = new RegExp(String.raw`\s*(?:[${spaceless}\p{P}]|[^\s\p{P}${spaceless}]+)|\s+`, 'gu');
const word = String.raw`(?![${spaceless}])[\p{L}\p{N}]`;
const beginsWithWord = new RegExp(`^${word}`, 'u');
const endsWithWord = new RegExp(String.raw`${word}\p{M}*$`, 'u');

/** Insertions that give `now` what `words` says and it does not, the last one first; without letters that the server refuses. */
export function additionsTo(now: string, returned: string): Change[] {
  const words = typed(returned);
  const change = changeBetween(now, words);
  if (change === null) return [];
  const all = change.remove === 0 ? [change] : byWords(now, words);
  return all.filter(({ insert }) => /\S/u.test(insert)).reverse();
}

/** How much longer they make it. */
export function unitsAdded(additions: Change[]): number {
  return additions.reduce((sum, { insert }) => sum + insert.length, 0);
}

function byWords(now: string, words: string): Change[] {
  const [ours, theirs] = [now.match(tokens) ?? [], words.match(tokens) ?? []];
  const common = commonLengths(ours, theirs);
  const additions: Change[] = [];
  let [at, i, j] = [0, 0, 0];
  while (j < theirs.length) {
    const [here, wanted] = [ours[i], theirs[j] ?? ''];
    const same = here !== undefined && here.trim() === wanted.trim();
    if (same || (here !== undefined && common(i + 1, j) >= common(i, j + 1))) {
      if (same) j += 1;
      at += here.length;
      i += 1;
    } else {
      const last = additions.at(-1);
      if (last?.at === at) last.insert += wanted;
      else additions.push({ at, remove: 0, insert: wanted });
      j += 1;
    }
  }
  return additions.map((addition) => apart(addition, now));
}

/** Words that meet get a space between them. */
function apart({ at, remove, insert }: Change, now: string): Change {
  const meet = (before: string, after: string): string =>
    endsWithWord.test(before) && beginsWithWord.test(after) ? ' ' : '';
  const inserted = meet(now.slice(0, at), insert) + insert + meet(insert, now.slice(at));
  return { at, remove, insert: inserted };
}

/** The length of the longest common subsequence of what follows two places. */
function commonLengths(one: string[], other: string[]): (i: number, j: number) => number {
  const [ones, others] = [one, other].map((all) => all.map((token) => token.trim())) as [string[], string[]];
  const width = others.length + 1;
  const lengths = new Uint16Array((ones.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = ones.length - 1; i >= 0; i--)
    for (let j = others.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        ones[i] === others[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  return at;
}
