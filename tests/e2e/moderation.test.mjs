// Hidden means hidden on the wire: off every board, view, export and list at once, with a reason; and shown again as it was.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { told } from '../harness/told.mjs';
import { until } from '../harness/until.mjs';

const hide = (stage, idea, reason = 'off-topic', fields = {}) =>
  stage.api.command(stage.groups[0].moderator, { do: 'hide', idea, reason, ...fields });
const unhide = (stage, idea) => stage.api.command(stage.groups[0].moderator, { do: 'unhide', idea });
const gone = (client, idea) => until(`${client.name} has lost the idea`, () => client.text(idea) === undefined);
const desk = async (stage, token = stage.groups[0].moderator) =>
  (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token })).groups[0];

/** What stands in the files of a server. */
const filesOf = (folder) => readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));

test('C9: a hidden idea leaves every board, view and list at once, and nothing afterwards says its words', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const MARK = 'Zinnoberrotkehlchen';
  const bad = await stage.share(`${MARK} should not be read`, { kind: 'recommendation' });
  const good = await stage.share('This stays where it is', { kind: 'recommendation' });
  const heard = [];
  const onFrame = (direction, _, bytes) => direction === 'in' && heard.push(Buffer.from(bytes));
  const clients = [
    await stage.hocuspocus(group.seats[0]),
    await stage.yWebsocket(group.seats[1]),
    await stage.hocuspocus(stage.staff(stage.room)),
  ];
  for (const client of clients) await client.has(bad.idea);
  clients[0].type(bad.idea, `, and ${MARK} again`);
  await clients[1].sees(bad.idea, 'again');
  await stage.phase('vote');
  await stage.api.approve(group.seats[0].token, bad.idea);
  for (const { idea } of [bad, good]) await stage.promote(idea, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  assert.ok((await told(stage, stage.room)).includes(MARK), 'it was on the list');

  const seq = (await stage.view()).seq;
  const poll = stage.api.board(group.seats[2].token, group.id, seq);
  await hide(stage, bad.idea, 'hurts');
  for (const client of clients) await gone(client, bad.idea);
  assert.deepEqual((await poll).ideas.map((one) => one.id), [good.idea], 'who polls hears it at once');
  for (const token of [...group.seats.map((seat) => seat.token), group.moderator, stage.organizer, stage.editor, stage.room]) {
    assert.ok(!(await told(stage, token)).includes(MARK), 'no view says it');
  }
  // Whoever comes now is given the whole history of board and list.
  const fresh = [
    await stage.hocuspocus(group.seats[2], { onFrame }),
    await stage.yWebsocket(group.seats[2], { onFrame }),
    await stage.hocuspocus(stage.staff(stage.room, `plenary/${stage.id}`), { onFrame }),
  ];
  await fresh[0].has(good.idea);
  await until('the list is read', () => fresh[2].doc.getMap('items').size === 1);
  assert.ok(!Buffer.concat(heard).includes(MARK), 'the history that phones get does not hold it');

  const { hidden } = await desk(stage);
  assert.deepEqual(hidden.map(({ id, reason, text }) => [id, reason, text]), [[bad.idea, 'hurts', `${bad.text}, and ${MARK} again`]]);
  const refused = await request(`${stage.server.url}/api/consultations/${stage.id}/desk`, { token: group.seats[0].token });
  assert.equal(refused.status, 403, 'the desk is for those who moderate');
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: group.seats[0].token });
  assert.ok(ledger.some((line) => line.did === 'hidden' && line.idea === bad.idea && line.reason === 'hurts' && line.by === 'moderator'));
  await stage.end();
});

