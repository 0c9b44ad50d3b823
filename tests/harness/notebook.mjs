// A notebook of a day: what each phone did, written down by the test itself, and counted from that alone. What the
// server says at the end is compared with it.

import { marksIn, withoutMarks } from './witness.mjs';

export class Notebook {
  constructor() {
    /** Idea → `{group, text, marks, kind, point, gone}`. */
    this.ideas = new Map();
    /** Seat → the ideas that it approves. */
    this.ballots = new Map();
    this.promoted = new Set();
    this.marks = 0;
  }

  shared(idea, { group, text, kind, point }) {
    this.ideas.set(idea, { group, text, kind, point, marks: [], gone: undefined });
  }

  /** A new mark for this idea, to be typed by somebody. */
  mark(idea) {
    this.marks += 1;
    const mark = ` ‹day-${this.marks}›`;
    this.ideas.get(idea).marks.push(mark.trim());
    return mark;
  }

  approved(seat, idea, on) {
    const ballot = this.ballots.get(seat) ?? new Set();
    if (on) ballot.add(idea);
    else ballot.delete(idea);
    this.ballots.set(seat, ballot);
  }

  /** Nobody may see it any more: `withdrawn` or `hidden`. */
  took(idea, why) {
    this.ideas.get(idea).gone = why;
    if (why === 'withdrawn') for (const ballot of this.ballots.values()) ballot.delete(idea);
  }

  /** Ideas that people see, of one group or of all. */
  standing(group) {
    return [...this.ideas].filter(([, one]) => one.gone === undefined && (group === undefined || one.group === group)).map(([idea]) => idea);
  }

  votes(idea) {
    return [...this.ballots.values()].filter((ballot) => ballot.has(idea)).length;
  }

  /** The ideas of a group with the most votes; ties by id. */
  best(group, count) {
    const by = (one, other) => this.votes(other) - this.votes(one) || (one < other ? -1 : 1);
    return this.standing(group).sort(by).slice(0, count);
  }

  /** What is wrong with these words of an idea, in words; nothing, if they are what people wrote. */
  wrongWords(idea, words) {
    const { text, marks } = this.ideas.get(idea);
    if (withoutMarks(words).trimEnd() !== text) return `${idea} reads ${JSON.stringify(words)}, and was shared as ${JSON.stringify(text)}`;
    const found = marksIn(words);
    const lost = marks.filter((mark) => !found.includes(mark));
    if (lost.length > 0) return `${idea} lost ${lost.join(', ')}`;
    if (found.length !== marks.length) return `${idea} holds marks twice or of others: ${words}`;
    return undefined;
  }

  /** Strings that must stand nowhere: the words of ideas that were taken off. */
  forbidden() {
    return [...this.ideas.values()].filter((one) => one.gone !== undefined).map((one) => one.text);
  }
}
