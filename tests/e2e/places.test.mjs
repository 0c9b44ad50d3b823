// Places for connections (rule W16): whoever comes in from somewhere else does not notice thousands of connections that
// stall, wait or are silent; and bodies that never end are cut.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { launch } from '../harness/attacker.mjs';
import { targetOf } from '../harness/attacks.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const PEOPLE = 60;
const ATTACKER = '127.0.0.9';
/** A phone gives up after this. */
const PATIENCE_MS = 5_000;

/** One person scans and comes in, on a connection of its own; how long that took, or why not. */
function joins(stage, localAddress = '127.0.0.1') {
  const begun = performance.now();
  const body = JSON.stringify({ key: stage.key });
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const call = http.request(`${stage.server.url}/api/join`, { method: 'POST', agent: false, headers, localAddress, timeout: PATIENCE_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - begun }));
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', (error) => resolve({ status: error.message, ms: performance.now() - begun }));
    call.end(body);
  });
}

async function besieged(t, attack, { held }) {
  const stage = await scene(t, { seats: 1 });
  const target = targetOf(stage, { seats: stage.groups[0].seats, other: stage.groups[1].id, address: ATTACKER });
  const attacker = await launch([attack], target);
  await until('the attack has as many connections as it can', () => held(stage.server.pid), { within: 30_000 });
  const people = [];
  for (let person = 0; person < PEOPLE; person += 1) people.push(await joins(stage));
  // A reader who has a seat is served as well.
  const view = await stage.view();
  const counts = (await attacker.stop())[attack];
  const slowest = Math.max(...people.map(({ ms }) => ms));
  t.diagnostic(`${attack}: ${JSON.stringify(counts)}; ${people.filter(({ status }) => status === 201).length} of ${PEOPLE} came in, the slowest in ${slowest.toFixed(0)} ms`);
  assert.deepEqual(people.filter(({ status }) => status !== 201), [], 'everybody comes in');
  assert.ok(Array.isArray(view.ideas));
  await stage.end();
  return counts;
}

/** How many connections the server holds, as its process says. */
const connections = (pid) => readdirSync(`/proc/${pid}/fd`).length;

test('W16: 60 of 60 people come in beside 4,100 bodies that stall', async (t) => {
  await besieged(t, 'bodies', { held: (pid) => connections(pid) > 3_500 });
});

test('W16: 60 of 60 people come in beside 4,050 requests of one seat that wait', async (t) => {
  // Those that are refused stay open for a moment, as connections that are kept do.
  const counts = await besieged(t, 'polls', { held: (pid) => connections(pid) > 3_000 });
  assert.ok(counts.answered > 0, 'those that are too many are refused');
});