test('what is shown again has the words, the votes and the promotion that it had, also after a restart', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { votes: 1, tallies: 'live' } });
  const [group] = stage.groups;
  const [voter] = group.seats;
  const one = await stage.share('First words');
  const two = await stage.share('The other idea');
  const client = await stage.hocuspocus(group.seats[1]);
  await client.has(one.idea);
  client.type(one.idea, ', made better by others');
  await client.recorded();
  await stage.phase('vote');
  await stage.api.approve(voter.token, one.idea);
  await stage.promote(one.idea, { group });
  await stage.phase('vote');
  await assert.rejects(stage.api.approve(voter.token, two.idea), { code: 'over-budget' });

  await hide(stage, one.idea);
  const you = async () => (await stage.api.consultation(voter.token, stage.id)).you;
  assert.deepEqual((await you()).approved, [], 'its approval uses no budget');
  for (const command of [{ do: 'approve', on: true }, { do: 'promote', on: true }]) {
    const token = command.do === 'approve' ? voter.token : group.moderator;
    await assert.rejects(stage.api.command(token, { ...command, idea: one.idea }));
  }
  await stage.end();
  await unhide(stage, one.idea);
  await client.sees(one.idea, 'First words, made better by others');
  const { text, tally, state } = (await stage.view()).ideas.find((idea) => idea.id === one.idea);
  assert.deepEqual([text, tally, state], ['First words, made better by others', 1, 'promoted']);
  assert.deepEqual((await you()).approved, [one.idea]);
  await assert.rejects(stage.api.approve(voter.token, two.idea), { code: 'over-budget' });
  await stage.end();
});

test('hide and unhide at once, beside people who type, lose nothing that was acknowledged', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const shared = await stage.share('Start');
  const writer = await stage.hocuspocus(group.seats[1]);
  await writer.has(shared.idea);
  for (let round = 0; round < 10; round += 1) {
    writer.type(shared.idea, ` r${round}`);
    await writer.recorded();
    await Promise.all([hide(stage, shared.idea), unhide(stage, shared.idea)]);
    // Whichever came last stands.
    await unhide(stage, shared.idea);
    await until('it is back', () => writer.words(shared.idea)?.endsWith(` r${round}`));
  }
  assert.equal((await stage.view()).ideas[0].text, `Start${Array.from({ length: 10 }, (_, round) => ` r${round}`).join('')}`);
  await stage.end();
});

test('what is typed into a hidden idea is refused, and the board goes on', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const shared = await stage.share('To be hidden');
  const other = await stage.share('To go on with');
  const writer = await stage.hocuspocus(group.seats[1]);
  await writer.has(shared.idea);
  await writer.disconnect();
  const text = writer.text(shared.idea);
  text.insert(text.length, ' too late');
  await hide(stage, shared.idea);
  writer.reconnect();
  const refusal = await writer.refused();
  assert.equal(refusal.problem.code, 'not-found');
  stage.drop(writer);
  await unhide(stage, shared.idea);
  const view = await stage.view();
  assert.deepEqual(view.ideas.map((one) => one.text).sort(), ['To be hidden', other.text].sort());
  await stage.end();
});

test('hidden for personal data: the words are deleted for good, after a confirmation', async (t) => {
  const stage = await scene(t);
  const shared = await stage.share('Call Ada on 0170 1234567');
  await assert.rejects(hide(stage, shared.idea, 'personal-data'), { code: 'malformed' });
  await assert.rejects(hide(stage, shared.idea, 'hurts', { erase: true }), { code: 'malformed' });
  await assert.rejects(hide(stage, shared.idea, 'no-such-reason'), { code: 'not-found' });
  // Hidden first, for another reason: the words that were kept go as well.
  await hide(stage, shared.idea, 'hurts');
  await hide(stage, shared.idea, 'personal-data', { erase: true });
  const { hidden } = await desk(stage);
  assert.deepEqual(hidden.map(({ text, erased, reason }) => [text, erased, reason]), [['', true, 'personal-data']]);
  await assert.rejects(unhide(stage, shared.idea), { code: 'not-found' });
  await until('no file holds the words', () => !filesOf(stage.server.data).some((bytes) => bytes.includes('0170 1234567')));
  await stage.end();
});
