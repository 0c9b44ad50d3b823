/**
 * A group's board as plain values: reads the shared document, batches changes per frame, hands out the shared text of
 * an idea. What people write goes only inside existing texts (rule B1); everything else comes from the server.
 */
import * as Y from 'yjs';
import type { Awareness } from 'y-protocols/awareness';
import type { SavedState } from './acknowledgements';
import type { SharedText } from './bindText';
import type { Connection } from './connection';
import type { LiveDocument, ReturnedWords } from './document';
import { saysNothing } from './letters';
import { oncePerFrame } from './frames';
import type { Kind, Phase, Translation } from './proto';
import type { Saved } from './saved';

export interface Idea {
  id: string;
  text: string;
  /** The group's wording of it for the plenary, if it was promoted. */
  entry?: string;
  point: string;
  kind: Kind | null;
  /** Did the server propose the kind, and nobody has confirmed it? */
  kindProposed?: boolean;
  lang: string;
  order: number;
  tally: number | null;
  promoted: boolean;
  /** The idea that stands for this one, if it is combined. */
  into: string | null;
  /** May nobody change the text? */
  locked: boolean;
  /** Written by staff for somebody without a phone. */
  spoken?: boolean;
  /** Language → the same in that language. */
  tr?: Readonly<Record<string, string>>;
  /** The same with what is known of each. */
  translations?: Readonly<Record<string, Translation>>;
}

/** Letters of one page in an idea: an id that says nobody's name. */
export interface Stretch {
  writer: number;
  words: string;
}

export interface BoardEvents {
  /** All ideas in the board's order. */
  ideas(ideas: Idea[], about: { phase: Phase | null; lock: boolean; groupCardOrder: string[] }): void;
  /** How many other people edit each idea. */
  editing(counts: Map<string, number>): void;
  /** The saved state of something changed. */
  changed(): void;
  returned(words: ReturnedWords): void;
  loaded(): void;
  /** So many ideas of a board that is being opened for the first time are here. */
  arriving(count: number): void;
  /** A new Yjs document took the place of the old one. */
  fresh(): void;
}

export interface BoardOptions {
  group: string;
  /** Absent for those who only read. */
  saved?: Saved;
  store?: string;
}

type Entry = Y.Map<unknown>;

export class Board {
  readonly #live: LiveDocument;
  readonly #events: BoardEvents;
  readonly #known = new Map<string, Idea>();
  readonly #dirty = new Set<string>();
  /** All of them in the board's order; each idea is the same object until something of it changes. */
  #sorted: Idea[] = [];
  readonly #publishing = oncePerFrame(() => this.#publish());
  #all = true;
  /** Is a board being opened of which this phone had nothing? It is shown when it is whole, and not after each part. */
  #opening = false;
  #awareness: Awareness | null = null;

