/** The rehearsal of a consultation on an organizer's screen: looked at again and again while there is one. */
import { Refusal } from '../../wire/http';
import type { Place } from '../../wire/places';
import type { Code, Rehearsal } from '../../wire/proto';
import { rehearsal, startRehearsal, stopRehearsal } from '../../wire/rehearsal';

/** Between two looks, in milliseconds: while it is played, and when it can only be deleted any more. */
const PLAYED = 1_000;
const OVER = 5_000;

export class RehearsalState {
  readonly #place: Place;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;
  known = $state.raw<Rehearsal | null>(null);
  refused = $state<Code | 'offline' | null>(null);
  busy = $state(false);

  constructor(place: Place) {
    this.#place = place;
    void this.#look();
  }

  start(seconds: number): Promise<void> {
    return this.#decide((place) => startRehearsal(place, seconds));
  }

  stop(): Promise<void> {
    return this.#decide(stopRehearsal);
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  async #decide(wish: (place: Place) => Promise<Rehearsal | null>): Promise<void> {
    this.busy = true;
    this.refused = null;
    try {
      this.known = await wish(this.#place);
    } catch (error) {
      this.refused = error instanceof Refusal ? error.code : 'unavailable';
    } finally {
      this.busy = false;
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.known = await rehearsal(this.#place);
    } catch {
      // The next look may be luckier.
    }
    if (this.#ended || this.known === null) return;
    clearTimeout(this.#timer);
    const pause = this.known.deleted_at === undefined ? PLAYED : OVER;
    this.#timer = setTimeout(() => void this.#look(), pause);
  }
}
