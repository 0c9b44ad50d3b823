/** The reasons for hiding that were set beforehand, by their ids. */
import type { HideReason } from '../wire/proto';
import type { Place } from '../wire/places';
import { programmeOf } from '../wire/records';
import { words } from './words.svelte';

export class Reasons {
  all = $state.raw<HideReason[]>([]);

  constructor(place: Place) {
    // Without a network the ids stand in for their names.
    programmeOf(place).then(
      (programme) => (this.all = programme.hide_reasons),
      () => undefined,
    );
  }

  name(id: string): string {
    const reason = this.all.find((one) => one.id === id);
    return reason === undefined ? id : words.of(reason.text);
  }
}

export const reasonsOf = (place: Place): Reasons => new Reasons(place);
