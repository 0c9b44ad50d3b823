/** The merged list as plain values, and its shared texts for those who edit it. */
import * as Y from 'yjs';
import type { SavedState } from './acknowledgements';
import type { SharedText } from './bindText';
import type { Connection } from './connection';
import type { LiveDocument, ReturnedWords } from './document';
import { oncePerFrame } from './frames';
import { shownLetters } from './letters';
import type {
  Because,
  PlenaryItem,
  Representation,
  Responses,
  Section,
  Source,
  Statement,
  Status,
  Support,
  Translation,
} from './proto';
import type { Saved } from './saved';

export type Item = PlenaryItem;
export type Field = `wording/${string}` | `note/${string}` | `statement/${keyof Statement}`;

export interface List {
  run: number;
  sha256: string | null;
  /** The number of the newest version; null: there is none yet. */
  version: number | null;
  /** When it was made, in milliseconds since 1970, and its hash. */
  versionAt: number;
  versionSha256: string;
  /** Does the list say something else than that version? */
  draft: boolean;
  frozen: boolean;
  /** What the run says about itself; null while the vote is hidden. */
  audit: Representation | null;
  statement: Statement;
  /** Texts that were taken off because they say something like deleted words, until staff settle them. */
  doubtful: string[];
  sections: { section: Section; listed: Item[]; below: Item[] }[];
}

export interface PlenaryEvents {
  list(list: List): void;
  changed(): void;
  returned(words: ReturnedWords): void;
  loaded(): void;
  /** A new Yjs document took the place of the old one. */
  fresh(): void;
}

type Entry = Y.Map<unknown>;
const sections: Section[] = ['challenges', 'recommendations', 'partnerships', 'ideas'];
const parts: (keyof Statement)[] = ['opening', 'summary', 'closing'];

export class Plenary {
  readonly #live: LiveDocument;
  readonly #events: PlenaryEvents;

  constructor(
    connection: Connection,
    consultation: string,
    keep: { saved?: Saved; store?: string },
    events: PlenaryEvents,
  ) {
    this.#events = events;
    this.#live = connection.open({
      name: `plenary/${consultation}`,
      ...(keep.saved === undefined ? {} : { saved: keep.saved.under('plenary') }),
      ...(keep.store === undefined ? {} : { store: keep.store }),
      presence: keep.saved !== undefined,
      attach: (doc) => this.#attach(doc),
      find,
      changed: () => events.changed(),
      returned: (words) => events.returned(words),
      loaded: () => events.loaded(),
    });
  }

  #attach(doc: Y.Doc): () => void {
    const publishing = oncePerFrame(() => this.#events.list(readList(doc)));
    const roots = ['items', 'about', 'statement'].map((name) => doc.getMap(name));
    for (const root of roots) root.observeDeep(publishing.ask);
    // An item left, or words of one that was deleted were cut out of a text. Few write here: what they delete counts too.
    const forget = ({ local, deleteSet }: Y.Transaction): void => {
      if (!local && deleteSet.clients.size > 0) this.#live.storeAnew();
    };
    doc.on('afterTransaction', forget);
    publishing.ask();
    this.#events.fresh();
    return () => {
      publishing.end();
      for (const root of roots) root.unobserveDeep(publishing.ask);
      doc.off('afterTransaction', forget);
    };
  }

  textOf(field: Field): SharedText | null {
    const text = find(this.#live.doc, field);
    return text === null ? null : this.#live.shared(text, field);
  }

  /** Puts words that were not taken into a field again. */
  putIn(field: string, words: string): void {
    this.#live.putIn(field, words);
  }

  /** What a field says now, or `null` when it is not there. */
  read(field: string): string | null {
    return find(this.#live.doc, field)?.toString() ?? null;
  }

  savedState(field: Field): SavedState {
    return this.#live.acknowledgements.stateOf(field);
  }

  get open(): string[] {
    return this.#live.acknowledgements.open;
  }

  end(connection: Connection): void {
    connection.close(this.#live);
  }
}

function find(doc: Y.Doc, field: string): Y.Text | null {
  const [kind = '', id = '', lang = ''] = field.split('/');
  let home: unknown = kind === 'statement' ? doc.getMap(kind) : doc.getMap<Entry>('items').get(id);
  if (kind === 'tr') home = home instanceof Y.Map ? home.get('tr') : null;
  const key = { statement: id, tr: lang }[kind] ?? kind;
  const text = home instanceof Y.Map ? home.get(key) : null;
  return text instanceof Y.Text ? text : null;
}

function readList(doc: Y.Doc): List {
  const doubtful = (plain(doc.getMap('about').get('doubtful')) as string[] | undefined) ?? [];
  const all = [...doc.getMap<Entry>('items')].map(([id, entry]) => readItem(id, entry));
  // What is kept off the list keeps its words for those who may let it in again.
  const items = all.filter(({ tags }) => !tags.includes('excluded'));
  const about = doc.getMap('about');
  items.sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
  return {
    run: Number(about.get('run') ?? 0),
    sha256: (about.get('sha256') as string | null | undefined) ?? null,
    version: Number(about.get('version') ?? 0) || null,
    versionAt: Number(about.get('version_at') ?? 0),
    versionSha256: String(about.get('version_sha256') ?? ''),
    draft: about.get('draft') !== false,
    frozen: about.get('frozen') === true,
    audit: (plain(about.get('audit')) as Representation | undefined) ?? null,
    statement: Object.fromEntries(
      parts.map((part) => [part, String(doc.getMap('statement').get(part) ?? '')]),
    ) as unknown as Statement,
    doubtful,
    sections: sections
      .map((section) => ({
        section,
        listed: items.filter((item) => item.section === section && item.status === 'listed'),
        below: items.filter((item) => item.section === section && item.status === 'below'),
      }))
      .filter(({ listed, below }) => listed.length + below.length > 0),
  };
}

/** Plain JSON; the server's whole numbers may come as `bigint`. */
function plain(value: unknown): unknown {
  if (value instanceof Y.Map || value instanceof Y.Array) return plain(value.toJSON());
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  return value;
}

/** The responses to an item; their lines in an order that does not tell who. */
function readResponses(responses: unknown): { responses?: Responses } {
  if (!(responses instanceof Y.Map)) return {};
  const lines = (plain(responses.get('lines')) as Record<string, string> | undefined) ?? {};
  const object = Number(responses.get('object') ?? 0);
  if (object === 0) return {};
  return {
    responses: {
      object,
      lines: Object.entries(lines)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, text]) => ({ id, text: shownLetters(text) })),
    },
  };
}

