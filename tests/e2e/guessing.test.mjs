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
/** What may wait for its turn at once; it is looked at after the attack has ended. */
const QUEUE = 100;
/** How long it takes until a full queue has been looked at: who comes in sooner did not stand in it. */
const QUEUE_MS = (QUEUE / TRIES_PER_SECOND) * 1_000;

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
async function besiege(stage, { attackers, addresses, until: over, counts }) {
  const hands = Array.from({ length: attackers }, (_, at) => attacker(stage.server, addresses[at % addresses.length]));
  const one = async (hand, at) => {
    for (let turn = at; !over(); turn += 1) {
      const code = await ROUTES[turn % ROUTES.length](hand, turn % 2 === 0 ? 6 : 9);
      counts[code] = (counts[code] ?? 0) + 1;
    }
  };
  await Promise.all(hands.map(one));
  for (const hand of hands) hand.end();
}

/** The same on a socket, by somebody who has a seat already. */
async function besiegeBySocket(stage, { seat, until: over, counts }) {
  const raw = await Raw.connect(stage.server);
  const document = `consultation/${stage.id}`;
  raw.send(frame.token(document, seat.token));
  await raw.take('authenticated', document);
  while (!over()) {
    const commands = Array.from({ length: 10 }, (_, at) => ({ id: randomUUID(), do: 'join', code: guess(at % 2 === 0 ? 6 : 9) }));
    for (const { code } of await raw.commands(document, commands)) counts[code] = (counts[code] ?? 0) + 1;
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
  const over = () => ended;
  const begun = performance.now();
  const attack = [
    besiege(stage, { attackers, addresses, until: over, counts }),
    ...(sockets ? stage.groups[0].seats.map((seat) => besiegeBySocket(stage, { seat, until: over, counts })) : []),
  ];
  const seen = await meanwhile();
  const seconds = (performance.now() - begun) / 1_000;
  const looked = counts['unknown-code'] ?? 0;
  ended = true;
  await Promise.all(attack);
  t.diagnostic(`${attackers} attackers from ${addresses.length} addresses, ${seconds.toFixed(1)} s: ${(looked / seconds).toFixed(1)} tries a second looked at; ${JSON.stringify(counts)}`);
  return { counts, seconds, looked, seen };
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const MANY = Array.from({ length: 50 }, (_, at) => `127.0.${1 + Math.floor(at / 25)}.${2 + (at % 25)}`);

for (const [name, addresses] of Object.entries({ 'one address': ['127.0.0.1'], 'fifty addresses': MANY })) {
  test(`codes tried by 300 connections from ${name}: 10 a second are looked at, and who scans does not wait among them`, async (t) => {
    const stage = await scene(t, { seats: 2, phase: 'lobby' });
    const scans = [];
    const { counts, seconds, looked } = await siege(t, stage, {
      attackers: 300,
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
    assert.ok(counts['unknown-code'] <= looked + QUEUE + 5, 'what waited when it ended');
    assert.ok(counts['too-many-tries'] > 0, 'the others are told to wait or scan');
    assert.equal(counts.ok ?? counts.undefined, undefined, 'nobody came in');
    t.diagnostic(`scanning took ${scans.map((ms) => Math.round(ms)).join(', ')} ms`);
    assert.ok(scans.every((ms) => ms < QUEUE_MS / 2), `scanning took ${scans.map(Math.round)}`);
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
