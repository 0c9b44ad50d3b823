// How long an approval in the vote of everybody takes while all phones vote, and how soon the wall has the result: real sockets, each
// following the consultation, on one machine.
//
//   node bench/plenary-vote.mjs [--phones 2000] [--groups 20] [--seconds 20]     (PLENUM_BIN: which server)
//
// Each phone approves three entries, at moments spread over the seconds. Measured: from the moment at which a command leaves until its
// answer is there; and from the organizer's close until the wall has the state with the result, and the list in its new order.
// Ends with 1 when the 99th of a hundred approvals takes more than half a second, or the result more than a second.

import { parseArgs } from 'node:util';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { Api } from '../harness/api.mjs';
import { Raw } from '../harness/raw.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const { values } = parseArgs({ options: { phones: { type: 'string' }, groups: { type: 'string' }, seconds: { type: 'string' } } });
const PHONES = Number(values.phones ?? 2000);
const GROUPS = Number(values.groups ?? 20);
const SECONDS = Number(values.seconds ?? 20);
const APPROVALS = 3;
const APPROVAL_BOUND_MS = 500;
const RESULT_BOUND_MS = 1000;
const AT_ONCE = 50;

/** A phone, or the wall: follows the consultation, and notes when answers and states arrive. */
class Phone {
  constructor(id, token) {
    this.consultation = `consultation/${id}`;
    this.token = token;
    this.sent = new Map();
    this.took = [];
    this.refused = [];
    this.vote = null;
  }

  async connect(server) {
    this.raw = await Raw.connect(server);
    // What comes is looked at as it comes, and not kept: a bench is no test.
    this.raw.frames = { push: (one) => this.hear(one) };
    this.raw.send(frame.token(this.consultation, this.token));
    await until('the state is there', () => this.known, { within: 60_000 });
  }

  hear(one) {
    if (one.kind === 'ping') this.raw.send(Uint8Array.of(10));
    if (one.kind !== 'stateless') return;
    const { type, state, id, problem } = one.payload;
    if (type === 'state') {
      this.known = true;
      if (state.plenary_vote?.stage !== this.vote?.stage) this.changed = performance.now();
      this.vote = state.plenary_vote;
    } else if (type === 'answer' || type === 'problem') {
      if (type === 'problem') this.refused.push(problem.code);
      this.took.push(performance.now() - this.sent.get(id));
      this.sent.delete(id);
    }
  }

  approve(item) {
    const id = randomUUID();
    this.sent.set(id, performance.now());
    this.raw.send(frame.stateless(this.consultation, JSON.stringify({ type: 'command', id, do: 'approve-entry', item, on: true })));
  }
}

/** Does something with each, so many at once. */
async function each(all, act) {
  const waiting = [...all];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (waiting.length > 0) await act(waiting.pop());
    }),
  );
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const server = await startServer();
let failed = false;
try {
  const api = new Api(server);
  const groups = Array.from({ length: GROUPS }, (_, index) => `Group ${index + 1}`);
  const { id, organizer, room, join_url: link, groups: made } = await api.create({ title: 'A vote of everybody', groups, settings: { promoted_per_group: 2 } });
  const key = link.match(/[0-9a-f]{32}/)[0];
  const phones = [];
  await each(Array.from({ length: PHONES }, (_, index) => index), async (index) => {
    const seat = await api.join({ key, group: made[index % GROUPS].id }, organizer.token);
    phones.push(new Phone(id, seat.token));
  });
  await api.phase(organizer.token, 'brainstorm');
  const ideas = [];
  for (const group of made) {
    for (const text of ['first', 'second']) {
      const { idea } = await api.share(group.moderator.token, { group: group.id, text: `The ${text} of ${group.name}`, kind: 'recommendation' });
      ideas.push(idea);
    }
  }
  await api.phase(organizer.token, 'vote');
  await api.phase(organizer.token, 'review');
  for (const idea of ideas) await api.promote(organizer.token, idea);
  await api.phase(organizer.token, 'plenary');
  await each(phones, (phone) => phone.connect(server));
  const wall = new Phone(id, room.token);
  await wall.connect(server);
  const began = performance.now();
  await api.command(organizer.token, { do: 'open-plenary-vote' });
  await until('the vote is open on every phone', () => phones.every(({ vote }) => vote?.stage === 'open'), { within: 60_000 });
  console.log(`open on ${PHONES} phones after ${Math.round(performance.now() - began)} ms; ${wall.vote.paper.length} entries`);

  const paper = wall.vote.paper.map(({ item }) => item);
  const chosen = paper.at(-1);
  const moments = phones.flatMap((phone, index) =>
    Array.from({ length: APPROVALS }, (_, round) => ({
      phone,
      item: round === 0 ? chosen : paper[(index + round * 7) % (paper.length - 1)],
      after: ((index * APPROVALS + round) / (PHONES * APPROVALS)) * SECONDS * 1000,
    })),
  );
  const start = performance.now();
  for (const { phone, item, after } of moments.sort((one, other) => one.after - other.after)) {
    const wait = start + after - performance.now();
    if (wait > 2) await new Promise((resume) => setTimeout(resume, wait));
    phone.approve(item);
  }
  await until('every approval is answered', () => phones.every(({ sent }) => sent.size === 0), { within: 60_000 });
  const took = phones.flatMap((phone) => phone.took).sort((one, other) => one - other);
  const refused = phones.flatMap((phone) => phone.refused);
  console.log(`${took.length} approvals in ${((performance.now() - start) / 1000).toFixed(1)} s: p50 ${Math.round(at(took, 0.5))} ms, p99 ${Math.round(at(took, 0.99))} ms, longest ${Math.round(took.at(-1))} ms; refused: ${refused.length}`);
  await until('all are counted on the wall', () => wall.vote.voted === PHONES, { within: 60_000 });

  const closing = performance.now();
  await api.command(organizer.token, { do: 'close-plenary-vote' });
  await until('the wall has the result', () => wall.vote.stage === 'closed');
  const shown = wall.changed - closing;
  const right = wall.vote.paper.find(({ item }) => item === chosen).approvals === PHONES;
  await until('the list has the result', async () => (await api.plenary(room.token, id)).items[0].id === chosen, { within: 60_000 });
  const listed = performance.now() - closing;
  console.log(`result on the wall after ${Math.round(shown)} ms, in the list after ${Math.round(listed)} ms at most; counted right: ${right}`);
  failed = refused.length > 0 || !right || at(took, 0.99) > APPROVAL_BOUND_MS || shown > RESULT_BOUND_MS;
} finally {
  await server.dispose();
}
process.exit(failed ? 1 : 0);
