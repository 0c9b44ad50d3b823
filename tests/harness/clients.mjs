// Stock clients: `@hocuspocus/provider` on `/sync`, `y-websocket` on `/sync/{document}`. The libraries are used as they
// are; only the socket under them is tapped, so that a test can read what went over the wire and what was acknowledged.

import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { boardOf } from './documents.mjs';
import { soon, until } from './until.mjs';
import { bytesOf, readFrame, stringsIn } from './wire.mjs';

/** A WebSocket class whose frames are shown to `tap` (`'in' | 'out'`, bytes, socket) before anybody else sees them. */
function tapped(tap) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { perMessageDeflate: false });
      // A library that closes a socket while it connects has taken its listeners off already.
      this.on('error', () => {});
      this.on('message', (data) => tap('in', bytesOf(data), this));
    }

    send(data, ...rest) {
      tap('out', bytesOf(data), this);
      super.send(data, ...rest);
    }
  };
}

/** What both kinds of stock clients can do with a board. */
class Client {
  constructor({ api, seat, name, onFrame, doc = new Y.Doc() }) {
    this.api = api;
    this.seat = seat;
    this.name = name;
    this.onFrame = onFrame;
    this.doc = doc;
    this.document = seat.document ?? `board/${seat.group}`;
    /** Frames of this document by direction and kind, over all connections. */
    this.counts = { in: {}, out: {} };
  }

  count(direction, frame) {
    const of = this.counts[direction];
    of[frame.kind] = (of[frame.kind] ?? 0) + 1;
  }

  /** The idea's text, or undefined while this client has not seen it. */
  text(idea) {
    return this.doc.getMap('ideas').get(idea)?.get('text');
  }

  words(idea) {
    return this.text(idea)?.toString();
  }

  tally(idea) {
    return this.doc.getMap('ideas').get(idea)?.get('tally');
  }

  board() {
    return boardOf(this.doc);
  }

  /** Types into an idea; at its end unless told where. */
  type(idea, letters, at) {
    const text = this.text(idea);
    text.insert(at ?? text.length, letters);
  }

  /** Deletes these letters where they stand; false when they don't. */
  erase(idea, letters) {
    const text = this.text(idea);
    const at = text.toString().indexOf(letters);
    if (at < 0) return false;
    text.delete(at, letters.length);
    return true;
  }

  sees(idea, letters) {
    return until(
      () => `${this.name} sees ${JSON.stringify(letters)}; it has ${JSON.stringify(this.words(idea))}`,
      () => this.words(idea)?.includes(letters),
    );
  }

  has(idea) {
    return until(`${this.name} has the idea ${idea}`, () => this.text(idea));
  }
}

/** A stock Hocuspocus client: one socket with the consultation (opened first) and one document, usually the board. */
export class HocuspocusClient extends Client {
  constructor(settings) {
    super(settings);
    const { consultation = true, sessionAwareness = false } = settings;
    /** Updates and step 2s that were sent on the present connection and are not acknowledged yet, oldest first. */
    this.unacknowledged = [];
    /** Every string that an acknowledged message held. */
    this.acknowledged = [];
    this.refusals = [];
    this.answers = new Map();
    this.states = [];
    this.socket = new HocuspocusProviderWebsocket({
      url: `${this.api.server.sockets}/sync`,
      WebSocketPolyfill: tapped((...frame) => this.tap(...frame)),
      delay: 100,
      minDelay: 100,
      maxDelay: 1000,
    });
    if (consultation) this.consultation = this.attach(`consultation/${this.seat.consultation}`, new Y.Doc(), null);
    this.provider = this.attach(this.document, this.doc, undefined, sessionAwareness);
  }

  attach(name, document, awareness, sessionAwareness = false) {
    const provider = new HocuspocusProvider({
      websocketProvider: this.socket,
      name,
      document,
      token: this.seat.token,
      sessionAwareness,
      ...(awareness === null && { awareness }),
    });
    provider.on('stateless', ({ payload }) => this.hear(JSON.parse(payload)));
    provider.on('authenticationFailed', ({ reason }) => {
      this.denied = reason;
    });
    provider.attach();
    return provider;
  }

  tap(direction, bytes, socket) {
    const frame = readFrame(bytes);
    this.onFrame?.(direction, frame, bytes);
    if (socket !== this.tappedSocket) {
      this.tappedSocket = socket;
      this.unacknowledged = [];
    }
    if (frame.document !== this.document) return;
    this.count(direction, frame);
    if (direction === 'out' && (frame.kind === 'update' || frame.kind === 'step2')) {
      this.unacknowledged.push(stringsIn(frame.payload));
    } else if (direction === 'in' && frame.kind === 'status' && frame.payload === 1) {
      const strings = this.unacknowledged.shift();
      if (strings === undefined) throw new Error(`${this.name}: an acknowledgement of nothing`);
      this.acknowledged.push(...strings);
    } else if (direction === 'in' && frame.kind === 'close') {
      this.unacknowledged = [];
    }
  }

