/** What staff decide about the list: pairs that may be the same, what comes first, what stays off, when it stands still. */
import type {
  Action,
  Curation,
  ListDecisions,
  NamedIdea,
  PassedOver,
  Suggestion,
  Waiting,
} from '../../wire/proto';
import { saysNothing } from '../../wire/letters';
import type { Item } from '../../wire/plenary';
import type { PlenaryState } from './plenary.svelte';
import type { Session } from '../page/session.svelte';

export interface Pair {
  suggestion: Suggestion;
  sides: { id: string; idea: NamedIdea }[];
}

export interface Passed {
  passed: PassedOver;
  idea: NamedIdea;
}

/** Unpromoted ideas with more votes than a promoted one of their group, with their words. */
export function passedOver(told: Curation | null): Passed[] {
  return (told?.passed_over ?? []).flatMap((passed) => {
    const idea = told?.ideas[passed.idea];
    return idea === undefined ? [] : [{ passed, idea }];
  });
}

/** An idea whose words could not be compared. */
export interface Unread {
  id: string;
  idea: NamedIdea;
}

/** Ideas whose words could not be compared with others. */
export function unread(told: Curation | null): Unread[] {
  return named(told, told?.unread ?? []);
}

/** Pairs whose ideas are both on one board. */
export function boardPairs(told: Curation | null, group: string): Pair[] {
  return (told?.suggestions ?? [])
    .map((suggestion) => ({ suggestion, sides: named(told, [suggestion.a, suggestion.b]) }))
    .filter(({ sides }) => sides.filter(({ idea }) => idea.group === group).length === 2);
}

function named(told: Curation | null, ids: string[]): Pair['sides'] {
  return ids.flatMap((id) => {
    const idea = told?.ideas[id];
    return idea === undefined ? [] : [{ id, idea }];
  });
}

export class CurationState {
  readonly #session: Session;
  readonly #plenary: PlenaryState;

  constructor(session: Session, plenary: PlenaryState) {
    this.#session = session;
    this.#plenary = plenary;
  }

  get #told(): Curation | null {
    return this.#session.curation;
  }

  get frozen(): boolean {
    return this.#told?.decisions.frozen ?? false;
  }

  get waiting(): Waiting | null {
    return this.#told?.waiting ?? null;
  }

  /** Pairs that may be the same, the most similar first. */
  get pairs(): Pair[] {
    return (this.#told?.suggestions ?? []).map((suggestion) => ({
      suggestion,
      sides: named(this.#told, [suggestion.a, suggestion.b]),
    }));
  }

  get unread(): Unread[] {
    return unread(this.#told);
  }

  get passedOver(): Passed[] {
    return passedOver(this.#told);
  }

  /** Items that are kept off the list. */
  get excluded(): { id: string; idea: NamedIdea | null }[] {
    const told = this.#told;
    return (told?.decisions.exclude ?? []).map((id) => ({
      id,
      idea: told?.ideas[told.kept_off?.[id] ?? id] ?? null,
    }));
  }

  isPinned(item: string): boolean {
    return this.#told?.decisions.pins.includes(item) ?? false;
  }

  /** Both become one entry: the one with people's words stays, else the one that stands higher. */
  confirm({ a, b }: Suggestion): void {
    const [first, second] = [a, b].map((idea) => this.#itemOf(idea));
    if (first && second) {
      const stays =
        !saysNothing(second.wording) && saysNothing(first.wording) ? second : this.#higher(first, second);
      this.combine(stays === first ? second : first, stays.id);
    } else if (first) this.#assign(b, first.id);
    else this.#assign(a, second?.id ?? b);
  }

  dismiss({ a, b }: Suggestion): void {
    this.#session.decide({ do: 'not-duplicate', a, b, on: true });
  }

  /** Every idea of an item goes into another. */
  combine(item: Item, into: string): void {
    for (const source of item.sources) this.#assign(source.idea, into);
  }

  /** An idea becomes an item of its own. */
  takeApart(idea: string): void {
    this.#assign(idea, idea);
  }

  pin(item: string, on: boolean): void {
    this.#session.decide({ do: 'pin', item, on });
  }

  exclude(item: string, on: boolean): void {
    this.#session.decide({ do: 'exclude', item, on });
  }

  /** Cut, rule and weights as they stand. */
  get ranking(): Pick<ListDecisions, 'k' | 'rule' | 'weights'> {
    return this.#told?.decisions ?? { k: null, rule: 'phragmen', weights: 'sqrt' };
  }

  rank(ranking: Omit<Extract<Action, { do: 'ranking' }>, 'do'>): void {
    this.#session.decide({ do: 'ranking', ...ranking });
  }

  /** Deletes the words of an objection; it still counts. */
  hideLine(item: string, objection: string): void {
    this.#session.decide({ do: 'hide-objection', item, objection });
  }

  freeze(on: boolean): void {
    this.#session.decide({ do: 'freeze', on });
  }

  /** The other items of an item's section. */
  others(item: Item): Item[] {
    return this.#items.filter((other) => other.section === item.section && other.id !== item.id);
  }

  get #items(): Item[] {
    return (this.#plenary.list?.sections ?? []).flatMap(({ listed, below }) => [...listed, ...below]);
  }

  #itemOf(idea: string): Item | undefined {
    return this.#items.find(({ sources }) => sources.some((source) => source.idea === idea));
  }

  #higher(a: Item, b: Item): Item {
    const items = this.#items;
    return items.indexOf(a) <= items.indexOf(b) ? a : b;
  }

  #assign(idea: string, item: string): void {
    this.#session.decide({ do: 'assign', idea, item });
  }
}
