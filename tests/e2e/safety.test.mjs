// People first: moderation before reveal, reports, somebody may be in danger, a board out of sight, spoken ideas,
// translations, a call for help, and who has not written yet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../harness/api.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { told } from '../harness/told.mjs';

const desk = async (stage, token = stage.groups[0].moderator) =>
  (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token })).groups[0];
const alerts = (stage, token = stage.safeguarding) => stage.api.json(`/api/consultations/${stage.id}/alerts`, { token });
const ledger = (stage) => stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.groups[0].seats[0].token });
const lost = (client, idea) => until(`${client.name} has lost the idea`, () => client.text(idea) === undefined);

test('moderation: what is shared waits on the desk alone until it is let in, and then the reveal holds it', async (t) => {
  const stage = await scene(t, { settings: { moderation: true, private_first: true } });
  const [group] = stage.groups;
  const { moderator } = group;
  const MARK = 'Wartezimmer';
  const good = await stage.share(`${MARK}: good`);
  const bad = await stage.share(`${MARK}: bad`);
  const heard = [];
  const reader = await stage.hocuspocus(group.seats[1], { onFrame: (direction, _, bytes) => direction === 'in' && heard.push(Buffer.from(bytes)) });
  assert.deepEqual((await desk(stage)).waiting.map(({ text }) => text), [good.text, bad.text]);
  for (const token of [group.seats[1].token, stage.editor, stage.room]) assert.ok(!(await told(stage, token)).includes(MARK));
  assert.equal((await stage.view()).ideas.length, 0);
  // The author's own second thoughts reach the desk.
  await stage.api.command(group.seats[0].token, { do: 'edit', idea: good.idea, receipt: good.receipt, text: `${MARK}: better` });
  assert.equal((await desk(stage)).waiting[0].text, `${MARK}: better`);
  await stage.api.command(moderator, { do: 'admit', idea: good.idea, read: read(`${MARK}: better`) });
  await stage.api.command(moderator, { do: 'hide', idea: bad.idea, reason: 'off-topic' });
  const after = await desk(stage);
  assert.deepEqual([after.waiting ?? [], after.hidden.map(({ id }) => id)], [[], [bad.idea]]);
  await assert.rejects(stage.api.command(moderator, { do: 'admit', idea: good.idea, read: read('') }), { code: 'not-waiting' });
  assert.equal((await stage.view()).ideas.length, 0, 'held until the reveal');
  await stage.end();
  await stage.api.command(moderator, { do: 'reveal', group: group.id });
  await reader.sees(good.idea, `${MARK}: better`);
  assert.equal((await stage.view()).ideas.length, 1);
  assert.ok(!Buffer.concat(heard).includes(`${MARK}: bad`));
  await stage.api.command(moderator, { do: 'unhide', idea: bad.idea });
  assert.equal((await stage.view()).ideas.length, 1, 'it was hidden while it waited: it waits again');
  await stage.api.command(moderator, { do: 'admit', idea: bad.idea, read: read(bad.text) });
  await reader.has(bad.idea);
  await stage.end();
});

test('C17: reports are anonymous, counted once for all on the desk, and bounded per seat', async (t) => {
  const stage = await scene(t);
  const [group, hills] = stage.groups;
  const { idea } = await stage.share('Reported');
  for (const seat of group.seats) await stage.api.command(seat.token, { do: 'report', idea, why: 'abuse' });
  assert.deepEqual((await desk(stage)).reported, { [idea]: 2 });
  assert.equal((await stage.view()).ideas.length, 1, 'a report of abuse hides nothing by itself');
  await assert.rejects(stage.api.command(hills.seats[0].token, { do: 'report', idea, why: 'abuse' }), { code: 'forbidden' });
  const seat = group.seats[0].token;
  const many = async () => {
    for (let n = 0; n < 40; n += 1) await stage.api.command(seat, { do: 'report', idea, why: 'other' });
  };
  await assert.rejects(many(), { code: 'too-many-reports' });
  assert.deepEqual(await ledger(stage).then((lines) => lines.filter(({ did }) => did === 'hidden')), []);
  await stage.end();
});

