// The gate from outside: hostile bytes and forged edits are refused, the board stays as it was, others do not notice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Y from 'yjs';
import { boardOf } from '../harness/documents.mjs';
import { AWARENESS, FORGERIES, insertion, STATE_VECTORS, UPDATES, updatesOf } from '../harness/hostile.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { Raw } from '../harness/raw.mjs';
import { isProblem, refused } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

/** A board with neighbours, and a seat that attacks it; `unchanged` asserts that nothing came of it. */
async function besieged(t, options) {
  const stage = await scene(t, options);
  const [group] = stage.groups;
  const target = await stage.share('The target.');
  const others = await neighbours(stage);
  for (const one of [others.one, others.two]) await one.has(target.idea);
  await others.check('before');
  const before = others.board();
  const seat = group.seats[1];
  const document = `board/${group.id}`;
  const unchanged = async (what) => {
    await others.check(what);
    assert.deepEqual(others.board(), before, `${what}: the board is as it was`);
    assert.ok(stage.server.alive(), `${what}: the server lives\n${stage.server.output}`);
  };
  return { stage, group, target, others, seat, document, unchanged };
}

/** Sends bytes on a fresh Hocuspocus connection with the board open; asserts that exactly that document is refused. */
async function refusedOnSync({ stage, document, seat }, make, what) {
  const raw = await Raw.connect(stage.server);
  const doc = await raw.open(document, seat.token);
  for (const bytes of [make(doc)].flat()) raw.send(bytes);
  const { refused: refusal, before } = await raw.ending(document);
  assert.ok(refusal, `${what}: a refusal says why; the socket ended: ${JSON.stringify(raw.ended)}`);
  assert.ok(before, `${what}: the reason comes before the end`);
  assert.equal(refusal.document, document);
  assert.ok(!raw.frames.some((one) => one.kind === 'status'), `${what}: nothing is acknowledged`);
  await raw.open(document, seat.token);
  raw.close();
  return refusal.problem;
}

/** The same on the y-websocket wire: the socket closes with 4403. */
async function refusedOnTicket({ stage, document, seat }, make, what) {
  const raw = await Raw.ticketed(stage.api, seat, document);
  const doc = await raw.read(document);
  for (const bytes of [make(doc)].flat()) raw.send(bytes);
  const { code } = await raw.closed;
  assert.equal(code, 4403, what);
}

test('hostile updates are refused on both wires, as update and as step 2, and change nothing', async (t) => {
  const siege = await besieged(t);
  for (const [what, bytes] of Object.entries(UPDATES)) {
    for (const kind of ['update', 'step2']) {
      const problem = await refusedOnSync(siege, () => frame[kind](siege.document, bytes), `${what} as ${kind}`);
      isProblem(problem, 'not-an-edit');
    }
    await refusedOnTicket(siege, () => frame.update(undefined, bytes), what);
    await siege.unchanged(what);
  }
  await siege.stage.end();
});

test('hostile state vectors are refused and change nothing', async (t) => {
  const siege = await besieged(t);
  for (const [what, bytes] of Object.entries(STATE_VECTORS)) {
    await refusedOnSync(siege, () => frame.step1(siege.document, bytes), what);
    await refusedOnTicket(siege, () => frame.step1(undefined, bytes), what);
    await siege.unchanged(what);
  }
  await siege.stage.end();
});

test('hostile awareness is refused and reaches nobody', async (t) => {
  const siege = await besieged(t);
  for (const [what, bytes] of Object.entries(AWARENESS)) {
    await refusedOnSync(siege, () => frame.awareness(siege.document, bytes), what);
    await refusedOnTicket(siege, () => frame.awareness(undefined, bytes), what);
    await siege.unchanged(what);
  }
  await siege.stage.end();
});

test('B1: tallies, states, ideas, roots and formats cannot be written by people', async (t) => {
  const siege = await besieged(t, { settings: { tallies: 'live' } });
  for (const [what, change] of Object.entries(FORGERIES)) {
    const forge = (key) => (doc) => updatesOf(doc, () => change(doc, siege.target.idea)).map((update) => frame.update(key, update));
    isProblem(await refusedOnSync(siege, forge(siege.document), what), 'not-an-edit');
    await refusedOnTicket(siege, forge(undefined), what);
    const offline = (doc) => {
      change(doc, siege.target.idea);
      return frame.step2(siege.document, Y.encodeStateAsUpdate(doc));
    };
    await refusedOnSync(siege, offline, `${what}, offline`);
    await siege.unchanged(what);
  }
  await siege.stage.end();
});

