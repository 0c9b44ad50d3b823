/** What was prepared and is fetched when somebody needs it: reasons to hide an idea for, who can help. */
import { programmeOf } from '../../wire/http';
import type { Place } from '../../wire/places';
import type { ProgrammeView } from '../../wire/proto';

const kept = new Map<string, { version: number; view: Promise<ProgrammeView> }>();

/** The programme in this version; fetched once. A failure is tried again the next time. */
export function programme(place: Place, version: number): Promise<ProgrammeView> {
  const known = kept.get(place.consultation);
  if (known?.version === version) return known.view;
  const view = programmeOf(place.token, place.consultation);
  kept.set(place.consultation, { version, view });
  view.catch(() => kept.delete(place.consultation));
  return view;
}
