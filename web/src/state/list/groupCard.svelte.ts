/** A group's card as a screen shows it: fetched when something about it changes, answered by a command. */
import type { GroupCardView } from '../../wire/proto';
import { cardOf } from '../../wire/records';
import { allRead } from '../../wire/read';
import { tellProblem } from '../page/problems';
import type { Session } from '../page/session.svelte';
import { Refusal } from '../../wire/http';

/** Changes that come together are one request. */
const pauseMilliseconds = 400;

export class GroupCardState {
  readonly group: string;
  readonly #session: Session;
  view = $state.raw<GroupCardView | null>(null);
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, group: string) {
    this.#session = session;
    this.group = group;
  }

  /** Something about the card may have changed. */
  refresh(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => void this.#load(), pauseMilliseconds);
  }

  async #load(): Promise<void> {
    try {
      this.view = await cardOf(this.#session.place, this.group);
    } catch (error) {
      // Without a network the card stays as it was; the next change of state asks again.
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== 'offline') tellProblem(error.code);
    }
  }

  /** Agrees, or does not any more; the own line stays. */
  agree(on: boolean): void {
    const texts = (this.view?.ideas ?? []).map(({ text }) => text);
    this.#sign(on ? { agree: true, read: allRead(texts) } : {}, this.view?.own?.line);
  }

  /** Leaves this line, instead of an earlier one; whether the person agrees stays. */
  say(line: string): void {
    this.#sign(this.view?.own?.agree === true ? { agree: true } : {}, line);
  }

  #sign(agree: { agree?: true; read?: string }, line: string | undefined): void {
    this.#session.decide({
      do: 'sign-off',
      group: this.group,
      ...agree,
      ...(line === undefined ? {} : { line }),
    });
  }

  takeBack(): void {
    this.#session.decide({ do: 'sign-off', group: this.group });
  }

  hide(note: string, reason: string | null): void {
    this.#session.decide({ do: 'hide-note', note, ...(reason === null ? {} : { reason }) });
  }

  end(): void {
    clearTimeout(this.#due);
  }
}
