/** What a moderator does with one idea of the own board: combine, take apart, restore, lock, close a seat. */
import { wordings as ask } from '../../wire/http';
import { wordsRead } from '../../wire/read';
import type { Wording } from '../../wire/proto';
import type { BoardState } from '../idea/board.svelte';
import type { Card } from '../idea/ideaCard';
import { notices } from '../page/notices.svelte';
import { tellProblem } from '../page/problems';
import type { Session } from '../page/session.svelte';
import { say } from '../page/words.svelte';

export class ModerateIdeaState {
  readonly #session: Session;
  readonly #board: BoardState;
  wordings = $state.raw<Wording[] | null>(null);

  constructor(session: Session, board: BoardState) {
    this.#session = session;
    this.#board = board;
  }

  /** Ideas that this one can be combined with: what may be the same first. */
  others(card: Card): { card: Card; alike: boolean }[] {
    const pairs = this.#session.curation?.suggestions ?? [];
    const alike = new Set(pairs.flatMap(({ a, b }) => (a === card.id ? [b] : b === card.id ? [a] : [])));
    return this.#board.cards
      .filter(({ id, order }) => id !== card.id && order < 1e9)
      .map((other) => ({ card: other, alike: alike.has(other.id) }))
      .sort((a, b) => Number(b.alike) - Number(a.alike) || a.card.order - b.card.order);
  }

  combine(idea: string, into: string): void {
    this.#session.decide({ do: 'combine', idea, into });
    const undo = (): unknown => this.#session.decide({ do: 'take-apart', idea });
    notices.tell(say('tidy.combined'), { undo: () => void undo() });
  }

  /** Of two that say the same, the one that more people approve stands for both; else the one that was there first. */
  join(a: string, b: string): void {
    const weight = (id: string): [number, number] => {
      const card = this.#board.cards.find((one) => one.id === id);
      return [card?.tally ?? 0, -(card?.order ?? 0)];
    };
    const [votesA, placeA] = weight(a);
    const [votesB, placeB] = weight(b);
    const first = votesA === votesB ? placeA >= placeB : votesA > votesB;
    this.combine(first ? b : a, first ? a : b);
  }

  /** They are not the same, also for the list. */
  tellApart(a: string, b: string): void {
    this.#session.decide({ do: 'not-duplicate', a, b, on: true });
    const undo = (): unknown => this.#session.decide({ do: 'not-duplicate', a, b, on: false });
    notices.tell(say('same.no'), { undo: () => void undo() });
  }

  takeApart(idea: string, from: string): void {
    this.#session.decide({ do: 'take-apart', idea });
    const undo = (): unknown => this.#session.decide({ do: 'combine', idea, into: from });
    notices.tell(say('tidy.taken-apart'), { undo: () => void undo() });
  }

  lock(idea: string, on: boolean): void {
    this.#session.decide({ do: 'lock', idea, on });
    const undo = (): unknown => this.#session.decide({ do: 'lock', idea, on: !on });
    notices.tell(say(on ? 'tidy.is-locked' : 'tidy.is-open'), { undo: () => void undo() });
  }

  /** Puts a promoted entry into another language, as its group words it now. */
  translate({ id, entry, text: own }: Card, lang: string, text: string): void {
    this.#session.decide({ do: 'translate', idea: id, lang, text, read: wordsRead(entry ?? own) });
  }

  order(ideas: string[]): void {
    this.#session.decide({ do: 'order', group: this.#board.group, ideas });
  }

  async loadWordings(idea: string): Promise<void> {
    this.wordings = null;
    try {
      this.wordings = (await ask(this.#session.place.token, this.#board.group, idea)).wordings;
    } catch {
      tellProblem('unavailable');
    }
  }

  restore(idea: string, { wording }: Wording): void {
    this.#session.decide({ do: 'restore', idea, wording });
    notices.tell(say('tidy.restored'));
  }

  /** Cannot be undone. */
  closeSeat(idea: string, writer: number): void {
    this.#session.decide({ do: 'remove-writer', idea, writer });
    notices.tell(say('tidy.seat-closed'));
  }
}