test('somebody may be in danger: hidden at once for everybody, told to the safeguarding contact alone', async (t) => {
  const stage = await scene(t, { seats: 3 });
  const [group] = stage.groups;
  const MARK = 'Schwalbennest';
  const { idea } = await stage.share(`${MARK}: I cannot go home`);
  const clients = [await stage.hocuspocus(group.seats[1]), await stage.hocuspocus(stage.staff(stage.room))];
  for (const client of clients) await client.has(idea);
  clients[0].type(idea, ', tonight');
  await clients[1].sees(idea, 'tonight');
  await stage.api.command(group.seats[2].token, { do: 'report', idea, why: 'danger' });
  for (const client of clients) await lost(client, idea);
  const everybody = [...group.seats.map((seat) => seat.token), group.moderator, stage.organizer, stage.editor, stage.room];
  for (const token of everybody) {
    const all = await told(stage, token);
    assert.ok(!all.includes(MARK) && !/danger/i.test(all.toString()), 'no words, and not that it is about danger');
    const refused = await request(`${stage.server.url}/api/consultations/${stage.id}/alerts`, { token });
    assert.equal(refused.status, 403);
  }
  const shown = (await desk(stage)).hidden;
  assert.deepEqual(shown.map(({ id, reason, text }) => [id, reason, text]), [[idea, 'held-in-group', '']]);
  const [alert] = await alerts(stage);
  assert.deepEqual([alert.id, alert.text, alert.state, alert.reports, alert.group, alert.at % 60_000], [idea, `${MARK}: I cannot go home, tonight`, 'new', 1, group.id, 0]);
  const line = (await ledger(stage)).find(({ did }) => did === 'held-in-group');
  assert.deepEqual([line.by, line.reason, line.on], [undefined, undefined, true], 'the ledger does not tell who reported, nor why');
  await assert.rejects(stage.api.command(group.moderator, { do: 'unhide', idea }), { code: 'idea-hidden' });
  await assert.rejects(stage.api.command(group.moderator, { do: 'hide', idea, reason: 'personal-data', erase: true }), { code: 'idea-hidden' });
  await stage.api.command(stage.safeguarding, { do: 'acknowledge', idea });
  await stage.end();
  assert.equal((await alerts(stage))[0].state, 'acknowledged', 'after a restart as before');
  await stage.api.command(stage.safeguarding, { do: 'settle', idea, show: true });
  await clients[0].sees(idea, 'tonight');
  // It was looked at: a further report tells the contact, and silences nobody.
  await stage.api.command(group.seats[1].token, { do: 'report', idea, why: 'danger' });
  const [reported] = await alerts(stage);
  assert.deepEqual([reported.reports, reported.again, reported.state], [2, 1, 'shown'], 'its words may be others by now');
  assert.equal((await stage.view()).ideas.length, 1);
  await stage.end();
});

test('reports of danger cannot clear a board', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const ideas = [];
  for (let n = 0; n < 8; n += 1) ideas.push((await stage.share(`Idea ${n}`)).idea);
  const censor = async () => {
    for (const idea of ideas) await stage.api.command(group.seats[1].token, { do: 'report', idea, why: 'danger' });
  };
  await assert.rejects(censor(), { code: 'too-many-reports' });
  assert.equal((await stage.view()).ideas.length, 5);
  await stage.end();
});

test('C18: a whole board out of sight: nobody has any idea of it, what is shared waits, and all comes back as it was', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { tallies: 'live' } });
  const [group, hills] = stage.groups;
  const MARK = 'Vorhang';
  const ideas = [];
  for (let n = 0; n < 5; n += 1) ideas.push(await stage.share(`${MARK} ${n}`, { kind: 'recommendation' }));
  const other = await stage.share('Of the other group', { group: hills });
  const clients = [
    await stage.hocuspocus(group.seats[0]),
    await stage.yWebsocket(group.seats[1]),
    await stage.hocuspocus(stage.staff(stage.room)),
    await stage.hocuspocus(stage.staff(group.moderator)),
  ];
  for (const client of clients) await client.has(ideas[4].idea);
  clients[0].type(ideas[2].idea, ', improved');
  await clients[2].sees(ideas[2].idea, 'improved');
  await stage.promote(ideas[0].idea, { group });
  await stage.phase('brainstorm');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const before = (await stage.view()).ideas;
  await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on: true });
  for (const client of clients) await until(`${client.name} has no idea`, () => Object.keys(client.board().ideas).length === 0);
  for (const token of [group.seats[2].token, group.moderator, stage.organizer, stage.editor, stage.room]) {
    assert.ok(!(await told(stage, token)).includes(MARK), 'nobody is told its words');
  }
  const state = async () => (await stage.api.consultation(group.seats[0].token, stage.id)).groups;
  assert.deepEqual((await state()).map(({ hidden }) => hidden), [true, false]);
  assert.equal((await stage.view(hills)).ideas[0].id, other.idea, 'other groups go on');
  const late = await stage.share(`${MARK} shared meanwhile`);
  assert.equal((await stage.view()).ideas.length, 0);
  await stage.end();
  await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on: false });
  for (const client of clients) await client.has(late.idea);
  const after = (await stage.view()).ideas;
  assert.deepEqual(after.slice(0, 5), before, 'unchanged');
  assert.ok((await ledger(stage)).filter(({ did }) => did === 'board-hidden').length === 2);
  await stage.end();
});