test('an honest edit beside a forged one in the same update is not taken either', async (t) => {
  const siege = await besieged(t);
  const both = (doc) => {
    const [update] = updatesOf(doc, () =>
      doc.transact(() => {
        doc.getMap('ideas').get(siege.target.idea).get('text').insert(0, 'honest ');
        doc.getMap('ideas').get(siege.target.idea).set('tally', 7);
      }),
    );
    return frame.update(siege.document, update);
  };
  await refusedOnSync(siege, both, 'a mixed update');
  await siege.unchanged('a mixed update');
  await siege.stage.end();
});

test('W7: an id of somebody else, and an id of the server, are refused', async (t) => {
  const siege = await besieged(t);
  const honest = siege.others.one.doc.clientID;
  const { idea } = siege.target;
  const typeAs = (client) => (doc) => {
    doc.clientID = client;
    return updatesOf(doc, () => doc.getMap('ideas').get(idea).get('text').insert(0, 'as you ')).map((update) =>
      frame.update(siege.document, update),
    );
  };
  await refusedOnSync(siege, typeAs(honest), 'the id of a neighbour');
  const servers = [...Y.decodeStateVector(Y.encodeStateVector(siege.others.one.doc)).keys()].filter((id) => id >= 2 ** 32);
  assert.equal(servers.length, 1, 'an epoch has one server id');
  await refusedOnSync(siege, typeAs(servers[0]), 'the id of the server');
  await refusedOnSync(siege, typeAs(2 ** 32 + 5), 'an id that could be a server');
  await siege.unchanged('foreign ids');
  await siege.stage.end();
});

test('an origin that does not exist, or that lies in another text, is refused', async (t) => {
  const siege = await besieged(t);
  const second = await siege.stage.share('Another text.');
  await siege.others.one.has(second.idea);
  const lastOf = (doc, idea) => doc.getMap('ideas').get(idea).get('text')._start.lastId;
  // Somebody else's id: an unknown clock of one's own would be a gap, because it may still come.
  const nowhere = { client: siege.others.one.doc.clientID, clock: 1000 };
  const client = 12345;
  const insert = (origins) => frame.update(siege.document, insertion({ client, clock: 0, letters: 'x', ...origins }));
  await refusedOnSync(siege, () => insert({ left: nowhere }), 'an origin that nobody has written');
  const crossed = (doc) => insert({ left: lastOf(doc, siege.target.idea), right: lastOf(doc, second.idea) });
  await refusedOnSync(siege, crossed, 'origins in two texts');
  const cell = (doc) => insert({ left: doc.getMap('ideas').get(siege.target.idea)._map.get('tally').lastId });
  await refusedOnSync(siege, cell, 'letters after a tally');
  await siege.others.check('crossed origins');
  assert.equal(siege.others.one.words(siege.target.idea), 'The target.');
  await siege.stage.end();
});

test('B6: an edit in the vote is refused, whoever makes it, and a repeated handshake is not', async (t) => {
  const stage = await scene(t);
  const [seat, watcher] = stage.groups[0].seats;
  const { idea } = await stage.share('Locked.');
  const reader = await stage.hocuspocus(watcher);
  await reader.has(idea);
  await stage.phase('vote');
  await until('the lock is seen', () => reader.board().about.lock === true);
  for (const token of [seat.token, stage.groups[0].moderator, stage.organizer]) {
    const client = await stage.hocuspocus({ ...stage.staff(token), consultation: stage.id });
    await client.recorded();
    client.type(idea, ' late');
    isProblem((await client.refused()).problem, 'wrong-phase');
    stage.drop(client);
  }
  assert.equal((await stage.view()).ideas[0].text, 'Locked.');
  await stage.phase('brainstorm');
  const client = await stage.hocuspocus(seat);
  client.type(idea, ' Open again.');
  await reader.sees(idea, 'Open again.');
  await stage.end();
});

