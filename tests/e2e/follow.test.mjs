// What becomes of an idea, for who holds its receipt: on the late shelf, combined, promoted, on the list in other words. And what
// everybody reads of it: the ledger says what was passed over, files say what came too late.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { newReceipt, read } from '../harness/api.mjs';
import { randomUUID } from 'node:crypto';

async function fates(stage, owned) {
  const ideas = owned.map(({ idea, receipt }) => ({ idea, receipt }));
  const answer = await stage.api.json('/api/follow', { method: 'POST', body: { consultation: stage.id, ideas } });
  return answer.ideas;
}

test('recorded, combined, promoted, on the list in other words; late, until it is let in', async (t) => {
  const stage = await scene(t, { seats: 3, settings: { private_first: false } });
  const [group] = stage.groups;
  const one = await stage.share('Teach it at school', { kind: 'recommendation' });
  const two = await stage.share('A lesson for everybody', { kind: 'recommendation' });
  const three = await stage.share('Free buses', { kind: 'recommendation' });
  const places = async () => (await fates(stage, [one, two, three])).map(({ place, combined, promoted, listed }) => [place, combined ?? null, promoted, listed?.number ?? null, listed?.reworded ?? null]);
  const shown = ['shown', null, false, null, null];
  assert.deepEqual(await places(), [shown, shown, shown]);
  await stage.api.command(group.moderator, { do: 'combine', idea: two.idea, into: one.idea });
  assert.deepEqual((await places())[1], ['shown', one.idea, false, null, null]);
  await stage.phase('vote');
  for (const seat of group.seats) await stage.api.approve(seat.token, three.idea);
  await stage.api.approve(group.seats[0].token, one.idea);
  await stage.promote(one.idea, { group });
  assert.deepEqual(await places(), [['shown', null, true, null, null], ['shown', one.idea, true, null, null], shown]);
  const { receipt, hash } = newReceipt();
  const late = { idea: randomUUID(), receipt };
  await stage.api.command(group.seats[1].token, { do: 'shelve', idea: late.idea, group: group.id, lang: 'en', text: 'Too late for the vote', receipt: hash });
  assert.equal((await fates(stage, [late]))[0].place, 'late');
  const wrong = { ...late, receipt: newReceipt().receipt };
  assert.equal((await fates(stage, [wrong]))[0].place, 'unknown');
  // Whoever holds one receipt cannot have the same question answered two hundred times at once.
  await assert.rejects(fates(stage, [late, three, late]), { status: 400, code: 'malformed' });

  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  assert.deepEqual(await places(), [['shown', null, true, 1, false], ['shown', one.idea, true, 1, true], shown]);

  // What has more votes than a promoted one of its group and was not promoted: once, for everybody to read.
  const passed = async () => (await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: group.seats[2].token })).filter(({ did }) => did === 'passed-over');
  assert.deepEqual((await passed()).map(({ idea, than, group, by }) => ({ idea, than, group, by })), [{ idea: three.idea, than: one.idea, group: group.id, by: 'moderator' }]);
  await stage.api.command(stage.editor, { do: 'merge' });
  assert.equal((await passed()).length, 1);

  const file = async (format) => (await request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=en`, { token: stage.editor })).text;
  assert.match(await file('md'), /## Came too late[^#]*Too late for the vote/);
  const exported = JSON.parse(await file('json')).groups.find(({ id }) => id === group.id);
  assert.deepEqual([exported.late, exported.late_ideas], [1, [{ text: 'Too late for the vote', lang: 'en' }]]);
  await stage.api.command(group.moderator, { do: 'admit', idea: late.idea, read: read('Too late for the vote') });
  assert.equal((await fates(stage, [late]))[0].place, 'shown');
  assert.doesNotMatch(await file('md'), /Came too late/);
  await until('a restart changes nothing', async () => (await passed()).length === 1);
  await stage.end();
});

test('where ideas wait to be shown, a file tells how many came too late and not what they say', async (t) => {
  const stage = await scene(t, { settings: { private_first: true } });
  const [group] = stage.groups;
  await stage.share('In time');
  await stage.phase('vote');
  await stage.api.command(group.seats[0].token, { do: 'shelve', idea: randomUUID(), group: group.id, lang: 'en', text: 'Nobody looked at this', receipt: newReceipt().hash });
  for (const format of ['md', 'csv', 'json', 'docx']) {
    const { text } = await request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=en`, { token: stage.groups[0].seats[0].token });
    assert.doesNotMatch(text, /Nobody looked/);
    if (format === 'md') assert.match(text, /not let in: 1/);
  }
  await stage.end();
});
