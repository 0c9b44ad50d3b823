// How long a phase change takes to be on every connected phone: real sockets, each with its board open, on one machine.
//
//   node bench/phases.mjs [--phones 1000] [--groups 20] [--rounds 10]     (PLENUM_BIN: which server)
//
// Measured from the moment at which the organizer's command leaves until the last phone has (a) the state that says so
// and (b) the phase and the lock in its board's own document. Ends with 1 when a round's last phone needs more than a
// second.

import { parseArgs } from 'node:util';
import { performance } from 'node:perf_hooks';
import * as Y from 'yjs';
import { Api } from '../harness/api.mjs';
import { Raw } from '../harness/raw.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const { values } = parseArgs({ options: { phones: { type: 'string' }, groups: { type: 'string' }, rounds: { type: 'string' } } });
const PHONES = Number(values.phones ?? 1000);
const GROUPS = Number(values.groups ?? 20);
const ROUNDS = Number(values.rounds ?? 10);
const BOUND_MS = 1000;
const AT_ONCE = 50;

/** A phone: follows the consultation, has its board open, and notes when a phase arrived. */
class Phone {
  constructor(stage, seat) {
    this.consultation = `consultation/${stage.id}`;
    this.board = seat.board;
    this.seat = seat;
    this.doc = new Y.Doc();
    this.state = { phase: undefined, at: 0 };
    this.lock = { phase: undefined, at: 0 };
    this.doc.getMap('about').observe(() => {
      const phase = this.doc.getMap('about').get('phase');
      if (phase !== this.lock.phase) this.lock = { phase, at: performance.now() };
    });
  }

  async connect(server) {
    this.raw = await Raw.connect(server);
    // What comes is looked at as it comes, and not kept: a bench is no test.
    this.raw.frames = { push: (one) => this.hear(one) };
    this.raw.send(frame.token(this.consultation, this.seat.token));
    this.raw.send(frame.token(this.board, this.seat.token));
    this.raw.send(frame.step1(this.board, Y.encodeStateVector(this.doc)));
    await until('the board and the state are there', () => this.state.phase && this.lock.phase);
  }

  hear(one) {
    if (one.kind === 'stateless' && one.payload.type === 'state') {
      const { phase } = one.payload.state;
      if (phase !== this.state.phase) this.state = { phase, at: performance.now() };
    } else if (one.kind === 'update' || one.kind === 'step2') {
      if (one.document === this.board) Y.applyUpdate(this.doc, one.payload);
    } else if (one.kind === 'ping') {
      this.raw.send(Uint8Array.of(10));
    }
  }
}

const at = (times, share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
const shown = (times) => {
  times.sort((a, b) => a - b);
  return `p50 ${at(times, 0.5).toFixed(0)} ms, p99 ${at(times, 0.99).toFixed(0)} ms, last ${times.at(-1).toFixed(0)} ms`;
};

const server = await startServer();
const api = new Api(server);
const names = Array.from({ length: GROUPS }, (_, n) => `Group ${n + 1}`);
const stage = await api.create({ title: 'A thousand phones', groups: names, points: ['One?', 'Two?', 'Three?'] });
const organizer = stage.organizer.token;
const key = stage.join_url.match(/[0-9a-f]{32}/)[0];
const phones = [];
while (phones.length < PHONES) {
  const count = Math.min(AT_ONCE, PHONES - phones.length);
  const seats = await Promise.all(
    Array.from({ length: count }, (_, n) => api.join({ key, group: stage.groups[(phones.length + n) % GROUPS].id }, stage.organizer.token)),
  );
  const some = seats.map((seat) => new Phone(stage, seat));
  await Promise.all(some.map((phone) => phone.connect(server)));
  phones.push(...some);
}
console.log(`${phones.length} phones in ${GROUPS} groups, every board open`);
const last = { state: [], board: [] };
const all = { state: [], board: [] };
const phases = ['brainstorm', 'vote'];
for (let round = 0; round < ROUNDS; round += 1) {
  const phase = phases[round % 2];
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const from = performance.now();
  await api.phase(organizer, phase);
  await until(`${phase} is everywhere`, () => phones.every((phone) => phone.state.phase === phase && phone.lock.phase === phase));
  for (const kind of ['state', 'board']) {
    const times = phones.map((phone) => (kind === 'state' ? phone.state.at : phone.lock.at) - from);
    all[kind].push(...times);
    last[kind].push(Math.max(...times));
  }
}
console.log(`the state on a phone:       ${shown(all.state)}`);
console.log(`the lock of its board:      ${shown(all.board)}`);
const worst = Math.max(...last.state, ...last.board);
console.log(`the last phone, worst of ${ROUNDS} changes: ${worst.toFixed(0)} ms (bound ${BOUND_MS} ms)`);
for (const phone of phones) phone.raw.socket.terminate();
await server.dispose();
process.exitCode = worst <= BOUND_MS ? 0 : 1;
