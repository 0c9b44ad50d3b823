/** Requests about what is kept for everybody to check: cards, ledger, one's own ideas, the end and its certificate. */
import { json } from './http';
import type {
  GroupCardView,
  Certificate,
  DoubtfulTexts,
  Ending,
  Followed,
  LedgerEntry,
  Owned,
  ProgrammeView,
} from './proto';
import type { Place } from './places';

const of = (place: Place, rest: string): Promise<never> =>
  json(`/api/consultations/${place.consultation}/${rest}`, { bearer: place.token });

export const cardOf = (place: Place, group: string): Promise<GroupCardView> =>
  of(place, `group-cards/${group}`);

export const ledgerAfter = (place: Place, lines: number): Promise<LedgerEntry[]> =>
  of(place, `ledger?after=${String(lines)}`);

export const endingOf = (place: Place): Promise<Ending> => of(place, 'ending');

export const programmeOf = (place: Place): Promise<ProgrammeView> => of(place, 'programme');

/** What was taken off the list because of deleted words, for who may settle it. */
export const doubtfulOf = (place: Place): Promise<DoubtfulTexts> =>
  json(`/api/plenary/${place.consultation}/doubtful`, { bearer: place.token });

/** What became of ideas: their receipts prove that they are one's own, and travel in the body alone. */
export const follow = (consultation: string, ideas: Owned[]): Promise<Followed> =>
  json('/api/follow', { method: 'POST', body: { consultation, ideas } });

export const certificateOf = (id: string): Promise<Certificate> =>
  json(`/api/certificates/${encodeURIComponent(id)}`, {});
