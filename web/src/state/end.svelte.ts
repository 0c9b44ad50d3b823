/** The end of a consultation as its organizer sees it. */
import { Refusal, command } from '../wire/http';
import { newId } from '../wire/identifiers';
import type { Certificate, Ending } from '../wire/proto';
import { endingOf } from '../wire/records';
import { notices } from './notices.svelte';
import { problemText } from './problems';
import type { Session } from './session.svelte';

/** Changes that come together are one request. */
const pauseMilliseconds = 600;

export class EndState {
  readonly #session: Session;
  view = $state.raw<Ending | null>(null);
  certificate = $state.raw<Certificate | null>(null);
  purging = $state(false);
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  refresh(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => void this.#load(), pauseMilliseconds);
  }

  async #load(): Promise<void> {
    if (this.certificate !== null) return;
    try {
      this.view = await endingOf(this.#session.place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  retain(days: number): void {
    this.#session.decide({ do: 'retain', days });
  }

  /** Not kept in the outbox: it must never be sent again by a phone that wakes up later. */
  async purge(confirm: string): Promise<void> {
    this.purging = true;
    try {
      const answer = await command(this.#session.place.token, { id: newId(), do: 'purge', confirm });
      this.certificate = answer.certificate ?? null;
    } catch (error) {
      notices.tell(problemText(error instanceof Refusal ? error.code : 'unavailable'), { tone: 'warn' });
    } finally {
      this.purging = false;
    }
  }

  end(): void {
    clearTimeout(this.#due);
  }
}
