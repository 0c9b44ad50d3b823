// A socket without a library under it: for bytes that no honest client sends.

import WebSocket from 'ws';
import * as Y from 'yjs';
import { soon, until } from './until.mjs';
import { bytesOf, frame, readFrame } from './wire.mjs';

export class Raw {
  constructor(server, path, options = {}) {
    this.keyed = path === '/sync';
    this.frames = [];
    this.socket = new WebSocket(`${server.sockets}${path}`, { perMessageDeflate: false, ...options });
    this.socket.on('message', (data) => {
      const bytes = bytesOf(data);
      this.frames.push({ ...readFrame(bytes, { keyed: this.keyed }), bytes });
      this.onFrame?.();
    });
    this.opened = new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('error', reject);
      this.socket.on('unexpected-response', (_, response) => {
        this.status = response.statusCode;
        response.resume();
        reject(Object.assign(new Error(`upgrade answered ${response.statusCode}`), { status: response.statusCode }));
      });
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        this.ended = { code, reason: reason.toString() };
        resolve(this.ended);
      });
    });
  }

  /** A connected socket on `/sync`, or on another path. */
  static async connect(server, path = '/sync', options = {}) {
    const raw = new Raw(server, path, options);
    await soon(`${path} opens`, raw.opened);
    return raw;
  }

  /** A connected y-websocket socket for a seat's document. */
  static async ticketed(api, seat, document = `board/${seat.group}`) {
    const { ticket } = await api.ticket(seat.token, document);
    return Raw.connect(api.server, `/sync/${document}?token=${ticket}`);
  }

  send(bytes) {
    this.socket.send(bytes);
  }

  /** The first frame of this kind (and document) that was not taken yet. */
  async take(kind, document) {
    return until(
      () => `a frame ${kind} for ${document ?? 'any document'}; there are ${this.frames.map((one) => one.kind).join(', ')}; ended: ${JSON.stringify(this.ended)}`,
      () => {
        const at = this.frames.findIndex(
          (one) => one.kind === kind && (document === undefined || one.document === document),
        );
        return at >= 0 && this.frames.splice(at, 1)[0];
      },
    );
  }

  /** Opens a document with a token and reads it into a fresh Y.Doc. */
  async open(document, token) {
    this.send(frame.token(document, token));
    const answer = await until('an answer to the token', () =>
      this.frames.find((one) => one.document === document && (one.kind === 'authenticated' || one.kind === 'denied')),
    );
    if (answer.kind === 'denied') throw new Error(`denied: ${answer.payload}`);
    return this.read(document);
  }

  /** Asks for everything of an opened document; returns it as a Y.Doc. */
  async read(document) {
    const doc = new Y.Doc();
    const key = this.keyed ? document : undefined;
    this.send(frame.step1(key, Y.encodeStateVector(doc)));
    await this.take('step1', key);
    for (;;) {
      const part = await until('the answer to step 1', () => {
        const at = this.frames.findIndex(
          (one) => (one.kind === 'step2' || one.kind === 'update') && one.document === key,
        );
        return at >= 0 && this.frames.splice(at, 1)[0];
      });
      Y.applyUpdate(doc, part.payload);
      if (part.kind === 'step2') return doc;
    }
  }

  /** How a document, or the whole socket, ended after something that is refused: `{code, closeCode}`. */
  async ending(document) {
    return until(
      () => `${document} ends; there are ${this.frames.map((one) => one.kind).join(', ')}`,
      () => {
        if (this.ended) return { closeCode: this.ended.code };
        const at = this.frames.findIndex((one) => one.kind === 'close' && one.document === document);
        if (at < 0) return undefined;
        const refused = this.frames.find((one) => one.kind === 'stateless' && one.payload.type === 'refused');
        return { refused: refused?.payload, before: refused && this.frames.indexOf(refused) < at };
      },
    );
  }

  /** Sends commands on an opened consultation, all at once; gives what became of each: `ok`, or the problem. */
  async commands(document, commands, deadline) {
    for (const command of commands) this.send(frame.stateless(document, JSON.stringify({ type: 'command', ...command })));
    const answered = (id) => this.frames.find((one) => one.kind === 'stateless' && one.payload.id === id)?.payload;
    return until(
      () => `answers to ${commands.length} commands; ended: ${JSON.stringify(this.ended)}`,
      () => {
        const answers = commands.map(({ id }) => answered(id));
        return answers.every(Boolean) && answers.map((answer) => (answer.type === 'answer' ? 'ok' : answer.problem));
      },
      deadline,
    );
  }

  close() {
    this.socket.terminate();
  }
}
