// Rule G7 against a whole server: one participant sends the frames that once stopped it for 20 s each (finding 1). Two people
// in another consultation write to each other meanwhile, the board is read, and after `kill -9` it opens at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleaved, tombstones } from '../harness/hostile.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { compared, pulse } from '../harness/pulse.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

/** As in finding 1; and as many as a text may have before the server replaces it. */
const RUNS = [17_800, 7_000];
const SIBLINGS = [60, 250, 2_000];
const MARKS = { count: 60, everyMs: 50 };

/** A seat with the board open by hand, which opens it again whenever it is refused. */
class Attacker {
  constructor(stage, seat, idea) {
    Object.assign(this, { stage, seat, idea, document: `board/${seat.group}`, refusals: [] });
  }

  async open() {
    this.raw ??= await Raw.connect(this.stage.server);
    this.doc = await this.raw.open(this.document, this.seat.token);
    this.raw.frames.length = 0;
  }

  /** The first character of the idea's text, as it is now. */
  first() {
    const { client, clock } = this.doc.getMap('ideas').get(this.idea).get('text')._start.id;
    return { client, clock };
  }

  /** Sends an update; true when it was acknowledged, false when it was refused. */
  async send(update) {
    this.raw.send(frame.update(this.document, update));
    const answer = await until(
      () => `an answer to the attacker; ended: ${JSON.stringify(this.raw.ended)}`,
      () => this.raw.frames.find((one) => one.kind === 'status' || one.kind === 'close'),
      { within: 30_000 },
    );
    const refused = this.raw.frames.find((one) => one.kind === 'stateless' && one.payload.type === 'refused');
    if (refused) this.refusals.push(refused.payload.problem);
    if (answer.kind === 'close') await this.open();
    else this.raw.frames.length = 0;
    return answer.kind === 'status';
  }
}

/** Fills the text with runs, then sends frames of siblings behind its first letter; gives how many frames were taken. */
async function attack(attacker, runs, ids) {
  await attacker.open();
  const first = attacker.first();
  let taken = 0;
  for (const update of interleaved({ clients: [ids, 2_000_000 + ids], first, count: runs })) {
    if (!(await attacker.send(update))) return taken;
    taken += 1;
  }
  for (const count of SIBLINGS) {
    const sibling = tombstones([{ client: 4_000_000_000 + ids + count, clock: 0, origins: Array(count).fill(first) }]);
    taken += Number(await attacker.send(sibling));
  }
  return taken;
}

test('G7: the frames that stopped the server are refused, others write on, and the board opens after kill -9', async (t) => {
  const stage = await scene(t, { seats: 2 });
  const away = await scene(t, { server: stage.server, seats: 1 });
  const { idea } = await stage.share('x');
  const others = await neighbours(away);
  const before = await pulse(others, MARKS);
  const health = { asked: 0, answered: 0 };
  let attacking = true;
  const asking = (async () => {
    while (attacking) {
      health.asked += 1;
      health.answered += Number((await fetch(`${stage.server.url}/healthz`)).status === 200);
    }
  })();
  const attacker = new Attacker(stage, stage.groups[0].seats[1], idea);
  t.after(() => attacker.raw?.close());
  const attacks = (async () => {
    let taken = 0;
    for (const [at, runs] of RUNS.entries()) taken += await attack(attacker, runs, 1_001 + at);
    return taken;
  })();
  const [taken, during] = await Promise.all([attacks, pulse(others, MARKS)]);
  attacking = false;
  await asking;
  t.diagnostic(`${taken} frames taken, refused: ${attacker.refusals.map((one) => one.code).join(', ')}`);
  t.diagnostic(`letters of the others: ${compared(before, during)}; ${health.answered} of ${health.asked} answers of /healthz`);
  assert.equal(health.answered, health.asked);
  // All three in the longer text: each would have to pass 7,000 runs for each of its structs.
  assert.ok(attacker.refusals.length >= SIBLINGS.length, 'what costs too much is refused');
  for (const problem of attacker.refusals) assert.ok(['not-an-edit', 'text-too-long', 'not-found', 'too-fast'].includes(problem.code), problem.code);
  await others.check('after the attack');
  // The words are as they were, whatever was put in the place of the text.
  assert.equal((await stage.view()).ideas.find((one) => one.id === idea).text, 'x');
  await stage.server.kill();
  await stage.server.again();
  const fresh = await Raw.connect(stage.server);
  t.after(() => fresh.close());
  const doc = await fresh.open(attacker.document, attacker.seat.token);
  assert.equal(doc.getMap('ideas').get(idea).get('text').toString(), 'x');
  // Somebody else writes in it as ever.
  const writer = await stage.hocuspocus(stage.groups[0].seats[0]);
  await writer.has(idea);
  writer.type(idea, 'y');
  await writer.recorded();
  assert.match((await stage.view()).ideas.find((one) => one.id === idea).text, /y/);
  await stage.end();
});