  constructor(connection: Connection, options: BoardOptions, events: BoardEvents) {
    this.#events = events;
    this.#live = connection.open({
      name: `board/${options.group}`,
      ...(options.saved === undefined ? {} : { saved: options.saved.under(`board/${options.group}`) }),
      ...(options.store === undefined ? {} : { store: options.store }),
      presence: options.saved !== undefined,
      attach: (doc, awareness) => this.#attach(doc, awareness),
      find: (doc, field) => textAt(doc, field),
      changed: () => events.changed(),
      returned: (words) => events.returned(words),
      loaded: () => {
        this.#opening = false;
        this.#publishing.ask();
        events.loaded();
      },
    });
  }

  #attach(doc: Y.Doc, awareness: Awareness | null): () => void {
    this.#awareness = awareness;
    const ideas = ideasOf(doc);
    const about = doc.getMap('about');
    const onIdeas = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
      for (const event of events) {
        const [id] = event.path;
        if (typeof id === 'string') this.#dirty.add(id);
        else if (event instanceof Y.YMapEvent) {
          event.keysChanged.forEach((key) => this.#dirty.add(String(key)));
          if (hasLost(event)) this.#live.storeAnew();
        } else this.#all = true;
      }
      this.#publishing.ask();
    };
    const onPresence = (): void => {
      if (awareness !== null) this.#events.editing(countEditing(awareness));
    };
    ideas.observeDeep(onIdeas);
    about.observe(this.#publishing.ask);
    awareness?.on('change', onPresence);
    // At once: what was bound to the old document must not seem to be bound to the new one, which may be empty still.
    this.#all = true;
    this.#opening = false;
    this.#publish(doc);
    this.#opening = ideas.size === 0;
    this.#events.fresh();
    return () => {
      ideas.unobserveDeep(onIdeas);
      about.unobserve(this.#publishing.ask);
      awareness?.off('change', onPresence);
    };
  }

  #publish(doc = this.#live.doc): void {
    const ideas = ideasOf(doc);
    if (this.#opening) {
      this.#events.arriving(ideas.size);
      return;
    }
    if (this.#all) this.#known.clear();
    const ids = this.#all ? [...ideas.keys()] : [...this.#dirty];
    let moved = this.#all;
    this.#all = false;
    this.#dirty.clear();
    for (const id of ids) {
      const idea = readIdea(id, ideas.get(id));
      const before = this.#known.get(id);
      if (idea?.order !== before?.order) moved = true;
      if (idea === null) this.#known.delete(id);
      else this.#known.set(id, idea);
    }
    if (moved) this.#sorted = [...this.#known.values()].sort(inOrder);
    else if (ids.length > 0) this.#sorted = this.#sorted.map((idea) => this.#known.get(idea.id) ?? idea);
    const about = doc.getMap('about');
    this.#events.ideas(this.#sorted, {
      phase: (about.get('phase') as Phase | undefined) ?? null,
      lock: about.get('lock') === true,
      groupCardOrder: (about.get('group_card_order') as string[] | undefined) ?? [],
    });
  }

  /** The shared text of a field (an idea, or one of its translations), or `null` when it is not on the board. */
  textOf(field: string): SharedText | null {
    const text = textAt(this.#live.doc, field);
    return text === null ? null : this.#live.shared(text, field);
  }

  /** Puts words that were not taken into their field again. */
  putIn(field: string, words: string): void {
    this.#live.putIn(field, words);
  }

  /** What other pages wrote in an idea, in the order of the text, and who is said to edit it now. */
  stretches(idea: string): Stretch[] {
    const found: Stretch[] = [];
    for (
      let item = textOf(ideasOf(this.#live.doc).get(idea))?._start ?? null;
      item !== null;
      item = item.right
    ) {
      const writer = item.id.client;
      if (item.deleted || !(item.content instanceof Y.ContentString) || writer === this.#live.doc.clientID)
        continue;
      const last = found.at(-1);
      if (last?.writer === writer) last.words += item.content.str;
      else found.push({ writer, words: item.content.str });
    }
    // Letters of the server are of no page: the words that an idea was shared with.
    return [...found.filter(({ writer }) => writer < 2 ** 32), ...this.#editors(idea)];
  }

  #editors(idea: string): Stretch[] {
    const states = [...(this.#awareness?.getStates() ?? [])];
    const others = states.filter(
      ([id, state]) =>
        id !== this.#awareness?.clientID && (state as Record<string, unknown>)['idea'] === idea,
    );
    return others.map(([writer]) => ({ writer, words: '' }));
  }

  /** Is what this phone wrote in the idea's text recorded? */
  savedState(idea: string): SavedState {
    return this.#live.acknowledgements.stateOf(idea);
  }

  /** Ideas with edits of this phone that are not recorded. */
  get open(): string[] {
    return this.#live.acknowledgements.open;
  }

  /** Says which idea this person edits, without a name. */
  editing(idea: string | null): void {
    this.#live.present(idea === null ? null : { idea });
  }

  end(connection: Connection): void {
    this.#publishing.end();
    connection.close(this.#live);
  }
}

/** Was an entry taken out? */
function hasLost(event: Y.YMapEvent<unknown>): boolean {
  return [...event.changes.keys.values()].some(({ action }) => action === 'delete');
}

function inOrder(a: Idea, b: Idea): number {
  return a.order - b.order || (a.id < b.id ? -1 : 1);
}

function ideasOf(doc: Y.Doc): Y.Map<Entry> {
  return doc.getMap<Entry>('ideas');
}

/** The field of an idea's translation. */
export function translationField(idea: string, lang: string): string {
  return `${idea}#${lang}`;
}

/** The field of a group's wording of an idea. */
export function entryField(idea: string): string {
  return `${idea}@entry`;
}

/** The idea of a field. */
export function ideaOfField(field: string): string {
  return field.split(/[#@]/)[0] ?? '';
}

function entryOf(entry: Entry): { entry?: string } {
  const words = entry.get('entry');
  return words instanceof Y.Text ? { entry: words.toString() } : {};
}

function textAt(doc: Y.Doc, field: string): Y.Text | null {
  if (field.endsWith('@entry')) {
    const words = ideasOf(doc).get(ideaOfField(field))?.get('entry');
    return words instanceof Y.Text ? words : null;
  }
  const [idea = '', lang] = field.split('#');
  const entry = ideasOf(doc).get(idea);
  if (lang === undefined) return textOf(entry);
  const tr = entry instanceof Y.Map ? entry.get('tr') : null;
  const text: unknown = tr instanceof Y.Map ? tr.get(lang) : null;
  return text instanceof Y.Text ? text : null;
}

function textOf(entry: Entry | undefined): Y.Text | null {
  const text = entry instanceof Y.Map ? entry.get('text') : null;
  return text instanceof Y.Text ? text : null;
}

function readIdea(id: string, entry: Entry | undefined): Idea | null {
  const text = textOf(entry);
  if (entry === undefined || text === null) return null;
  const tally = entry.get('tally');
  return {
    id,
    text: text.toString(),
    ...entryOf(entry),
    point: (entry.get('point') as string | undefined) ?? '',
    kind: (entry.get('kind') as Kind | null | undefined) ?? null,
    kindProposed: entry.get('kind_proposed') === true,
    lang: (entry.get('lang') as string | undefined) ?? '',
    order: Number(entry.get('order') ?? 0),
    tally: typeof tally === 'number' || typeof tally === 'bigint' ? Number(tally) : null,
    promoted: entry.get('state') === 'promoted',
    into: (entry.get('into') as string | undefined) ?? null,
    locked: entry.get('locked') === true,
    spoken: entry.get('spoken') === true,
    tr: translationsOf(entry),
    translations: withFacts(entry),
  };
}

function translationsOf(entry: Entry): Record<string, string> {
  const tr = entry.get('tr');
  if (!(tr instanceof Y.Map)) return {};
  const all = [...tr.entries()].map(([lang, text]) => [lang, String(text)] as const);
  return Object.fromEntries(all.filter(([, text]) => !saysNothing(text)));
}

/** Each translation with what is known of it. */
function withFacts(entry: Entry): Record<string, Translation> {
  const facts = entry.get('tr_facts');
  const known = (lang: string): Partial<Translation> => {
    const of: unknown = facts instanceof Y.Map ? facts.get(lang) : undefined;
    const { n, ...others } = (of ?? {}) as Partial<Translation>;
    return n === undefined ? others : { ...others, n: Number(n) };
  };
  const all = Object.entries(translationsOf(entry));
  return Object.fromEntries(all.map(([lang, text]) => [lang, { ...known(lang), text }]));
}

function countEditing(awareness: Awareness): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [client, state] of awareness.getStates()) {
    const idea: unknown = state['idea'];
    if (client !== awareness.clientID && typeof idea === 'string')
      counts.set(idea, (counts.get(idea) ?? 0) + 1);
  }
  return counts;
}
