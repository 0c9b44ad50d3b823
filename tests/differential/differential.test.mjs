// What the server fans out, read by stock Yjs: after each part of a sequence both show the same words; a document
// loaded from the server's snapshot shows them too. The frames come from `record` in `tests/attack`: honest phones and
// a liar on one board, by a seed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const RECORD = path.resolve(root, process.env.PLENUM_RECORD ?? 'target/debug/record');
const FRAMES = Number(process.env.PLENUM_FRAMES ?? 5_000);
const SEED = Number(process.env.PLENUM_TEST_SEED ?? 1);

/** The words of every idea that a document shows. */
function textsOf(doc) {
  const ideas = Object.entries(doc.getMap('ideas').toJSON());
  return Object.fromEntries(ideas.map(([id, idea]) => [id, idea.text]));
}

function loaded(update) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc;
}

/** Reads one board after the other; gives the figures that the recorder ends with, and what was compared. */
async function replay(lines) {
  let doc;
  let board;
  const compared = { texts: 0, snapshots: 0 };
  for await (const line of lines) {
    const one = JSON.parse(line);
    if (one.board !== undefined) {
      board = one.board;
      doc = new Y.Doc();
    } else if (one.update !== undefined) {
      Y.applyUpdate(doc, Buffer.from(one.update, 'base64'));
      assert.equal(doc.store.pendingStructs ?? doc.store.pendingDs, null, `board ${board}: something waits`);
    } else if (one.texts !== undefined) {
      assert.deepEqual(textsOf(doc), one.texts, `board ${board}: Yjs shows what the server shows`);
      compared.texts += 1;
    } else if (one.snapshot !== undefined) {
      const again = loaded(Buffer.from(one.snapshot, 'base64'));
      assert.deepEqual(textsOf(again), textsOf(doc), `board ${board}: loaded from the snapshot`);
      assert.deepEqual(Y.encodeStateVector(again), Y.encodeStateVector(doc), `board ${board}: the history`);
      compared.snapshots += 1;
    } else {
      return { ...one, ...compared };
    }
  }
  throw new Error('the recorder did not end');
}

test('stock Yjs shows what the server shows, from what it fans out and from its snapshot', async (t) => {
  const recorder = spawn(RECORD, [String(FRAMES), String(SEED)], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => recorder.kill());
  const failed = new Promise((_, reject) => recorder.on('error', reject));
  const figures = await Promise.race([replay(createInterface({ input: recorder.stdout })), failed]);
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(figures)}`);
  assert.ok(figures.frames >= FRAMES);
  assert.ok(figures.hostile > 0, 'some of it was hostile');
});

test('the comparison finds a letter that is missing', async () => {
  const doc = new Y.Doc();
  const idea = new Y.Map();
  doc.getMap('ideas').set('i', idea);
  idea.set('text', new Y.Text('word'));
  const lines = [
    { board: 1 },
    { update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64') },
    { texts: { i: 'words' } },
  ];
  await assert.rejects(replay(lines.map((line) => JSON.stringify(line))), /Yjs shows what the server shows/);
});
