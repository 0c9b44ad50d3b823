// Versions of the list (C37): a number identifies bytes. What people write afterwards belongs to the draft of the next version; a vote
// belongs to the words that it was given to; and deleted words leave every version.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { findings } from '../harness/purge.mjs';
import { itemOf } from '../harness/items.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

/** Canonical JSON, written by hand from the schema's words. */
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
};
const hashOf = ({ content }) => createHash('sha256').update(canonical(content)).digest('hex');

const versions = async (stage, token = stage.editor) => (await stage.api.json(`/api/plenary/${stage.id}/versions`, { token })).versions;
const version = (stage, n, token = stage.editor) => stage.api.json(`/api/plenary/${stage.id}/versions/${n}`, { token });
const file = (stage, query, format = 'md') => request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=en${query}`, { token: stage.editor });
const organize = (stage, command) => stage.api.command(stage.organizer, command);

/** A recommendation or two of each of two groups, in the plenary, and somebody who edits the list. */
async function inPlenary(t, texts = ['Library on Sundays', 'Free buses for everybody under eighteen']) {
  const stage = await scene(t, { seats: 2 });
  const ideas = [];
  for (const [at, text] of texts.entries()) ideas.push(await stage.share(text, { group: stage.groups[at % 2], kind: 'recommendation' }));
  await stage.phase('vote');
  await stage.phase('review');
  for (const { idea } of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  await organize(stage, { do: 'merge' });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const items = editor.doc.getMap('items');
  await until('the editor has the list', () => items.size === texts.length);
  const about = (key) => editor.doc.getMap('about').get(key);
  const write = async (idea, words, field = 'wording') => {
    const text = items.get(itemOf(idea.idea)).get(field);
    text.delete(0, text.length);
    text.insert(0, words);
    await editor.recorded();
  };
  return { stage, ideas, editor, about, write };
}

test('C37: a frozen list is a version that later words do not change, on the wire, in files, and after a restart', async (t) => {
  const { stage, ideas, about, write } = await inPlenary(t);
  assert.deepEqual(await versions(stage), []);
  assert.match((await file(stage, '')).text, /Draft of version 1/);
  await write(ideas[0], 'Open the library on Sundays');
  await organize(stage, { do: 'freeze', on: true });
  const [told] = await versions(stage);
  const first = await version(stage, 1, stage.groups[0].seats[0].token);
  assert.deepEqual([told.number, told.reason, told.listed, told.sha256], [1, 'frozen', 2, first.sha256]);
  assert.equal(hashOf(first), first.sha256, 'everybody can compute the hash');
  assert.equal(first.content.entries.find(({ id }) => id === itemOf(ideas[0].idea)).text, 'Open the library on Sundays');
  assert.equal(first.content.run.sha256, (await stage.api.plenary(stage.editor, stage.id)).sha256);
  await until('the list shows the version', () => Number(about('version')) === 1 && about('draft') === false);
  assert.equal(about('version_sha256'), first.sha256);
  const before = await file(stage, '');
  assert.match(before.headers['content-disposition'], /filename="a-consultation-v1\.md"/);
  assert.ok(before.text.includes(`Version 1 · ${new Date(told.made_at).toISOString().slice(0, 10)} · ${first.sha256.slice(0, 8)}`));

  await write(ideas[0], 'Open the library every day AFTER');
  await until('it is the draft of the next one', () => about('draft') === true);
  const after = await file(stage, '');
  assert.deepEqual(after.bytes, before.bytes, 'the same bytes under the same name');
  const draft = await file(stage, '&version=draft');
  assert.match(draft.headers['content-disposition'], /filename="a-consultation-draft-v2\.md"/);
  assert.ok(draft.text.includes('AFTER') && draft.text.includes('Draft of version 2'));
  await organize(stage, { do: 'freeze', on: false });
  await organize(stage, { do: 'freeze', on: true });
  const second = await version(stage, 2);
  assert.equal(hashOf(second), second.sha256);
  assert.notEqual(second.sha256, first.sha256);

  await stage.server.stop();
  await stage.server.again();
  assert.deepEqual(await version(stage, 1), first, 'also after a restart');
  assert.deepEqual((await file(stage, '&version=1')).bytes, before.bytes);
  for (const n of [0, 3, 'x']) await assert.rejects(version(stage, n), { code: 'not-found' });
  assert.equal((await file(stage, '&version=3')).status, 404);
  await stage.end();
});

test('C37: a vote belongs to the words that it was given to: later ones are marked, with both texts, on phones, the wall and in files', async (t) => {
  const { stage, ideas, about, write } = await inPlenary(t);
  await organize(stage, { do: 'open-plenary-vote' });
  const [opened] = await until('what people vote on is a version', async () => {
    const all = await versions(stage);
    return all.length > 0 && all;
  });
  assert.deepEqual([opened.number, opened.reason], [1, 'plenary-vote']);
  await until('the list says so', () => Number(about('version')) === 1);
  await organize(stage, { do: 'close-plenary-vote' });
  await until('the result is a draft', () => about('draft') === true);
  await write(ideas[0], 'A library that is always open');
  const { items } = await stage.api.plenary(stage.editor, stage.id);
  const voted = (idea) => items.find(({ id }) => id === itemOf(idea.idea)).voted;
  assert.deepEqual(ideas.map(voted), ideas.map(({ text }) => text));
  assert.match((await file(stage, '')).text, /Reworded after the vote; people voted on: Library on Sundays/);
  const json = JSON.parse((await file(stage, '', 'json')).text);
  const entries = json.sections.flatMap(({ listed, below }) => [...listed, ...below]);
  assert.deepEqual(ideas.map(({ idea }) => entries.find(({ id }) => id === itemOf(idea)).reworded_from), ['Library on Sundays', undefined]);

  const chrome = await browser(t);
  const open = async (name, link, options) => {
    const one = await phone(chrome, name, options);
    const { pathname, hash } = new URL(link);
    await one.open(`${stage.server.url}${pathname}${hash}`);
    return one;
  };
  const desk = await open('an editor in Arabic', stage.created.editor.url, { locale: 'ar', colorScheme: 'dark' });
  const wall = await open('the wall', stage.created.room.url, { width: 1280 });
  for (const one of [desk, wall]) {
    await one.shows(one.at('reworded'), 'Library on Sundays');
    await one.shows(one.at('list-version'), /2/);
  }
  await desk.fits('a list that was reworded');
  await shot(desk, 'reworded-ar');
  for (const one of [desk, wall]) one.clean(stage.server);
  await stage.end();
});

test('C25: deleted words leave every version, on disk as well; the version has another hash, and tells the old one', async (t) => {
  const NUMBER = '079 555 99 88';
  const { stage, ideas, write } = await inPlenary(t, [`My number is ${NUMBER}, call me`, 'Schools teach how to see a fraud']);
  const [bad, good] = ideas;
  await write(good, `Somebody said: my number is ${NUMBER}, call me! Schools teach how to see a fraud`);
  await organize(stage, { do: 'freeze', on: true });
  const before = await version(stage, 1);
  assert.ok(JSON.stringify(before).includes(NUMBER));
  await organize(stage, { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true });
  const after = await version(stage, 1);
  assert.ok(!JSON.stringify(after).includes(NUMBER));
  assert.equal(hashOf(after), after.sha256);
  assert.deepEqual(after.erased.map(({ sha256 }) => sha256), [before.sha256]);
  const md = (await file(stage, '&version=1')).text;
  assert.ok(!md.includes(NUMBER) && md.includes(`The hash before was ${before.sha256.slice(0, 8)}.`));
  await stage.api.command(stage.groups[1].seats[0].token, { do: 'withdraw', idea: good.idea, receipt: good.receipt });
  assert.equal((await version(stage, 1)).erased.length, 2);
  await until('no file has the words', async () => Object.keys(await findings(stage.server.data, { number: NUMBER })).length === 0);
  await stage.server.stop();
  await stage.server.again();
  assert.equal((await version(stage, 1)).erased.length, 2);
  await stage.end();
});
