/** A translator's queue: entries of the list that are not in the language of the link, or whose words changed since. */
import { wordsRead } from '../../wire/read';
import type { Code } from '../../wire/proto';
import type { Item } from '../../wire/plenary';
import { inLanguage, primary, type Translated } from '../page/translation';
import type { Session } from '../page/session.svelte';
import type { PlenaryState } from './plenary.svelte';

export interface ToTranslate {
  item: Item;
  words: string;
  /** What stands there now: of other words, or by a machine. */
  there: Translated | null;
}

export class Translating {
  readonly #session: Session;
  readonly #plenary: PlenaryState;
  /** The entry that is on the screen, the words that were read when it came there, and the translation that stood there then. */
  chosen = $state.raw<{ item: string; words: string; over: number | null } | null>(null);
  refused = $state<Code | null>(null);
  /** What the translator has written so far. */
  text = $state('');
  /** Entries that were put off on this page. */
  #later = $state.raw<ReadonlySet<string>>(new Set());
  readonly #unlisten: () => void;

  constructor(session: Session, plenary: PlenaryState) {
    this.#session = session;
    this.#plenary = plenary;
    this.#unlisten = session.onRefused((command, code) => {
      if (command.do !== 'translate') return false;
      this.refused = code;
      return true;
    });
  }

  readonly lang = $derived.by(() => this.#session.you?.lang ?? '');

  readonly #entries = $derived.by((): ToTranslate[] => {
    const sections = this.#plenary.list?.sections ?? [];
    const items = sections.flatMap(({ listed, below }) => [...listed, ...below]);
    return items
      .map((item) => {
        const words = item.wording || item.text;
        const own = { text: words, lang: item.lang };
        return { item, words, there: inLanguage(own, item.translations, primary(this.lang)) };
      })
      .filter(({ item, words }) => words !== '' && primary(item.lang) !== primary(this.lang));
  });

  /** What waits: entries that nobody can read in this language before those that say something of it. What has a place comes first. */
  readonly waiting = $derived.by((): ToTranslate[] => {
    const rank = ({ item, there }: ToTranslate): number =>
      (this.#later.has(item.id) ? 4 : 0) + (there === null ? 0 : 2) + (item.status === 'listed' ? 0 : 1);
    return this.#entries
      .filter(({ there }) => there === null || there.earlier || there.machine)
      .sort((a, b) => rank(a) - rank(b));
  });

  readonly done = $derived.by(() => this.#entries.length - this.waiting.length);

  /** The entry on the screen as it is now. */
  readonly current = $derived.by((): ToTranslate | null => {
    const { chosen } = this;
    const found = this.#entries.find(({ item }) => item.id === chosen?.item);
    return found ?? this.waiting[0] ?? null;
  });

  /** Did somebody translate it while it was on the screen? */
  readonly theirs = $derived.by((): Translated | null => {
    const { chosen, current } = this;
    if (chosen === null || current === null || chosen.item !== current.item.id) return null;
    const { there } = current;
    return there !== null && !there.machine && there.n !== chosen.over ? there : null;
  });

  /** Were the words of the entry changed while it was on the screen? */
  readonly changed = $derived.by(
    () =>
      this.chosen !== null &&
      this.current?.item.id === this.chosen.item &&
      this.current.words !== this.chosen.words,
  );

  /** Somebody begins to write about this entry: it stays on the screen. */
  choose({ item, words, there }: ToTranslate): void {
    this.refused = null;
    this.chosen = { item: item.id, words, over: there === null || there.machine ? null : there.n };
  }

  save(): void {
    const { chosen, current } = this;
    if (chosen === null || current === null) return;
    const over = this.theirs?.n ?? chosen.over;
    this.#session.decide({
      do: 'translate',
      idea: current.item.anchor,
      lang: this.lang,
      text: this.text.trim(),
      read: wordsRead(current.words),
      ...(over === null ? {} : { over }),
    });
    this.chosen = null;
    this.text = '';
  }

  /** Another entry first. */
  later(item: string): void {
    this.#later = new Set([...this.#later, item]);
    this.chosen = null;
    this.text = '';
  }

  end(): void {
    this.#unlisten();
  }
}
