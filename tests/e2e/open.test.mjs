// Rule W15: a board or list of any size can be opened, in every script, on both wires, also by everybody at once after
// the server was killed. `PLENUM_IDEAS=10000` is the long form; the short one is as large as what
// nobody could open before.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import * as Y from 'yjs';
import { fillBoard, SCRIPTS, sendAll, textIn } from '../harness/crowd.mjs';
import { difference } from '../harness/documents.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const IDEAS = Number(process.env.PLENUM_IDEAS ?? 1_000);
const ENTRIES = Number(process.env.PLENUM_ENTRIES ?? 1_000);
const LETTERS = 480;
const PART_BYTES_MAX = 32 * 1024;
const ENVELOPE_BYTES_MAX = 128;
const JOINERS = 50;
const LONG = { within: 120_000 };

/** Reads a document into a fresh copy and notes its parts: each small, in order, none of which waits for another. */
async function readInParts(raw, document, token) {
  const key = raw.keyed ? document : undefined;
  const doc = new Y.Doc();
  if (raw.keyed) {
    raw.send(frame.token(document, token));
    await raw.take('authenticated', document);
  }
  raw.send(frame.step1(key, Y.encodeStateVector(doc)));
  await raw.take('step1', key);
  const kinds = [];
  while (kinds.at(-1) !== 'step2') {
    const part = await until(() => `a part of ${document} after ${kinds.length}; ended: ${JSON.stringify(raw.ended)}`, () => {
      const at = raw.frames.findIndex((one) => one.document === key && ['update', 'step2'].includes(one.kind));
      return at >= 0 && raw.frames.splice(at, 1)[0];
    });
    assert.ok(part.bytes.length <= PART_BYTES_MAX + ENVELOPE_BYTES_MAX, `a part has ${part.bytes.length} bytes`);
    Y.applyUpdate(doc, part.payload);
    assert.equal(doc.store.pendingStructs, null, 'no struct waits for a later part');
    assert.equal(doc.store.pendingDs, null, 'no deletion waits for a later part');
    kinds.push(part.kind);
  }
  return { doc, kinds };
}

/** Opens a document on both wires, with stock clients and by hand; gives a copy and how many bytes it has. */
async function opens(stage, seat, document = `board/${seat.group}`) {
  const raw = await Raw.connect(stage.server);
  const ticketed = await Raw.ticketed(stage.api, seat, document);
  try {
    const { doc, kinds } = await readInParts(raw, document, seat.token);
    const other = await readInParts(ticketed, document);
    assert.equal(difference(doc, other.doc), undefined, 'both wires give the same');
    const stock = await stage.hocuspocus({ ...seat, document });
    const yjs = await stage.yWebsocket({ ...seat, document });
    for (const client of [stock, yjs]) {
      assert.equal(difference(doc, client.doc), undefined, `${client.name} has the same`);
      stage.drop(client);
    }
    return { doc, parts: kinds.length, bytes: Y.encodeStateAsUpdate(doc).length };
  } finally {
    raw.close();
    ticketed.close();
  }
}

