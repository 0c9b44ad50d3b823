/** The roll of a closed consultation: fetched when it is looked at, and again when something about it was decided. */
import { cards, Refusal } from '../../wire/http';
import type { EntryCardView, Code } from '../../wire/proto';
import type { Session } from '../page/session.svelte';

export class EntryCardsState {
  readonly #session: Session;
  cards = $state.raw<EntryCardView[]>([]);
  refused = $state.raw<Code | 'offline' | null>(null);
  #asked: string[] = [];

  constructor(session: Session) {
    this.#session = session;
    void this.#fetch();
    $effect(() => {
      const waiting = new Set(session.waiting.map(({ command }) => command.id));
      const done = this.#asked.filter((id) => !waiting.has(id));
      if (done.length === 0) return;
      this.#asked = this.#asked.filter((id) => waiting.has(id));
      void this.#fetch();
    });
  }

  make(count: number, group: string): void {
    this.#decide({ do: 'make-cards', count, ...(group === '' ? {} : { group }) });
  }
  revoke(card: string): void {
    this.#decide({ do: 'revoke-card', card });
  }
  replace(card: string): void {
    this.#decide({ do: 'replace-card', card });
  }

  #decide(action: Parameters<Session['decide']>[0]): void {
    this.#asked = [...this.#asked, this.#session.decide(action)];
  }

  async #fetch(): Promise<void> {
    const { token, consultation } = this.#session.place;
    try {
      this.cards = (await cards(token, consultation)).cards;
      this.refused = null;
    } catch (error) {
      this.refused = error instanceof Refusal ? error.code : 'unavailable';
    }
  }
}
