// What panics comes back, and what is slow delays only its own people. Against a build with the feature `seeded-defects`
// (its path in PLENUM_DEFECT_BIN): words of an idea make a consultation or a room panic, or work for two seconds.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { newReceipt } from '../harness/api.mjs';
import { request } from '../harness/http.mjs';
import { neighbours } from '../harness/neighbours.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { KEY, startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

const SECRET = 'these words belong to somebody';
const PANICS_MAX = 5;

async function two(t) {
  const bin = process.env.PLENUM_DEFECT_BIN;
  assert.ok(bin, 'PLENUM_DEFECT_BIN names a server built with the feature seeded-defects');
  const server = await startServer({ bin, env: { PLENUM_SEED_DEFECT: 'by-words' } });
  t.after(() => server.dispose());
  return { server, stage: await scene(t, { server }), others: await scene(t, { server }) };
}

const health = (stage) => stage.api.json('/api/health', { token: KEY });

/** Shares words that make something panic; the answer is a refusal in words, or lost with the connection. */
async function shareAndSee(stage, text, id = randomUUID()) {
  const [group] = stage.groups;
  const idea = randomUUID();
  const body = { id, do: 'share', lang: 'en', idea, group: group.id, text, receipt: newReceipt().hash };
  const send = () => request(`${stage.server.url}/api/commands`, { method: 'POST', token: group.seats[0].token, body });
  return { idea, send, answer: await send() };
}

test('a consultation that panics is started again: what was acknowledged is there, phones come back, others notice nothing', async (t) => {
  const { server, stage, others } = await two(t);
  const near = await neighbours(others);
  const [group] = stage.groups;
  const acknowledged = [];
  for (let n = 0; n < 10; n += 1) acknowledged.push((await stage.share(`idea ${n}`)).idea);
  const listener = await Raw.connect(server);
  await listener.open(`consultation/${stage.id}`, group.seats[1].token).catch(() => {});
  const onBoard = await Raw.connect(server);
  await onBoard.open(`board/${group.id}`, group.seats[1].token);
  const { answer } = await shareAndSee(stage, `PANIC BEFORE DECIDING ${SECRET}`);
  assert.equal(answer.status, 503);
  assert.equal((await onBoard.closed).code, 1013, 'who only reads a board is told to come back');
  assert.equal((await listener.closed).code, 1013, 'who only follows the consultation is told to come back');
  const board = await until('the board is served again', () => stage.api.board(group.seats[0].token, group.id).catch(() => false));
  assert.deepEqual(new Set(board.ideas.map((idea) => idea.id)), new Set(acknowledged));
  const again = await stage.share('after the panic');
  const fresh = await Raw.connect(server);
  const doc = await fresh.open(`board/${group.id}`, group.seats[1].token);
  assert.ok(doc.getMap('ideas').has(again.idea));
  fresh.close();
  await near.check('a panic in another consultation');
  const figures = await health(stage);
  assert.deepEqual([figures.restarted, figures.given_up, figures.consultations], [1, 0, 2]);
  assert.equal((await request(`${server.url}/healthz`)).text, 'ok\n');
  assert.match(server.output, /a task panicked/);
  assert.ok(!server.output.includes(SECRET), 'the log has no words of people');
});

test('a panic between the journal and the answer loses nothing, and the same command again is answered once', async (t) => {
  const { server, stage } = await two(t);
  const [group] = stage.groups;
  const { idea, send, answer } = await shareAndSee(stage, `PANIC AFTER COMMIT ${SECRET}`);
  assert.equal(answer.status, 503);
  const done = await until('the same command is answered', async () => {
    const again = await send();
    return again.status === 200 && again;
  });
  assert.equal(done.status, 200);
  const board = await stage.api.board(group.seats[0].token, group.id);
  assert.equal(board.ideas.filter((one) => one.id === idea).length, 1);
  assert.equal((await health(stage)).restarted, 1);
  assert.ok(!server.output.includes(SECRET));
});

test('a room that panics is loaded again, and who only reads is told to come back', async (t) => {
  const { server, stage } = await two(t);
  const [group, other] = stage.groups;
  const reader = await Raw.connect(server);
  await reader.open(`board/${group.id}`, group.seats[1].token);
  const beside = await neighbours(stage, other);
  const { idea, send } = await shareAndSee(stage, `PANIC IN THE ROOM ${SECRET}`);
  assert.equal((await reader.closed).code, 1013);
  assert.equal((await until('the same command is answered', async () => (await send()).status === 200 && { ok: 1 })).ok, 1);
  const back = await Raw.connect(server);
  const doc = await back.open(`board/${group.id}`, group.seats[1].token);
  assert.ok(doc.getMap('ideas').has(idea), 'what was decided is shown by the room that was loaded again');
  back.close();
  await beside.check('a panic in the room of another group');
  assert.equal((await health(stage)).rooms_panicked, 1);
  assert.ok(!server.output.includes(SECRET));
});

