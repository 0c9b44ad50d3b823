/** Texts of the list that were taken off because of deleted words, for who may settle them. */
import type { DoubtfulText } from '../../wire/proto';
import { wordsRead } from '../../wire/read';
import { doubtfulOf } from '../../wire/records';
import type { PlenaryState } from './plenary.svelte';
import type { Session } from '../page/session.svelte';
import { say, words, type Key } from '../page/words.svelte';

export class DoubtfulState {
  readonly #session: Session;
  readonly #plenary: PlenaryState;
  texts = $state.raw<DoubtfulText[]>([]);

  constructor(session: Session, plenary: PlenaryState) {
    this.#session = session;
    this.#plenary = plenary;
    // Somebody else has settled it, or it says more by now.
    session.onRefused((command) => {
      if (command.do === 'settle-text') void this.load();
      return false;
    });
  }

  /** The document says which there are; their words are asked for. */
  get names(): string {
    return (this.#plenary.list?.doubtful ?? []).join(' ');
  }

  async load(): Promise<void> {
    const names = this.names;
    const texts = names === '' ? [] : (await doubtfulOf(this.#session.place)).texts;
    if (names === this.names) this.texts = texts;
  }

  /** Where a text stands, as people read it. */
  where({ text }: DoubtfulText): string {
    const [kind = '', id = '', lang = ''] = text.split('/');
    if (kind === 'statement') return say(`worded.${id}` as Key);
    if (kind === 'tr') return `${say('worded.wording-translation')} (${words.languageName(lang)})`;
    return say(`worded.${kind}` as Key);
  }

  /** What the entry says beside which it stands. */
  entry({ text }: DoubtfulText): string {
    const [kind, id = ''] = text.split('/');
    return kind === 'statement' ? '' : (this.#plenary.wordsOf(id) ?? '');
  }

  settle({ text, words }: DoubtfulText, keep: boolean): void {
    this.#session.decide({ do: 'settle-text', text, keep, read: wordsRead(words) });
  }

  /** Other words in the place of the ones that were taken off. */
  replace(doubtful: DoubtfulText, instead: string): void {
    this.#plenary.write(doubtful.text, instead);
    this.settle(doubtful, false);
  }
}
