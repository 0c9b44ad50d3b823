/**
 * One live document on this phone: its Yjs document, its copy in the browser's database, its place on the
 * connection, and what of it is recorded.
 *
 * A refusal ends the Yjs document: the words that were not acknowledged are copied as plain text, everything is
 * thrown away and opened afresh under a new client id, and the words are offered back. Those words are also kept
 * outside the document while they wait, because browsers delete databases.
 */
import { HocuspocusProvider } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Acknowledgements } from './acknowledgements';
import { additionsTo } from './additions';
import type { SharedText } from './bindText';
import { saysNothing } from './letters';
import type { Wires } from './connection';
import { KeptCopy } from './keptCopy';
import type { Code, Problem, ServerMessage } from './proto';
import type { Saved } from './saved';

/** Words that did not make it, offered back to their writer. */
export interface ReturnedWords {
  field: string;
  words: string;
  code: Code;
}

export interface DocumentOptions {
  name: string;
  wires: Wires;
  /** Where unacknowledged words are kept; absent for people who only read. */
  saved?: Saved;
  /** Name of the copy in the browser's database; absent: none. */
  store?: string;
  presence: boolean;
  /** A new Yjs document is there: watch it, return how to stop. */
  attach(doc: Y.Doc, awareness: Awareness | null): () => void;
  /** Finds the shared text of a field, for comparing it with kept words. */
  find(doc: Y.Doc, field: string): Y.Text | null;
  changed(): void;
  returned(words: ReturnedWords): void;
  stateless?(message: ServerMessage): void;
  authenticated?(): void;
  denied?(reason: string): void;
  loaded?(): void;
}

const local = Symbol('local edit');
const typeSyncStatus = 8;
const databaseMilliseconds = 1_500;

export class LiveDocument {
  #acknowledgements = new Acknowledgements();
  readonly #options: DocumentOptions;
  #doc = new Y.Doc();
  #provider: HocuspocusProvider | null = null;
  #awareness: Awareness | null = null;
  #copy: KeptCopy | null = null;
  #detach: (() => void) | null = null;
  #waitingWords: Record<string, string>;
  /** The text in which each field was written last, until that is recorded. */
  readonly #wroteIn = new Map<string, Y.Text>();
  #ended = false;

  constructor(options: DocumentOptions) {
    this.#options = options;
    this.#waitingWords = options.saved?.get<Record<string, string>>('waiting-words') ?? {};
    void this.#begin();
  }

  async #begin(): Promise<void> {
    const doc = this.#doc;
    if (this.#options.store !== undefined) {
      this.#copy = KeptCopy.open(this.#options.store, doc);
      await within(databaseMilliseconds, this.#copy?.whenRead);
    }
    if (this.#ended || doc !== this.#doc) return;
    const compare = this.#claimWaitingWords();
    this.#awareness = this.#options.presence ? new Awareness(doc) : null;
    // Presence is said only while somebody edits: a client id that is never used is never bound to the seat.
    this.#awareness?.setLocalState(null);
    this.#detach = this.#options.attach(doc, this.#awareness);
    this.#connect(doc, compare);
  }

  #connect(doc: Y.Doc, compare: string[]): void {
    const { wires } = this.#options;
    const provider = new HocuspocusProvider({
      name: this.#options.name,
      websocketProvider: wires.socket,
      document: doc,
      awareness: this.#awareness,
      token: wires.token,
      sessionAwareness: true,
      onAuthenticated: () => this.#options.authenticated?.(),
      onAuthenticationFailed: ({ reason }) => this.#options.denied?.(reason),
      onSynced: ({ state }) => {
        if (!state) return;
        this.#offerLost(compare.splice(0));
        this.#options.loaded?.();
      },
      onStateless: ({ payload }) => this.#heard(payload),
      onMessage: ({ message }) => {
        message.readVarString();
        if ((message.readVarUint() as number) === typeSyncStatus) this.#acknowledged();
      },
      onDisconnect: () => {
        this.acknowledgements.disconnected();
        this.#options.changed();
      },
    });
    this.#provider = provider;
    wires.lines.set(provider.effectiveName, this.acknowledgements);
    provider.attach();
  }