function readTranslations(of: unknown): Record<string, Translation> {
  if (!(of instanceof Y.Map)) return {};
  const all = [...of.entries()].map(([lang, value]) => {
    const { text = '', n, ...known } = (plain(value) ?? {}) as Partial<Translation>;
    const counted = n === undefined ? known : { ...known, n: Number(n) };
    return [lang, { ...counted, text: shownLetters(text) }] as const;
  });
  return Object.fromEntries(all);
}

function readItem(id: string, entry: Entry): Item {
  const text = (key: 'wording' | 'note'): string => shownLetters(String(entry.get(key) ?? ''));
  const value = <Kind>(key: string, otherwise: Kind): Kind =>
    (plain(entry.get(key)) as Kind | undefined) ?? otherwise;
  return {
    id,
    wording: text('wording'),
    note: text('note'),
    ...(typeof entry.get('voted') === 'string' && { voted: shownLetters(String(entry.get('voted'))) }),
    section: value<Section>('section', 'ideas'),
    points: value<string[]>('points', []),
    rank: Number(entry.get('rank') ?? 0),
    // A list that was made before numbers were is numbered by rank.
    number: Number(entry.get('number') ?? entry.get('rank') ?? 0),
    t: value<number | null>('t', null),
    status: value<Status>('status', 'listed'),
    support: value<Support | null>('support', null),
    paid_by_group: value<Record<string, number>>('paid_by_group', {}),
    rank_by_votes: Number(entry.get('rank_by_votes') ?? 0),
    because: value<Because>('because', {}),
    anchor: value('anchor', id),
    text: shownLetters(value('text', '')),
    lang: value('lang', ''),
    translations: readTranslations(entry.get('translations')),
    sources: value<Source[]>('sources', []).map((source) => ({ ...source, text: shownLetters(source.text) })),
    more: Number(entry.get('more') ?? 0),
    tags: value<string[]>('tags', []),
    ...readResponses(entry.get('responses')),
  };
}
