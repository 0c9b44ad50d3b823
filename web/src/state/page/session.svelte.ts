/**
 * This page's place in a consultation: its connection, the consultation's state, and the commands on their way.
 * Screens read the fields; what they want done goes through `decide`.
 */
import type { SavedState } from '../../wire/acknowledgements';
import { Connection, type Link, type Lost } from '../../wire/connection';
import { Refusal, consultation } from '../../wire/http';
import { Outbox, type Command, type Waiting } from '../../wire/outbox';
import { forgetDatabases, forgetPlace, keptBy, storePrefix, type Place } from '../../wire/places';
import type {
  Action,
  Alerts,
  Code,
  ConsultationState,
  Curation,
  Desk,
  GroupState,
  Problem,
  ProgrammeView,
  You,
} from '../../wire/proto';
import { Receipts } from '../../wire/receipts';
import { saved, type Saved } from '../../wire/saved';
import { noteWait } from '../../wire/wait';
import { ticking } from './clock.svelte';
import { notices } from './notices.svelte';
import { tellProblem } from './problems';
import { outside } from './outside.svelte';
import { OwnVotes } from '../vote/ownVotes';
import { programme } from '../prepare/programme';
import { say } from './words.svelte';

export type { Link, Lost };

/** Under which a line that is being written is kept on the phone. */
export const objectionKey = (item: string): string => `objection/${item}`;

/** Why something else may be so of own ideas: one was sent, the server said so, or the connection came or went. */
export type FateCause = 'own' | 'told' | 'back' | 'lost';

/** Commands after which something else is so of an own idea. */
const aboutOwn: readonly Action['do'][] = ['share', 'shelve', 'edit', 'withdraw'];

export class Session {
  readonly place: Place;
  readonly kept: Saved;
  readonly receipts: Receipts;
  readonly connection: Connection;
  readonly #outbox: Outbox;
  readonly #ownVotes = new OwnVotes();
  readonly #refusedListeners = new Set<(command: Command, code: Code) => boolean>();
  readonly #fateListeners = new Set<(cause: FateCause) => void>();
  /** What the server was last told about what is not sent yet; `null` while there is no connection. */
  #toldUnsent: number | null = null;
  /** Until when commands wait because there were too many. */
  #delayedUntil = 0;

  link = $state<Link>('connecting');
  /** Why, while it is offline or connecting. */
  lost = $state<Lost>('offline');
  deniedBecause = $state<Code | null>(null);
  /** A rapporteur's link from before there were editors: it is an editor's now. */
  isEditors = $state(false);
  /** The consultation was deleted, and with it what this phone kept of it. */
  purged = $state(false);
  state = $state.raw<ConsultationState | null>(null);
  you = $state.raw<You | null>(null);
  /** What staff are told beside the list. */
  curation = $state.raw<Curation | null>(null);
  /** What staff at a desk are told of their groups. */
  desk = $state.raw<Desk | null>(null);
  /** Item → why the line of an objection was not taken; the line itself is kept. */
  refusedLines = $state.raw<Readonly<Record<string, Code>>>({});
  /** What the safeguarding contact alone is told; `null` until it is known. */
  alerts = $state.raw<Alerts | null>(null);
  /** Commands without an answer, oldest first. */
  waiting = $state.raw<readonly Waiting[]>([]);
  /** Texts with edits that are not recorded, over all documents. */
  openTexts = $state(0);
  readonly #openTextsOf = new Map<string, number>();

  readonly group = $derived.by((): GroupState | null => {
    const id = this.you?.group ?? this.place.group;
    return this.state?.groups.find((group) => group.id === id) ?? null;
  });
  /** Does a group see an idea only when its moderator shows it, and not as soon as it is shared? */
  readonly showsLater = $derived(
    this.state?.settings.moderation === true || this.state?.settings.private_first === true,
  );
  /** What is on its way; what only waits for its undo time is not. */
  readonly unsettled = $derived(
    this.waiting.filter(({ tried, command }) => tried || command.do !== 'withdraw').length + this.openTexts,
  );