test('W15: boards in every script open on both wires, before and after kill -9', async (t) => {
  const stage = await scene(t, { groups: SCRIPTS, seats: 1 });
  for (const group of stage.groups) {
    const begun = performance.now();
    await fillBoard(stage, group, IDEAS, (number) => textIn(group.name, number, LETTERS));
    t.diagnostic(`${IDEAS} ideas in ${group.name} shared in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  const before = new Map();
  for (const group of stage.groups) {
    const { doc, parts, bytes } = await opens(stage, group.seats[0]);
    assert.equal(doc.getMap('ideas').size, IDEAS);
    t.diagnostic(`${group.name}: ${(bytes / 1024).toFixed(0)} KiB in ${parts} parts`);
    before.set(group, doc);
  }
  await stage.server.kill();
  await stage.server.again();
  for (const group of stage.groups) {
    const { doc } = await opens(stage, group.seats[0]);
    assert.equal(difference(before.get(group), doc), undefined);
  }
});

test('W15: 384 shares by eight seats, and every role opens the board', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [group] = stage.groups;
  await fillBoard(stage, group, 384, (number) => `${number}`.padEnd(1000, '漢'));
  const roles = { participant: group.seats[0].token, moderator: group.moderator, organizer: stage.organizer, room: stage.room };
  for (const [role, token] of Object.entries(roles)) {
    const { doc, bytes } = await opens(stage, { ...stage.staff(token), group: group.id });
    assert.equal(doc.getMap('ideas').size, 384, role);
    assert.ok(bytes > 1024 * 1024, `${bytes}`);
  }
});

test('W15: fifty who join at once share one copy of the board', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [group] = stage.groups;
  // Large enough that the state counts, and not what fifty connections need anyway.
  await fillBoard(stage, group, Math.min(10_000, 10 * IDEAS), (number) => textIn('chinese', number, LETTERS));
  const document = `board/${group.id}`;
  const { doc, bytes: state } = await opens(stage, group.seats[0]);
  // A new process: what an old one keeps of what it used before would hide what this costs.
  await stage.server.kill();
  await stage.server.again();
  // Somebody who has all of it: the room is loaded and has not sent anything yet.
  const first = await Raw.connect(stage.server);
  t.after(() => first.close());
  first.send(frame.token(document, stage.organizer));
  await first.take('authenticated', document);
  first.send(frame.step1(document, Y.encodeStateVector(doc)));
  await first.take('step2', document);
  const raws = [];
  t.after(() => raws.forEach((raw) => raw.close()));
  for (let at = 0; at < JOINERS; at += 1) {
    const seat = await stage.join(group);
    const raw = await Raw.connect(stage.server);
    raws.push(raw);
    raw.send(frame.token(document, seat.token));
    await raw.take('authenticated', document);
  }
  const resting = stage.server.residentBytes();
  // All of them ask before any of them takes anything, so that all are served at once.
  const empty = Y.encodeStateVector(new Y.Doc());
  for (const raw of raws) {
    raw.socket.pause();
    raw.send(frame.step1(document, empty));
  }
  stage.server.forgetPeak();
  for (const raw of raws) raw.socket.resume();
  for (const raw of raws) {
    await until(() => `the end of the board; ended: ${JSON.stringify(raw.ended)}`, () => raw.frames.some((one) => one.kind === 'step2'), LONG);
  }
  const more = (stage.server.peakBytes() - resting) / state;
  t.diagnostic(`state ${(state / 1024).toFixed(0)} KiB, resting ${(resting / 1e6).toFixed(1)} MB, ${JOINERS} joiners at once: ${more.toFixed(2)} × the state more`);
  assert.ok(more <= 2, `${more.toFixed(2)} × the state`);
});

test('W15: a slow phone on a lively board is not cut, and misses nothing', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 3 });
  const [group] = stage.groups;
  const [idea] = await fillBoard(stage, group, IDEAS, (number) => textIn('arabic', number, LETTERS));
  const document = `board/${group.id}`;
  const [slowSeat, writerSeat] = group.seats;
  const writer = await stage.hocuspocus(writerSeat);
  await writer.has(idea);
  const slow = await Raw.connect(stage.server);
  t.after(() => slow.close());
  const doc = new Y.Doc();
  slow.send(frame.token(document, slowSeat.token));
  await slow.take('authenticated', document);
  slow.send(frame.step1(document, Y.encodeStateVector(doc)));
  slow.onFrame = () => slow.socket.pause();
  let seen = 0;
  // It takes one frame for each letter that somebody types and that the server has recorded.
  for (let letter = 0; letter < 20; letter += 1) {
    writer.type(idea, `‹${letter}›`, 0);
    await writer.recorded();
    slow.socket.resume();
    await until('it takes a frame', () => slow.frames.length > seen);
    seen = slow.frames.length;
  }
  slow.onFrame = undefined;
  slow.socket.resume();
  const applied = new Set();
  const apply = () => {
    for (const one of slow.frames) {
      if (applied.has(one) || one.document !== document || !['update', 'step2'].includes(one.kind)) continue;
      applied.add(one);
      Y.applyUpdate(doc, one.payload);
    }
    return difference(writer.doc, doc) === undefined;
  };
  await until(() => `it has all; ended: ${JSON.stringify(slow.ended)}`, apply, LONG);
  assert.equal(slow.ended, undefined);
  assert.equal(doc.store.pendingStructs, null);
});

test('W15: a board that one seat cut into very many pieces opens', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 2 });
  const [group] = stage.groups;
  const ideas = await fillBoard(stage, group, 40, (number) => `Idea ${number}`);
  const writer = await stage.hocuspocus(group.seats[0]);
  for (const idea of ideas) await writer.has(idea);
  const refused = [];
  // Letters and deletions in turn: each is a struct of its own. What the gate refuses ends the document, and nothing else.
  for (const idea of ideas) {
    for (let round = 0; round < 2 && refused.length === 0; round += 1) {
      writer.doc.transact(() => {
        for (let at = 0; at < 300; at += 1) {
          writer.type(idea, 'xy', 0);
          writer.text(idea).delete(1, 1);
        }
      });
      await until('it is taken or refused', () => writer.unacknowledged.length === 0 || writer.refusals.length > 0);
      refused.push(...writer.refusals);
    }
  }
  for (const token of [group.seats[1].token, group.moderator, stage.organizer]) {
    const { doc, parts, bytes } = await opens(stage, { ...stage.staff(token), group: group.id });
    assert.equal(doc.getMap('ideas').size, ideas.length);
    t.diagnostic(`${(bytes / 1024).toFixed(0)} KiB in ${parts} parts, ${refused.length} refused`);
  }
});

test('W15: a list of very many entries is merged whole and opens, and who has it open gets it in parts', async (t) => {
  const groups = Array.from({ length: 20 }, (_, at) => `Group ${at + 1}`);
  const stage = await scene(t, { groups, seats: 1, settings: { promoted_per_group: 1000 } });
  const each = ENTRIES / groups.length;
  const promote = (idea) => ({ id: randomUUID(), do: 'promote', idea, on: true });
  const boards = [];
  for (const [at, group] of stage.groups.entries()) {
    const script = SCRIPTS[at % SCRIPTS.length];
    boards.push([group, await fillBoard(stage, group, each, (number) => textIn(script, 100_000 * at + number, LETTERS))]);
  }
  await stage.phase('review');
  for (const [group, ideas] of boards) {
    for (let from = 0; from < each; from += 90) {
      await sendAll(stage, group.moderator, ideas.slice(from, from + 90).map(promote), LONG);
    }
  }
  await stage.phase('plenary');
  const document = `plenary/${stage.id}`;
  const early = await Raw.connect(stage.server);
  t.after(() => early.close());
  const doc = await early.open(document, stage.editor);
  const begun = performance.now();
  await sendAll(stage, stage.editor, [{ id: randomUUID(), do: 'merge' }], LONG);
  t.diagnostic(`merged in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const { items } = await stage.api.plenary(stage.editor, stage.id);
  const sources = items.flatMap((item) => item.sources).length;
  assert.equal(sources, ENTRIES, 'every entry is on the list');
  const whole = await opens(stage, stage.staff(stage.editor, document), document);
  t.diagnostic(`${items.length} entries, ${(whole.bytes / 1024).toFixed(0)} KiB in ${whole.parts} parts`);
  await until('who had it open has all of it', () => {
    for (const one of early.frames.splice(0)) {
      assert.ok(one.bytes.length <= PART_BYTES_MAX + ENVELOPE_BYTES_MAX || one.kind === 'stateless', `${one.kind}: ${one.bytes.length}`);
      if (one.document === document && ['update', 'step2'].includes(one.kind)) Y.applyUpdate(doc, one.payload);
    }
    return difference(doc, whole.doc) === undefined;
  });
});
