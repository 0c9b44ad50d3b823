// An honest phone: a stock Yjs document with a stock undo manager, behind the stock sync protocol, on a network that is
// slow and breaks. It knows what is owed to it: one acknowledgement for each message, in order, once it is so.

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';
import { act } from './people.mjs';

const SYNC = 0;
const KEY = 'board/00000000-0000-0000-0000-000000000009';
const REMOTE = Symbol('from the server');
const PERSON = Symbol('by this person');
/** A whole session can be undone; where one step ends and the next begins is drawn, not measured. */
const CAPTURE_MS = 1e9;

function message(write) {
  const out = encoding.createEncoder();
  encoding.writeVarString(out, KEY);
  encoding.writeVarUint(out, SYNC);
  write(out);
  return encoding.toUint8Array(out);
}

/** Client ids and the clocks that they have reached when this update is taken. */
function clocksAfter(update) {
  return Y.parseUpdateMeta(update).to;
}

export class Phone {
  /** `queues`: updates that were made offline leave first after a reconnect (Hocuspocus), not only with step 2 (y-websocket). */
  constructor({ pipe, number, seat, random, queues, temper, tally }) {
    Object.assign(this, { pipe, number, seat, random, queues, temper, tally });
    this.online = false;
    this.queue = [];
    this.begin(new Y.Doc());
    this.connect();
  }

  /** A page opens, with what its store holds. */
  begin(doc, stored) {
    this.doc = doc;
    doc.clientID = this.random.below(2 ** 32);
    if (stored) Y.applyUpdate(doc, stored, REMOTE);
    doc.on('update', (update, origin) => {
      if (origin === REMOTE) return;
      const sent = { bytes: message((out) => sync.writeUpdate(out, update)), until: clocksAfter(update) };
      if (this.online) this.out.push(sent);
      else if (this.queues) this.queue.push(sent);
    });
    this.undo = new Y.UndoManager(doc.getMap('ideas'), { trackedOrigins: new Set([null, PERSON]), captureTimeout: CAPTURE_MS });
  }

  get texts() {
    return [...this.doc.getMap('ideas').values()].map((idea) => idea.get('text')).filter(Boolean);
  }

  connect() {
    this.online = true;
    /** On the way to the server; sent and not acknowledged; on the way to this phone. */
    [this.out, this.owed, this.in] = [[], [], []];
    this.pipe.tell({ do: 'open', phone: this.number, seat: this.seat });
    this.out.push(...this.queue.splice(0));
    this.handshake();
  }

  handshake() {
    this.out.push({ bytes: message((out) => sync.writeSyncStep1(out, this.doc)) });
  }

  /** The connection breaks: what was on its way never arrives. */
  disconnect() {
    this.pipe.tell({ do: 'leave', phone: this.number });
    this.online = false;
    [this.out, this.owed, this.in] = [[], [], []];
  }

  /** A page without connection is closed and opened again: only its store remains. */
  reload() {
    const stored = Y.encodeStateAsUpdate(this.doc);
    this.doc.destroy();
    this.queue = [];
    this.begin(new Y.Doc(), stored);
    this.tally.reloads += 1;
  }

  /** So many messages reach the server. */
  deliver(count = this.out.length) {
    for (const { bytes, until } of this.out.splice(0, count)) {
      this.pipe.frame(this.number, bytes);
      if (!until) continue;
      this.owed.push(until);
      this.tally.sent += 1;
    }
  }

  /** Takes one thing that the server said; `board` is a document that has everything that is public by now. */
  hear(kind, payload, board) {
    switch (kind) {
      case 'step1':
      case 'update':
        this.in.push({ step: kind === 'step1' ? 0 : 2, payload: Buffer.from(payload, 'base64') });
        break;
      case 'acknowledged':
        this.acknowledged(board);
        break;
      case 'refused':
        throw new Error(`phone ${this.number} was refused: ${payload}`);
      default:
        throw new Error(`phone ${this.number} heard ${kind}`);
    }
  }

  acknowledged(board) {
    const until = this.owed.shift();
    if (!until) throw new Error(`phone ${this.number}: an acknowledgement of nothing`);
    for (const [client, clock] of until) {
      if (Y.getState(board.store, client) < clock) throw new Error(`phone ${this.number}: acknowledged before it was so`);
    }
    this.tally.acknowledged += 1;
  }

  /** So many messages reach this phone; a step 1 is answered. */
  read(count = this.in.length) {
    for (const { step, payload } of this.in.splice(0, count)) {
      const said = encoding.createEncoder();
      encoding.writeVarUint(said, step);
      encoding.writeVarUint8Array(said, payload);
      const answer = encoding.createEncoder();
      const raise = (error) => {
        throw error;
      };
      sync.readSyncMessage(decoding.createDecoder(encoding.toUint8Array(said)), answer, this.doc, REMOTE, raise);
      if (encoding.length(answer) > 0) this.answer(encoding.toUint8Array(answer));
      if (this.doc.store.pendingStructs || this.doc.store.pendingDs) throw new Error(`phone ${this.number} waits for what never came`);
    }
  }

  answer(step2) {
    const from = decoding.createDecoder(step2);
    decoding.readVarUint(from);
    const until = clocksAfter(decoding.readVarUint8Array(from));
    this.out.push({ bytes: message((out) => encoding.writeUint8Array(out, step2)), until });
  }

  /** The person does something. */
  work() {
    const { texts, random, tally } = this;
    if (texts.length === 0) return;
    const lot = random.below(100);
    if (lot < 10) {
      tally.undone += this.undo.undo() ? 1 : 0;
      if (random.below(2) === 0) tally.redone += this.undo.redo() ? 1 : 0;
    } else {
      const { script } = act({ doc: this.doc, texts, random, temper: this.temper }, PERSON);
      tally.scripts[script] = (tally.scripts[script] ?? 0) + 1;
      if (random.below(3) === 0) this.undo.stopCapturing();
    }
    if (!this.online) tally.offline += 1;
  }
}
