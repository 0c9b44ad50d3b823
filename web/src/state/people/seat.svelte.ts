/** What a person wants for the seat on this phone: a code to be moved by, a second device, the phone for somebody else. */
import { handOver } from '../../wire/handover';
import { Refusal, seatCode } from '../../wire/http';
import { restSeat } from '../../wire/places';
import type { Code, SeatCode } from '../../wire/proto';
import { router } from '../page/route.svelte';
import type { Session } from '../page/session.svelte';

export { seatsHere, takeSeat, updateSeat } from '../../wire/places';
export { unsentWords } from '../../wire/handover';

export class SeatWishes {
  readonly #session: Session;
  code = $state.raw<SeatCode | null>(null);
  /** The address that the other phone opens. */
  link = $state.raw<string | null>(null);
  /** Is something of this phone still on its way? Then the seat cannot be taken along yet. */
  unsent = $state.raw(false);
  refused = $state.raw<Code | 'offline' | null>(null);

  constructor(session: Session) {
    this.#session = session;
  }

  async showCode(): Promise<void> {
    const { token, consultation } = this.#session.place;
    await this.#try(async () => (this.code = await seatCode(token, consultation)));
  }

  async handOver(): Promise<void> {
    // What is on its way would have no seat to arrive from.
    this.unsent = this.#session.unsettled > 0;
    if (this.unsent) return;
    await this.#try(async () => (this.link = await handOver(this.#session.place)));
  }

  /** Puts this seat aside; whoever has the phone next comes in by the same door. */
  handOn(): void {
    const { place } = this.#session;
    this.#session.end();
    restSeat(place);
    router.go(place.door === undefined ? '/join' : `/join#${place.door}`);
  }

  async #try(wish: () => Promise<unknown>): Promise<void> {
    this.refused = null;
    try {
      await wish();
    } catch (error) {
      this.refused = error instanceof Refusal ? error.code : 'unavailable';
    }
  }
}
