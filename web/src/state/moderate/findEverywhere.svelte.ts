/** Finds words in all texts that a member of the staff may read: what no machine looks for after a deletion (names, short words). */
import { everything, type Text } from '../../wire/everything';
import { Refusal } from '../../wire/http';
import type { Place } from '../../wire/places';
import type { Code } from '../../wire/proto';
import { folded } from '../idea/finding';

/** More are read by nobody: who looks for something rarer finds it. */
const foundMax = 100;
/** So many digits are a number, however it is written. */
const digitsMin = 5;

/** Letters and digits, with one blank for whatever is between them. */
const plain = (text: string): string =>
  folded(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const digits = (text: string): string => text.replace(/\D/gu, '');

/** Does a text say what is looked for, whatever its case, accents, marks and blanks? */
export function finder(asked: string): (text: string) => boolean {
  const words = plain(asked);
  const number = digits(words);
  const isNumber = number.length >= digitsMin && /^[\d ]+$/u.test(words);
  return (text) => {
    const said = plain(text);
    return words !== '' && (said.includes(words) || (isNumber && digits(said).includes(number)));
  };
}

export class Everywhere {
  found = $state.raw<readonly Text[]>([]);
  stage = $state<'none' | 'looking' | 'done'>('none');
  /** Was not everything looked at? */
  isCut = $state(false);
  problem = $state<Code | 'offline' | null>(null);
  #turn = 0;

  /** An idea was decided about: what it says is not where it was found any more. */
  decided(idea: string): void {
    this.found = this.found.filter((text) => text.idea?.id !== idea);
  }

  async find(place: Place, groups: readonly string[], asked: string): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const says = finder(asked);
    [this.found, this.stage, this.isCut, this.problem] = [[], 'looking', false, null];
    try {
      for await (const text of everything(place, groups)) {
        // Something else is looked for by now.
        if (turn !== this.#turn) return;
        if (text === 'cut') this.isCut = true;
        else if (says(text.text)) this.found = [...this.found, text];
        if (this.found.length >= foundMax) {
          this.isCut = true;
          break;
        }
      }
    } catch (error) {
      if (turn !== this.#turn) return;
      this.problem = error instanceof Refusal ? error.code : 'unavailable';
    }
    this.stage = 'done';
  }
}