  constructor(place: Place) {
    this.place = place;
    this.kept = keptBy(place);
    this.receipts = new Receipts(this.kept, saved);
    this.#outbox = new Outbox(this.kept.under('outbox'), {
      changed: () => this.#refresh(),
      answered: (command) => this.#answered(command),
      refused: (command, problem) => this.#refused(command, problem),
      delayed: (seconds) => this.#tellDelay(seconds),
    });
    this.connection = new Connection(place, {
      link: (link) => (this.link = link),
      lost: (why) => (this.lost = why),
      newer: () => notices.tell(say('newer.server'), { tone: 'warn' }),
      state: (state) => {
        ticking.heard(state.clock);
        this.state = state;
        outside.service = state.texts_to_service ?? false;
      },
      you: (you) => this.#hearOfItself(you),
      curation: (curation) => (this.curation = curation),
      desk: (desk) => (this.desk = desk),
      alerts: (alerts) => (this.alerts = alerts),
      fates: () => this.#fatesMayChange('told'),
      answer: (answer) => this.#outbox.answered(answer),
      problem: (id, problem) => this.#outbox.refused(id, problem),
      denied: (code) => {
        this.deniedBecause = code;
        void this.#askWhy();
      },
      purged: () => this.#forget(),
      ready: (line) => {
        this.#toldUnsent = line === null ? null : 0;
        if (line === null) this.#outbox.disconnected();
        else this.#outbox.connected(line);
        this.#tellUnsent();
        this.#fatesMayChange(line === null ? 'lost' : 'back');
      },
      unansweredFor: () => this.#outbox.waitingFor(),
    });
    this.#refresh();
  }

  /** Sends a command, now or as soon as the network allows. */
  decide(action: Action, delayMilliseconds = 0): string {
    return this.#outbox.add(action, delayMilliseconds);
  }

  /** Takes a command back that has not left this phone. */
  cancel(id: string): boolean {
    return this.#outbox.cancel(id);
  }

  stateOf(command: string): SavedState {
    void this.waiting;
    return this.#outbox.stateOf(command);
  }

  /** A listener says whether it told the person itself what became of it. */
  onRefused(listener: (command: Command, code: Code) => boolean): () => void {
    this.#refusedListeners.add(listener);
    return () => this.#refusedListeners.delete(listener);
  }

  /** A listener hears when something else may have become of own ideas. */
  onFates(listener: (cause: FateCause) => void): () => void {
    this.#fateListeners.add(listener);
    return () => this.#fateListeners.delete(listener);
  }

  #fatesMayChange(cause: FateCause): void {
    this.#fateListeners.forEach((listener) => listener(cause));
  }

  /** A document tells how many of its texts have edits that are not recorded. */
  countOpenTexts(document: string, count: number): void {
    this.#openTextsOf.set(document, count);
    this.openTexts = [...this.#openTextsOf.values()].reduce((sum, each) => sum + each, 0);
    this.#tellUnsent();
  }

  #refresh(): void {
    this.waiting = [...this.#outbox.waiting];
    this.#tellUnsent();
  }

  /** Moderators see how many phones are still sending: told when there begins to be something, and when it is gone. */
  #tellUnsent(): void {
    const count = this.unsettled;
    if (this.#toldUnsent === null || this.#toldUnsent > 0 === count > 0) return;
    this.#toldUnsent = count;
    this.connection.tellUnsent(count);
  }

  /** An approval stands from its answer on; the server's own word for it comes a moment later. */
  #answered(command: Command): void {
    if (this.you !== null) this.you = this.#ownVotes.after(this.you, command);
    if (aboutOwn.includes(command.do)) this.#fatesMayChange('own');
  }

  forgetRefused(item: string): void {
    this.refusedLines = Object.fromEntries(
      Object.entries(this.refusedLines).filter(([refused]) => refused !== item),
    );
  }

  #refused(command: Command, problem: Problem): void {
    const { code } = problem;
    noteWait(problem);
    if (command.do === 'object' && command.line !== undefined) {
      this.kept.set(objectionKey(command.item), command.line);
      this.refusedLines = { ...this.refusedLines, [command.item]: code };
    }
    const told = [...this.#refusedListeners].map((listener) => listener(command, code));
    if (!told.includes(true)) tellProblem(code);
  }

  /** Once for all that waits: it is kept, and sent by itself. */
  #tellDelay(seconds: number): void {
    const now = performance.now();
    if (now < this.#delayedUntil) return;
    this.#delayedUntil = now + seconds * 1_000;
    notices.tell(say('outbox.later', { n: seconds }), { tone: 'warn' });
  }

  /** The socket says no in words; whether the consultation was deleted, or many seats closed, is asked over HTTP. */
  async #askWhy(): Promise<void> {
    try {
      await consultation(this.place);
    } catch (error) {
      if (!(error instanceof Refusal)) return;
      if (error.code === 'purged') this.#forget();
      if (error.code === 'closed-together') this.deniedBecause = error.code;
    }
  }

  /** A link that says another role than its token has is no link of ours. */
  #hearOfItself(you: You): void {
    if (you.role === this.place.role) {
      this.you = you;
      return;
    }
    this.connection.end();
    forgetPlace(this.place);
    if (this.place.role === 'rapporteur' && you.role === 'editor') this.isEditors = true;
    else this.link = 'denied';
  }

  /** Deleted there is deleted here: board, drafts, own ideas, outbox. What is on the screen says so first. */
  #forget(): void {
    this.purged = true;
    notices.clear();
    forgetPlace(this.place);
    void forgetDatabases(storePrefix(this.place));
  }

  /** What was prepared beside title, points and groups. */
  programme(): Promise<ProgrammeView> {
    return programme(this.place, this.state?.programme ?? 0);
  }

  end(): void {
    this.connection.end();
  }
}
