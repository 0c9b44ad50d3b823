/**
 * The one WebSocket of this page and the documents on it: `consultation/<id>` first, which carries commands, answers
 * and state; then boards and the plenary.
 *
 * Networks fail silently: the server says something every 20 s, so 25 s of silence, or 8 s without an answer, end
 * the socket; waking the page or coming online tries again at once.
 */
import { HocuspocusProviderWebsocket, WebSocketStatus } from '@hocuspocus/provider';
import { LiveDocument, type DocumentOptions } from './document';
import type { Command } from './outbox';
import type {
  Alerts,
  Answer,
  Code,
  ConsultationState,
  Curation,
  Desk,
  Problem,
  ServerMessage,
  You,
} from './proto';
import type { Place } from './places';
import { PROTOCOL } from './constants';
import { watchedSocket, type Lines } from './socket';

export type Link = 'connecting' | 'online' | 'offline' | 'denied';

/**
 * Why there is no connection now: the network, or what the server said when it closed the socket (`proto/src/wire/close.rs`).
 * All of them are tried again.
 */
export type Lost = 'offline' | 'server' | 'restarting' | 'again' | 'too-much' | 'not-taken' | 'replaced';

/** What documents need of the connection. */
export interface Wires {
  socket: HocuspocusProviderWebsocket;
  lines: Lines;
  token: string;
}

export interface ConnectionEvents {
  link(link: Link): void;
  /** The connection is lost, or could not be made. */
  lost(why: Lost): void;
  /** The server speaks a later protocol than this page. */
  newer(): void;
  state(state: ConsultationState): void;
  you(you: You): void;
  curation(curation: Curation): void;
  desk(desk: Desk): void;
  alerts(alerts: Alerts): void;
  /** Something else became of ideas of a group. */
  fates(group: string): void;
  answer(answer: Answer): void;
  problem(id: string | null, problem: Problem): void;
  denied(code: Code): void;
  /** The consultation was deleted. */
  purged(): void;
  /** Commands may go now, or not any more. */
  ready(line: ((command: Command) => void) | null): void;
  /** The longest time that anything has waited for an answer, in milliseconds. */
  unansweredFor(): number;
}

/** What a socket is closed with when there is no coming back (`proto/src/wire/close.rs`). */
const closedForGood: Record<number, Code> = { 4410: 'purged', 4411: 'seat-removed', 4412: 'seat-moved' };
/** Every other code is the network's: 1005, 1006, 4408 (silence) and what proxies say. 1008 is theirs as well. */
const lostBecause: Readonly<Record<number, Lost>> = {
  1008: 'not-taken',
  1009: 'too-much',
  1011: 'server',
  1012: 'restarting',
  1013: 'again',
  4400: 'not-taken',
  4403: 'not-taken',
  4409: 'replaced',
};
/** Why a seat is denied, said before the denial; at the door it may come back. */
const whyDenied: ReadonlySet<Code> = new Set<Code>([
  ...Object.values(closedForGood),
  'closed-together',
  'at-the-door',
]);
const silenceMilliseconds = 25_000;
const answerMilliseconds = 8_000;
const checkMilliseconds = 2_000;

export class Connection {
  readonly #events: ConnectionEvents;
  readonly #wires: Wires;
  readonly #consultation: LiveDocument;
  readonly #documents = new Set<LiveDocument>();
  readonly #timer: ReturnType<typeof setInterval>;
  #everOnline = false;
  #denied = false;
  /** What the server said when it closed the socket last, since it was open. */
  #lastWord: Lost | null = null;
  #ended = false;
  /** Why the door will stay closed, told before the denial. */
  #because: Code = 'unauthorized';

