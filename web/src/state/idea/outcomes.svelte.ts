/** What became of this phone's own ideas. Only the phone knows which they are, and proves it by their receipts. */
import type { IdeaOutcome } from '../../wire/proto';
import { follow } from '../../wire/records';
import { Refusal } from '../../wire/http';
import { personalData } from '../moderate/hiding';
import type { OwnIdea, OwnIdeas } from './own.svelte';
import { Reasons } from '../moderate/reasons.svelte';
import type { Session } from '../page/session.svelte';
import type { Known } from './standing';

/**
 * Asked again so often while the list of own ideas is looked at, because places on the list of the plenary move. Otherwise the
 * server says when something else became of ideas of the group, not of which: it does not keep whose idea it is.
 */
const everyMilliseconds = 5_000;
/** As many as the server takes in one question. */
const mostAtOnce = 200;
/** A whole group is told in the same moment; its phones ask one after the other. */
const spread = { from: 0, to: 600 };
/** What needs nobody to let it in is on the board by then, and nothing has to be asked. */
const afterSending = { from: 250, to: 250 };
const againMilliseconds = 4_000;

export interface MyIdea {
  own: OwnIdea;
  /** Nothing: it is still on its way, or the server could not be asked yet. */
  fate: IdeaOutcome | null;
}

export class OutcomesState {
  readonly #session: Session;
  readonly #own: OwnIdeas;
  /** Own ideas of which the board says nothing. */
  readonly #offBoard: () => OwnIdea[];
  #fates = $state.raw<ReadonlyMap<string, IdeaOutcome>>(new Map());
  #known = $state.raw<ReadonlyMap<string, Known>>(new Map());
  /** Was the server asked since the connection came back? Otherwise what is known is what was so before. */
  isFresh = $state(false);
  #timer: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  /** Here as soon as an own idea is hidden for a reason. */
  #reasons = $state.raw<Reasons | null>(null);
  readonly #unlisten: () => void;

  constructor(session: Session, own: OwnIdeas, offBoard: () => OwnIdea[]) {
    this.#session = session;
    this.#own = own;
    this.#offBoard = offBoard;
    this.#known = new Map(session.kept.get<[string, Known][]>('known-fates') ?? []);
    this.#name([...this.#known.values()]);
    this.#eraseTakenBack();
    this.#unlisten = session.onFates((cause) => {
      this.#eraseTakenBack();
      if (cause === 'lost') this.isFresh = false;
      else this.askSoon(cause === 'own' ? afterSending : spread);
    });
    if (session.link === 'online') this.askSoon();
  }

  readonly ideas = $derived.by((): MyIdea[] =>
    [...this.#own.all.values()].map((own) => ({ own, fate: this.#fates.get(own.id) ?? null })),
  );

  /** What was last heard of an own idea that is not on its board. */
  known(idea: string): Known | null {
    return this.#known.get(idea) ?? null;
  }

  /** A reason for hiding by its name. */
  reasonName(id: string): string {
    return this.#reasons?.name(id) ?? id;
  }

  /** Fetches the names of reasons, if any of these has one. */
  #name(fates: readonly { reason?: string }[]): void {
    if (fates.every(({ reason }) => reason === undefined)) return;
    if (this.#reasons === null) this.#reasons = new Reasons(this.#session.place);
    else this.#reasons.load();
  }

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

  /** The page leaves this board. */
  leave(): void {
    this.end();
    clearTimeout(this.#soon);
    this.#unlisten();
  }

  readonly #look = (): void => {
    if (document.visibilityState === 'visible') void this.ask();
  };

  /** The board shows these ideas: whatever was heard of them before is over. */
  sawOnBoard(ids: ReadonlySet<string>): void {
    const rest = [...this.#known].filter(([id]) => !ids.has(id));
    if (rest.length < this.#known.size) this.#keep(new Map(rest));
  }

  /** What was taken back, and is not only about to be, has no words on this phone either. */
  #eraseTakenBack(): void {
    const goes = new Set(
      this.#session.waiting.flatMap(({ command }) => (command.do === 'withdraw' ? [command.idea] : [])),
    );
    for (const { id, withdrawn } of this.#own.all.values())
      if (withdrawn && !goes.has(id)) this.#own.erase(id);
  }

  /** Asks about the ideas that are not on the board, after so many milliseconds. */
  askSoon({ from, to } = spread): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#askOffBoard(), from + Math.random() * (to - from));
  }

  async #askOffBoard(): Promise<void> {
    const heard = await this.#ask(this.#offBoard());
    if (heard) this.isFresh = this.#session.link === 'online';
    else if (this.#session.link === 'online')
      this.#soon = setTimeout(() => void this.#askOffBoard(), againMilliseconds);
  }

  /** Asks about all own ideas. */
  async ask(): Promise<void> {
    await this.#ask([...this.#own.all.values()]);
  }

  async #ask(about: OwnIdea[]): Promise<boolean> {
    const sent = about.filter((own) => this.#session.stateOf(own.command) === 'recorded');
    const owned = sent
      .slice(-mostAtOnce)
      .map(({ id }) => ({ idea: id, receipt: this.#session.receipts.of(id) }));
    if (owned.length === 0) return true;
    try {
      const { ideas } = await follow(this.#session.place.consultation, owned);
      this.#heard(ideas);
      return true;
    } catch (error) {
      // What was known stays; the next question comes by itself.
      if (!(error instanceof Refusal)) throw error;
      return false;
    }
  }

  #heard(fates: IdeaOutcome[]): void {
    this.#name(fates);
    for (const { idea, reason } of fates) if (reason === personalData) this.#own.erase(idea);
    this.#fates = new Map([...this.#fates, ...fates.map((fate) => [fate.idea, fate] as const)]);
    const offBoard = new Set(this.#offBoard().map(({ id }) => id));
    const known = new Map(this.#known);
    for (const { idea, place, reason } of fates) {
      if (!offBoard.has(idea)) continue;
      const waited = place === 'waiting' || known.get(idea)?.waited === true;
      known.set(idea, { place, ...(reason === undefined ? {} : { reason }), ...(waited ? { waited } : {}) });
    }
    this.#keep(known);
  }

  #keep(known: ReadonlyMap<string, Known>): void {
    this.#known = known;
    this.#session.kept.set('known-fates', [...known]);
  }
}
