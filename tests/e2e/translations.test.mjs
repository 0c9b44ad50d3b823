// Rules C35, C36 with real sockets and in browsers: a translator's queue, who may replace what, where a translation is shown and that
// it is marked; that it goes with its text (C25).

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newReceipt, read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const WORDS = 'Open a help line for people who were deceived';
const FRENCH = 'Ouvrir une ligne d’aide pour qui a été trompé';

/** A link of somebody who translates into a language. */
async function translator(stage, lang) {
  const { receipt: token } = newReceipt();
  const hash = createHash('sha256').update(token).digest('hex');
  await stage.api.command(stage.organizer, { do: 'add-link', seat: randomUUID(), role: 'translator', lang, token: hash });
  return token;
}

/** Two entries on the list, one of them in French. */
async function listed(t, settings) {
  const stage = await scene(t, { seats: 2, settings });
  const [harbour, hills] = stage.groups;
  const one = await stage.share(WORDS, { group: harbour, kind: 'recommendation', lang: 'en' });
  const other = await stage.share('Des lampes dans chaque rue', { group: hills, kind: 'recommendation', lang: 'fr' });
  await stage.phase('review');
  for (const { idea } of [one, other]) await stage.api.promote(stage.organizer, idea);
  await stage.api.command(stage.editor, { do: 'merge' });
  return { stage, harbour, one, other };
}

const itemOf = async (stage, idea) => (await stage.api.plenary(stage.editor, stage.id)).items.find(({ anchor }) => anchor === idea);
const refusal = (promise) => promise.then(() => 'ok', ({ code }) => code);

test('c36 a translation is on the board, the card and the list at once, also while the list stands still, and says of which words it is', async (t) => {
  const { stage, harbour, one } = await listed(t);
  const french = await translator(stage, 'fr');
  const translate = (fields) => stage.api.command(french, { do: 'translate', idea: one.idea, lang: 'fr', text: FRENCH, read: read(WORDS), ...fields });
  await stage.api.command(stage.editor, { do: 'freeze', on: true });
  await translate();
  const kept = { text: FRENCH, of: read(WORDS) };
  assert.deepEqual((await until('it is on the list', async () => (await itemOf(stage, one.idea)).translations.fr && itemOf(stage, one.idea))).translations, { fr: kept });
  const board = await stage.api.board(stage.organizer, harbour.id);
  const idea = board.ideas.find(({ id }) => id === one.idea);
  assert.deepEqual([idea.tr, idea.translations], [{ fr: FRENCH }, { fr: kept }]);
  const card = await stage.api.json(`/api/consultations/${stage.id}/group-cards/${harbour.id}`, { token: harbour.rapporteur });
  assert.deepEqual(card.ideas[0].translations, { fr: kept });
  // Who did not see it cannot put another one in its place.
  assert.equal(await refusal(translate({ text: 'Autre' })), 'stale');
  await translate({ text: `${FRENCH}.`, over: 0 });
  await until('the other one is there', async () => (await itemOf(stage, one.idea)).translations.fr.text === `${FRENCH}.`);
  assert.equal((await itemOf(stage, one.idea)).translations.fr.n, 1);
  for (const [lang, code] of [['es', 'forbidden'], ['en', 'forbidden']]) assert.equal(await refusal(translate({ lang, over: 1 })), code, lang);
  await stage.server.stop();
  await stage.server.again();
  assert.equal((await itemOf(stage, one.idea)).translations.fr.text, `${FRENCH}.`, 'after a restart');
  await stage.end();
});

test('c36 c25 a translation goes with its text: hidden it is shown nowhere, deleted it is in no file of the server', async (t) => {
  const { stage, harbour, one } = await listed(t);
  const french = await translator(stage, 'fr');
  const secret = 'Paroles à effacer Zylphe';
  await stage.api.command(french, { do: 'translate', idea: one.idea, lang: 'fr', text: secret, read: read(WORDS) });
  await until('it is on the list', async () => (await itemOf(stage, one.idea)).translations.fr);
  await stage.api.command(harbour.moderator, { do: 'hide', idea: one.idea, reason: 'personal-data', erase: true });
  await until('the entry is gone', async () => (await itemOf(stage, one.idea)) === undefined);
  for (const address of [`/api/plenary/${stage.id}`, `/api/boards/${harbour.id}`, `/api/plenary/${stage.id}/export.json`]) {
    const { text } = await request(`${stage.server.url}${address}`, { token: stage.organizer });
    assert.ok(!text.includes('Zylphe'), address);
  }
  await stage.server.stop();
  for (const name of readdirSync(stage.server.data)) {
    assert.ok(!readFileSync(path.join(stage.server.data, name)).includes('Zylphe'), `${name} has deleted words`);
  }
  await stage.server.again();
  await stage.end();
});

