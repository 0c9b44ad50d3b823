// What `plenum merge` asks people about some texts, and how early: the figures of finding what is the same.

import { spawnSync } from 'node:child_process';
import { BIN } from './server.mjs';

export function merged(input) {
  const { status, stdout, stderr } = spawnSync(BIN, ['merge'], { input: JSON.stringify(input), maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(stdout);
}

/** A board of texts, `[text, language]`, and what is asked of it. */
export class Questions {
  constructor(texts) {
    const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
    this.ids = new Map(sorted.map(([text], at) => [text, `i${String(at).padStart(5, '0')}`]));
    this.languages = new Map(sorted.map(([text, lang]) => [this.ids.get(text), lang]));
    const ideas = sorted.map(([text, lang]) => ({ id: this.ids.get(text), group: 'g', text, lang, promoted: true }));
    this.run = merged({ ideas });
    this.entries = new Map(this.run.items.flatMap(({ id, members }) => members.map(({ idea }) => [idea, id])));
    /** Idea → the ideas that it is asked about with, the first question first. */
    this.of = new Map(ideas.map(({ id }) => [id, []]));
    for (const { a, b } of this.run.suggestions) {
      this.of.get(a).push(b);
      this.of.get(b).push(a);
    }
  }

  joined(a, b) {
    return this.entries.get(this.ids.get(a)) === this.entries.get(this.ids.get(b));
  }

  /** Is the pair among the first questions about one of the two? */
  askedWithin(most, a, b) {
    const [x, y] = [this.ids.get(a), this.ids.get(b)];
    return this.of.get(x).slice(0, most).includes(y) || this.of.get(y).slice(0, most).includes(x);
  }

  /** Is it the first question about one of the two and another idea of the other one's language? */
  askedFirstAcross(a, b) {
    const first = (x, y) => this.of.get(x).find((other) => this.languages.get(other) === this.languages.get(y)) === y;
    const [x, y] = [this.ids.get(a), this.ids.get(b)];
    return first(x, y) || first(y, x);
  }
}

/** Of pairs in one language: how many are joined, or asked about within the first three questions of one of the two. */
export function foundWithin(questions, pairs) {
  return pairs.filter(([a, b]) => questions.joined(a, b) || questions.askedWithin(3, a, b)).length;
}

/** Of texts that say the same in several languages, each `{language: text}`: pairs in all, and those that are asked first. */
export function foundAcross(questions, same) {
  const pairs = same.flatMap((texts) => {
    const all = Object.values(texts);
    return all.flatMap((a, at) => all.slice(at + 1).map((b) => [a, b]));
  });
  return { all: pairs.length, found: pairs.filter(([a, b]) => questions.askedFirstAcross(a, b)).length };
}
