/**
 * Coming in: finds out what a code or key opens, and takes a seat. The wish to join has an id that is kept until it
 * is answered, so a lost answer does not cost a second seat.
 */
import { doorstep, join, Refusal } from '../wire/http';
import { newId } from '../wire/identifiers';
import { keepPlace, lastPlace, placeIn } from '../wire/places';
import type { Code, Doorstep } from '../wire/proto';
import { saved } from '../wire/saved';
import { outside } from './outside.svelte';

const codeLength = 6;

export class Entrance {
  code = $state.raw('');
  group = $state.raw('');
  door = $state.raw<Doorstep | null>(null);
  refused = $state.raw<Code | 'offline' | null>(null);
  busy = $state.raw<'no' | 'looking' | 'joining'>('no');
  readonly byKey: boolean;
  readonly #key: string;

  constructor(code: string, key: string) {
    this.#key = key;
    this.byKey = key !== '';
    if (this.byKey) void this.#look(key);
    else if (code !== '') this.type(code);
  }

  /** The seat this phone already has: here, or where it was last. */
  readonly seat = $derived.by(() => {
    if (this.door !== null) return placeIn('participant', this.door.consultation);
    return this.code === '' && !this.byKey ? lastPlace('participant') : null;
  });
  readonly ready = $derived.by(
    () =>
      this.busy !== 'joining' && (this.byKey || this.code.length === codeLength) && this.door?.open !== false,
  );

  /** What was typed or pasted: capitals, without spaces and dashes. */
  type(text: string): void {
    const code = text
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
      .slice(0, codeLength);
    if (code === this.code) return;
    this.code = code;
    this.refused = null;
    this.door = null;
    if (code.length === codeLength) void this.#look(code);
  }

  async #look(what: string): Promise<void> {
    this.busy = 'looking';
    try {
      const door = await doorstep(what);
      outside.service = door.texts_to_service ?? false;
      if (this.byKey || this.code === what) this.door = door;
    } catch (error) {
      if (this.byKey || this.code === what) this.#refuse(error);
    }
    if (this.busy === 'looking') this.busy = 'no';
  }

  /** Takes the seat; `true` when this phone has one now. */
  async join(): Promise<boolean> {
    if (!this.ready) return false;
    this.busy = 'joining';
    this.refused = null;
    const request = saved.get<string>('join-request') ?? newId();
    saved.set('join-request', request);
    try {
      const joined = await join({
        ...(this.byKey ? { key: this.#key } : { code: this.code }),
        ...(this.group === '' ? {} : { group: this.group }),
        request,
      });
      keepPlace({ role: 'participant', ...joined });
      saved.remove('join-request');
      return true;
    } catch (error) {
      this.#refuse(error);
      // Another code or group with the same request would be a conflict.
      if (this.refused !== 'offline') saved.remove('join-request');
      return false;
    } finally {
      this.busy = 'no';
    }
  }

  #refuse(error: unknown): void {
    this.refused = error instanceof Refusal ? error.code : 'unavailable';
  }
}