test('spoken ideas are marked, and only staff write them', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  await assert.rejects(stage.share('I say', { spoken: true }), { code: 'forbidden' });
  const spoken = await stage.share('Said by somebody without a phone', { seat: { token: group.moderator }, spoken: true });
  const plain = await stage.share('Written');
  const client = await stage.hocuspocus(group.seats[0]);
  await client.has(plain.idea);
  assert.equal(client.doc.getMap('ideas').get(spoken.idea).get('spoken'), true);
  assert.equal(client.doc.getMap('ideas').get(plain.idea).has('spoken'), false);
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.spoken), [true, undefined]);
  await stage.end();
});

test('translations: added by whoever reads both, edited by the group, gone and back with their idea', async (t) => {
  const stage = await scene(t);
  const [group, hills] = stage.groups;
  const { idea } = await stage.share('A good idea');
  const translate = (token, lang, text) => stage.api.command(token, { do: 'translate', idea, lang, text });
  await translate(group.seats[1].token, 'fr', 'Une bonne idée');
  const client = await stage.hocuspocus(group.seats[0]);
  const french = () => client.doc.getMap('ideas').get(idea)?.get('tr')?.get('fr');
  await until('the translation is there', french);
  french().insert(french().length, ', vraiment');
  await client.recorded();
  assert.deepEqual((await stage.view()).ideas[0].tr, { fr: 'Une bonne idée, vraiment' });
  await assert.rejects(translate(group.seats[1].token, 'fr', 'Autre'), { code: 'conflict' });
  for (const lang of ['en', '', 'x', 'not a tag', 'f'.repeat(40)]) await assert.rejects(translate(group.seats[1].token, lang, 'Hm'), { code: 'malformed' });
  await assert.rejects(translate(hills.seats[0].token, 'es', 'Una buena idea'), { code: 'forbidden' });
  await stage.phase('vote');
  await assert.rejects(translate(group.seats[0].token, 'es', 'Una buena idea'), { code: 'wrong-phase' });
  await translate(group.moderator, 'es', 'Una buena idea');
  for (const lang of 'abcdefghij') await translate(group.moderator, `x${lang}`, 'More');
  await assert.rejects(translate(group.moderator, 'ru', 'Хорошая идея'), { code: 'too-many-languages' });
  await stage.api.command(group.moderator, { do: 'hide', idea, reason: 'off-topic' });
  await lost(client, idea);
  await stage.end();
  await stage.api.command(group.moderator, { do: 'unhide', idea });
  const { tr } = (await stage.view()).ideas[0];
  assert.deepEqual([tr.fr, tr.es, Object.keys(tr).length], ['Une bonne idée, vraiment', 'Una buena idea', 12]);
  await stage.end();
});

test('a group calls for help; the desks see the minute until it has come', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const [seat] = group.seats;
  const help = (token, on) => stage.api.command(token, { do: 'help', group: group.id, on });
  await help(seat.token, true);
  const { help: called } = await desk(stage, stage.organizer);
  assert.ok(called % 60_000 === 0 && Math.abs(Date.now() - called) < 120_000);
  await help(group.seats[1].token, true);
  assert.equal((await desk(stage)).help, called, 'calling again changes nothing');
  await assert.rejects(help(seat.token, false), { code: 'forbidden' });
  await stage.end();
  await help(stage.organizer, false);
  assert.equal((await desk(stage)).help, undefined);
  await stage.end();
});

test('who has not written yet is a number, and an honest one after a restart', async (t) => {
  const stage = await scene(t, { seats: 3 });
  await stage.share('One has written');
  const numbers = async () => {
    const { seats, not_written: silent, at_most: atMost } = await desk(stage);
    return [seats, silent, atMost];
  };
  assert.deepEqual(await numbers(), [3, 2, false]);
  await stage.end();
  assert.deepEqual(await numbers(), [3, 3, true], 'who shared is not stored: it says so');
  await stage.end();
});
