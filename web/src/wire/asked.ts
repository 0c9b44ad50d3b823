/**
 * What a link would change on this phone, and whether the person is asked first. Nobody's seat is replaced by opening an
 * address: what the link carries waits in this tab, over a reload too, until somebody says yes or no.
 */
import { hasSeatIn, placeIn } from './places';
import type { Role } from './proto';
import { saved, savedInTab } from './saved';

export type Asked =
  /** A seat that another phone hands over. */
  | { kind: 'parcel'; screen: string; id: string; key: string }
  /** A participant's token in an address. */
  | { kind: 'seat'; screen: string; consultation: string; token: string }
  /** A staff link, on a phone that has another place here. */
  | { kind: 'staff'; screen: string; role: Role; consultation: string; token: string }
  /** Another organizer key than the one that is kept. */
  | { kind: 'key'; screen: string; key: string }
  /** A seat of which the exchange began, and was not answered when the page ended. */
  | { kind: 'taking'; screen: string };

/** Must a person say yes before this phone is who the link says? */
export function mustAsk(role: Role, consultation: string, token: string): boolean {
  const here = placeIn(role, consultation);
  if (here !== null && (here.token === token || here.from === token)) return false;
  return role === 'participant' || here !== null || hasSeatIn(consultation);
}

export function mustAskForKey(key: string): boolean {
  const kept = saved.get<string>('organizer-key');
  return kept !== null && kept !== key;
}

export function keepAsked(asked: Asked): Asked {
  savedInTab.set('asked', asked);
  return asked;
}

/** What this tab was asked on this screen, and did not answer. */
export function askedOn(screen: string): Asked | null {
  const asked = savedInTab.get<Asked>('asked');
  if (asked?.screen === screen) return asked;
  forgetAsked();
  return null;
}

export function forgetAsked(): void {
  savedInTab.remove('asked');
}
