/** The end of a consultation as its organizer sees it. */
import { Refusal, command } from '../../wire/http';
import { newId } from '../../wire/identifiers';
import type { Certificate, Ending } from '../../wire/proto';
import { certificateOf, endingOf } from '../../wire/records';
import { saved } from '../../wire/saved';
import { tellProblem } from '../page/problems';
import type { Session } from '../page/session.svelte';

export { certificateOf } from '../../wire/records';

/** A deletion that was asked for, until its answer was heard. */
interface Asked {
  id: string;
  confirm: string;
}

/** How often it is sent again while the server cannot be reached, and after which pause: half a minute. */
const tries = 15;
const againMilliseconds = 2_000;

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

  /**
   * Not kept in the outbox: it must never be sent by a page that wakes up later. While its person waits it is sent again
   * under the same id, so that a lost answer comes again with its certificate (rule C12).
   */
  async purge(confirm: string): Promise<void> {
    if (this.purging) return;
    const asked: Asked = { id: newId(), confirm };
    saved.set(this.#key, asked);
    await this.#ask(asked, tries);
  }

  /**
   * It is deleted. If this page asked for that without hearing the answer it asks again, by which nothing can be deleted now; if
   * somebody else did, or its time was over, the server says to organizers where the certificate is.
   */
  async askAgain(): Promise<void> {
    if (this.purging || this.certificate !== null) return;
    const asked = saved.get<Asked>(this.#key);
    if (asked !== null) return this.#ask(asked, tries);
    try {
      await endingOf(this.#session.place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.#find(error.certificate);
    }
  }

  async #find(certificate: string | null): Promise<void> {
    if (certificate === null || this.certificate !== null) return;
    try {
      this.certificate = await certificateOf(certificate);
    } catch (error) {
      // The screen says that all is deleted.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  get #key(): string {
    return `purging/${this.#session.place.consultation}`;
  }

  async #ask({ id, confirm }: Asked, left: number): Promise<void> {
    this.purging = true;
    try {
      const { token } = this.#session.place;
      this.certificate = (await command(token, { id, do: 'purge', confirm })).certificate ?? null;
      saved.remove(this.#key);
      this.purging = false;
    } catch (error) {
      const code = error instanceof Refusal ? error.code : 'unavailable';
      if (left > 0 && (code === 'offline' || code === 'unavailable')) {
        await new Promise((later) => setTimeout(later, againMilliseconds));
        return this.#ask({ id, confirm }, left - 1);
      }
      // Whether it was deleted is not known while the server cannot be reached: then it can be asked for again.
      if (code !== 'offline' && code !== 'unavailable') saved.remove(this.#key);
      if (error instanceof Refusal) await this.#find(error.certificate);
      this.purging = false;
      tellProblem(code);
    }
  }

  end(): void {
    clearTimeout(this.#due);
  }
}
