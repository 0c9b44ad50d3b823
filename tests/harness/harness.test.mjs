// The instruments themselves: a reader of files, of frames, of shapes and of documents that is wrong would make every
// other test worthless.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import * as Y from 'yjs';
import { records, rows } from './csv.mjs';
import { difference } from './documents.mjs';
import { insertion } from './hostile.mjs';
import { chopped, wide } from './fragments.mjs';
import { findings } from './purge.mjs';
import { seeded } from './random.mjs';
import * as is from './shape.mjs';
import { staleness } from './stale.mjs';
import { soon, until } from './until.mjs';
import { frame, readFrame, stringsIn } from './wire.mjs';
import { marksIn, Witness, withoutMarks } from './witness.mjs';

test('the reader of comma-separated values reads quotes, line ends and empty fields as RFC 4180 says', () => {
  assert.deepEqual(rows('a,b\r\n1,"x, ""y""\r\nz"\r\n,\r\n'), [['a', 'b'], ['1', 'x, "y"\r\nz'], ['', '']]);
  assert.deepEqual(rows('\uFEFFa,b\n1,'), [['a', 'b'], ['1', '']]);
  assert.deepEqual(records('id,text\n7,سلام'), [{ id: '7', text: 'سلام' }]);
  assert.throws(() => rows('a,b\n1'), /row 2/);
  assert.throws(() => rows('a\n"open'), /never ends/);
  assert.throws(() => rows('a\nx"y'), /quote/);
  assert.throws(() => rows('a\n"x"y'), /followed by/);
});

test('a frame reads back as it was written', () => {
  assert.deepEqual(readFrame(frame.update('board/x\0s', Uint8Array.of(1, 2))), {
    key: 'board/x\0s',
    document: 'board/x',
    kind: 'update',
    payload: Uint8Array.of(1, 2),
  });
  assert.equal(readFrame(frame.token('a', 'secret')).payload, 'secret');
  assert.equal(readFrame(frame.step1(undefined, Uint8Array.of(0)), { keyed: false }).kind, 'step1');
  assert.equal(readFrame(Uint8Array.of(9)).kind, 'ping');
  assert.deepEqual(readFrame(Uint8Array.of(1, 0x61, 8, 1)), { key: 'a', document: 'a', kind: 'status', payload: 1 });
});

test('a shape names what is missing, misspelled, new or of another type', () => {
  const shape = { id: is.uuid, list: is.list({ n: is.whole }), may: is.optional(is.text) };
  const id = '00000000-0000-4000-8000-000000000001';
  assert.equal(is.mismatch({ id, list: [{ n: 1 }] }, shape), undefined);
  assert.match(is.mismatch({ id, list: [{ n: -1 }] }, shape), /^\.list\[0\]\.n is not a whole number/);
  assert.match(is.mismatch({ id }, shape), /list is missing/);
  assert.match(is.mismatch({ id, list: [], more: 1 }, shape), /more was not promised/);
  assert.match(is.mismatch({ id, list: [], may: '' }, shape), /may is not a text/);
  assert.match(is.mismatch({ id: 'x', list: [] }, shape), /id is not a UUID/);
});

test('two documents are different when their words, their history or what they wait for is different', () => {
  const one = new Y.Doc();
  one.getMap('ideas').set('a', new Y.Text('hello'));
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(one));
  assert.equal(difference(one, other), undefined);
  const text = other.getMap('ideas').get('a');
  text.insert(5, '!');
  assert.match(difference(one, other), /differs/);
  text.delete(5, 1);
  assert.match(difference(one, other), /another history/);
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other));
  assert.equal(difference(one, other), undefined);
  Y.applyUpdate(one, insertion({ client: 5, clock: 3, left: { client: 5, clock: 2 }, letters: 'x' }));
  assert.match(difference(one, other), /waits/);
});

test('a hand-made insertion is what Yjs would have sent', () => {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'ac');
  const left = { client: doc.clientID, clock: 0 };
  const right = { client: doc.clientID, clock: 1 };
  const update = insertion({ client: 7, clock: 0, left, right, letters: 'b' });
  assert.deepEqual(stringsIn(update), ['b']);
  Y.applyUpdate(doc, update);
  assert.equal(doc.getText('t').toString(), 'abc');
});

