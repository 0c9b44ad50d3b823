// W1, W10: the golden frames of proto/golden and the transcript, read and written with lib0 alone by what the specification says. Rust writes them
// (`proto/tests/golden.rs`), the page reads them (`web/test/golden.test.ts`): a changed byte fails in three places.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as Y from 'yjs';
import { frame, hex, PING, PONG, readFrame } from './wire.mjs';

const folder = fileURLToPath(new URL('../../proto/golden', import.meta.url));
const names = readdirSync(path.join(folder, 'frames')).filter((name) => name.endsWith('.hex')).map((name) => name.slice(0, -4));
const text = (name) => readFileSync(path.join(folder, name), 'utf8');

/** What a client sends, made anew from what the frame says. */
function written({ key, kind, payload }) {
  const own = key ?? undefined;
  switch (kind) {
    case 'step1':
      return frame.step1(own, hex(payload));
    case 'step2':
      return frame.step2(own, hex(payload));
    case 'update':
      return frame.update(own, hex(payload));
    case 'awareness':
      return frame.awareness(own, hex(payload));
    case 'token':
      return frame.token(own, payload);
    case 'query-awareness':
      return frame.queryAwareness(own);
    case 'ping':
      return PING;
    case 'pong':
      return PONG;
    default:
      return undefined;
  }
}

test('W1, W11: each golden frame says what its JSON says, and what phones send is written to the same bytes', () => {
  assert.ok(names.length > 25, `${names.length} frames`);
  for (const name of names) {
    const bytes = hex(text(`frames/${name}.hex`).trim());
    const says = JSON.parse(text(`frames/${name}.json`));
    const read = readFrame(bytes, { keyed: says.envelope === 'hocuspocus' });
    const payload = read.payload instanceof Uint8Array ? Buffer.from(read.payload).toString('hex') : (read.payload ?? null);
    assert.deepEqual([read.key ?? null, read.kind, payload], [says.key, says.kind, says.payload], name);
    const again = written(says);
    if (again !== undefined) assert.equal(Buffer.from(again).toString('hex'), Buffer.from(bytes).toString('hex'), name);
  }
});

/** The lines of the transcript: who sends, which bytes, and the JSON that stands below them, if any. */
function transcript() {
  const page = readFileSync(path.join(folder, '../transcript.md'), 'utf8');
  const lines = [...page.matchAll(/^(\d+)\. \*\*(phone|server)\*\*: (.+)\n\n```\n([0-9a-f\n]+)\n```\n(?:\n```json\n(.+)\n```\n)?/gm)];
  assert.deepEqual(lines.map(([, number]) => Number(number)), lines.map((_, at) => at + 1), 'no line is missed');
  return lines.map(([, , who, meaning, digits, said]) => ({ who, meaning, bytes: hex(digits), said: said && JSON.parse(said) }));
}

test('W1, W3, W4: lib0 and Yjs alone read the transcript; its updates make the board, and each update of the phone is acknowledged', () => {
  const lines = transcript();
  const end = lines.pop();
  assert.equal((end.bytes[0] << 8) | end.bytes[1], 1012, 'the last line is the payload of a close frame');
  const doc = new Y.Doc();
  const kinds = { phone: [], server: [] };
  for (const { who, meaning, bytes, said } of lines) {
    const { kind, payload } = readFrame(bytes);
    assert.notEqual(kind, 'unknown', meaning);
    kinds[who].push(kind);
    if (kind === 'stateless') assert.deepEqual(payload, said, meaning);
    if (kind === 'step2' || kind === 'update') Y.applyUpdate(doc, payload);
  }
  const ideas = [...doc.getMap('ideas').values()].toSorted((a, b) => a.get('order') - b.get('order'));
  assert.deepEqual(ideas.map((idea) => idea.get('text').toString()), ['Clean water near every school!?', 'Teach pupils to test it']);
  assert.deepEqual([doc.getMap('about').get('phase'), doc.getMap('about').get('lock')], ['vote', true]);
  const count = (who, ...wanted) => kinds[who].filter((kind) => wanted.includes(kind)).length;
  assert.equal(count('server', 'status'), count('phone', 'step2', 'update'));
  assert.equal(count('server', 'authenticated'), count('phone', 'token'));
  for (const kind of ['token', 'step1', 'step2', 'update', 'awareness', 'ping', 'stateless', 'close']) assert.ok(count('phone', kind) > 0, kind);
});

test('W10: the golden close codes are those for which the page comes back, and those for which it does not', () => {
  const codes = new Map(JSON.parse(text('close-codes.json')).map(({ code, again }) => [code, again]));
  const page = readFileSync(fileURLToPath(new URL('../../web/src/wire/connection.ts', import.meta.url)), 'utf8');
  const forGood = [...page.match(/closedForGood[^{]*\{([^}]*)\}/)[1].matchAll(/(\d{4}):/g)].map(([, code]) => Number(code));
  for (const code of forGood) assert.equal(codes.get(code), false, `${code} is for good`);
  for (const [code, again] of codes) assert.ok(!(again && forGood.includes(code)), `${code} is tried again`);
});

test('G1: to Yjs each refused frame but that of G1 is a good update, so it is the rule that refuses it', () => {
  const rules = readdirSync(path.join(folder, 'refused')).filter((name) => name.endsWith('.json'));
  assert.equal(rules.length, 7, 'G7 refuses by the work of large frames, which are made where they are tested');
  for (const name of rules) {
    const { rule, before, refusal } = JSON.parse(text(`refused/${name}`));
    assert.ok(refusal.length > 10, rule);
    const doc = new Y.Doc();
    for (const earlier of [text('refused/board.hex').trim(), ...before]) Y.applyUpdate(doc, hex(earlier));
    assert.equal([...doc.getMap('ideas').values()].length, 3, 'the board has three ideas');
    const bytes = hex(text(`refused/${name.replace('.json', '.hex')}`).trim());
    if (rule === 'G1') {
      const { structs } = Y.decodeUpdate(bytes.subarray(0, -1));
      assert.equal(structs.length, 1, 'all but its last byte is an update');
    } else {
      const { structs, ds } = Y.decodeUpdate(bytes);
      assert.ok(structs.length + ds.clients.size > 0, rule);
    }
  }
});
