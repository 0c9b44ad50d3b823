/**
 * Which ideas are most like what is being typed. Looked at on the phone only, over the ideas that it has anyway: no draft
 * leaves it. Words are compared by their trigrams, so that spelling, endings and order count little; rare ones count more.
 */
export interface Comparable {
  id: string;
  text: string;
  tr?: Readonly<Record<string, string>>;
}

/** Below this two texts have little in common. */
const least = 0.3;
/** With fewer trigrams a draft is like everything. */
const gramsMin = 5;
/** Ideas that are compared: of a larger board the newest, because a cheap phone has little memory. */
export const comparedMax = 1_000;
/** Texts that are read at once, so that a letter that is typed does not wait for a thousand others. */
export const readAtOnce = 20;

export function trigrams(text: string): Set<string> {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const found = new Set<string>();
  // Scripts without spaces have no words: their letters are taken in pairs.
  for (const [word] of plain.matchAll(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|[\p{L}\p{N}]+/gu,
  )) {
    const letters = [
      ...(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)
        ? word
        : ` ${word} `),
    ];
    const size = letters[0] === ' ' ? 3 : 2;
    for (let at = 0; at + size <= letters.length; at += 1) found.add(letters.slice(at, at + size).join(''));
  }
  return found;
}

/** One text of an idea: its own, or a translation. */
interface Entry {
  id: string;
  grams: Set<string>;
  /** What its trigrams weigh together. */
  weight: number;
}

/** An index over ideas; it reads only the words that changed since. */
export class SimilarIdeas {
  readonly #known = new Map<string, { from: Comparable; words: string; entries: Entry[] }>();
  /** Trigram → the texts that have it. */
  readonly #having = new Map<string, Set<Entry>>();
  #texts = 0;
  #weighed = true;

  /** Takes the ideas as they are now, in their order, and says whether all are read: if not, it is to be called again. */
  take(all: readonly Comparable[]): boolean {
    const ideas = all.slice(-comparedMax);
    const here = new Set(ideas.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!here.has(id)) this.#forget(id);
    let left = readAtOnce;
    for (const idea of ideas) {
      const { id, text, tr } = idea;
      const known = this.#known.get(id);
      if (known?.from === idea) continue;
      const texts = [text, ...Object.values(tr ?? {})];
      const words = texts.join('\u0000');
      if (known?.words === words) {
        known.from = idea;
        continue;
      }
      left -= texts.length;
      if (left < 0 && left + texts.length < readAtOnce) return false;
      this.#forget(id);
      const entries = texts.map((each): Entry => ({ id, grams: trigrams(each), weight: 0 }));
      this.#known.set(id, { from: idea, words, entries });
      for (const entry of entries) this.#add(entry);
    }
    return true;
  }

  #add(entry: Entry): void {
    this.#weighed = false;
    this.#texts += 1;
    for (const gram of entry.grams) {
      const having = this.#having.get(gram);
      if (having === undefined) this.#having.set(gram, new Set([entry]));
      else having.add(entry);
    }
  }

  #forget(id: string): void {
    for (const entry of this.#known.get(id)?.entries ?? []) {
      this.#weighed = false;
      this.#texts -= 1;
      for (const gram of entry.grams) this.#having.get(gram)?.delete(entry);
    }
    this.#known.delete(id);
  }

  /** What few texts have says more. */
  #weight(gram: string): number {
    return Math.log(1 + (this.#texts + 1) / ((this.#having.get(gram)?.size ?? 0) + 1));
  }

  #weigh(): void {
    if (this.#weighed) return;
    this.#weighed = true;
    for (const { entries } of this.#known.values()) for (const entry of entries) entry.weight = 0;
    for (const [gram, having] of this.#having) {
      const weight = this.#weight(gram);
      for (const entry of having) entry.weight += weight;
    }
  }

  /** The ids of at most `most` ideas that are like this text, the most similar first. */
  like(text: string, most = 3): string[] {
    const typed = trigrams(text);
    if (typed.size < gramsMin) return [];
    this.#weigh();
    let whole = 0;
    const shared = new Map<Entry, number>();
    for (const gram of typed) {
      const weight = this.#weight(gram);
      whole += weight;
      for (const entry of this.#having.get(gram) ?? []) shared.set(entry, (shared.get(entry) ?? 0) + weight);
    }
    const best = new Map<string, number>();
    for (const [{ id, weight }, both] of shared) {
      // What both have, as a part of what is typed (which may be the beginning only) and of the two together.
      const score = both / (2 * whole) + both / (whole + weight);
      if (score >= least) best.set(id, Math.max(score, best.get(id) ?? 0));
    }
    const sorted = [...best].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return sorted.slice(0, most).map(([id]) => id);
  }
}