  hear(message) {
    switch (message.type) {
      case 'welcome':
        if (this.state === undefined) this.welcome = message;
        break;
      case 'state':
        this.state = message.state;
        this.states.push(message.state);
        break;
      case 'you':
        this.you = message.you;
        break;
      case 'refused':
        this.refusals.push(message);
        break;
      default:
        this.answers.get(message.id)?.(message);
    }
  }

  /** Sends a command on the socket; returns the answer or the problem message. */
  command(command) {
    const message = { type: 'command', id: randomUUID(), ...command };
    const answer = new Promise((resolve) => this.answers.set(message.id, resolve));
    this.consultation.sendStateless(JSON.stringify(message));
    return soon(`${this.name} gets an answer to ${command.do}`, answer);
  }

  get online() {
    return this.provider.synced && this.provider.isAuthenticated;
  }

  async synced() {
    await until(
      () => `${this.name} is in step with the server; refused: ${JSON.stringify(this.refusals)}`,
      () => this.online || this.denied !== undefined,
    );
    if (!this.online) throw new Error(`${this.name} is denied: ${this.denied}`);
  }

  /** Waits until everything that was sent is acknowledged. */
  recorded() {
    return until(
      () => `${this.name}: all is acknowledged; ${this.unacknowledged.length} are not`,
      () => this.online && this.unacknowledged.length === 0,
    );
  }

  /** Waits for a refusal of something that this client sent. */
  refused() {
    return until(`${this.name} is refused something`, () => this.refusals.at(-1));
  }

  disconnect() {
    this.socket.disconnect();
    return until(`${this.name} is offline`, () => this.socket.status === 'disconnected');
  }

  reconnect() {
    this.socket.connect();
  }

  destroy() {
    this.provider.destroy();
    this.consultation?.destroy();
    this.socket.destroy();
    this.doc.destroy();
  }
}

/** A stock y-websocket client. Its ticket expires, so it takes a new one for every connection after the first. */
export class YWebsocketClient extends Client {
  constructor(settings) {
    super(settings);
    this.provider = new WebsocketProvider(`${this.api.server.sockets}/sync`, this.document, this.doc, {
      params: { token: settings.ticket },
      WebSocketPolyfill: tapped((direction, bytes) => {
        const frame = readFrame(bytes, { keyed: false });
        this.count(direction, frame);
        this.onFrame?.(direction, frame, bytes);
      }),
      // Two clients in one process must meet at the server, not in the library's own channel between tabs.
      disableBc: true,
      maxBackoffTime: 1000,
    });
    this.provider.on('connection-close', () => this.renew());
    this.provider.on('closed', (event) => {
      this.closed = event;
    });
  }

  /** Until the server is back there is no ticket; the next failed attempt asks again. */
  async renew() {
    try {
      const { ticket } = await this.api.ticket(this.seat.token, this.document);
      this.provider.params = { token: ticket };
    } catch {
      // The provider goes on trying, and each try comes by here.
    }
  }

  get online() {
    return this.provider.synced && this.provider.wsconnected;
  }

  synced() {
    return until(
      () => `${this.name} is in step with the server (closed: ${JSON.stringify(this.closed)})`,
      () => this.online,
    );
  }

  /** This wire has no acknowledgements; being in step is all that it can know. */
  recorded() {
    return this.synced();
  }

  disconnect() {
    this.provider.disconnect();
    return until(`${this.name} is offline`, () => !this.provider.wsconnected);
  }

  async reconnect() {
    await this.renew();
    this.provider.connect();
  }

  destroy() {
    this.provider.destroy();
    this.doc.destroy();
  }
}

let number = 0;

/** A seat's board in a stock Hocuspocus client, in step with the server. */
export function hocuspocus(api, seat, options = {}) {
  number += 1;
  return inStep(new HocuspocusClient({ api, seat, name: `hocuspocus ${number}`, ...options }));
}

/** A seat's board in a stock Hocuspocus client that need not come in step: it may be refused. */
export function unsteady(api, seat, options = {}) {
  number += 1;
  return new HocuspocusClient({ api, seat, name: `hocuspocus ${number}`, ...options });
}

/** A seat's board in a stock y-websocket client, in step with the server. */
export async function yWebsocket(api, seat, options = {}) {
  number += 1;
  const { ticket } = await api.ticket(seat.token, seat.document ?? `board/${seat.group}`);
  return inStep(new YWebsocketClient({ api, seat, ticket, name: `y-websocket ${number}`, ...options }));
}

async function inStep(client) {
  try {
    await client.synced();
    return client;
  } catch (error) {
    client.destroy();
    throw error;
  }
}

/**
 * Waits until everything that the server did before now has reached these readers: the writer types a mark, all see
 * it, the writer takes it away again, all see that. Boards keep one order, so what came before has arrived as well.
 */
export async function barrier(writer, readers, idea) {
  number += 1;
  const mark = `⟦${number}⟧`;
  writer.type(idea, mark);
  for (const reader of readers) await reader.sees(idea, mark);
  writer.erase(idea, mark);
  for (const reader of readers) {
    await until(`${reader.name} no longer sees ${mark}`, () => !reader.words(idea).includes(mark));
  }
}
