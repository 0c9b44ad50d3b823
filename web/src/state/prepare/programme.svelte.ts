/** What was prepared for people to read, fetched once and again when its version is another. */
import { programme } from '../../wire/http';
import type { ProgrammeView } from '../../wire/proto';
import type { Session } from '../page/session.svelte';

export class ProgrammeState {
  readonly #session: Session;
  view = $state.raw<ProgrammeView | null>(null);

  constructor(session: Session) {
    this.#session = session;
    this.view = session.kept.get<ProgrammeView>('programme');
    $effect(() => {
      const version = session.state?.programme;
      if (version !== undefined && version !== this.view?.version) void this.#fetch();
    });
  }

  async #fetch(): Promise<void> {
    const { token, consultation } = this.#session.place;
    try {
      this.view = await programme(token, consultation);
      this.#session.kept.set('programme', this.view);
    } catch {
      // What was fetched before is still shown; the next state asks again.
    }
  }
}
