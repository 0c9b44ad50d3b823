// Bad input from people and programs: a clear answer in words, nothing lost, nobody else disturbed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProblem, refused } from '../harness/refusals.mjs';
import { Raw } from '../harness/raw.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { scene } from '../harness/scene.mjs';
import { frame } from '../harness/wire.mjs';

const FRAME_BYTES_MAX = 64 * 1024;
/** Beyond what a socket takes at all, step 2 with an old board's deletions included. */
const MESSAGE_BYTES = 1024 * 1024;
const GATE_UNITS_MAX = 1000;

test('an unknown code is answered in words, at the door and at the doorstep', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  await refused(stage.api.join({ code: 'ZZZZZZ' }), 'unknown-code', 'join with a code of nobody');
  await refused(stage.api.join({ key: '0'.repeat(32) }), 'unknown-code', 'join with a key of nobody');
  await refused(stage.api.doorstep('ZZZZZZ'), 'unknown-code', 'doorstep of a code of nobody');
  await others.check('after unknown codes');
  await stage.end();
});

test('a closed door keeps new people out and disturbs nobody who is in', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  await stage.api.command(stage.organizer, { do: 'door', open: false });
  await refused(stage.api.join({ code: stage.created.code }), 'door-closed', 'with the code');
  await refused(stage.api.join({ key: stage.key }), 'door-closed', 'with the key of the QR code');
  assert.equal((await stage.api.doorstep(stage.created.code)).open, false);
  await others.check('with the door closed');
  await stage.api.command(stage.organizer, { do: 'door', open: true });
  await stage.join();
  await stage.end();
});

test('a text that is too long or empty is refused in words; the longest that fits is taken', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  await refused(stage.share('x'.repeat(GATE_UNITS_MAX + 1)), 'text-too-long');
  await refused(stage.share('😀'.repeat(GATE_UNITS_MAX / 2) + 'x'), 'text-too-long', 'counted in UTF-16 units');
  await refused(stage.share(''), 'text-empty');
  await refused(stage.share(' \n\t '), 'text-empty', 'nothing but spaces');
  const whole = await stage.share('x'.repeat(GATE_UNITS_MAX / 2));
  const edit = { do: 'edit', idea: whole.idea, receipt: whole.receipt };
  await refused(stage.api.command(stage.groups[0].seats[0].token, { ...edit, text: 'x'.repeat(GATE_UNITS_MAX + 1) }), 'text-too-long');
  assert.equal((await stage.view()).ideas.find((one) => one.id === whole.idea).text, whole.text);
  await others.check('after long texts');
  await stage.end();
});

test('an edit that makes a text too long ends that document for its author alone, with the reason', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const [seat] = stage.groups[0].seats;
  const { idea, text } = await stage.share('Short.');
  const client = await stage.hocuspocus(seat);
  await client.has(idea);
  client.type(idea, 'x'.repeat(GATE_UNITS_MAX - text.length));
  await client.recorded();
  client.type(idea, 'y');
  const { document, problem } = await client.refused();
  assert.equal(document, client.document);
  isProblem(problem, 'text-too-long');
  assert.equal((await stage.view()).ideas.find((one) => one.id === idea).text.length, GATE_UNITS_MAX);
  assert.equal((await client.command({ do: 'approve', idea, on: true })).type, 'problem', 'the socket itself goes on');
  stage.drop(client);
  await others.check('after the refused edit');
  await stage.end();
});

test('a message that is too large is refused, over HTTP and on both sockets', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const [seat] = stage.groups[0].seats;
  const board = `board/${seat.group}`;
  await refused(stage.share('x'.repeat(2 * FRAME_BYTES_MAX)), 'too-large', 'over HTTP');
  const beyond = new Uint8Array(FRAME_BYTES_MAX + 1);
  const open = async () => {
    const raw = await Raw.connect(stage.server);
    await raw.open(board, seat.token);
    return raw;
  };
  const first = await open();
  first.send(frame.update(board, beyond));
  isProblem((await first.ending(board)).refused.problem, 'too-large');
  first.close();
  const second = await Raw.ticketed(stage.api, seat);
  second.send(frame.update(undefined, beyond));
  assert.equal((await second.closed).code, 4403);

  const huge = new Uint8Array(MESSAGE_BYTES);
  const third = await open();
  third.send(frame.update(board, huge));
  assert.equal((await third.closed).code, 1009);
  assert.match(third.ended.reason, /too large/);
  const fourth = await Raw.ticketed(stage.api, seat);
  fourth.send(frame.update(undefined, huge));
  assert.equal((await fourth.closed).code, 1009);
  await others.check('after large messages');
  await stage.end();
});

