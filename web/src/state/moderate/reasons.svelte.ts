/** The reasons for hiding that were set beforehand, by their ids. */
import type { HideReason } from '../../wire/proto';
import type { Place } from '../../wire/places';
import { programmeOf } from '../../wire/records';
import { heldInGroup, personalData } from './hiding';
import { say, words } from '../page/words.svelte';

/** The server's own, for lines that say something like deleted words. */
const likeDeleted = 'like-deleted';

export class Reasons {
  all = $state.raw<HideReason[]>([]);
  readonly #place: Place;

  /** Not made in a derived value, which would never hear of what is loaded. */
  constructor(place: Place) {
    this.#place = place;
    this.load();
  }

  /** Asks for what is not here yet. */
  load(): void {
    if (this.all.length > 0) return;
    // Without a network the ids stand in for their names.
    programmeOf(this.#place).then(
      (programme) => (this.all = programme.hide_reasons),
      () => undefined,
    );
  }

  name(id: string): string {
    if (id === heldInGroup) return say('hide.held-reason');
    if (id === likeDeleted) return say('hide.like-deleted-reason');
    if (id === personalData) return say('hide.personal-reason');
    const reason = this.all.find((one) => one.id === id);
    return reason === undefined ? id : words.of(reason.text);
  }
}

export const reasonsOf = (place: Place): Reasons => new Reasons(place);
