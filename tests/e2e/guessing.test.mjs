// An attack on the doors: many connections, from one address and from many, try codes by every route there is. What is
// measured is how many tries are looked at in a second; meanwhile who scans comes in at once, and who types is served in turn.

import assert from 'node:assert/strict';
import http from 'node:http';
import { randomInt, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { frame } from '../harness/wire.mjs';

const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const TRIES_PER_SECOND = 10;
const SECONDS = 5;
/** The hands of an attack: each may wait for its turn at once. */
const HANDS = 300;
/** How long it takes until all of them have had a turn: who comes in sooner did not stand behind them. */
const QUEUE_MS = (HANDS / TRIES_PER_SECOND) * 1_000;

const guess = (length) => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** One request on a kept connection of its own, from its own address. */
function attacker(server, address) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (method, path, body) =>
    new Promise((resolve) => {
      const bytes = body === undefined ? undefined : JSON.stringify(body);
      const headers = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) };
      const call = http.request(`${server.url}${path}`, { method, agent, headers, localAddress: address }, (answer) => {
        let text = '';
        answer.on('data', (part) => (text += part));
        answer.on('end', () => resolve(JSON.parse(text).code));
        answer.on('error', () => resolve('cut'));
      });
      call.on('error', () => resolve('cut'));
      call.end(bytes);
    });
  return { ask, end: () => agent.destroy() };
}

/** Every way to try a code over HTTP: the consultation's six characters, a card's nine. */
const ROUTES = [
  ({ ask }, length) => ask('GET', `/api/join/${guess(length)}`),
  ({ ask }, length) => ask('POST', '/api/join', { code: guess(length) }),
  ({ ask }, length) => ask('POST', '/api/commands', { id: randomUUID(), do: 'join', code: guess(length) }),
];

/** Tries until it is told to stop; counts what was looked at, and what was refused unread. */
async function besiege(stage, { attackers, addresses, until: over, counts, ended }) {
  const hands = Array.from({ length: attackers }, (_, at) => attacker(stage.server, addresses[at % addresses.length]));
  // Those that still wait for their turn when it is over do not wait any longer.
  ended.then(() => hands.forEach((hand) => hand.end()));
  const one = async (hand, at) => {
    for (let turn = at; !over(); turn += 1) {
      const code = await ROUTES[turn % ROUTES.length](hand, turn % 2 === 0 ? 6 : 9);
      counts[code] = (counts[code] ?? 0) + 1;
    }
  };
  await Promise.all(hands.map(one));
}

/** The same on a socket, by somebody who has a seat already. */
async function besiegeBySocket(stage, { seat, until: over, counts, ended }) {
  const raw = await Raw.connect(stage.server);
  const document = `consultation/${stage.id}`;
  raw.send(frame.token(document, seat.token));
  await raw.take('authenticated', document);
  while (!over()) {
    const commands = Array.from({ length: 10 }, (_, at) => ({ id: randomUUID(), do: 'join', code: guess(at % 2 === 0 ? 6 : 9) }));
    const answers = await Promise.race([raw.commands(document, commands).catch(() => []), ended.then(() => [])]);
    for (const { code } of answers) counts[code] = (counts[code] ?? 0) + 1;
  }
  raw.close();
}

/** Somebody scans and comes in; how long that took. */
async function scan(stage) {
  const begun = performance.now();
  await stage.api.doorstep(stage.key);
  await stage.api.join({ key: stage.key });
  return performance.now() - begun;
}

