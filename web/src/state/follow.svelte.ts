/** What became of this phone's own ideas. Only the phone knows which they are, and proves it by their receipts. */
import type { Fate } from '../wire/proto';
import { follow } from '../wire/records';
import { Refusal } from '../wire/http';
import type { OwnIdea, OwnIdeas } from './own.svelte';
import type { Session } from './session.svelte';

/**
 * Asked again so often while it is looked at, and not by a page in a pocket. The server could tell only if it knew whose
 * idea it is, and that it does not keep.
 */
const everyMilliseconds = 5_000;
/** As many as the server takes in one question. */
const mostAtOnce = 200;

export interface MyIdea {
  own: OwnIdea;
  /** Nothing: it is still on its way, or the server could not be asked yet. */
  fate: Fate | null;
}

export class FollowState {
  readonly #session: Session;
  readonly #own: OwnIdeas;
  #fates = $state.raw<ReadonlyMap<string, Fate>>(new Map());
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(session: Session, own: OwnIdeas) {
    this.#session = session;
    this.#own = own;
  }

  readonly ideas = $derived.by((): MyIdea[] =>
    [...this.#own.all.values()].map((own) => ({ own, fate: this.#fates.get(own.id) ?? null })),
  );

  /** The words of an own idea that another was combined with, if it is one. */
  wordsOf(idea: string): string | null {
    return this.#own.all.get(idea)?.text ?? null;
  }

  begin(): void {
    void this.ask();
    this.#timer = setInterval(() => this.#look(), everyMilliseconds);
    document.addEventListener('visibilitychange', this.#look);
  }

  end(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = (): void => {
    if (document.visibilityState === 'visible') void this.ask();
  };

  async ask(): Promise<void> {
    const sent = [...this.#own.all.values()].filter(
      (own) => this.#session.stateOf(own.command) === 'recorded',
    );
    const owned = sent
      .slice(-mostAtOnce)
      .map(({ id }) => ({ idea: id, receipt: this.#session.receipts.of(id) }));
    if (owned.length === 0) return;
    try {
      const { ideas } = await follow(this.#session.place.consultation, owned);
      this.#fates = new Map(ideas.map((fate) => [fate.idea, fate]));
    } catch (error) {
      // What was known stays; the next question comes by itself.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
