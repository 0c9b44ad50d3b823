/**
 * Which screen is shown. The secrets in a link's fragment are read once, kept on this phone, and taken out of the
 * address, so that they stand in no history and on no screenshot.
 */
import { keepPlace, lastPlace, type Place } from '../wire/places';
import type { Role } from '../wire/proto';
import { saved } from '../wire/saved';

/** The closed door that this phone waits at. */
export interface Waiting {
  key: string;
  /** Did it say when it opens? Then it lets in by itself. */
  timed: boolean;
}
export const waitingKey = 'waiting-key';

export type Screen =
  'join' | 'board' | 'moderate' | 'report' | 'organize' | 'room' | 'safeguard' | 'ledger' | 'certificate';

const roles: Partial<Record<Screen, Role>> = {
  board: 'participant',
  moderate: 'moderator',
  report: 'rapporteur',
  organize: 'organizer',
  room: 'room',
  safeguard: 'safeguarding',
};

interface Route {
  screen: Screen;
  /** Join: the code of the address, or the key of the QR code. */
  code: string;
  key: string;
  /** Join: a seat that another phone hands over. */
  parcel: string;
  place: Place | null;
  /** Ledger: the screen that it was opened from. */
  back: string;
  /** Certificate: its id. */
  certificate: string;
  /** Organize: the key that may create consultations. */
  organizerKey: string;
}

function readAddress(): Route {
  const [, first = '', second = ''] = location.pathname.split('/');
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(null, '', location.pathname);
  const screen: Screen =
    first in roles || first === 'ledger' || first === 'certificate' ? (first as Screen) : 'join';
  const route: Route = {
    screen,
    code: '',
    key: '',
    parcel: '',
    place: null,
    back: '/join',
    certificate: '',
    organizerKey: '',
  };
  if (screen === 'certificate') {
    if (fragment !== '') saved.set('certificate', fragment);
    route.certificate = saved.get<string>('certificate') ?? '';
    return route;
  }
  if (screen === 'ledger') {
    const from = saved.get<Screen>('last-screen') ?? 'board';
    route.place = lastPlace(roles[from] ?? 'participant');
    route.back = `/${from}`;
    return route;
  }
  if (screen === 'join') {
    route.code = decodeURIComponent(second);
    route.parcel = /^m=([0-9a-f]{32}\.[0-9a-f]{64})$/i.exec(fragment)?.[1] ?? '';
    route.key = /^[0-9a-f]{32}$/i.test(fragment) ? fragment.toLowerCase() : '';
    // Who waits before a closed door still does after a reload, though the key is out of the address.
    const bare = route.key === '' && route.parcel === '' && route.code === '';
    if (bare) route.key = saved.get<Waiting>(waitingKey)?.key ?? '';
    return route;
  }
  saved.set('last-screen', screen);
  const values = new URLSearchParams(fragment);
  const [consultation, token] = [values.get('c'), values.get('t')];
  const role = roles[screen] ?? 'participant';
  if (consultation !== null && token !== null) keepPlace({ role, consultation, token });
  const key = values.get('key');
  if (screen === 'organize' && key !== null) {
    saved.set('organizer-key', key);
    history.replaceState(null, '', '/organize/new');
  }
  route.organizerKey = saved.get<string>('organizer-key') ?? '';
  const making = screen === 'organize' && (key !== null || second === 'new');
  route.place = making ? null : lastPlace(role);
  return route;
}

class Router {
  current = $state.raw<Route>(readAddress());

  constructor() {
    addEventListener('popstate', () => this.#read());
    addEventListener('hashchange', () => {
      if (location.hash.length > 1) this.#read();
    });
  }

  #read(): void {
    this.current = readAddress();
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.#read();
    scrollTo(0, 0);
  }
}

export const router = new Router();
