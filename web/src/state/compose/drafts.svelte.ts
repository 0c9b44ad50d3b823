/**
 * What this person wrote and nobody else has seen: the text in the composer, and drafts kept for later. All of it
 * stays on the phone until it is shared.
 */
import { newId } from '../../wire/identifiers';
import type { Kind } from '../../wire/proto';
import type { Saved } from '../../wire/saved';

export interface Draft {
  id: string;
  text: string;
  kind: Kind | null;
  point: string;
  /** Its language, when its writer chose one; else the reader's own. */
  lang?: string;
  /** Written for somebody without a phone. */
  spoken?: boolean;
}

export class Drafts {
  readonly #saved: Saved;
  kept = $state.raw<Draft[]>([]);
  text = $state('');
  kind = $state<Kind | null>(null);
  /** Of what is being written; empty: the reader's own. */
  lang = $state('');
  spoken = $state(false);

  constructor(saved: Saved) {
    this.#saved = saved;
    this.kept = saved.get<Draft[]>('drafts') ?? [];
    const open = saved.get<{ text: string; kind: Kind | null }>('composer');
    this.text = open?.text ?? '';
    this.kind = open?.kind ?? null;
  }

  /** Call after each keystroke. */
  write(text: string): void {
    this.text = text;
    this.#keepComposer();
  }

  choose(kind: Kind | null): void {
    this.kind = kind;
    this.#keepComposer();
  }

  /** Empties the composer and returns what was in it. */
  take(point: string): Draft {
    const draft: Draft = { id: newId(), text: this.text.trim(), kind: this.kind, point };
    if (this.lang !== '') draft.lang = this.lang;
    if (this.spoken) draft.spoken = true;
    this.spoken = false;
    this.text = '';
    this.kind = null;
    this.#keepComposer();
    return draft;
  }

  keep(draft: Draft): void {
    this.kept = [...this.kept, draft];
    this.#saved.set('drafts', this.kept);
  }

  drop(id: string): void {
    this.kept = this.kept.filter((draft) => draft.id !== id);
    this.#saved.set('drafts', this.kept);
  }

  #keepComposer(): void {
    this.#saved.set('composer', { text: this.text, kind: this.kind });
  }
}
