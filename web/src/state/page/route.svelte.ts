/**
 * Which screen is shown. The secrets in a link's fragment are read once, kept on this phone, and taken out of the
 * address, so that they stand in no history and on no screenshot.
 */
import { askedOn, forgetAsked, keepAsked, mustAsk, mustAskForKey, type Asked } from '../../wire/asked';
import { openTaking } from '../../wire/handover';
import { keepPlace, lastPlace, placeIn, type Place } from '../../wire/places';
import type { Role } from '../../wire/proto';
import { saved } from '../../wire/saved';

/** The closed door that this phone waits at. */
export interface Waiting {
  key: string;
  /** Did it say when it opens? Then it lets in by itself. */
  timed: boolean;
}
export const waitingKey = 'waiting-key';

export type Screen =
  | 'join'
  | 'board'
  | 'moderate'
  | 'report'
  | 'edit'
  | 'translate'
  | 'organize'
  | 'room'
  | 'safeguard'
  | 'ledger'
  | 'certificate';

const roles: Partial<Record<Screen, Role>> = {
  board: 'participant',
  moderate: 'moderator',
  report: 'rapporteur',
  edit: 'editor',
  translate: 'translator',
  organize: 'organizer',
  room: 'room',
  safeguard: 'safeguarding',
};

interface Route {
  screen: Screen;
  /** Join: the code of the address, or the key of the QR code. */
  code: string;
  key: string;
  /** What the link would change on this phone: asked about first. */
  asked: Asked | null;
  /** A part of the address is missing, or it was changed on the way. */
  broken: boolean;
  place: Place | null;
  /** Ledger: the screen that it was opened from. */
  back: string;
  /** Certificate: its id. */
  certificate: string;
  /** Organize: the key that may create consultations. */
  organizerKey: string;
}

const nowhere = {
  code: '',
  key: '',
  asked: null,
  broken: false,
  place: null,
  back: '/join',
  certificate: '',
  organizerKey: '',
};

function readAddress(): Route {
  const [, first = '', second = ''] = location.pathname.split('/');
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(null, '', location.pathname);
  const screen: Screen =
    first in roles || first === 'ledger' || first === 'certificate' ? (first as Screen) : 'join';
  const route: Route = { ...nowhere, screen };
  // The server knows no such page either, and says so by its status.
  if (screen === 'join' && !['', 'join', 'index.html'].includes(first)) return { ...route, broken: true };
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
  if (fragment !== '') forgetAsked();
  route.asked = fragment === '' ? waitingQuestion(screen) : null;
  if (route.asked !== null) return route;
  return screen === 'join' ? readJoin(route, second, fragment) : readPlaced(route, second, fragment);
}

/** What was asked before a reload, or a seat that was being taken when the page ended. */
function waitingQuestion(screen: Screen): Asked | null {
  const seated = screen === 'join' || screen === 'board';
  if (seated && openTaking() !== null) return { kind: 'taking', screen };
  return askedOn(screen);
}

function readJoin(route: Route, second: string, fragment: string): Route {
  const parcel = /^m=([0-9a-f]{32})\.([0-9a-f]{64})$/i.exec(fragment);
  const [, id, key] = parcel ?? [];
  if (id !== undefined && key !== undefined) {
    route.asked = keepAsked({ kind: 'parcel', screen: route.screen, id: id.toLowerCase(), key });
    return route;
  }
  route.key = /^[0-9a-f]{32}$/i.test(fragment) ? fragment.toLowerCase() : '';
  try {
    route.code = decodeURIComponent(second);
  } catch {
    route.broken = true;
  }
  // Letters that are in no code: a part of something else.
  if (second !== '' && !/^[A-Za-z0-9 -]{1,16}$/.test(route.code)) route.broken = true;
  if (fragment !== '' && route.key === '') route.broken = true;
  // Who waits before a closed door still does after a reload, though the key is out of the address.
  const bare = route.key === '' && route.code === '' && !route.broken;
  if (bare) route.key = saved.get<Waiting>(waitingKey)?.key ?? '';
  return route;
}

function readPlaced(route: Route, second: string, fragment: string): Route {
  const { screen } = route;
  const values = new URLSearchParams(fragment);
  const [consultation, token, key] = [values.get('c'), values.get('t'), values.get('key')];
  const role = roles[screen] ?? 'participant';
  const forKey = screen === 'organize' && key !== null && key !== '';
  if (consultation !== null && token !== null && token !== '' && /^[0-9a-f-]{36}$/i.test(consultation)) {
    if (mustAsk(role, consultation, token)) {
      const kind = role === 'participant' ? { kind: 'seat' as const } : { kind: 'staff' as const, role };
      route.asked = keepAsked({ ...kind, screen, consultation, token });
      return route;
    }
    const here = placeIn(role, consultation);
    keepPlace(here ?? { role, consultation, token });
  } else if (forKey) {
    if (mustAskForKey(key)) {
      route.asked = keepAsked({ kind: 'key', screen, key });
      return route;
    }
    saved.set('organizer-key', key);
    history.replaceState(null, '', '/organize/new');
  } else if (fragment !== '') {
    route.broken = true;
    return route;
  }
  saved.set('last-screen', screen);
  route.organizerKey = saved.get<string>('organizer-key') ?? '';
  const making = screen === 'organize' && (forKey || second === 'new');
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

  /** A link turned out to be of another role: its place is that role's, on the screen of that role. */
  goAs(role: Role, place: Place): void {
    const screen = Object.entries(roles).find(([, of]) => of === role)?.[0] ?? 'join';
    keepPlace({ ...place, role });
    this.go(`/${screen}`);
  }

  go(path: string): void {
    forgetAsked();
    history.pushState(null, '', path);
    this.#read();
    scrollTo(0, 0);
  }
}

export const router = new Router();