test('a witness notes what others wrote, what vanished, and the highest tally; not what its client wrote itself', () => {
  const doc = new Y.Doc();
  const remote = new Y.Doc();
  const idea = new Y.Map();
  remote.getMap('ideas').set('i', idea);
  idea.set('text', new Y.Text('Start: '));
  idea.set('tally', 2);
  const sync = () => Y.applyUpdate(doc, Y.encodeStateAsUpdate(remote));
  const client = {
    doc,
    document: 'board/x',
    words: (id) => doc.getMap('ideas').get(id)?.get('text')?.toString(),
    tally: (id) => doc.getMap('ideas').get(id)?.get('tally'),
  };
  const witness = new Witness();
  witness.watch(client, 'me');
  sync();
  doc.getMap('ideas').get('i').get('text').insert(0, '‹me-1›');
  idea.get('text').insert(7, '‹you-1›‹you-2›');
  sync();
  idea.get('text').delete(7, 7);
  sync();
  assert.deepEqual([...witness.seen], [['‹you-1›', 'i'], ['‹you-2›', 'i']]);
  assert.deepEqual([...witness.gone], ['‹you-1›']);
  assert.equal(witness.tallies.get('i'), 2);
  assert.deepEqual(marksIn(client.words('i')), ['‹me-1›', '‹you-2›']);
  assert.equal(withoutMarks(client.words('i')), 'Start: ');
});

test('chance with a seed repeats itself and stays within its bounds', () => {
  const draw = (seed) => Array.from({ length: 50 }, ((random) => () => random.below(7))(seeded(seed)));
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.deepEqual([...new Set(draw(3))].sort(), [0, 1, 2, 3, 4, 5, 6]);
});

test('waiting ends with what was waited for, or says what it was', async () => {
  let looks = 0;
  assert.equal(await until('three looks', () => (looks += 1) === 3 && 'there'), 'there');
  await assert.rejects(until('pigs fly', () => false, { within: 20 }), /not within 20 ms: pigs fly/);
  await assert.rejects(soon(() => 'an answer', new Promise(() => {}), { within: 20 }), /an answer/);
});

test('a search through files finds what moves from one to another while it reads', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'plenum-search-'));
  t.after(() => rm(folder, { recursive: true }));
  const [one, other] = ['a', 'z'].map((name) => path.join(folder, name));
  for (let between = 0; between < 40; between += 1) await writeFile(path.join(folder, `m${between}`), 'nothing here');
  await writeFile(one, 'the marker');
  await writeFile(other, '');
  const MOVES = 40;
  let moves = 0;
  const moving = (async () => {
    for (let [from, to] = [one, other]; moves < MOVES; [from, to] = [to, from], moves += 1) {
      await writeFile(to, 'the marker');
      await writeFile(from, '');
      await new Promise((resume) => setTimeout(resume, 31));
    }
  })();
  for (let looks = 0; moves < MOVES; looks += 1) {
    assert.notDeepEqual(await findings(folder, { word: 'marker' }), {}, `look ${looks}`);
    await new Promise((resume) => setImmediate(resume));
  }
  await moving;
  assert.deepEqual(await findings(folder, { word: 'no such word' }), {});
});

test('the frames of the attack on the order of a text are legal updates that leave one run for each unit', () => {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'x');
  const start = { client: doc.clientID, clock: 0 };
  for (const update of chopped(start, { clients: [1_001, 2_000_001], runs: 301 })) Y.applyUpdate(doc, update);
  Y.applyUpdate(doc, wide(start, 4_000_000_000, 20));
  assert.equal(doc.store.pendingStructs, null);
  assert.equal(doc.getText('t').toString(), 'x');
  assert.equal(Y.getState(doc.store, 1_001), 151);
  assert.equal(Y.getState(doc.store, 2_000_001), 150);
  assert.equal(doc.store.clients.get(1_001).length, 151, 'nothing was put together again');
});

test('a binary that is older than its sources is called stale, and one that is newer is not', async (t) => {
  const root = await mkdtemp(path.join(tmpdir(), 'plenum-stale-'));
  t.after(() => rm(root, { recursive: true }));
  const at = async (file, seconds) => {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), '');
    await utimes(path.join(root, file), seconds, seconds);
  };
  const [release, debug] = ['release', 'debug'].map((profile) => path.join(root, 'target', profile, 'plenum'));
  assert.match(staleness(release, root), /no binary/);
  await at('server/src/deep/a.rs', 100);
  await at('web/src/b.ts', 300);
  await at('target/release/plenum', 200);
  await at('target/debug/plenum', 200);
  assert.match(staleness(release, root), /stale binary: web\/src is newer than target\/release\/plenum/);
  assert.match(staleness(debug, root), /stale binary: web\/src is newer than web\/dist/);
  await at('web/dist/index.html', 400);
  assert.equal(staleness(debug, root), undefined);
  await at('server/src/deep/a.rs', 500);
  assert.match(staleness(debug, root), /stale binary: server\/src is newer than target\/debug\/plenum \(cargo build\)/);
});
