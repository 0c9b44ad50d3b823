// Bounds that one seat meets, and nobody else: connections, presence, and asking for the whole board without taking it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const CONNECTIONS_MAX = 24;
const PRESENCE_CHANGES = 60;
const ASKED = 100;

/** A participant needs one board on one page, and some that it left behind; a staff link is open on several devices. */
const SAME_DOCUMENT_MAX = 4;

test('W16: of too many connections of one seat with the same document the oldest is closed, and on one connection the newest is refused', async (t) => {
  const stage = await scene(t, { seats: 2 });
  const [group] = stage.groups;
  const document = `board/${group.id}`;
  const [seat] = group.seats;
  const sockets = [];
  for (let at = 0; at <= SAME_DOCUMENT_MAX; at += 1) {
    const raw = await Raw.connect(stage.server);
    t.after(() => raw.close());
    await raw.open(document, seat.token);
    sockets.push(raw);
  }
  const [oldest, ...rest] = sockets;
  assert.equal((await oldest.closed).code, 4409);
  const last = rest.at(-1);
  const keys = Array.from({ length: 9 }, (_, at) => `${document}\0${at}`);
  for (const key of keys) last.send(frame.token(key, seat.token));
  const answers = await until('an answer to each token', () => {
    const found = keys.map((key) => last.frames.find((one) => one.key === key && ['authenticated', 'denied'].includes(one.kind)));
    return found.every(Boolean) && found;
  });
  const denied = answers.filter(({ kind }) => kind === 'denied');
  assert.equal(denied.length, keys.length - (SAME_DOCUMENT_MAX - 1));
  assert.match(denied[0].payload, /open 4 times already/);
  assert.ok((await last.read(document)) instanceof Y.Doc, 'it goes on');
  await stage.end();
});

test('of too many connections of one link the oldest is closed, and the others go on', async (t) => {
  const stage = await scene(t, { seats: 2 });
  const [group] = stage.groups;
  const document = `board/${group.id}`;
  const [, other] = group.seats;
  const seat = { token: group.moderator };
  const neighbour = await Raw.connect(stage.server);
  await neighbour.open(document, other.token);
  const sockets = [];
  for (let at = 0; at <= CONNECTIONS_MAX; at += 1) {
    const raw = await Raw.connect(stage.server);
    t.after(() => raw.close());
    await raw.open(document, seat.token);
    // A second document of the same seat is no second connection.
    await raw.open(`consultation/${stage.id}`, seat.token);
    sockets.push(raw);
  }
  const [oldest, ...rest] = sockets;
  assert.equal((await oldest.closed).code, 4409);
  for (const raw of [...rest, neighbour]) {
    assert.ok((await raw.read(document)) instanceof Y.Doc);
    assert.equal(raw.ended, undefined);
  }
  neighbour.close();
  await stage.end();
});

test('W9: of many changes of presence people are told the last, and not each', async (t) => {
  const stage = await scene(t, { seats: 2 });
  const [one, two] = stage.groups[0].seats;
  const { idea } = await stage.share('An idea.');
  const writer = await stage.hocuspocus(one);
  const reader = await stage.hocuspocus(two);
  let told = 0;
  reader.provider.awareness.on('update', () => (told += 1));
  for (let change = 0; change < PRESENCE_CHANGES; change += 1) {
    writer.provider.setAwarenessField('idea', change % 2 === 0 ? null : idea);
  }
  await until('the last state is there', () =>
    [...reader.provider.awareness.getStates().values()].some((state) => state.idea === idea),
  );
  t.diagnostic(`${PRESENCE_CHANGES} changes, told ${told} times`);
  assert.ok(told < PRESENCE_CHANGES / 2, `told ${told} times of ${PRESENCE_CHANGES} changes`);
  await stage.end();
});

test('who asks for the whole board again and again without taking it is not read any further', async (t) => {
  const stage = await scene(t, { seats: 2, settings: { ideas_per_seat: 1000 } });
  const [group] = stage.groups;
  const document = `board/${group.id}`;
  const [seat, other] = group.seats;
  for (let at = 0; at < 60; at += 1) await stage.share(`${at} ${'words '.repeat(150)}`, { seat: other });
  const raw = await Raw.connect(stage.server);
  t.after(() => raw.close());
  const doc = await raw.open(document, seat.token);
  const bytes = Y.encodeStateAsUpdate(doc).length;
  raw.socket.pause();
  const empty = Y.encodeStateVector(new Y.Doc());
  for (let at = 0; at < ASKED; at += 1) raw.send(frame.step1(document, empty));
  const neighbour = await stage.hocuspocus(other);
  const { idea } = await stage.share('Later.', { seat: other });
  await neighbour.has(idea);
  raw.socket.resume();
  // It is still served: what came meanwhile arrives.
  await until('what came meanwhile is there', () => {
    for (const one of raw.frames) if (['step2', 'update'].includes(one.kind)) Y.applyUpdate(doc, one.payload);
    return doc.getMap('ideas').has(idea);
  });
  const answers = raw.frames.filter((one) => one.kind === 'step2').length;
  t.diagnostic(`a board of ${bytes} bytes was asked for ${ASKED} times at once and sent ${answers} times`);
  assert.ok(answers < ASKED, 'several questions have one answer');
  await stage.end();
});
