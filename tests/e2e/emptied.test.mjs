// An idea that people emptied together (B8): nobody votes on it, promotes it or finds it on the list until it says something again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

/** The text of an idea on a board, as yrs and Yjs share it. */
const textOf = (client, idea) => client.doc.getMap('ideas').get(idea)?.get('text');

test('B8: an idea that was emptied is out of vote, promotion and list, and comes back with its votes', async (t) => {
  const stage = await scene(t, { seats: 2 });
  const [group] = stage.groups;
  const { idea } = await stage.share('Lamps at the school', { kind: 'recommendation' });
  const { idea: other } = await stage.share('A later bus', { kind: 'recommendation' });
  const phones = [await stage.hocuspocus(group.seats[0]), await stage.yWebsocket(group.seats[1])];
  for (const phone of phones) await phone.has(idea);
  const [first, second] = group.seats;

  await stage.phase('vote');
  for (const seat of group.seats) await stage.api.approve(seat.token, idea);
  await stage.api.approve(first.token, other);
  await stage.phase('brainstorm');
  await until('it may be written in', () => phones[0].board().about.phase === 'brainstorm');
  const text = textOf(phones[0], idea);
  text.delete(0, text.length);
  // A mark alone and a space of no width are nothing that can be seen.
  text.insert(0, '\u200b\u0301');
  await until('the other phone sees it', () => textOf(phones[1], idea).toString() === '\u200b\u0301');

  await stage.phase('vote');
  const refused = async (token, command) => assert.rejects(stage.api.command(token, command), { code: 'idea-empty' });
  await until('the server knows it', async () =>
    stage.api.command(second.token, { do: 'approve', idea, on: false }).then(
      () => stage.api.command(second.token, { do: 'approve', idea, on: true }).then(() => false, ({ code }) => code === 'idea-empty'),
    ),
  );
  await stage.phase('review');
  await refused(group.moderator, { do: 'promote', idea, on: true });
  await stage.promote(other);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  const items = async () => (await stage.api.plenary(stage.editor, stage.id)).items;
  assert.deepEqual((await items()).map((item) => item.text), ['A later bus']);
  const curation = await stage.api.json(`/api/plenary/${stage.id}/suggestions`, { token: stage.editor });
  assert.deepEqual([curation.suggestions, curation.passed_over], [[], []]);

  // The server is killed: what it knows of it is read from the board again.
  await stage.server.kill();
  await stage.server.start();
  await stage.phase('brainstorm');
  const again = await stage.hocuspocus(first);
  await again.has(idea);
  textOf(again, idea).delete(0, 2);
  textOf(again, idea).insert(0, 'Lamps');
  await until('it says something', async () => (await stage.view()).ideas.some((one) => one.id === idea && one.text === 'Lamps'));
  await stage.phase('vote');
  await stage.api.approve(second.token, idea);
  await stage.phase('plenary');
  await stage.promote(idea);
  await stage.api.command(stage.editor, { do: 'merge' });
  const lamps = (await items()).find((item) => item.text === 'Lamps');
  assert.equal(lamps?.sources[0].votes, 2, 'the vote that stayed, and the one that was given again');
  await stage.end();
});
