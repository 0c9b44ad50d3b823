// A seat that disrupts is closed by its letters, what it wrote is undone, and nobody learns which ideas are its own.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

/** A closed seat's client is done with, and the ending asks it nothing. */
function gone(stage, client) {
  stage.drop(client);
  for (const group of stage.groups) group.seats = group.seats.filter(({ token }) => token !== client.seat.token);
}

const remove = (stage, token, idea, writer) => stage.api.command(token, { do: 'remove-writer', idea, writer });

/** A consultation in which one seat shares an idea, another one shares another, and somebody defaces both. */
async function defaced(t, who) {
  const stage = await scene(t, { seats: 3, groups: ['Harbour'] });
  const [group] = stage.groups;
  const [one, two] = group.seats;
  const ideas = [
    (await stage.share('The first idea of one', { seat: one })).idea,
    (await stage.share('The first idea of two', { seat: two })).idea,
  ];
  const vandal = await stage.hocuspocus(group.seats[who]);
  for (const idea of ideas) {
    await vandal.has(idea);
    vandal.erase(idea, 'first ');
    vandal.type(idea, ' SPAM');
  }
  await vandal.recorded();
  return { stage, group, ideas, vandal };
}

test('C15: its letters go and what it deleted comes back, its connections end, and its token and its request open nothing', async (t) => {
  const { stage, group, ideas, vandal } = await defaced(t, 0);
  const other = await stage.hocuspocus(group.seats[2]);
  await other.sees(ideas[1], 'SPAM');
  await remove(stage, group.moderator, ideas[1], vandal.doc.clientID);
  for (const [at, idea] of ideas.entries()) {
    await until('it is as it was', () => other.words(idea) === `The first idea of ${at === 0 ? 'one' : 'two'}`);
  }
  await until('the seat is told', () => vandal.denied === 'A moderator has closed this seat.');
  gone(stage, vandal);
  const { token } = vandal.seat;
  await assert.rejects(stage.api.consultation(token, stage.id), { code: 'seat-removed' });
  await assert.rejects(stage.api.share(token, { group: group.id, text: 'More' }), { code: 'seat-removed' });
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: other.seat.token });
  const told = ledger.filter(({ did }) => did === 'seat-removed').map((line) => Object.keys(line).sort());
  assert.deepEqual(told, [['at', 'by', 'did', 'group']], 'no idea and no seat is named');
  await stage.end();
  await assert.rejects(stage.api.consultation(token, stage.id), { code: 'seat-removed' }, 'after a restart, too');
});

test('a closed seat cannot come in again by its request', async (t) => {
  const stage = await scene(t, { seats: 1, groups: ['Harbour'] });
  const [group] = stage.groups;
  const request = randomUUID();
  const seat = await stage.api.join({ key: stage.key, group: group.id, request });
  const { idea } = await stage.share('An idea');
  const phone = await stage.hocuspocus(seat);
  await phone.has(idea);
  phone.type(idea, 'x');
  await phone.recorded();
  await remove(stage, group.moderator, idea, phone.doc.clientID);
  await assert.rejects(stage.api.join({ key: stage.key, group: group.id, request }), { code: 'seat-removed' });
  gone(stage, phone);
  await stage.end();
});

test('where others wrote too only its letters go; theirs stay', async (t) => {
  const stage = await scene(t, { seats: 3, groups: ['Harbour'] });
  const [group] = stage.groups;
  const { idea } = await stage.share('Teach');
  const [, vandalSeat, honestSeat] = group.seats;
  const vandal = await stage.hocuspocus(vandalSeat);
  const honest = await stage.hocuspocus(honestSeat);
  for (const phone of [vandal, honest]) await phone.has(idea);
  vandal.type(idea, ' SPAM');
  await honest.sees(idea, 'SPAM');
  honest.type(idea, ' everybody');
  await vandal.sees(idea, 'everybody');
  vandal.type(idea, 'SPAM ', 0);
  await vandal.recorded();
  await remove(stage, group.moderator, idea, vandal.doc.clientID);
  await until('the honest words stay', () => honest.words(idea) === 'Teach everybody');
  gone(stage, vandal);
  await stage.end();
});

test('what a moderator sees is the same whether the seat shared the idea or not', async (t) => {
  const views = [];
  // Seat 0 shared the first idea, seat 1 the second, seat 2 none.
  for (const who of [0, 1, 2]) {
    const { stage, group, ideas, vandal } = await defaced(t, who);
    await remove(stage, group.moderator, ideas[0], vandal.doc.clientID);
    gone(stage, vandal);
    const board = await stage.view();
    const desk = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: group.moderator });
    const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: group.moderator });
    const { state } = await stage.api.consultation(group.moderator, stage.id).then((view) => ({ state: view }));
    views.push({
      ideas: board.ideas.map(({ text, state: of, tally }) => ({ text, of, tally })),
      desk: desk.groups.map(({ seats, not_written }) => ({ seats, not_written })),
      did: ledger.map(({ did, by }) => ({ did, by })),
      held: state.groups.map(({ held }) => held),
    });
    await stage.end();
  }
  assert.deepEqual(views[0], views[1]);
  assert.deepEqual(views[0], views[2]);
});

test('votes of a closed seat stay, and staff are not closed like this', async (t) => {
  const stage = await scene(t, { seats: 2, groups: ['Harbour'], settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const { idea } = await stage.share('Voted on');
  const phone = await stage.hocuspocus(group.seats[1]);
  const moderator = await stage.hocuspocus(stage.staff(group.moderator));
  for (const client of [phone, moderator]) {
    await client.has(idea);
    client.type(idea, '.');
    await client.recorded();
  }
  await stage.phase('vote');
  await stage.api.approve(group.seats[1].token, idea);
  await assert.rejects(remove(stage, stage.organizer, idea, moderator.doc.clientID), { code: 'forbidden' });
  await assert.rejects(remove(stage, group.moderator, idea, 12345), { code: 'not-found' });
  await remove(stage, group.moderator, idea, phone.doc.clientID);
  assert.equal((await stage.view()).ideas[0].tally, 1, 'a tally that falls would tell how it voted');
  gone(stage, phone);
  await stage.end();
});
