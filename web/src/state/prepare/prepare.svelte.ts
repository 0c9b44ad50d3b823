/**
 * What is prepared, on an organizer's screen: a copy of each field that is typed into, and what the others made of it
 * meanwhile. Nothing that was typed is lost: a field that somebody else changed is shown beside one's own.
 */
import { command, Refusal } from '../../wire/http';
import { newId } from '../../wire/identifiers';
import type { Place } from '../../wire/places';
import { checklist, exportTemplate, preparation, uploadFile } from '../../wire/prepare';
import type { Code, Field, FieldError, LocalText, Material, Missing, Preparation } from '../../wire/proto';
import { clean } from '../compose/clean';
import { saveBlob } from '../list/exports';
import { say, type Key } from '../page/words.svelte';

export interface Draft {
  /** The version of the field that it is based on. */
  base: number;
  value: unknown;
}

type PerField<T> = Partial<Record<Field, T | undefined>>;

export class Preparing {
  readonly #place: Place;
  known = $state.raw<Preparation | null>(null);
  missing = $state.raw<readonly Missing[]>([]);
  /** Fields that were typed into and not saved. */
  drafts = $state<PerField<Draft>>({});
  /** Fields whose draft somebody else overtook. */
  stale = $state<PerField<boolean>>({});
  errors = $state<PerField<readonly FieldError[]>>({});
  refused = $state<PerField<Code | 'offline'>>({});
  busy = $state(false);

  constructor(place: Place) {
    this.#place = place;
  }

  /** Fetches what stands now; drafts stay as they were typed. */
  async fetch(): Promise<void> {
    try {
      const [known, { missing }] = await Promise.all([preparation(this.#place), checklist(this.#place)]);
      this.known = known;
      this.missing = missing;
      for (const [field, draft] of Object.entries(this.drafts) as [Field, Draft | undefined][])
        if (draft !== undefined && draft.base !== known.versions[field]) this.stale[field] = true;
    } catch {
      // The next state, or the next visit, fetches again.
    }
  }

  /** The value of a field as it is shown: the draft, else what stands. */
  value(field: Field): unknown {
    return this.drafts[field]?.value ?? this.known?.[field];
  }

  standing(field: Field): unknown {
    return this.known?.[field];
  }

  type(field: Field, value: unknown): void {
    const base = this.drafts[field]?.base ?? this.known?.versions[field] ?? 1;
    this.drafts[field] = { base, value };
  }

  /** Forgets one's own text: what the other wrote stands. */
  drop(field: Field): void {
    this.drafts[field] = undefined;
    this.stale[field] = undefined;
    this.errors[field] = undefined;
    this.refused[field] = undefined;
  }

  /** One's own text after the other's was seen. */
  keep(field: Field): Promise<boolean> {
    const draft = this.drafts[field];
    if (draft) draft.base = this.known?.versions[field] ?? draft.base;
    this.stale[field] = undefined;
    return this.save(field);
  }

  /** Everything that is prepared, as a file. */
  async saveTemplate(): Promise<void> {
    saveBlob(await exportTemplate(this.#place), 'template.json');
  }

  /** Uploads a PDF: as something new to read, or for what waits for its file. Gives the reason why not. */
  async upload(file: File, material?: Material): Promise<Code | 'offline' | null> {
    try {
      let id = material?.id;
      if (id === undefined) {
        id = newId();
        const title = file.name.replace(/\.pdf$/i, '');
        const entry = { id, title, lang: '', reading: 'pre-reading', file: { name: file.name } };
        this.type('materials', [...(this.value('materials') as Material[]), entry]);
        if (!(await this.save('materials'))) return null;
      }
      await uploadFile(this.#place, id, file);
      return null;
    } catch (error) {
      return error instanceof Refusal ? error.code : 'unavailable';
    } finally {
      await this.fetch();
    }
  }

  async save(field: Field): Promise<boolean> {
    const draft = this.drafts[field];
    if (!draft) return true;
    this.busy = true;
    this.errors[field] = undefined;
    this.refused[field] = undefined;
    try {
      const value = $state.snapshot(draft.value);
      await command(this.#place.token, { id: newId(), do: 'amend', field, base: draft.base, value });
      this.drop(field);
      return true;
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('unavailable', '');
      this.errors[field] = refusal.errors;
      this.refused[field] = refusal.code;
      if (refusal.code === 'stale') this.stale[field] = true;
      return false;
    } finally {
      this.busy = false;
      await this.fetch();
    }
  }
}

/** A mistake in words: where, and what. */
export function errorText(error: FieldError): string {
  const words = say(`wrong.${error.wrong}` as Key, { n: error.limit ?? 0 });
  const more = error.word === undefined ? '' : ` (${error.word})`;
  const place = error.line === 0 ? '' : `${say('prepare.line', { line: error.line })} · `;
  // Keys and words of a file that somebody made.
  return clean(`${place}${error.field === '' ? '' : `${error.field}: `}${words}${more}`);
}

/** A text in one language, of whatever kind it is. */
export function textIn(text: LocalText | undefined, language: string): string {
  if (text === undefined) return '';
  return typeof text === 'string' ? text : (text[language] ?? '');
}

/** The same text with other words in one language; a plain text becomes one of the languages. */
export function withText(text: LocalText | undefined, language: string, words: string): LocalText {
  if (language === '') return words;
  const texts = typeof text === 'string' || text === undefined ? {} : { ...text };
  if (typeof text === 'string' && text !== '') texts['en'] ??= text;
  const others = Object.entries(texts).filter(([tag]) => tag !== language);
  return Object.fromEntries(words === '' ? others : [...others, [language, words]]);
}
