/** Making a consultation: what the form holds, and the links that come of it, kept on this device. */
import { createConsultation, Refusal } from '../../wire/http';
import { saysNothing } from '../../wire/letters';
import { importTemplate } from '../../wire/prepare';
import { keepPlace } from '../../wire/places';
import type { Code, Create, Created, FieldError } from '../../wire/proto';
import { saved } from '../../wire/saved';
import { say } from '../page/words.svelte';

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !saysNothing(line));

export class Creation {
  title = $state('');
  template = $state<'technology-crime' | 'blank' | 'file' | ''>('technology-crime');
  /** A template file of this device. */
  file = $state.raw<File | null>(null);
  /** What is wrong in it. */
  errors = $state.raw<readonly FieldError[]>([]);
  points = $state('');
  groups = $state([1, 2].map((n) => say('create.group-name', { n })).join('\n'));
  /** Empty: unlimited. */
  votes = $state('5');
  tallies = $state<'live' | 'hidden'>('hidden');
  privateFirst = $state(true);
  busy = $state(false);
  refused = $state<Code | 'offline' | null>(null);

  readonly ready = $derived.by(
    () =>
      !this.busy &&
      (this.template === 'file' ? this.file !== null : lines(this.groups).length > 0) &&
      (this.template !== '' || (!saysNothing(this.title) && lines(this.points).length > 0)),
  );

  /** `true` when the consultation exists. */
  async create(key: string): Promise<boolean> {
    this.busy = true;
    this.refused = null;
    this.errors = [];
    try {
      const created =
        this.template === 'file' && this.file !== null
          ? await importTemplate(key, this.file)
          : await createConsultation(key, this.#wish());
      saved.set(`created/${created.id}`, created);
      keepPlace({ role: 'organizer', consultation: created.id, token: created.organizer.token });
      return true;
    } catch (error) {
      this.refused = error instanceof Refusal ? error.code : 'unavailable';
      this.errors = error instanceof Refusal ? error.errors : [];
      return false;
    } finally {
      this.busy = false;
    }
  }

  #wish(): Partial<Create> & { settings: Create['settings'] } {
    const votes = Number.parseInt(this.votes, 10);
    const settings = {
      votes: Number.isFinite(votes) && votes > 0 ? votes : null,
      tallies: this.tallies,
      private_first: this.privateFirst,
      // Safe to begin with, as in the built-in templates: both are changed on the organizer's screen.
      moderation: true,
      door_open: false,
    };
    return {
      ...(saysNothing(this.title) ? {} : { title: this.title.trim() }),
      ...(this.template === '' ? { points: lines(this.points) } : { template: this.template }),
      groups: lines(this.groups),
      // The server has defaults for the settings that the form does not show.
      settings: settings as Create['settings'],
    };
  }
}

/** The links of a consultation that was made on this device. */
export function createdLinks(consultation: string): Created | null {
  return saved.get<Created>(`created/${consultation}`);
}