async function siege(t, stage, { attackers, addresses, sockets = true, meanwhile }) {
  const counts = {};
  let ended = false;
  let end;
  const endedNow = new Promise((resolve) => (end = resolve));
  const over = () => ended;
  const begun = performance.now();
  const attack = [
    besiege(stage, { attackers, addresses, until: over, counts, ended: endedNow }),
    ...(sockets ? stage.groups[0].seats.map((seat) => besiegeBySocket(stage, { seat, until: over, counts, ended: endedNow })) : []),
  ];
  const seen = await meanwhile();
  const seconds = (performance.now() - begun) / 1_000;
  const looked = counts['unknown-code'] ?? 0;
  ended = true;
  end();
  await Promise.all(attack);
  t.diagnostic(`${attackers} attackers from ${addresses.length} addresses, ${seconds.toFixed(1)} s: ${(looked / seconds).toFixed(1)} tries a second looked at; ${JSON.stringify(counts)}`);
  return { counts, seconds, looked, seen };
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const MANY = Array.from({ length: 50 }, (_, at) => `127.0.${1 + Math.floor(at / 25)}.${2 + (at % 25)}`);

for (const [name, addresses] of Object.entries({ 'one address': ['127.0.0.1'], 'fifty addresses': MANY })) {
  test(`codes tried by ${HANDS} connections from ${name}: 10 a second are looked at, and who scans does not wait among them`, async (t) => {
    const stage = await scene(t, { seats: 2, phase: 'lobby' });
    const scans = [];
    const { counts, seconds, looked } = await siege(t, stage, {
      attackers: HANDS,
      addresses,
      meanwhile: async () => {
        for (let at = 0; at < SECONDS; at += 1) {
          scans.push(await scan(stage));
          await pause(1_000 - Math.min(1_000, scans.at(-1)));
        }
      },
    });
    assert.ok(looked > TRIES_PER_SECOND * (seconds - 2), `the attack was real: ${looked}`);
    assert.ok(looked <= TRIES_PER_SECOND * seconds + 2, `${looked} tries were looked at in ${seconds} s`);
        assert.equal(counts.ok ?? counts.undefined, undefined, 'nobody came in');
    t.diagnostic(`scanning took ${scans.map((ms) => Math.round(ms)).join(', ')} ms`);
    assert.ok(scans.every((ms) => ms < QUEUE_MS / 10), `scanning took ${scans.map(Math.round)}`);
    await stage.end();
  });
}

test('who types while guessers fill half the queue is in before they have ended', async (t) => {
  const stage = await scene(t, { seats: 1, phase: 'lobby' });
  const { seen } = await siege(t, stage, {
    attackers: 50,
    addresses: MANY,
    sockets: false,
    meanwhile: async () => {
      await pause(500);
      const begun = performance.now();
      const joined = await stage.api.join({ code: stage.created.code });
      return { joined, ms: performance.now() - begun };
    },
  });
  t.diagnostic(`typing took ${Math.round(seen.ms)} ms`);
  assert.ok(seen.joined.token);
  await stage.end();
});

/** Somebody types the right code as our page does: tries again every 2 to 4 s, with the place in the queue that it was given. */
async function types(stage, address) {
  const agent = new http.Agent({ keepAlive: false });
  const begun = performance.now();
  let ticket;
  for (let tries = 1; ; tries += 1) {
    const { status, body } = await new Promise((resolve, reject) => {
      const headers = ticket === undefined ? {} : { 'plenum-ticket': ticket };
      const call = http.request(`${stage.server.url}/api/join/${stage.created.code}`, { agent, headers, localAddress: address }, (answer) => {
        let text = '';
        answer.on('data', (part) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(text) }));
      });
      call.on('error', reject);
      call.end();
    });
    const ms = performance.now() - begun;
    if (status === 200 || ms > 60_000) return { status, ms, tries };
    ticket = body.ticket;
    await pause(2_000 * (1 + Math.random()));
  }
}

test('W16: beside 300 guessers from fifty addresses people at others are in within ten seconds, and at the guessers\' own within forty', async (t) => {
  const stage = await scene(t, { seats: 1, phase: 'lobby' });
  const elsewhere = Array.from({ length: 20 }, (_, at) => `127.0.3.${2 + at}`);
  const beside = MANY.slice(0, 10);
  const { seen } = await siege(t, stage, {
    attackers: HANDS,
    addresses: MANY,
    sockets: false,
    meanwhile: async () => {
      // Until the guessers have had their first turns.
      await pause(3_000);
      const [others, own] = await Promise.all([elsewhere, beside].map((addresses) => Promise.all(addresses.map((address) => types(stage, address)))));
      return { others, own };
    },
  });
  const slowest = (people) => Math.max(...people.map(({ ms }) => ms));
  t.diagnostic(`elsewhere: the last of ${seen.others.length} after ${(slowest(seen.others) / 1_000).toFixed(1)} s; beside guessers: the last of ${seen.own.length} after ${(slowest(seen.own) / 1_000).toFixed(1)} s`);
  assert.deepEqual([...seen.others, ...seen.own].filter(({ status }) => status !== 200), []);
  assert.ok(slowest(seen.others) <= 10_000, `${slowest(seen.others)} ms`);
  assert.ok(slowest(seen.own) <= 40_000, `${slowest(seen.own)} ms`);
  await stage.end();
});