test('garbage on a socket closes that socket with words, before and after it opened a document', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const [seat] = stage.groups[0].seats;
  const board = `board/${seat.group}`;
  const garbage = {
    'an empty frame': [],
    'an unknown type': [1, 0x61, 99],
    'a server message': [1, 0x61, 8, 1],
    'a length that lies': [0xff, 0xff, 0xff, 0xff, 0x0f],
    'text that is no text': [1, 0xff, 7],
    'something after the message': [1, 0x61, 7, 0, 0, 0, 0],
    'a name that is too long': [0xc8, 1, ...new Array(200).fill(0x61), 3],
  };
  for (const [what, bytes] of Object.entries(garbage)) {
    for (const opened of [false, true]) {
      const raw = await Raw.connect(stage.server);
      if (opened) await raw.open(board, seat.token);
      raw.send(Uint8Array.from(bytes));
      const { code, reason } = await raw.closed;
      assert.equal(code, 4400, `${what}, opened: ${opened}`);
      assert.match(reason, /no message/);
    }
  }
  const words = await Raw.connect(stage.server);
  words.socket.send('hello');
  assert.equal((await words.closed).code, 4400, 'a text frame');
  const ticketed = await Raw.ticketed(stage.api, seat);
  ticketed.send(Uint8Array.of(77, 1, 2));
  assert.equal((await ticketed.closed).code, 4400, 'on the y-websocket wire');
  await others.check('after garbage');
  await stage.end();
});

test('W3: what arrives for a document that is not open is ignored', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const [seat] = stage.groups[0].seats;
  const board = `board/${seat.group}`;
  const raw = await Raw.connect(stage.server);
  raw.send(frame.step1(board, Uint8Array.of(0)));
  raw.send(frame.update(board, Uint8Array.of(0, 0)));
  raw.send(frame.stateless(`consultation/${stage.id}`, '{"type":"command","do":"merge"}'));
  await raw.open(board, seat.token);
  assert.deepEqual(raw.frames.map((one) => one.kind).filter((kind) => kind === 'status'), []);
  raw.close();
  await others.check('after messages to closed documents');
  await stage.end();
});

test('a wrong token, a token of another consultation and an unknown document are denied in words', async (t) => {
  const stage = await scene(t);
  const other = await scene(t, { server: stage.server });
  const [seat] = stage.groups[0].seats;
  const cases = [
    [`board/${seat.group}`, 'nonsense'],
    [`board/${seat.group}`, ''],
    [`board/${seat.group}`, other.groups[0].seats[0].token],
    [`board/${seat.group}`, other.organizer],
    [`consultation/${stage.id}`, other.organizer],
    [`board/${stage.id}`, seat.token],
    ['board/x', seat.token],
    ['nonsense', seat.token],
  ];
  for (const [document, token] of cases) {
    const raw = await Raw.connect(stage.server);
    raw.send(frame.token(document, token));
    const { payload } = await raw.take('denied', document);
    assert.match(payload, /\w{4,}/, `${document} with ${token}: why`);
    raw.close();
  }
  await stage.end();
});

test('a vote over the budget is refused in words, and taking one back makes room', async (t) => {
  const stage = await scene(t, { settings: { votes: 2, tallies: 'live' } });
  const others = await neighbours(stage);
  const [seat] = stage.groups[0].seats;
  const shared = [];
  for (const text of ['One', 'Two', 'Three']) shared.push((await stage.share(text)).idea);
  await others.check('before the vote');
  await stage.phase('vote');
  await stage.api.approve(seat.token, shared[0]);
  await stage.api.approve(seat.token, shared[1]);
  await refused(stage.api.approve(seat.token, shared[2]), 'over-budget');
  const client = await stage.hocuspocus(seat);
  const answer = await client.command({ do: 'approve', idea: shared[2], on: true });
  isProblem(answer.problem, 'over-budget');
  await stage.api.approve(seat.token, shared[0], false);
  await stage.api.approve(seat.token, shared[2]);
  const tallies = Object.fromEntries((await stage.view()).ideas.map((idea) => [idea.id, idea.tally]));
  assert.deepEqual(shared.map((idea) => tallies[idea]), [0, 1, 1]);
  await stage.end();
});

test('addresses that do not exist and methods that do not fit are problems in words, not pages', async (t) => {
  const stage = await scene(t);
  await refused(stage.api.json('/api/nothing'), 'not-found', 'an unknown address');
  await refused(stage.api.board(stage.organizer, stage.id), 'not-found', 'a board that is none');
  await refused(stage.api.consultation(stage.organizer, '00000000-0000-4000-8000-000000000000'), 'not-found', 'a consultation that is none');
  await refused(stage.api.board('nonsense', stage.groups[0].id), 'unauthorized', 'an unknown token');
  await refused(stage.api.create({}, 'wrong-key'), 'unauthorized', 'a wrong organizer key');
  await refused(stage.api.create({ colour: 'red' }), 'malformed', 'an unknown field');
  await refused(stage.api.ticket(stage.groups[0].seats[0].token, 'nonsense'), 'not-found', 'a ticket for nothing');
  await stage.end();
});
