/** The ledger as a page shows it: each line in the reader's language, with the words of ideas that are still shown. */
import { Refusal, board, consultation } from '../../wire/http';
import type { Place } from '../../wire/places';
import type { Code, ConsultationState, LedgerEntry } from '../../wire/proto';
import { ledgerAfter } from '../../wire/records';
import { Reasons, reasonsOf } from '../moderate/reasons.svelte';
import { say, words, type Key } from '../page/words.svelte';
import { peopleWord } from './peopleWord';

export interface Line {
  number: number;
  iso: string;
  time: string;
  by: string;
  group: string | null;
  did: string;
  words: string | null;
}

const shortTime = (at: number): string =>
  new Intl.DateTimeFormat(words.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** The server's page: as long as it is full there may be more. */
const pageLines = 1_000;

export class LedgerState {
  readonly #place: Place;
  readonly #reasons: Reasons;
  #entries = $state.raw<readonly LedgerEntry[]>([]);
  #state = $state.raw<ConsultationState | null>(null);
  #ideas = $state.raw<ReadonlyMap<string, string>>(new Map());
  loaded = $state(false);
  denied = $state<Code | null>(null);

  constructor(place: Place) {
    this.#place = place;
    this.#reasons = reasonsOf(place);
  }

  readonly lines = $derived.by((): Line[] =>
    this.#entries.map((entry, number) => this.#line(entry, number)).reverse(),
  );

  async load(): Promise<void> {
    try {
      this.#state = await consultation(this.#place);
      await this.#loadIdeas(this.#state);
      const entries = [...this.#entries];
      for (;;) {
        const page = await ledgerAfter(this.#place, entries.length);
        entries.push(...page);
        if (page.length < pageLines) break;
      }
      this.#entries = entries;
      this.loaded = true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== 'offline') this.denied = error.code;
    }
  }

  /** The words of ideas on the boards that this place may read: what is hidden is on none. */
  async #loadIdeas(state: ConsultationState): Promise<void> {
    const boards = await Promise.all(
      state.groups.map((group) =>
        board(this.#place, group.id).then(
          ({ ideas }) => ideas,
          () => [],
        ),
      ),
    );
    this.#ideas = new Map(boards.flat().map((idea) => [idea.id, idea.text]));
  }

  #line(entry: LedgerEntry, number: number): Line {
    const at = new Date(entry.at);
    const idea = 'idea' in entry ? entry.idea : 'item' in entry ? entry.item : undefined;
    const group = this.#state?.groups.find(({ id }) => id === entry.group);
    return {
      number,
      iso: at.toISOString(),
      time: shortTime(entry.at),
      by: entry.by === undefined ? say('ledger.from-group') : say(`role.${entry.by}` as Key),
      group: group?.name ?? null,
      did: this.#did(entry),
      words: idea === undefined ? null : (this.#ideas.get(idea) ?? null),
    };
  }

  #did(entry: LedgerEntry): string {
    const off = 'on' in entry && !entry.on;
    switch (entry.did) {
      case 'moved':
        return say('did.moved', { phase: say(`phase.${entry.phase}`) });
      case 'revealed':
        return say('did.revealed', { n: entry.ideas });
      case 'door':
        if (entry.opens_at !== undefined) return say('did.door.later', { time: shortTime(entry.opens_at) });
        if (entry.open && entry.admission !== undefined) return say(`did.door.${entry.admission}`);
        return say(entry.open ? 'did.door' : 'did.door.off');
      case 'merged':
        return say('did.merged', { run: entry.run });
      case 'worded':
        return say('did.worded', { what: say(`worded.${entry.what}` as Key) });
      case 'text-settled':
        return say(entry.kept ? 'did.text-settled' : 'did.text-settled.deleted', {
          what: say(`worded.${entry.what}` as Key),
        });
      case 'note-hidden':
        return say('did.note-hidden', { reason: this.#reasons.name(entry.reason) });
      case 'hidden':
        return say('did.hidden', { reason: this.#reasons.name(entry.reason) });
      case 'seats-closed':
        return [
          say(`did.seats-closed.${entry.why}`, { seats: entry.seats }),
          entry.only === undefined ? '' : say(`did.seats-closed.only.${entry.only}`),
        ]
          .filter((part) => part !== '')
          .join(' · ');
      case 'seats-restored':
        return say('did.seats-restored', { seats: entry.seats });
      case 'let-in':
        return say('did.let-in', { seats: entry.seats });
      case 'adoption-opened':
        return say('did.adoption-opened', { n: entry.version });
      case 'adoption-closed':
        return say('did.adoption-closed', {
          n: entry.version,
          adopted: peopleWord(entry.adopted),
          voters: words.number(entry.voters),
        });
      case 'version-made':
        return say('did.version-made', { n: entry.version });
      case 'plenary-vote-opened':
      case 'group-added-to-paper':
        return say(`did.${entry.did}`, { n: words.number(entry.entries) });
      case 'plenary-vote-closed':
        return say('did.plenary-vote-closed', {
          voted: words.number(entry.voted),
          voters: words.number(entry.voters),
          lot: entry.lot,
        });
      case 'voters-let-in':
        return say('did.voters-let-in', { seats: entry.seats });
      case 'cards-made':
        return say('did.cards-made', { n: entry.cards });
      case 'retained':
        return say('did.retained', { n: entry.days });
      default:
        return say(`did.${entry.did}${off ? '.off' : ''}` as Key) || say('did.other');
    }
  }
}