  #heard(payload: string): void {
    const message = JSON.parse(payload) as ServerMessage;
    if (message.type === 'refused') this.#startAfresh(message.problem);
    else this.#options.stateless?.(message);
  }

  #acknowledged(): void {
    for (const field of this.acknowledgements.acknowledged()) {
      this.#offerGone(field);
      this.#forgetWords(field);
    }
    this.#options.changed();
  }

  /**
   * Letters in a text that was taken away before the server had them are deleted here with it, and what is acknowledged then
   * is the deletion: they are offered back, unless the text that is there now says the same.
   */
  #offerGone(field: string): void {
    const wrote = this.#wroteIn.get(field);
    this.#wroteIn.delete(field);
    const words = this.#waitingWords[field];
    const now = this.#options.find(this.#doc, field);
    if (wrote === undefined || wrote === now || words === undefined || saysNothing(words)) return;
    if (now === null || additionsTo(now.toString(), words).length > 0)
      this.#options.returned({ field, words, code: 'not-found' });
  }

  /** Kept words whose edits the database still holds wait for their acknowledgement; the others are compared. */
  #claimWaitingWords(): string[] {
    const compare: string[] = [];
    for (const [field, words] of Object.entries(this.#waitingWords)) {
      const text = this.#options.find(this.#doc, field);
      if (this.#copy !== null && text?.toString() === words) {
        this.acknowledgements.edited(field);
        this.#wroteIn.set(field, text);
      } else compare.push(field);
    }
    return compare;
  }

  /** Words whose document was lost on this phone: offered back, unless the shared text says the same. */
  #offerLost(fields: string[]): void {
    for (const field of fields) {
      const words = this.#waitingWords[field];
      if (words === undefined) continue;
      if (this.#options.find(this.#doc, field)?.toString() !== words)
        this.#options.returned({ field, words, code: 'other-epoch' });
      this.#forgetWords(field);
    }
  }

  #startAfresh(problem: Problem): void {
    for (const field of this.acknowledgements.open) {
      const words = this.#options.find(this.#doc, field)?.toString() ?? this.#waitingWords[field];
      if (words !== undefined && !saysNothing(words))
        this.#options.returned({ field, words, code: problem.code });
      this.#forgetWords(field);
    }
    const copy = this.#copy;
    this.#close();
    // A fresh count: whatever the old document still owed is void.
    this.#acknowledgements = new Acknowledgements();
    this.#doc = new Y.Doc();
    this.#copy = null;
    this.#options.changed();
    void Promise.resolve(copy?.clear()).finally(() => {
      if (!this.#ended) void this.#begin();
    });
  }

  /**
   * A shared text of this document as screens get it. The server may put a new text with the same words in the place of
   * one that was edited very often; the screen follows it.
   */
  shared(first: Y.Text, field: string): SharedText {
    const doc = this.#doc;
    let text = first;
    const current = (): Y.Text => (text = this.#options.find(doc, field) ?? text);
    return {
      read: () => current().toString(),
      change: (at, remove, insert) => {
        this.acknowledgements.edited(field);
        doc.transact(() => {
          if (remove > 0) current().delete(at, remove);
          if (insert !== '') current().insert(at, insert);
        }, local);
        this.#wroteIn.set(field, current());
        this.#keepWords(field, current().toString());
        this.#options.changed();
      },
      observe: (listener) => {
        const watch = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
          if (transaction.origin !== local) listener(event.delta);
        };
        let watched = current();
        watched.observe(watch);
        const follow = (): void => {
          if (current() === watched) return;
          watched.unobserve(watch);
          watched = text;
          watched.observe(watch);
          listener([]);
        };
        doc.on('afterTransaction', follow);
        return () => {
          doc.off('afterTransaction', follow);
          watched.unobserve(watch);
        };
      },
    };
  }

  /** Puts words that were not taken into a field again; nothing that stands there is taken away. */
  putIn(field: string, words: string): void {
    const text = this.#options.find(this.#doc, field);
    if (text === null) return;
    const shared = this.shared(text, field);
    for (const { at, insert } of additionsTo(shared.read(), words)) shared.change(at, 0, insert);
  }

  get acknowledgements(): Acknowledgements {
    return this.#acknowledgements;
  }

  get doc(): Y.Doc {
    return this.#doc;
  }

  /** Says what this person is editing, or nothing. */
  present(state: Record<string, unknown> | null): void {
    this.#awareness?.setLocalState(state);
  }

  sendStateless(payload: string): void {
    this.#provider?.sendStateless(payload);
  }

  /** Something left this document that is to leave this phone as well. */
  storeAnew(): void {
    this.#copy?.writeAnew();
  }

  #keepWords(field: string, words: string): void {
    this.#waitingWords[field] = words;
    this.#options.saved?.set('waiting-words', this.#waitingWords);
  }

  #forgetWords(field: string): void {
    if (!(field in this.#waitingWords)) return;
    const rest = Object.fromEntries(Object.entries(this.#waitingWords).filter(([key]) => key !== field));
    this.#waitingWords = rest;
    this.#options.saved?.set('waiting-words', rest);
  }

  #close(): void {
    if (this.#provider !== null) this.#options.wires.lines.delete(this.#provider.effectiveName);
    this.#provider?.destroy();
    this.#detach?.();
    this.#detach = null;
    this.#doc.destroy();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#close();
  }
}

/** Waits, but never for ever: a browser's database can hang. */
function within(milliseconds: number, wait: Promise<unknown> | undefined): Promise<unknown> {
  const limit = new Promise((resolve) => setTimeout(resolve, milliseconds));
  return wait === undefined ? Promise.resolve() : Promise.race([wait, limit]).catch(() => null);
}
