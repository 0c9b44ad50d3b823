// What clients saw, written down: every mark that appeared in anybody's copy, every mark that vanished from it, every
// idea and the highest tally of each. A mark is a short string that stands for one edit, `‹author-number›`.

const MARK = /‹(\w+)-\d+›/g;

/** The marks in a text, in order. */
export function marksIn(words) {
  return words.match(MARK) ?? [];
}

/** What remains of a text when all marks are taken out. */
export function withoutMarks(words) {
  return words.replaceAll(MARK, '');
}

export class Witness {
  constructor() {
    /** Mark → idea, for marks that somebody other than their author saw. */
    this.seen = new Map();
    /** Marks that somebody saw vanish. */
    this.gone = new Set();
    /** Idea → board's document name, for ideas that somebody saw. */
    this.ideas = new Map();
    /** Idea → highest tally that somebody saw. */
    this.tallies = new Map();
    this.sights = 0;
    this.onSight = () => {};
  }

  /** Watches a client's board; `author` is the name in its own marks, which are not news to it. */
  watch(client, author) {
    const before = new Map();
    const look = (idea, remote) => {
      const words = client.words(idea);
      if (words === undefined) return;
      const now = new Set(marksIn(words));
      if (remote) this.compare({ idea, author, now, before: before.get(idea) ?? new Set() });
      before.set(idea, now);
      if (remote) this.noteIdea(client, idea);
    };
    const ideas = client.doc.getMap('ideas');
    for (const idea of ideas.keys()) look(idea, true);
    ideas.observeDeep((events, transaction) => {
      const touched = new Set();
      for (const event of events) {
        if (event.path.length > 0) touched.add(event.path[0]);
        else for (const idea of event.keysChanged) touched.add(idea);
      }
      for (const idea of touched) look(idea, !transaction.local);
    });
  }

  compare({ idea, author, now, before }) {
    for (const mark of now) {
      if (mark.startsWith(`‹${author}-`) || this.seen.has(mark)) continue;
      this.seen.set(mark, idea);
      this.sights += 1;
      this.onSight();
    }
    for (const mark of before) if (!now.has(mark)) this.gone.add(mark);
  }

  noteIdea(client, idea) {
    this.ideas.set(idea, client.document);
    const tally = client.tally(idea) ?? 0;
    if (tally > (this.tallies.get(idea) ?? 0)) {
      this.tallies.set(idea, tally);
      this.sights += 1;
      this.onSight();
    }
  }
}
