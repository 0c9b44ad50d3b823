// The list as people see it: the version that a speaker quotes, whether anybody is under-represented, and two editors who
// write in one wording at the same time.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { records } from '../harness/csv.mjs';
import { converged } from '../harness/ending.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { unzip } from '../harness/zip.mjs';
import { itemOf } from '../harness/items.mjs';

const VERSIONS = { ar: 'النسخة 1', en: 'Version 1 ·', es: 'Versión 1 ·', fr: 'Version 1 ·', ru: 'Версия 1 ·', zh: '第 1 版 ·' };

const file = (stage, format, lang) =>
  request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=${lang}`, { token: stage.editor });

/** Six people want three things, five others one; by plain count the six take all places. */
async function unfair(t) {
  const stage = await scene(t, { seats: 5 });
  const [harbour, hills] = stage.groups;
  await stage.join(harbour);
  const ideas = [];
  for (const [text, group] of [['Library on Sundays', harbour], ['Trees', harbour], ['Free buses', harbour], ['Youth council', hills]]) {
    ideas.push((await stage.share(text, { group, kind: 'recommendation' })).idea);
  }
  await stage.phase('vote');
  for (const seat of harbour.seats) for (const idea of ideas.slice(0, 3)) await stage.api.approve(seat.token, idea);
  for (const seat of hills.seats) await stage.api.approve(seat.token, ideas[3]);
  await stage.phase('review');
  for (const idea of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'ranking', k: 3, rule: 'votes' });
  await stage.api.command(stage.editor, { do: 'merge' });
  return { stage, ideas, hills };
}

const plenaryOf = (stage) => stage.api.plenary(stage.editor, stage.id);

async function at(one, stage, link) {
  const { pathname, hash } = new URL(link);
  await one.open(`${stage.server.url}${pathname}${hash}`);
}

async function shot(one, name) {
  if (process.env.PLENUM_SHOTS) await one.page.screenshot({ path: path.join(process.env.PLENUM_SHOTS, `${name}.png`), fullPage: true });
}

test('a frozen list has a version, and every file and answer names it', async (t) => {
  const { stage } = await unfair(t);
  const { version, frozen } = await plenaryOf(stage);
  assert.deepEqual([version, frozen], [undefined, undefined], 'a list that never stood still has none');
  assert.match((await file(stage, 'md', 'en')).text, /Draft of version 1/);

  await stage.api.command(stage.editor, { do: 'freeze', on: true });
  const still = await plenaryOf(stage);
  assert.deepEqual([still.version, still.frozen], [1, true]);
  for (const [lang, words] of Object.entries(VERSIONS)) {
    assert.ok((await file(stage, 'md', lang)).text.includes(words), lang);
    assert.ok(unzip((await file(stage, 'docx', lang)).bytes).get('word/document.xml').replace(/<[^>]+>/g, '').includes(words), lang);
  }
  const json = JSON.parse((await file(stage, 'json', 'en')).text);
  assert.deepEqual([json.version.number, json.draft_of], [1, null]);
  for (const row of records((await file(stage, 'csv', 'en')).text)) assert.deepEqual([row.version, row.frozen], ['1', 'true']);
  assert.match((await file(stage, 'docx', 'en')).headers['content-disposition'], /filename="a-consultation-v1\.docx"/);
  await assert.rejects(stage.api.command(stage.editor, { do: 'merge' }), (refused) => refused.code === 'list-frozen' && /version 1/.test(refused.body.detail));

  await stage.api.command(stage.editor, { do: 'freeze', on: false });
  const moves = await plenaryOf(stage);
  assert.deepEqual([moves.version, moves.frozen], [1, undefined]);
  assert.ok((await file(stage, 'md', 'en')).text.includes('Version 1 ·'), 'as long as nothing of it changes');
  assert.match((await file(stage, 'docx', 'en')).headers['content-disposition'], /filename="a-consultation-v1\.docx"/);
  await stage.end();
});

test('who is under-represented is named, in every language, as a finding; and with another rule nobody is', async (t) => {
  const { stage, ideas, hills } = await unfair(t);
  const { audit } = await plenaryOf(stage);
  assert.equal(audit.represented, false);
  assert.deepEqual(audit.shortfalls, [{ item: itemOf(ideas[3]), section: 'recommendations', places: 1, people: 5, by_group: { [hills.id]: 5 } }]);
  assert.match((await file(stage, 'md', 'en')).text, /Owed more: 5 people who approve “Youth council” \(Hills 5\)/);
  const chrome = await browser(t);
  for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark'], ['fr', 'light'], ['es', 'light'], ['ru', 'light'], ['zh-CN', 'light']]) {
    const one = await phone(chrome, `an editor in ${locale}`, { locale, colorScheme });
    await at(one, stage, stage.created.editor.url);
    const part = one.at('audit');
    await part.locator('summary').click();
    await one.shows(one.at('audit-shortfall'), 'Youth council');
    await one.shows(one.at('audit-verdict'), /\S/);
    await one.shows(one.at('audit-coverage'), /\S/);
    await one.shows(one.at('audit-close'), /\S/);
    await one.fits('the audit');
    await shot(one, `audit-${locale}`);
    one.clean(stage.server);
  }
  await stage.api.command(stage.editor, { do: 'ranking', rule: 'phragmen' });
  await until('nobody is under-represented', async () => (await plenaryOf(stage)).audit.represented);
  assert.match((await file(stage, 'md', 'en')).text, /nobody is owed a place that they did not get/);
  await stage.end();
});

test('phones and the wall show the version', async (t) => {
  const { stage } = await unfair(t);
  const chrome = await browser(t);
  const wall = await phone(chrome, 'the wall', { width: 1280 });
  await at(wall, stage, stage.created.room.url);
  const desk = await phone(chrome, 'the editor', { locale: 'ar', colorScheme: 'dark' });
  await at(desk, stage, stage.created.editor.url);
  await desk.at('freeze').click();
  await wall.shows(wall.at('list-version'), 'Version 1 ·');
  await desk.shows(desk.at('list-version'), VERSIONS.ar);
  await desk.fits('a frozen list');
  await shot(desk, 'frozen-ar');
  await desk.at('freeze').click();
  await stage.api.command(stage.editor, { do: 'ranking', rule: 'phragmen' });
  await wall.shows(wall.at('list-version'), 'Draft of version 2');
  for (const one of [wall, desk]) one.clean(stage.server);
  await stage.end();
});

const FIELDS = ['wording', 'note'];

for (const order of [[0, 1], [1, 0]]) {
  test(`two editors write in one wording and one note while both are offline; they come back ${order[0] === 0 ? 'in their order' : 'in the other order'} and have the same`, async (t) => {
    const { stage, ideas } = await unfair(t);
    const item = itemOf(ideas[0]);
    await stage.api.command(stage.editor, { do: 'reword', item });
    const place = stage.staff(stage.editor, `plenary/${stage.id}`);
    const both = [await stage.hocuspocus(place), await stage.yWebsocket(stage.staff(stage.organizer, place.document))];
    const text = (client, field) => client.doc.getMap('items').get(item)?.get(field);
    for (const client of both) {
      await until(`${client.name} has the wording`, () => text(client, 'wording')?.toString() === 'Library on Sundays');
      await client.disconnect();
    }
    for (const [who, client] of both.entries()) {
      for (const field of FIELDS) {
        text(client, field).insert(0, who === 0 ? 'Open the ' : 'A longer ');
        text(client, field).insert(text(client, field).length, who === 0 ? ', always' : ', for all');
      }
      text(client, 'wording').delete(text(client, 'wording').toString().indexOf('Library'), 1);
    }
    for (const who of order) {
      both[who].reconnect();
      await both[who].synced();
    }
    await converged(stage);
    for (const field of FIELDS) {
      const [one, other] = both.map((client) => text(client, field).toString());
      assert.equal(one, other);
      for (const words of ['Open the ', 'A longer ', ', always', ', for all']) assert.ok(one.includes(words), `${words} in ${one}`);
    }
    assert.match(text(both[0], 'wording').toString(), /ibrary on Sundays/);
    const shown = (await plenaryOf(stage)).items.find(({ id }) => id === item);
    assert.deepEqual(FIELDS.map((field) => shown[field]), FIELDS.map((field) => text(both[0], field).toString()));
    await stage.end();
  });
}
