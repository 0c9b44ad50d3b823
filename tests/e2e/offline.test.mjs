// Phones that keep their document in IndexedDB (stock `y-indexeddb`) and come back: after a reload, after a long time, to a
// board that went on without them, to a server whose data was restored from an older copy.

import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { barrier, unsteady } from '../harness/clients.mjs';
import { difference } from '../harness/documents.mjs';
import { scene } from '../harness/scene.mjs';
import { copyOf } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { bytesOf, readFrame, stringsIn } from '../harness/wire.mjs';

let stores = 0;

/** A document that is kept; loaded before it is given out, as a page must do it (rule W14). */
async function kept(name) {
  const doc = new Y.Doc();
  const store = new IndexeddbPersistence(name, doc);
  await store.whenSynced;
  return { doc, store };
}

/** A phone with a store of its own. */
async function phone(stage, seat, name = `board ${(stores += 1)}`) {
  const { doc, store } = await kept(name);
  const client = await stage.hocuspocus(seat, { doc });
  return Object.assign(client, { store, storeName: name });
}

/** The page is closed: all that remains is the store. */
async function close(stage, client) {
  // The store writes in the background; a transaction behind all others ends after them.
  await client.store.set('closed', 1);
  stage.drop(client);
  await client.store.destroy();
}

/** The page is closed and opened again: a new document with a new client id. */
async function reload(stage, client) {
  await close(stage, client);
  return phone(stage, client.seat, client.storeName);
}

const sent = (client) => Object.values(client.counts.out).reduce((sum, count) => sum + count, 0);

test('letters typed offline survive a reload and arrive, and the page goes on writing under a new id', async (t) => {
  const stage = await scene(t);
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Offline: ');
  let client = await phone(stage, seat);
  const reader = await stage.hocuspocus(other);
  await client.has(idea);
  client.type(idea, 'before. ');
  await client.recorded();
  await client.disconnect();
  client.type(idea, 'in the train 🚆. ');
  client.erase(idea, 'before. ');
  reader.type(idea, 'meanwhile. ');
  const old = client.doc.clientID;
  client = await reload(stage, client);
  assert.notEqual(client.doc.clientID, old);
  await reader.sees(idea, 'in the train 🚆. ');
  client.type(idea, 'after. ');
  await reader.sees(idea, 'after. ');
  assert.ok(!reader.words(idea).includes('before.'));
  assert.deepEqual(client.refusals, []);
  await stage.end();
});

test('a phone that wrote nothing comes back in any phase and is refused nothing', async (t) => {
  const stage = await scene(t);
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Read only');
  let client = await phone(stage, seat);
  const writer = await stage.hocuspocus(other);
  await writer.has(idea);
  writer.type(idea, ' and erased');
  writer.erase(idea, 'Read ');
  await client.sees(idea, 'only and erased');
  for (const phase of ['vote', 'review', 'plenary', 'closed']) {
    await stage.phase(phase);
    client = await reload(stage, client);
    await client.recorded();
    assert.deepEqual(client.refusals, [], phase);
  }
  await stage.end();
});

test('what was queued while the connection was away arrives once, acknowledged', async (t) => {
  const stage = await scene(t);
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Queue: ');
  const client = await phone(stage, seat);
  const reader = await stage.hocuspocus(other);
  await client.has(idea);
  for (let round = 0; round < 3; round += 1) {
    await client.disconnect();
    for (let letter = 0; letter < 20; letter += 1) client.type(idea, `${round}.${letter} `);
    await client.reconnect();
    await client.recorded();
  }
  await reader.sees(idea, '2.19 ');
  assert.equal(reader.words(idea).split(' ').length, new Set(reader.words(idea).split(' ')).size, 'nothing twice');
  assert.deepEqual(client.refusals, []);
  await stage.end();
});

/** The next update that this client sends is lost on the way. */
function loseOne(client) {
  const socket = client.socket.webSocket;
  const send = socket.send.bind(socket);
  socket.send = (data) => {
    const { document, kind } = readFrame(bytesOf(data));
    if (document !== client.document || kind !== 'update') return send(data);
    socket.send = send;
  };
}

