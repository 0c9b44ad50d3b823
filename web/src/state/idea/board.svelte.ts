/** One group's board as a screen shows it: the shared ideas, the own ones on their way, who edits what. */
import { untrack } from 'svelte';
import { Board, entryField, ideaOfField, translationField, type Idea, type Stretch } from '../../wire/board';
import { bindText } from '../../wire/bindText';
import { newId, stableNumber } from '../../wire/identifiers';
import { saysNothing, typed } from '../../wire/letters';
import { storeName } from '../../wire/places';
import type { Code, Phase } from '../../wire/proto';
import type { Command } from '../../wire/outbox';
import { earlier, type Card, type Returned } from './ideaCard';
import { Drafts, type Draft } from '../compose/drafts.svelte';
import { notices, undoMilliseconds } from '../page/notices.svelte';
import type { OutcomesState } from './outcomes.svelte';
import { OffBoard } from './offBoard.svelte';
import { OwnIdeas } from './own.svelte';
import { hasRoomFor } from './putIn';
import type { Session } from '../page/session.svelte';
import { say, words } from '../page/words.svelte';
import { tellWriting } from './tellWriting';

export type { Returned };

export type TextBinder = (area: HTMLTextAreaElement) => (() => void) | undefined;

export class BoardState {
  readonly group: string;
  readonly drafts: Drafts;
  readonly own: OwnIdeas;
  readonly fates: OutcomesState;
  readonly #session: Session;
  readonly #board: Board;