  constructor(place: Place, events: ConnectionEvents) {
    this.#events = events;
    const lines: Lines = new Map();
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new HocuspocusProviderWebsocket({
      url: `${scheme}//${location.host}/sync`,
      WebSocketPolyfill: watchedSocket(lines),
      messageReconnectTimeout: silenceMilliseconds,
      delay: 500,
      minDelay: 300,
      maxDelay: 6_000,
      factor: 1.6,
      onDisconnect: ({ event }) => this.#lost(event.code),
    });
    this.#wires = { socket, lines, token: place.token };
    this.#consultation = new LiveDocument({
      name: `consultation/${place.consultation}`,
      wires: this.#wires,
      presence: false,
      attach: () => () => undefined,
      find: () => null,
      changed: () => undefined,
      returned: () => undefined,
      stateless: (message) => this.#heard(message),
      authenticated: () => this.#ready(),
      denied: () => this.#refusedAtTheDoor(this.#because),
    });
    this.#timer = setInterval(() => this.#checkAnswers(), checkMilliseconds);
    addEventListener('online', this.#wake);
    addEventListener('pageshow', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
  }

  /** Opens a document on this connection. */
  open(options: Omit<DocumentOptions, 'wires'>): LiveDocument {
    const live = new LiveDocument({ ...options, wires: this.#wires });
    this.#documents.add(live);
    return live;
  }

  /** Tells how many things this phone has not sent yet. */
  tellUnsent(count: number): void {
    this.#consultation.sendStateless(JSON.stringify({ type: 'unsent', count }));
  }

  close(live: LiveDocument): void {
    live.end();
    this.#documents.delete(live);
  }

  #ready(): void {
    this.#everOnline = true;
    this.#lastWord = null;
    this.#events.link('online');
    this.#events.ready((command) => {
      this.#consultation.sendStateless(JSON.stringify({ type: 'command', ...command }));
    });
  }

  #lost(code: number): void {
    if (this.#denied) return;
    const forGood = closedForGood[code];
    if (forGood !== undefined) return this.#refusedAtTheDoor(forGood);
    this.#events.ready(null);
    this.#events.lost(this.#why(code));
    this.#events.link(this.#everOnline || !navigator.onLine ? 'offline' : 'connecting');
  }

  /** A server that is down cannot say so again: its last word stands until the network says that it is away. */
  #why(code: number): Lost {
    const why = lostBecause[code];
    if (why !== undefined) this.#lastWord = why;
    return navigator.onLine ? (this.#lastWord ?? 'offline') : 'offline';
  }

  #refusedAtTheDoor(code: Code): void {
    if (code === 'purged') return this.#deleted();
    this.#denied = true;
    this.#events.ready(null);
    this.#events.link('denied');
    this.#events.denied(code);
    this.#wires.socket.disconnect();
  }

  /** There is nothing to come back to. */
  #deleted(): void {
    this.#denied = true;
    this.#events.ready(null);
    this.#events.link('denied');
    this.#events.purged();
    this.#wires.socket.disconnect();
  }

  #heard(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        if (message.protocol > PROTOCOL) this.#events.newer();
        return;
      case 'state':
        return this.#events.state(message.state);
      case 'curation':
        return this.#events.curation(message.curation);
      case 'desk':
        return this.#events.desk(message.desk);
      case 'alerts':
        return this.#events.alerts(message);
      case 'fates':
        return this.#events.fates(message.group);
      case 'you':
        return this.#events.you(message.you);
      case 'answer':
        return this.#events.answer(message);
      case 'problem':
        if (message.id === null && whyDenied.has(message.problem.code)) this.#because = message.problem.code;
        return this.#events.problem(message.id, message.problem);
      case 'purged':
        return this.#deleted();
      case 'refused':
        return;
    }
  }

  #checkAnswers(): void {
    let longest = this.#events.unansweredFor();
    for (const live of this.#documents) longest = Math.max(longest, live.acknowledgements.waitingFor());
    if (longest > answerMilliseconds && document.visibilityState === 'visible') this.#restart();
  }

  /** Ends a socket that may be dead: a close handshake would wait for a network that is gone. */
  #restart(): void {
    const { socket } = this.#wires;
    if (socket.status !== WebSocketStatus.Connected) return;
    socket.webSocket?.dispatchEvent(new CloseEvent('close', { code: 4408, reason: 'no answer' }));
  }

  #wake = (): void => {
    if (document.visibilityState === 'hidden' || this.#denied) return;
    const { socket } = this.#wires;
    if (socket.status === WebSocketStatus.Disconnected) void socket.connect();
    else if (Date.now() - socket.lastMessageReceived > silenceMilliseconds) this.#restart();
  };

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    removeEventListener('online', this.#wake);
    removeEventListener('pageshow', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    for (const live of this.#documents) live.end();
    this.#consultation.end();
    this.#wires.socket.destroy();
  }
}
