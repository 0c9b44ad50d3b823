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
    /** Idea → the one that stands for it. */
    this.into = new Map();
    /** Ideas that came after the lock and were not let in. */
    this.late = new Set();
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

  /** It came after the lock and was not let in: no board and no list has it. */
  shelved(idea) {
    this.late.add(idea);
    this.ideas.get(idea).gone = 'late';
  }

  /** Ideas that people see, of one group or of all. */
  standing(group) {
    return [...this.ideas].filter(([, one]) => one.gone === undefined && (group === undefined || one.group === group)).map(([idea]) => idea);
  }

  votes(idea) {
    return [...this.ballots.values()].filter((ballot) => ballot.has(idea)).length;
  }

  /** People who approve an idea or any that is combined into it, each once. */
  entryVotes(idea) {
    return this.approving([idea, ...[...this.into].filter(([, into]) => into === idea).map(([one]) => one)]);
  }

  /** People who approve any of these, each once. */
  approving(ideas) {
    return [...this.ballots.values()].filter((ballot) => ideas.some((one) => ballot.has(one))).length;
  }

  /** The entries of a group with the most votes; ties by id. */
  best(group, count) {
    const by = (one, other) => this.entryVotes(other) - this.entryVotes(one) || (one < other ? -1 : 1);
    return this.standing(group).filter((idea) => !this.into.has(idea)).sort(by).slice(0, count);
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
    return [...this.ideas.values()].filter((one) => one.gone !== undefined && one.gone !== 'late').map((one) => one.text);
  }
}