test("B4: another group's board is closed, and readers do not write", async (t) => {
  const stage = await scene(t);
  const [harbour, hills] = stage.groups;
  const { idea } = await stage.share('Ours.');
  const stranger = hills.seats[0];
  await assert.rejects(stage.hocuspocus({ ...stranger, document: `board/${harbour.id}` }), /denied: \w/);
  await refused(stage.api.ticket(stranger.token, `board/${harbour.id}`), 'forbidden', 'a ticket');
  await refused(stage.api.board(stranger.token, harbour.id), 'forbidden', 'the view');
  const siege = { stage, document: `board/${harbour.id}` };
  for (const [what, token] of [['a room', stage.room], ['an editor', stage.editor]]) {
    const type = (doc) =>
      updatesOf(doc, () => doc.getMap('ideas').get(idea).get('text').insert(0, 'x')).map((update) => frame.update(siege.document, update));
    isProblem(await refusedOnSync({ ...siege, seat: { token } }, type, what), 'forbidden');
  }
  const plenary = { stage, document: `plenary/${stage.id}`, seat: harbour.seats[0] };
  const write = (doc) =>
    updatesOf(doc, () => doc.getMap('statement').set('opening', 'mine')).map((update) => frame.update(plenary.document, update));
  await refusedOnSync(plenary, write, 'a participant in the plenary');
  assert.equal((await stage.view()).ideas[0].text, 'Ours.');
  await stage.end();
});

test('W6: an update with a gap waits for what is missing, and both are acknowledged', async (t) => {
  const stage = await scene(t);
  const [seat, watcher] = stage.groups[0].seats;
  const { idea } = await stage.share('Gap: ');
  const reader = await stage.hocuspocus(watcher);
  const document = `board/${seat.group}`;
  const raw = await Raw.connect(stage.server);
  const doc = await raw.open(document, seat.token);
  const text = doc.getMap('ideas').get(idea).get('text');
  const [, second] = updatesOf(doc, () => {
    text.insert(text.length, 'first ');
    text.insert(text.length, 'second ');
  });
  // The handshake's own step 1 is answered first: while it is not, the server does not ask again.
  raw.send(frame.step2(document, new Uint8Array([0, 0])));
  await raw.take('status', document);
  raw.send(frame.update(document, second));
  const asked = await raw.take('step1', document);
  assert.ok(!raw.frames.some((one) => one.kind === 'status'), 'it is not acknowledged yet');
  raw.send(frame.step2(document, Y.encodeStateAsUpdate(doc, asked.payload)));
  await raw.take('status', document);
  await raw.take('status', document);
  await reader.sees(idea, 'first second ');
  raw.close();
  await stage.end();
});

test('a recorded frame that is sent again, by its author or by somebody else, has no effect twice', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const [seat, other, watcher] = stage.groups[0].seats;
  const { idea } = await stage.share('Once: ');
  const document = `board/${seat.group}`;
  const reader = await stage.hocuspocus(watcher);
  const raw = await Raw.connect(stage.server);
  const doc = await raw.open(document, seat.token);
  const [update] = updatesOf(doc, () => doc.getMap('ideas').get(idea).get('text').insert(0, 'again '));
  for (let time = 0; time < 3; time += 1) {
    raw.send(frame.update(document, update));
    await raw.take('status', document);
  }
  const replayer = await Raw.connect(stage.server);
  await replayer.open(document, other.token);
  replayer.send(frame.update(document, update));
  await until('the replay is answered', () => replayer.frames.some((one) => one.kind === 'status' || one.kind === 'close'));
  await reader.sees(idea, 'again ');
  const control = await stage.hocuspocus(other);
  await control.has(idea);
  control.type(idea, 'end');
  await reader.sees(idea, 'end');
  assert.equal(reader.words(idea), 'again Once: end');
  for (const one of [raw, replayer]) one.close();
  await stage.end();
});

test('W8: a client with a document of another epoch is told to start afresh, before any sync reply', async (t) => {
  const siege = await besieged(t);
  const other = await scene(t, { server: siege.stage.server });
  await other.share('Of another board.');
  const stranger = await other.hocuspocus(other.groups[0].seats[0]);
  const raw = await Raw.connect(siege.stage.server);
  raw.send(frame.token(siege.document, siege.seat.token));
  await raw.take('authenticated', siege.document);
  raw.send(frame.step1(siege.document, Y.encodeStateVector(stranger.doc)));
  const { refused: refusal } = await raw.ending(siege.document);
  isProblem(refusal.problem, 'other-epoch');
  assert.ok(!raw.frames.some((one) => one.kind === 'step2' || one.kind === 'update'), 'nothing was sent to it');
  raw.close();
  assert.notEqual(boardOf(stranger.doc).about.epoch, siege.others.board().about.epoch);
  await siege.unchanged('another epoch');
  await siege.stage.end();
});
