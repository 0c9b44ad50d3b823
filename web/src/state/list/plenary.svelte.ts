/** The merged list as a screen shows it. */
import { ENTRY_UNITS_ON_SCREENS } from '../../wire/constants';
import type { SavedState } from '../../wire/acknowledgements';
import { additionsTo, unitsAdded } from '../../wire/additions';
import { bindText } from '../../wire/bindText';
import { newId } from '../../wire/identifiers';
import { storeName } from '../../wire/places';
import { Plenary, type Field, type Item, type List } from '../../wire/plenary';
import type { Returned, TextBinder } from '../idea/board.svelte';
import type { Session } from '../page/session.svelte';
import type { Section } from '../../wire/proto';

export class PlenaryState {
  readonly #session: Session;
  readonly #plenary: Plenary;
  list = $state.raw<List | null>(null);
  loaded = $state(false);
  returned = $state.raw<Returned[]>([]);
  generation = $state(0);
  readonly #binders = new Map<Field, TextBinder>();
  #savedVersion = $state(0);

  /** Where everybody voted: not on this section? Elsewhere the screen says of the whole list that nobody did. */
  isNotVotedOn(section: Section): boolean {
    const vote = this.#session.state?.plenary_vote;
    return vote?.stage === 'closed' && !vote.paper.some((entry) => entry.section === section);
  }

  constructor(session: Session, access: 'write' | 'read') {
    this.#session = session;
    this.returned = session.kept.get<Returned[]>('returned-list') ?? [];
    const { place } = session;
    const keep =
      access === 'write'
        ? { saved: session.kept, store: storeName(place, `plenary/${place.consultation}`) }
        : {};
    this.#plenary = new Plenary(session.connection, place.consultation, keep, {
      list: (list) => (this.list = list),
      changed: () => {
        this.#savedVersion += 1;
        session.countOpenTexts('plenary', this.#plenary.open.length);
      },
      returned: ({ field, words: text, code }) =>
        this.#keepReturned([...this.returned, { id: newId(), words: text, code, field }]),
      loaded: () => (this.loaded = true),
      fresh: () => {
        this.#binders.clear();
        this.generation += 1;
      },
    });
  }

  /** Binds a textarea to a shared text of the list. */
  binder(field: Field): TextBinder {
    void this.generation;
    const known = this.#binders.get(field);
    if (known !== undefined) return known;
    const binder: TextBinder = (area) => {
      const text = this.#plenary.textOf(field);
      return text === null ? undefined : bindText(area, text);
    };
    this.#binders.set(field, binder);
    return binder;
  }

  savedState(field: Field): SavedState {
    void this.#savedVersion;
    return this.#plenary.savedState(field);
  }

  /** Makes the anchor's words editable. */
  reword(item: string): void {
    this.#session.decide({ do: 'reword', item });
  }

  #keepReturned(returned: Returned[]): void {
    this.returned = returned;
    this.#session.kept.set('returned-list', returned);
  }

  /** May these words go into their field again: is it there, and has it room for them? */
  mayPutIn({ field, words: text }: Returned): boolean {
    void this.list;
    const now = field === undefined ? null : this.#plenary.read(field);
    return now !== null && now.length + unitsAdded(additionsTo(now, text)) <= ENTRY_UNITS_ON_SCREENS;
  }

  /** Puts returned words into their field again. */
  putIn({ id, field, words: text }: Returned): void {
    if (field !== undefined) this.#plenary.putIn(field, text);
    this.settle(id);
  }

  /** Writes words into a field, beside what stands there. */
  write(field: string, text: string): void {
    this.#plenary.putIn(field, text);
  }

  settle(id: string): void {
    this.#keepReturned(this.returned.filter((returned) => returned.id !== id));
  }

  /** The consultation as it stands: its title, points and groups. */
  get consultation(): Session['state'] {
    return this.#session.state;
  }

  /** The group of who reads, if there is one. */
  get group(): string | undefined {
    return this.#session.you?.group ?? undefined;
  }

  groupName(id: string): string {
    return this.#session.state?.groups.find((group) => group.id === id)?.name ?? '';
  }

  /** An entry of the list, or null when it is not there any more. */
  itemOf(id: string): Item | null {
    const items = (this.list?.sections ?? []).flatMap(({ listed, below }) => [...listed, ...below]);
    return items.find((one) => one.id === id) ?? null;
  }

  /** What an entry of the list says, or null when it is not there any more. */
  wordsOf(id: string): string | null {
    const item = this.itemOf(id);
    return item === null ? null : item.wording || item.text;
  }

  end(): void {
    this.#plenary.end(this.#session.connection);
  }
}
