// Libraries that people already use, unchanged, against this server: Hocuspocus on `/sync`, y-websocket on
// `/sync/{document}`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardOf, difference } from '../harness/documents.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

test('a stock Hocuspocus client and a stock y-websocket client write the same text and end equal', async (t) => {
  const stage = await scene(t);
  const [one, two] = stage.groups[0].seats;
  const { idea } = await stage.share('We begin. ');
  const hocuspocus = await stage.hocuspocus(one);
  const yWebsocket = await stage.yWebsocket(two);
  await hocuspocus.has(idea);
  await yWebsocket.has(idea);

  for (let round = 0; round < 10; round += 1) {
    hocuspocus.type(idea, `h${round} `);
    yWebsocket.type(idea, `y${round} `, 0);
    await hocuspocus.sees(idea, `y${round} `);
    await yWebsocket.sees(idea, `h${round} `);
  }
  hocuspocus.erase(idea, 'h3 ');
  yWebsocket.erase(idea, 'We begin. ');
  await until('both see both deletions', () =>
    [hocuspocus, yWebsocket].every((client) => !client.words(idea).includes('h3 ') && !client.words(idea).includes('begin')),
  );
  await stage.end();
});

test('letters typed by both at the same place at the same time end in the same order everywhere', async (t) => {
  const stage = await scene(t, { seats: 4 });
  const { idea } = await stage.share('<>');
  const clients = [];
  for (const [index, seat] of stage.groups[0].seats.entries()) {
    clients.push(index % 2 === 0 ? await stage.hocuspocus(seat) : await stage.yWebsocket(seat));
  }
  for (const client of clients) await client.has(idea);
  for (const [index, client] of clients.entries()) {
    for (const letter of `ab😀${index}`) client.type(idea, letter, 1);
  }
  for (const [index] of clients.entries()) {
    for (const client of clients) await client.sees(idea, String(index));
  }
  await stage.end();
});

test('with live tallies both stock clients see the tally move', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { tallies: 'live' } });
  const [one, two, three] = stage.groups[0].seats;
  const { idea } = await stage.share('Vote for me');
  const hocuspocus = await stage.hocuspocus(one);
  const yWebsocket = await stage.yWebsocket(two);
  await stage.phase('vote');
  const bothSee = (tally) =>
    until(
      () => `both see ${tally}; they see ${hocuspocus.tally(idea)} and ${yWebsocket.tally(idea)}`,
      () => hocuspocus.tally(idea) === tally && yWebsocket.tally(idea) === tally,
    );
  await stage.api.approve(one.token, idea);
  await bothSee(1);
  assert.equal((await hocuspocus.command({ do: 'approve', idea, on: true })).ok, true, 'approving twice is one approval');
  await stage.api.approve(three.token, idea);
  await bothSee(2);
  await stage.api.approve(one.token, idea, false);
  await bothSee(1);
  await stage.end();
});

test('W4: there is exactly one sync status per update and per step 2 that was sent', async (t) => {
  const stage = await scene(t);
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Count me');
  const client = await stage.hocuspocus(seat);
  const reader = await stage.hocuspocus(other);
  await client.has(idea);
  await client.recorded();
  for (let letter = 0; letter < 60; letter += 1) client.type(idea, `${letter} `);
  client.erase(idea, '17 ');
  await client.recorded();
  await reader.sees(idea, '59 ');
  const { out, in: received } = client.counts;
  assert.equal(out.update, 61, 'the library sent one update per change');
  assert.equal(received.status, out.update + out.step2);
  assert.equal(client.provider.unsyncedChanges, 0, "the library's own count agrees");
  await stage.end();
});

test('W3: the server sends its step 1 before its step 2', async (t) => {
  const stage = await scene(t);
  const order = [];
  await stage.hocuspocus(stage.groups[0].seats[0], {
    onFrame: (direction, { kind, document }) => {
      if (direction === 'in' && document?.startsWith('board/')) order.push(kind);
    },
  });
  assert.equal(order[0], 'authenticated');
  assert.ok(order.indexOf('step1') < order.indexOf('step2'), order.join(', '));
  await stage.end();
});

test('a Hocuspocus client that opens only its board, and one with a session in the key, work as well', async (t) => {
  const stage = await scene(t);
  const [one, two] = stage.groups[0].seats;
  const { idea } = await stage.share('Plain ');
  const plain = await stage.hocuspocus(one, { consultation: false });
  const session = await stage.hocuspocus(two, { consultation: false, sessionAwareness: true });
  await plain.has(idea);
  await session.has(idea);
  plain.type(idea, 'one ');
  await session.sees(idea, 'one ');
  session.type(idea, 'two ');
  await plain.sees(idea, 'two ');
  await stage.end();
});

test('letters typed offline arrive after the connection is back, also the very first ones of a client', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const [one, two, three] = stage.groups[0].seats;
  const { idea } = await stage.share('Offline: ');
  const hocuspocus = await stage.hocuspocus(one);
  const yWebsocket = await stage.yWebsocket(two);
  const reader = await stage.hocuspocus(three);
  for (const client of [hocuspocus, yWebsocket]) await client.has(idea);
  await Promise.all([hocuspocus.disconnect(), yWebsocket.disconnect()]);
  hocuspocus.type(idea, 'from the train. ');
  yWebsocket.type(idea, 'from the cellar. ');
  reader.type(idea, 'meanwhile. ');
  await reader.recorded();
  for (const client of [hocuspocus, yWebsocket]) await client.reconnect();
  for (const client of [hocuspocus, yWebsocket, reader]) {
    for (const words of ['from the train. ', 'from the cellar. ', 'meanwhile. ']) await client.sees(idea, words);
  }
  await stage.end();
});

test('a late client reads the whole board, and what it reads is what the early one has', async (t) => {
  const stage = await scene(t, { seats: 2 });
  const [one, two] = stage.groups[0].seats;
  const early = await stage.hocuspocus(one);
  const ideas = [];
  for (let index = 0; index < 30; index += 1) {
    const { idea } = await stage.share(`Idea ${index} 🌍 مرحبا 你好 `);
    ideas.push(idea);
    await early.has(idea);
    early.type(idea, `edited ${index}`);
  }
  await early.recorded();
  const late = [await stage.hocuspocus(two), await stage.yWebsocket(two)];
  for (const client of late) {
    assert.deepEqual(boardOf(client.doc), boardOf(early.doc));
    assert.equal(difference(client.doc, early.doc), undefined);
  }
  await stage.end();
});
