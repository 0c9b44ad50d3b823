// The HTTP side of the wire (rule W12), spoken by hand: nothing here is generated from the server's own types.

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request } from './http.mjs';
import { KEY } from './server.mjs';

/** A refusal, with the problem body that came with it. */
export class Refused extends Error {
  constructor(what, answer) {
    let body;
    try {
      body = JSON.parse(answer.text);
    } catch {
      body = undefined;
    }
    super(`${what}: ${answer.status} ${body?.code ?? ''} ${body?.detail ?? answer.text.slice(0, 200)}`);
    this.status = answer.status;
    this.contentType = answer.headers['content-type'] ?? '';
    this.body = body;
    this.code = body?.code;
  }
}

/** What an author's phone keeps, and what the board keeps of it. */
export function newReceipt() {
  const bytes = randomBytes(32);
  return { receipt: bytes.toString('hex'), hash: createHash('sha256').update(bytes).digest('hex') };
}

/** What somebody has read, as a decision about words says it (rule C31). */
export const read = (words) => createHash('sha256').update(words).digest('hex');

export class Api {
  constructor(server) {
    this.server = server;
  }

  get url() {
    return this.server.url;
  }

  /** A request that must succeed; returns the parsed body. */
  async json(path, options = {}) {
    const answer = await request(`${this.url}${path}`, options);
    if (answer.status >= 300) throw new Refused(`${options.method ?? 'GET'} ${path}`, answer);
    return JSON.parse(answer.text);
  }

  create(body = {}, key = KEY) {
    return this.json('/api/consultations', { method: 'POST', token: key, body });
  }

  doorstep(codeOrKey) {
    return this.json(`/api/join/${codeOrKey}`);
  }

  /** With the organizer's token it does not wait at the door. */
  join(body, token) {
    return this.json('/api/join', { method: 'POST', token, body });
  }

  consultation(token, id) {
    return this.json(`/api/consultations/${id}`, { token });
  }

  /** Sends a command; without an id it gets a new one. */
  command(token, command) {
    return this.json('/api/commands', { method: 'POST', token, body: { id: randomUUID(), ...command } });
  }

  board(token, group, after) {
    return this.json(`/api/boards/${group}${after === undefined ? '' : `?after=${after}`}`, { token });
  }

  plenary(token, consultation) {
    return this.json(`/api/plenary/${consultation}`, { token });
  }

  ticket(token, document) {
    return this.json('/api/tickets', { method: 'POST', token, body: { document } });
  }

  async exported(token, consultation, format) {
    const path = `/api/plenary/${consultation}/export.${format}`;
    const answer = await request(`${this.url}${path}`, { token });
    if (answer.status !== 200) throw new Refused(`GET ${path}`, answer);
    return answer;
  }

  /** Moves everybody, or one group, to a phase. */
  phase(token, phase, group) {
    return this.command(token, { do: 'phase', phase, ...(group && { group }) });
  }

  /** Shares an idea; returns what its author's phone knows of it. */
  async share(token, { group, text, ...fields }) {
    const idea = fields.idea ?? randomUUID();
    const { receipt, hash } = newReceipt();
    const command = { id: randomUUID(), do: 'share', lang: 'en', ...fields, idea, group, text, receipt: hash };
    const answer = await this.command(token, command);
    return { idea, group, text, receipt, command, answer };
  }

  approve(token, idea, on = true, counter) {
    return this.command(token, { do: 'approve', idea, on, ...(counter !== undefined && { counter }) });
  }

  promote(token, idea, on = true) {
    return this.command(token, { do: 'promote', idea, on });
  }
}
