// Earlier wordings of an idea, and texts that nobody may change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const wordings = (stage, token, group, idea) =>
  stage.api.json(`/api/boards/${group.id}/wordings/${idea}`, { token }).then((answer) => answer.wordings);

/** Waits until a wording is kept, and gives it. */
const kept = (stage, group, idea, text) =>
  until(`${JSON.stringify(text)} is kept`, async () => (await wordings(stage, group.moderator, group, idea)).find((one) => one.text === text));

test('C14: what was overwritten is restored by its moderator, and the other wording can be restored as well', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea } = await stage.share('Teach it in school');
  const phone = await stage.hocuspocus(group.seats[1]);
  await phone.has(idea);
  phone.erase(idea, 'Teach it in school');
  phone.type(idea, 'Nonsense');
  await phone.recorded();
  // A change of phase keeps what texts say at once; otherwise it is a matter of seconds.
  await stage.phase('vote');
  const first = await kept(stage, group, idea, 'Teach it in school');
  const second = await kept(stage, group, idea, 'Nonsense');
  assert.equal(first.wording, 1, 'what its author shared is the first');
  assert.equal(first.at % 60_000, 0, 'minutes, nothing finer');
  assert.deepEqual(Object.keys(first).sort(), ['at', 'text', 'wording'], 'nobody is named');
  await stage.api.command(group.moderator, { do: 'restore', idea, wording: first.wording });
  await until('the phone sees the first words', () => phone.words(idea) === 'Teach it in school');
  await stage.api.command(group.moderator, { do: 'restore', idea, wording: second.wording });
  await until('and the others again', () => phone.words(idea) === 'Nonsense');
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: group.seats[0].token });
  const told = ledger.filter(({ did }) => did === 'restored');
  assert.deepEqual(told.map((line) => Object.keys(line).sort()), Array(2).fill(['at', 'by', 'did', 'group', 'idea']), 'no words');
  await stage.end();
  assert.equal((await kept(stage, group, idea, 'Nonsense')).wording, second.wording, 'kept over a restart');
});

test('what is quiet for some seconds is kept; taken back, it is nowhere', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea, receipt } = await stage.share('Quiet');
  const phone = await stage.hocuspocus(group.seats[1]);
  await phone.has(idea);
  phone.type(idea, ' words');
  await phone.recorded();
  await kept(stage, group, idea, 'Quiet words');
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea, receipt });
  await assert.rejects(wordings(stage, group.moderator, group, idea), { code: 'not-found' });
  await stage.end();
});

test('a locked text takes no letters from anybody, says why, and opens again', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea, receipt } = await stage.share('Locked');
  const phone = await stage.hocuspocus(group.seats[1]);
  const moderator = await stage.hocuspocus({ ...stage.staff(group.moderator) });
  for (const client of [phone, moderator]) await client.has(idea);
  await stage.api.command(group.moderator, { do: 'lock', idea, on: true });
  await until('the phone sees the lock', () => phone.board().ideas[idea].locked === true);
  for (const client of [phone, moderator]) {
    client.type(idea, '!');
    const { problem } = await client.refused();
    assert.equal(problem.code, 'text-locked');
    stage.drop(client);
  }
  const edit = { do: 'edit', idea, receipt, text: 'By its author' };
  await assert.rejects(stage.api.command(group.seats[0].token, edit), { code: 'text-locked' });
  const [view] = (await stage.view()).ideas;
  assert.deepEqual([view.text, view.locked], ['Locked', true]);
  await stage.api.command(group.moderator, { do: 'lock', idea, on: false });
  await stage.api.command(group.seats[0].token, edit);
  assert.equal((await stage.view()).ideas[0].text, 'By its author');
  await stage.end();
});

test('others may neither see earlier wordings nor restore or lock', async (t) => {
  const stage = await scene(t);
  const [group, hills] = stage.groups;
  const { idea } = await stage.share('Mine');
  for (const token of [group.seats[0].token, hills.moderator, stage.editor, stage.room]) {
    await assert.rejects(wordings(stage, token, group, idea), { code: 'forbidden' });
    await assert.rejects(stage.api.command(token, { do: 'lock', idea, on: true }), { code: 'forbidden' });
    await assert.rejects(stage.api.command(token, { do: 'restore', idea, wording: 1 }), { code: 'forbidden' });
  }
  await assert.rejects(stage.api.command(group.moderator, { do: 'restore', idea, wording: 9 }), { code: 'not-found' });
  await stage.end();
});
