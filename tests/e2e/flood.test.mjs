// One seat sends ten thousand of something at once: it gets what its bucket holds and no more, and others go on. How much
// slower others are is printed, not asserted: flood, neighbours and server share this machine's processors.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { test } from 'node:test';
import { updatesOf } from '../harness/hostile.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { compared, pulse } from '../harness/pulse.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const MANY = 10_000;
const BURST = 100;
const PER_SECOND = 20;
const HTTP_CONNECTIONS = 8;
const PULSES = { count: 40, everyMs: 25 };

/** At most what the bucket held and what ran into it since; `extra`: messages that were read before they were weighed. */
function allowed(begun, extra = 5) {
  return BURST + PER_SECOND * ((performance.now() - begun) / 1000) + extra;
}

/** A group with two neighbours and one who floods. */
async function crowd(t) {
  const stage = await scene(t, { settings: { votes: null } });
  const others = await neighbours(stage);
  const { idea } = await stage.share('Flooded');
  await others.check('before');
  return { stage, idea, others, seat: stage.groups[0].seats[0], calm: await pulse(others, PULSES) };
}

const approvals = (idea) => Array.from({ length: MANY }, (_, n) => ({ id: randomUUID(), do: 'approve', idea, on: n % 2 === 0, counter: n + 1 }));

test('10,000 commands at once on a socket: the bucket decides how many are read, and others are not disturbed', async (t) => {
  const { stage, idea, others, seat, calm } = await crowd(t);
  const document = `consultation/${stage.id}`;
  const raw = await Raw.connect(stage.server);
  raw.send(frame.token(document, seat.token));
  await raw.take('authenticated');
  const begun = performance.now();
  for (const command of approvals(idea)) raw.send(frame.stateless(document, JSON.stringify({ type: 'command', ...command })));
  const during = await pulse(others, PULSES);
  const answers = raw.frames.filter((one) => one.kind === 'stateless' && one.payload.type === 'problem').length;
  assert.ok(answers > 0 && answers <= allowed(begun), `${answers} answers, ${allowed(begun).toFixed(0)} allowed`);
  raw.close();
  t.diagnostic(`${answers} of ${MANY} were read; neighbours ${compared(calm, during)}`);
  await others.check('after the commands');
  await stage.end();
});

/** Sends requests on some connections, as fast as they go; counts the answers by status. */
async function pipelined(stage, token, commands) {
  const counts = {};
  const sockets = Array.from({ length: HTTP_CONNECTIONS }, (_, at) => {
    const requests = commands.filter((_, n) => n % HTTP_CONNECTIONS === at).map((command) => {
      const body = JSON.stringify(command);
      return `POST /api/commands HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    });
    const socket = net.connect(stage.server.port, '127.0.0.1');
    let rest = '';
    socket.setEncoding('latin1').on('data', (text) => {
      // Status lines, also those that two packets share.
      rest += text;
      for (const [, status] of rest.matchAll(/HTTP\/1\.1 (\d{3}) /g)) counts[status] = (counts[status] ?? 0) + 1;
      rest = rest.slice(-11).replace(/HTTP\/1\.1 \d{3} /, '');
    });
    socket.on('error', () => {});
    socket.write(requests.join(''));
    return socket;
  });
  const sum = () => Object.values(counts).reduce((all, count) => all + count, 0);
  try {
    await until(() => `${commands.length} answers: ${JSON.stringify(counts)}`, () => sum() === commands.length, { within: 30_000 });
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return counts;
}

test('10,000 commands at once over HTTP: all but a bucket of them are told that it is too fast, and others go on', async (t) => {
  const { stage, idea, others, seat, calm } = await crowd(t);
  await stage.phase('vote');
  await stage.phase('brainstorm', stage.groups[1]);
  const mine = stage.groups[1];
  const beside = await stage.share('The neighbours of the other group. ', { group: mine });
  const one = await stage.hocuspocus(await stage.join(mine));
  const two = await stage.yWebsocket(await stage.join(mine));
  for (const client of [one, two]) await client.has(beside.idea);
  const begun = performance.now();
  const [counts, during] = await Promise.all([
    pipelined(stage, seat.token, approvals(idea)),
    pulse({ one, two, idea: beside.idea }, PULSES),
  ]);
  const seconds = (performance.now() - begun) / 1000;
  assert.deepEqual(Object.keys(counts).sort(), ['200', '429']);
  assert.ok(counts[200] >= BURST * 0.9 && counts[200] <= allowed(begun), JSON.stringify(counts));
  t.diagnostic(`${counts[200]} of ${MANY} were done, all answered in ${seconds.toFixed(1)} s; neighbours ${compared(calm, during)}`);
  assert.deepEqual(others.one.refusals, []);
  await stage.end();
});

test('10,000 edits at once on a socket: the bucket decides how many are taken, and others are not disturbed', async (t) => {
  const { stage, idea, others, seat, calm } = await crowd(t);
  const document = `board/${seat.group}`;
  const raw = await Raw.connect(stage.server);
  const doc = await raw.open(document, seat.token);
  const text = doc.getMap('ideas').get(idea).get('text');
  const updates = updatesOf(doc, () => {
    for (let n = 0; n < MANY; n += 1) text.insert(0, 'x');
  });
  const begun = performance.now();
  for (const update of updates) raw.send(frame.update(document, update));
  const during = await pulse(others, PULSES);
  const taken = raw.frames.filter((one) => one.kind === 'status').length;
  assert.ok(taken > 0 && taken <= allowed(begun), `${taken} were taken, ${allowed(begun).toFixed(0)} allowed`);
  raw.close();
  t.diagnostic(`${taken} of ${MANY} were taken; neighbours ${compared(calm, during)}`);
  await others.check('after the edits');
  const shown = (await stage.view()).ideas.find((one) => one.id === idea).text;
  assert.match(shown, /^x*Flooded$/, 'what was taken is a beginning of it');
  await stage.end();
});