test('W6: an update of a stock phone is lost on the way: the server asks once, and all is acknowledged in the end', async (t) => {
  const stage = await scene(t);
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Gap: ');
  const client = await phone(stage, seat);
  const reader = await stage.hocuspocus(other);
  await client.has(idea);
  client.type(idea, 'before. ');
  await client.recorded();
  const asked = client.counts.in.step1;
  loseOne(client);
  for (const words of ['lost. ', 'one. ', 'two. ', 'three. ']) client.type(idea, words);
  await reader.sees(idea, 'before. lost. one. two. three. ');
  await client.recorded();
  assert.equal(client.counts.in.step1, asked + 1, 'asked once for all that was missing');
  const { update, step2 } = client.counts.out;
  assert.equal(client.counts.in.status, update + step2, 'one acknowledgement for each message, no more');
  client.type(idea, 'after. ');
  await reader.sees(idea, 'after. ');
  assert.deepEqual(client.refusals, []);
  await stage.end();
});

test('an idea that is gone is learned only after the phone was asked for its words: step 1 comes before step 2', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const [seat, , author] = stage.groups[0].seats;
  const shared = await stage.share('Gone soon. ', { seat: author });
  const order = [];
  const client = await phone(stage, seat);
  await client.has(shared.idea);
  await client.disconnect();
  client.type(shared.idea, 'my words');
  await stage.api.command(author.token, { do: 'withdraw', idea: shared.idea, receipt: shared.receipt });
  let words;
  client.onFrame = (direction, { document, kind, payload }) => {
    if (document !== client.document) return;
    order.push(`${direction} ${kind}`);
    if (direction === 'out' && kind === 'step2') words ??= stringsIn(payload).join('');
  };
  client.reconnect();
  assert.equal((await client.refused()).problem.code, 'not-found');
  const [ours, theirs] = ['in step1', 'in step2'].map((one) => order.indexOf(one));
  assert.ok(ours >= 0 && (theirs < 0 || ours < theirs), order.join(', '));
  assert.equal(words, 'my words', 'so its answer still held them');
  stage.drop(client);
  await stage.end();
});

test('an idea that was withdrawn while a phone wrote in it offline: refused once, said why, and no loop', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const [seat, other, author] = stage.groups[0].seats;
  const shared = await stage.share('Withdrawn soon. ', { seat: author });
  const beside = await stage.share('Stays. ', { seat: author });
  const client = await phone(stage, seat);
  const watcher = await stage.hocuspocus(other);
  await client.has(shared.idea);
  await client.disconnect();
  client.type(shared.idea, 'words for nobody');
  await stage.api.command(author.token, { do: 'withdraw', idea: shared.idea, receipt: shared.receipt });
  client.reconnect();
  const refusal = await client.refused();
  assert.equal(refusal.problem.code, 'not-found');
  const before = sent(client);
  await barrier(watcher, [watcher], beside.idea);
  await barrier(watcher, [watcher], beside.idea);
  assert.equal(client.refusals.length, 1, 'refused once');
  assert.equal(sent(client), before, 'the phone is not made to send again and again');
  assert.ok(client.words(shared.idea) === undefined || client.words(shared.idea).includes('words for nobody'));
  // What a phone does then: a fresh document, without the store.
  const name = client.storeName;
  stage.drop(client);
  await client.store.clearData();
  const fresh = await phone(stage, seat, name);
  await fresh.has(beside.idea);
  fresh.type(beside.idea, 'words for somebody');
  await watcher.sees(beside.idea, 'words for somebody');
  await stage.end();
});

test('a stock y-websocket client that is refused is told so by the close code and does not come back to try again', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Locked soon. ');
  const client = await stage.yWebsocket(seat);
  const watcher = await stage.hocuspocus(other);
  await client.has(idea);
  await stage.phase('vote');
  client.type(idea, 'too late');
  await until('it is closed', () => client.closed);
  assert.equal(client.closed.code, 4403);
  const before = sent(client);
  await stage.phase('brainstorm');
  await barrier(watcher, [watcher], idea);
  await barrier(watcher, [watcher], idea);
  assert.equal(client.provider.shouldConnect, false, 'it has stopped');
  assert.equal(sent(client), before, 'and sent nothing more');
  assert.equal(watcher.words(idea), 'Locked soon. ');
  stage.drop(client);
  await stage.end();
});

