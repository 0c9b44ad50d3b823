// What a group sends to the plenary in its own words (C33): written together in review, the ideas stay as they were voted on.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const entryOf = (client, idea) => client.doc.getMap('ideas').get(idea)?.get('entry');

/** A group in its review, with a promoted idea and two phones that have its entry. */
async function reviewing(t) {
  const stage = await scene(t, { seats: 2 });
  const [group] = stage.groups;
  const { idea } = await stage.share('Lamps at the school', { kind: 'recommendation' });
  await stage.phase('vote');
  for (const seat of group.seats) await stage.api.approve(seat.token, idea);
  const phones = [await stage.hocuspocus(group.seats[0]), await stage.yWebsocket(group.seats[1])];
  await stage.promote(idea);
  for (const phone of phones) await until('the entry is there', () => entryOf(phone, idea)?.toString() === 'Lamps at the school');
  return { stage, group, idea, phones };
}

const card = (stage, group, token) => stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token });

test('C33: phones of the group word an entry together in review, and the card and the list say it', async (t) => {
  const { stage, group, idea, phones } = await reviewing(t);
  entryOf(phones[0], idea).insert(0, 'We ask for ');
  await until('the other phone reads it', () => entryOf(phones[1], idea).toString().startsWith('We ask for '));
  entryOf(phones[1], idea).insert(entryOf(phones[1], idea).length, ' in every town');
  const words = 'We ask for Lamps at the school in every town';
  await until('both have all of it', () => phones.every((phone) => entryOf(phone, idea).toString() === words));
  const [there] = (await card(stage, group, group.moderator)).ideas;
  assert.deepEqual([there.text, there.original], [words, 'Lamps at the school']);
  const [view] = (await stage.view()).ideas;
  assert.deepEqual([view.text, view.entry, view.tally], ['Lamps at the school', words, 2], 'the idea is as it was voted on');
  await stage.phase('review');
  await stage.api.command(stage.editor, { do: 'merge' });
  const item = async () => (await stage.api.plenary(stage.editor, stage.id)).items[0];
  assert.deepEqual([(await item()).text, (await item()).sources[0].text], [words, 'Lamps at the school']);
  entryOf(phones[0], idea).insert(0, 'Now: ');
  await until('the list says it by itself', async () => (await item()).text === `Now: ${words}`);
  await stage.end();
});

test('C33: an entry is open in review alone, and only to its group', async (t) => {
  const { stage, group, idea, phones } = await reviewing(t);
  const [phone] = phones;
  await stage.phase('plenary');
  await until('the phase arrives', () => phone.board().about.phase === 'plenary');
  entryOf(phone, idea).insert(0, 'Too late: ');
  assert.equal((await phone.refused()).problem.code, 'wrong-phase');
  assert.equal((await stage.view()).ideas[0].entry, 'Lamps at the school');
  stage.drop(phone);
  await stage.api.command(group.moderator, { do: 'promote', idea, on: false });
  assert.equal((await stage.view()).ideas[0].entry, undefined, 'an entry that says what its idea says goes with the promotion');
  await stage.end();
});

test('C9, C25: an entry leaves the board with its idea, comes back with it, and is deleted with it', async (t) => {
  const { stage, group, idea, phones } = await reviewing(t);
  const words = 'Call Maria about the lamps';
  entryOf(phones[0], idea).delete(0, entryOf(phones[0], idea).length);
  entryOf(phones[0], idea).insert(0, words);
  await until('it is recorded', async () => (await stage.view()).ideas[0].entry === words);
  await stage.api.command(group.moderator, { do: 'hide', idea, reason: 'off-topic' });
  await until('it is off the board', async () => (await stage.view()).ideas.length === 0);
  await stage.server.stop();
  await stage.server.start();
  await stage.api.command(group.moderator, { do: 'unhide', idea });
  assert.equal((await stage.view()).ideas[0].entry, words);
  await stage.api.command(group.moderator, { do: 'hide', idea, reason: 'personal-data', erase: true });
  const holds = () => {
    const files = readdirSync(stage.server.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.some((file) => readFileSync(path.join(file.parentPath, file.name)).includes('Call Maria'));
  };
  await until('no file holds the words', () => !holds());
  await stage.end();
});