test('c36 a translator’s page gives one entry after another, and says what somebody else translated meanwhile', async (t) => {
  const { stage, one } = await listed(t);
  const chrome = await browser(t);
  const [french, again] = [await translator(stage, 'fr'), await translator(stage, 'fr')];
  const link = (token) => `${stage.server.url}/translate#c=${stage.id}&t=${token}`;
  const desk = await phone(chrome, 'the translator', {});
  await desk.open(link(french));
  await desk.shows(desk.at('translate-original'), WORDS);
  await desk.at('translate-text').fill('Une ligne d’aide');
  await desk.fits('the queue');
  await shot(desk, 'translate-en');
  await stage.api.command(again, { do: 'translate', idea: one.idea, lang: 'fr', text: FRENCH, read: read(WORDS) });
  await desk.shows(desk.at('translate-theirs'), FRENCH);
  await shot(desk, 'translate-theirs');
  await desk.at('translate-save').click();
  await until('mine is there', async () => (await itemOf(stage, one.idea)).translations.fr.text === 'Une ligne d’aide');
  await desk.at('translate-none').waitFor();
  // A later wording waits again, with what stood there.
  await stage.api.command(stage.editor, { do: 'reword', item: (await itemOf(stage, one.idea)).id });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  const item = await itemOf(stage, one.idea);
  const wording = () => editor.doc.getMap('items').get(item.id)?.get('wording');
  await until('the wording is there', () => wording()?.toString() === WORDS);
  wording().insert(WORDS.length, ', day and night');
  await editor.recorded();
  await desk.shows(desk.at('translate-there'), 'Une ligne d’aide');
  const reader = await phone(chrome, 'a reader in French', { locale: 'fr', colorScheme: 'dark' });
  const { pathname, hash } = new URL(stage.created.groups[1].rapporteur.url);
  await reader.open(`${stage.server.url}${pathname}${hash}`);
  const entry = reader.page.locator(`[data-test="plenary-item"][data-item="${item.id}"]`);
  await reader.shows(reader.at('plenary-words', entry), 'Une ligne d’aide');
  await reader.shows(reader.at('tr-mark', entry), 'Traduction d’une formulation antérieure');
  await reader.at('tr-original', entry).click();
  await reader.shows(reader.at('plenary-words', entry), `${WORDS}, day and night`);
  await reader.fits('the list in French');
  await shot(reader, 'translated-fr');
  const arabic = await phone(chrome, 'a translator into Arabic', { locale: 'ar', colorScheme: 'dark' });
  await arabic.open(link(await translator(stage, 'ar')));
  await arabic.at('translate-original').waitFor();
  await arabic.fits('the queue in Arabic');
  await shot(arabic, 'translate-ar');
  for (const each of [desk, reader, arabic]) each.clean(stage.server);
  await stage.end();
});

test('c36 a file is in the language of its reader, with the original, and names the language that is authoritative', async (t) => {
  const { stage, one } = await listed(t, { working_language: 'en' });
  const french = await translator(stage, 'fr');
  await stage.api.command(french, { do: 'translate', idea: one.idea, lang: 'fr', text: FRENCH, read: read(WORDS) });
  await until('it is on the list', async () => (await itemOf(stage, one.idea)).translations.fr);
  const file = (format, lang) => request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=${lang}`, { token: stage.editor });
  const page = (await file('md', 'fr')).text;
  assert.ok(page.includes(FRENCH) && page.includes(WORDS) && page.includes('Seul le texte en anglais fait foi'), page);
  assert.ok(!(await file('md', 'en')).text.includes(FRENCH), 'who reads English reads the original');
  const list = JSON.parse((await file('json', 'fr')).text);
  const entry = list.sections.flatMap(({ listed }) => listed).find(({ wording }) => wording === WORDS);
  assert.deepEqual([list.working_language, entry.translations], ['en', { fr: { text: FRENCH, machine: false, earlier_wording: false } }]);
  const [head, ...rows] = (await file('csv', 'fr')).text.split('\r\n');
  assert.ok(head.endsWith('translation,translation_mark') && rows.some((row) => row.includes(FRENCH)), rows.join('\n'));
  await stage.end();
});

test('c36 a moderator is asked for entries in the working language, and need not answer', async (t) => {
  const { stage, one } = await listed(t, { working_language: 'fr' });
  const chrome = await browser(t);
  const desk = await phone(chrome, 'the moderator', { locale: 'ar', colorScheme: 'dark' });
  const { pathname, hash } = new URL(stage.created.groups[0].moderator.url);
  await desk.open(`${stage.server.url}${pathname}${hash}`);
  await desk.shows(desk.at('working-entry'), WORDS);
  await desk.fits('the question');
  await shot(desk, 'working-language-ar');
  await desk.page.locator('[data-test="working-entry"] summary').click();
  await desk.at('translation', desk.at('working-entry')).fill(FRENCH);
  await desk.at('translation-add', desk.at('working-entry')).click();
  await until('it is in French', async () => (await itemOf(stage, one.idea)).translations.fr?.text === FRENCH);
  await until('nothing is asked any more', async () => (await desk.page.locator('[data-test="working-language"]').count()) === 0);
  desk.clean(stage.server);
  await stage.end();
});