test('a consultation that panics again and again is given up, in words, and the others run', async (t) => {
  const { server, stage, others } = await two(t);
  const near = await neighbours(others);
  for (let panics = 1; panics <= PANICS_MAX + 1; panics += 1) {
    await until(`panic ${panics}`, async () => {
      await shareAndSee(stage, `PANIC BEFORE DECIDING ${SECRET}`);
      const { restarted, given_up } = await health(stage);
      return restarted >= panics || given_up === 1;
    });
  }
  await until('it is given up', async () => (await health(stage)).given_up === 1);
  const refused = await stage.api.consultation(stage.organizer, stage.id).catch((error) => error);
  assert.equal(refused.status, 503);
  assert.match(refused.body.detail, /error of the server/);
  const looked = await request(`${server.url}/healthz`);
  assert.equal(looked.status, 200, 'a balancer leaves the server to the consultations that are served');
  assert.match(looked.text, /^degraded: 1 of 2 consultations/);
  await near.check('a consultation that was given up');
  assert.equal(server.output.match(/is given up/g).length, 1);
  assert.ok(!server.output.includes(SECRET));
  // Started again, it is served from its journal.
  await server.kill();
  await server.start();
  assert.equal((await stage.api.consultation(stage.organizer, stage.id)).state?.id ?? stage.id, stage.id);
});

test('a room that works for two seconds without a pause delays nobody else', async (t) => {
  const { server, stage, others } = await two(t);
  const near = await neighbours(others);
  const [group] = stage.groups;
  const reader = await Raw.connect(server);
  await reader.open(`board/${group.id}`, group.seats[1].token);
  let done = false;
  const slow = shareAndSee(stage, 'BURN IN THE ROOM').then((result) => {
    done = true;
    return result;
  });
  let probes = 0;
  let letters = 0;
  while (!done) {
    assert.equal((await request(`${server.url}/healthz`)).status, 200);
    if (!done) probes += 1;
    await near.check('a room that works for long');
    if (!done) letters += 1;
  }
  t.diagnostic(`meanwhile ${probes} looks at /healthz and ${letters} rounds of letters`);
  assert.equal((await slow).answer.status, 200);
  reader.close();
  assert.ok(probes >= 3 && letters >= 3, `${probes} looks and ${letters} rounds of letters`);
  const room = (await health(stage)).slow_turns.find(({ of }) => of === 'room');
  assert.ok(room.turns >= 1 && room.longest_ms >= 2000, 'the watch has counted the turn');
});

test('a text on which a run panics is an entry of its own, staff read which, and its words are in no log and no answer', async (t) => {
  const { stage, server } = await two(t);
  const [group] = stage.groups;
  // Of the second one every run panics while it compares words, of the third one while it looks for meaning.
  const texts = ['Lamps at the school', `PANIC IN THE MERGE ${SECRET}`, `PANIC IN THE ENCODER ${SECRET}`, 'Lamps at our school'];
  const ideas = [];
  for (const text of texts) ideas.push((await stage.share(text, { kind: 'recommendation' })).idea);
  await stage.phase('review');
  for (const idea of ideas) await stage.promote(idea);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  const curation = (token) => stage.api.json(`/api/plenary/${stage.id}/suggestions`, { token });
  const { items } = await stage.api.plenary(stage.editor, stage.id);
  assert.deepEqual(items.map((item) => item.sources.map((source) => source.text)).flat().sort(), texts.toSorted());
  assert.equal(items.length, texts.length);
  const told = await curation(stage.editor);
  assert.deepEqual(told.unread, [ideas[1]]);
  assert.equal(told.ideas[ideas[1]].text, texts[1]);
  const pair = [ideas[0], ideas[3]].sort();
  assert.ok(told.suggestions.some(({ a, b }) => a === pair[0] && b === pair[1]), 'the others are compared');
  assert.deepEqual((await curation(group.moderator)).unread, [ideas[1]]);
  assert.match(server.output, /a task panicked/);
  assert.ok(!server.output.includes(SECRET), 'no words in the log');
  await stage.end();
});