test('W14: a provider that is attached before the store is loaded is refused once if it forwards the store', async (t) => {
  const stage = await scene(t);
  const [seat, other] = stage.groups[0].seats;
  const { idea } = await stage.share('Stored. ');
  const client = await phone(stage, seat);
  const watcher = await stage.hocuspocus(other);
  await client.has(idea);
  client.type(idea, 'mine. ');
  await client.recorded();
  const name = client.storeName;
  await close(stage, client);
  const early = unsteady(stage.api, seat);
  t.after(() => early.destroy());
  await early.synced();
  // The store is behind or equal: everything in it is known, the server's structs included.
  const stored = await kept(name);
  Y.applyUpdate(early.doc, Y.encodeStateAsUpdate(stored.doc));
  assert.equal(difference(early.doc, watcher.doc), undefined, 'nothing was new, so nothing was forwarded');
  const empty = unsteady(stage.api, seat, { doc: new Y.Doc() });
  t.after(() => empty.destroy());
  empty.provider.on('authenticated', () => Y.applyUpdate(empty.doc, Y.encodeStateAsUpdate(stored.doc), 'store'));
  const refusal = await empty.refused();
  assert.equal(refusal.problem.code, 'not-an-edit');
  await barrier(watcher, [watcher], idea);
  assert.equal(empty.refusals.length, 1);
  assert.equal(watcher.words(idea), 'Stored. mine. ');
  await stored.store.destroy();
  await stage.end();
});

test('W8: the data folder is an older copy: a phone is told that the epoch is another, or it converges', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const { idea } = await stage.share('Before the copy. ');
  const clients = [];
  for (const seat of stage.groups[0].seats) clients.push(await phone(stage, seat));
  for (const client of clients) await client.has(idea);
  for (const client of clients) client.type(idea, 'old ');
  for (const client of clients) await client.recorded();
  await stage.server.stop();
  const copy = copyOf(stage.server.data);
  await stage.server.again();
  for (const client of clients) await client.recorded();
  // One writes and everybody hears it; then the server shows something that the copy does not know.
  clients[0].type(idea, 'after the copy. ');
  for (const client of clients) await client.sees(idea, 'after the copy. ');
  const later = await stage.share('Shared after the copy.');
  for (const client of clients.slice(0, 2)) await client.has(later.idea);
  await stage.server.stop();
  rmSync(stage.server.data, { recursive: true });
  cpSync(copy, stage.server.data, { recursive: true });
  await stage.server.again();
  for (const client of clients) {
    await until(`${client.name} is told`, () => client.refusals.length > 0);
    assert.deepEqual(client.refusals.map((one) => one.problem.code), ['other-epoch']);
  }
  const board = await stage.view();
  assert.deepEqual(board.ideas.map((one) => one.text.includes('after the copy')), [false], 'nothing was mixed in');
  for (const client of clients) {
    stage.drop(client);
    await client.store.clearData();
  }
  const fresh = await phone(stage, stage.groups[0].seats[0]);
  fresh.type(idea, 'fresh ');
  await fresh.recorded();
  await stage.end();
});

test('W8: an older copy that lacks nothing but letters: every phone converges or is told, and nobody is left behind', async (t) => {
  const stage = await scene(t);
  const [one, two] = stage.groups[0].seats;
  const { idea } = await stage.share('Before the copy. ');
  const writer = await phone(stage, one);
  const reader = await phone(stage, two);
  for (const client of [writer, reader]) await client.has(idea);
  await stage.server.stop();
  const copy = copyOf(stage.server.data);
  await stage.server.again();
  for (const client of [writer, reader]) await client.recorded();
  writer.type(idea, 'letters. ');
  await reader.sees(idea, 'letters. ');
  await stage.server.stop();
  rmSync(stage.server.data, { recursive: true });
  cpSync(copy, stage.server.data, { recursive: true });
  await stage.server.again();
  const settled = async (client) => client.refusals.length > 0 || (client.online && client.unacknowledged.length === 0);
  for (const client of [writer, reader]) await until(`${client.name} is told or in step`, () => settled(client));
  const told = [];
  for (const client of [writer, reader]) {
    if (client.refusals.length === 0) {
      client.type(idea, 'on. ');
      await until(`${client.name} is told or in step`, () => settled(client));
    }
    if (client.refusals.length > 0) told.push(client);
  }
  for (const client of told) {
    assert.equal(client.refusals.length, 1, 'told once');
    stage.drop(client);
  }
  const fresh = await stage.hocuspocus(one);
  await fresh.has(idea);
  fresh.type(idea, 'fresh. ');
  await fresh.recorded();
  await stage.end();
});