  ideas = $state.raw<Idea[]>([]);
  /** How many others edit each idea. */
  editing = $state.raw<ReadonlyMap<string, number>>(new Map());
  loaded = $state(false);
  /** Ideas that have arrived while the board is being opened. */
  arriving = $state(0);
  returned = $state.raw<Returned[]>([]);
  /** Rises when the document was opened afresh: whatever was bound to the old one must be bound again. */
  generation = $state(0);
  /** The card of each idea: the same object until something of it changes, so that only that card is drawn again. */
  readonly #made = new WeakMap<Idea, Card>();
  readonly #binders = new Map<string, TextBinder>();
  #about = $state.raw<{ phase: Phase | null; lock: boolean; groupCardOrder: string[] }>({
    phase: null,
    lock: false,
    groupCardOrder: [],
  });
  #savedVersion = $state(0);
  readonly #offBoard: OffBoard;
  readonly #unlisten: () => void;

  constructor(session: Session, group: string, access: 'write' | 'read') {
    this.#session = session;
    this.group = group;
    const kept = session.kept;
    this.drafts = new Drafts(kept);
    this.own = new OwnIdeas(kept);
    this.#offBoard = new OffBoard(session, this.own, {
      group,
      there: () => this.#there,
      phase: () => this.phase,
      loaded: () => this.loaded,
    });
    this.fates = this.#offBoard.fates;
    this.returned = kept.get<Returned[]>('returned') ?? [];
    const keep = access === 'write' ? { saved: kept, store: storeName(session.place, `board/${group}`) } : {};
    this.#board = new Board(
      session.connection,
      { group, ...keep },
      {
        ideas: (ideas, about) => {
          this.ideas = ideas;
          this.#about = about;
          this.#offBoard.saw(ideas);
        },
        editing: (counts) => (this.editing = counts),
        fresh: () => {
          this.#binders.clear();
          this.generation += 1;
        },
        changed: () => this.#savedChanged(),
        returned: ({ field, words: text, code }) => this.#giveBack(text, code, field),
        loaded: () => (this.loaded = true),
        arriving: (count) => (this.arriving = count),
      },
    );
    this.#unlisten = session.onRefused((command, code) => this.#refused(command, code));
  }

  /** The group's phase, by the board itself once it is there: its lock is what the server goes by. */
  readonly phase = $derived.by((): Phase => {
    const group = this.#session.state?.groups.find(({ id }) => id === this.group);
    return group?.phase ?? this.#about.phase ?? 'lobby';
  });
  readonly mayWrite = $derived.by(() => this.phase === 'brainstorm' && !this.#about.lock);

  readonly #leaving = $derived.by(
    () =>
      new Set(
        this.#session.waiting.flatMap(({ command }) => (command.do === 'withdraw' ? [command.idea] : [])),
      ),
  );

  readonly #there = $derived.by(
    (): ReadonlyMap<string, Idea> => new Map(this.ideas.map((idea) => [idea.id, idea])),
  );

  /** Ideas of the board in its order, then own ones that the board does not show yet. */
  readonly cards = $derived.by((): Card[] => {
    void this.#savedVersion;
    const there = this.#there;
    const folded = ({ into }: Idea): boolean => into !== null && there.has(into);
    const standingFor = new Map<string, Idea[]>();
    for (const idea of this.ideas) {
      if (idea.into !== null) standingFor.set(idea.into, [...(standingFor.get(idea.into) ?? []), idea]);
    }
    const shown = this.ideas
      .filter((idea) => !folded(idea))
      .map((idea) => this.#card(idea, standingFor.get(idea.id) ?? []));
    return [...shown, ...this.#offBoard.cards].filter(({ id }) => !this.#leaving.has(id));
  });

  #card(idea: Idea, folded: Idea[]): Card {
    const own = this.own.all.get(idea.id);
    const edit = this.#board.savedState(idea.id);
    const shared = own === undefined ? 'recorded' : this.#session.stateOf(own.command);
    const saving = earlier(edit, shared);
    const mine = own !== undefined;
    const before = this.#made.get(idea);
    const stale = mine && this.#session.link !== 'online';
    const still = before?.mine === mine && before.saving === saving && before.stale === stale;
    if (still && same(before.folded, folded)) return before;
    const card: Card = { ...idea, mine, saving, onBoard: true, standing: 'shown', stale, folded };
    this.#made.set(idea, card);
    return card;
  }

  /** The promoted ideas in the order of the group's card. */
  readonly promoted = $derived.by((): Card[] => {
    const place = ({ id }: Card): number => {
      const at = this.#about.groupCardOrder.indexOf(id);
      return at < 0 ? this.#about.groupCardOrder.length : at;
    };
    return this.cards
      .filter(({ promoted, text }) => promoted && !saysNothing(text))
      .sort((a, b) => place(a) - place(b) || a.order - b.order);
  });

  /** What others wrote in an idea, page by page. */
  stretches(idea: string): Stretch[] {
    return this.#board.stretches(idea);
  }

  /** May people change this idea's text now? */
  isOpen(idea: string): boolean {
    return this.mayWrite && !this.ideas.some(({ id, locked }) => id === idea && locked);
  }

  /** For voting: an order of this seat's own that never changes. */
  shuffled(cards: Card[]): Card[] {
    const seed = this.#session.place.seat ?? this.#session.place.token;
    return cards
      .map((card) => ({ card, key: stableNumber(seed + card.id) }))
      .sort((a, b) => a.key - b.key)
      .map(({ card }) => card);
  }

  /** Publishes a draft. */
  share(draft: Draft): void {
    const lang = draft.lang ?? words.language;
    const command = this.#session.decide({
      do: 'share',
      idea: draft.id,
      group: this.group,
      ...(draft.point === '' ? {} : { point: draft.point }),
      ...(draft.kind === null ? {} : { kind: draft.kind }),
      lang,
      ...(draft.spoken ? { spoken: true } : {}),
      text: typed(draft.text),
      receipt: this.#session.receipts.hashOf(draft.id),
    });
    this.own.keep({ ...draft, lang, command, seen: false, group: this.group });
    this.drafts.drop(draft.id);
  }

  /** Puts an idea that came too late on the late shelf. */
  shelve(draft: Draft): void {
    const lang = draft.lang ?? words.language;
    const command = this.#session.decide({
      do: 'shelve',
      idea: draft.id,
      group: this.group,
      ...(draft.point === '' ? {} : { point: draft.point }),
      ...(draft.kind === null ? {} : { kind: draft.kind }),
      lang,
      text: typed(draft.text),
      receipt: this.#session.receipts.hashOf(draft.id),
    });
    this.own.keep({ ...draft, lang, command, seen: false, late: true });
  }

  /** May something that came too late be put on the shelf? */
  get mayShelve(): boolean {
    return ['vote', 'review', 'plenary', 'closed'].includes(this.phase);
  }

  /** Puts returned words on the late shelf. */
  shelveReturned({ id, words: text }: Returned, point: string): void {
    this.shelve({ id: newId(), text, kind: null, point });
    this.settle(id);
  }

  /** Takes an own idea back; for eight seconds that can be undone. */
  withdraw(idea: string): void {
    const own = this.own.all.get(idea);
    if (own === undefined) return;
    if (this.#session.cancel(own.command)) {
      this.own.drop(idea);
      notices.tell(say('idea.withdrawn'), { undo: () => this.share(own) });
      return;
    }
    const receipt = this.#session.receipts.of(idea);
    const command = this.#session.decide({ do: 'withdraw', idea, receipt }, undoMilliseconds);
    this.own.keep({ ...own, withdrawn: true });
    const undo = (): void => {
      if (this.#session.cancel(command)) this.own.keep({ ...own, withdrawn: false });
    };
    notices.tell(say('idea.withdrawn'), { undo });
  }

  /** Gives an own idea that is still held back another text. */
  rewrite(idea: string, text: string): void {
    const own = this.own.all.get(idea);
    if (own === undefined) return;
    const command = this.#session.decide({
      do: 'edit',
      idea,
      receipt: this.#session.receipts.of(idea),
      text: typed(text),
    });
    this.own.keep({ ...own, text, command });
  }

  /** Binds a textarea to the group's words of an idea in a language, or to its wording for the plenary. */
  translationBinder = (idea: string, lang: string): TextBinder => this.binder(translationField(idea, lang));
  /** Several of these stand on one page: somebody writes in the one that has the focus. */
  entryBinder = (idea: string): TextBinder => this.binder(entryField(idea), 'focus');

  /** Binds a textarea to a shared text and tells others that somebody writes there, while it is open or has the focus. */
  binder(field: string, during: 'open' | 'focus' = 'open'): TextBinder {
    void this.generation;
    const known = this.#binders.get(field);
    if (known !== undefined) return known;
    const binder: TextBinder = (area) => {
      const text = this.#board.textOf(field);
      if (text === null) return undefined;
      const unbind = bindText(area, text);
      const ended = tellWriting(area, during, (on) => this.#board.editing(on ? ideaOfField(field) : null));
      return () => {
        unbind();
        ended();
      };
    };
    this.#binders.set(field, binder);
    return binder;
  }

  #savedChanged(): void {
    this.#savedVersion += 1;
    this.#session.countOpenTexts(this.group, this.#board.open.length);
  }

  #giveBack(text: string, code: Code, field: string): void {
    this.#keepReturned([...this.returned, { id: newId(), words: text, code, field }]);
  }

  #keepReturned(returned: Returned[]): void {
    this.returned = returned;
    this.#session.kept.set('returned', returned);
  }

  /** Returned words, without those that the opened idea's own sheet shows. */
  returnedBeside(opened: string | null): Returned[] {
    return this.returned.filter(({ field }) => opened === null || field !== opened);
  }

  /** Holds returned words in a textarea, where their writer goes on typing until something is decided. */
  holder(id: string): TextBinder {
    return (area) => {
      const words = untrack(() => this.returned.find((returned) => returned.id === id)?.words);
      if (area.value === '') area.value = words ?? '';
      const keep = (): void => {
        const change = { words: area.value };
        this.#keepReturned(this.returned.map((each) => (each.id === id ? { ...each, ...change } : each)));
      };
      area.addEventListener('input', keep);
      return () => area.removeEventListener('input', keep);
    };
  }

  /** May these words go into their field again? */
  mayPutIn(returned: Returned): boolean {
    return hasRoomFor(returned, this.ideas, this);
  }

  /** Puts returned words into their field again. Gives back the idea to open, if it is an idea's own text. */
  putIn({ id, field, words: text }: Returned): string | null {
    if (field !== undefined) this.#board.putIn(field, text);
    this.settle(id);
    return field === undefined || field !== ideaOfField(field) ? null : field;
  }

  /** The writer has decided what becomes of returned words. */
  settle(id: string): void {
    this.#keepReturned(this.returned.filter((returned) => returned.id !== id));
  }

  #refused(command: Command, code: Code): boolean {
    if (command.do === 'withdraw') this.#stays(command.idea);
    if (command.do === 'edit') this.#giveBack(command.text, code, command.idea);
    if (command.do !== 'share' && command.do !== 'shelve') return false;
    // A participant has one board: what was meant for the former group becomes a draft here.
    const elsewhere = command.group !== this.group;
    if (elsewhere && this.#session.place.role !== 'participant') return false;
    // It came after the lock. The same idea, with the same receipt, goes to the late shelf.
    if (!elsewhere && command.do === 'share' && code === 'wrong-phase' && this.mayShelve) {
      const { idea: id, text, kind, point, lang } = command;
      this.shelve({ id, text, kind: kind ?? null, point: point ?? '', lang });
      notices.tell(say('late.told'));
      return true;
    }
    this.own.drop(command.idea);
    this.drafts.keep({
      id: newId(),
      text: command.text,
      kind: command.kind ?? null,
      point: command.point ?? '',
    });
    return false;
  }

  /** Taking it back was refused. */
  #stays(idea: string): void {
    const own = this.own.all.get(idea);
    if (own !== undefined) this.own.keep({ ...own, withdrawn: false });
  }

  end(): void {
    this.#unlisten();
    this.fates.leave();
    this.#board.end(this.#session.connection);
  }
}

function same(one: readonly Idea[], other: readonly Idea[]): boolean {
  return one.length === other.length && one.every((idea, at) => idea === other[at]);
}
