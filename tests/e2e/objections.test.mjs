// Objections: in the plenary a phone objects to an entry of the list with one line, where everybody votes on it after the close of
// that vote. Everybody sees how many and why, nobody sees who, no place changes, and words that are deleted are gone.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { records } from '../harness/csv.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { unzip } from '../harness/zip.mjs';

const plenaryOf = (stage) => stage.api.plenary(stage.editor, stage.id);
const roomOf = async (stage, item) => (await plenaryOf(stage)).items.find(({ id }) => id === item).responses;
const you = (stage, seat) => stage.api.json(`/api/consultations/${stage.id}`, { token: seat.token }).then((view) => view.you);
const file = (stage, format, lang) =>
  request(`${stage.server.url}/api/plenary/${stage.id}/export.${format}?lang=${lang}`, { token: stage.editor });

/** A list of three in its plenary; `seats` in each of two groups. Without a vote of everybody, unless it is `held`. */
async function onTheList(t, seats, held = 'off') {
  const stage = await scene(t, { seats, settings: { plenary_vote: held } });
  const ideas = [];
  for (const text of ['Library on Sundays', 'More trees', 'Free buses for everybody']) {
    ideas.push((await stage.share(text, { kind: 'recommendation' })).idea);
  }
  await stage.phase('vote');
  for (const [at, idea] of ideas.entries()) for (const seat of stage.groups[0].seats.slice(at)) await stage.api.approve(seat.token, idea);
  await stage.phase('review');
  for (const idea of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'ranking', k: 2 });
  await stage.api.command(stage.editor, { do: 'merge' });
  const items = (await plenaryOf(stage)).items.map(({ id }) => id);
  return { stage, items, seats: stage.groups.flatMap((group) => group.seats) };
}

const withoutRoom = (view) => JSON.stringify(view.items.map((item) => ({ ...item, responses: undefined })));

test('C8: a seat objects, the last word by its counter stands, and no place changes', async (t) => {
  const { stage, items, seats } = await onTheList(t, 4);
  const [first, , below] = items;
  const before = withoutRoom(await plenaryOf(stage));
  const say = (seat, command) => stage.api.command(seat.token, command);
  for (const seat of seats.slice(0, 6)) await say(seat, { do: 'object', item: first, line: 'Not here' });
  await say(seats[0], { do: 'object', item: below, line: 'Who pays for it?', counter: 5 });
  await say(seats[0], { do: 'object', item: below, counter: 4 });
  await say(seats[1], { do: 'object', item: below, line: 'It was tried before' });
  const room = await roomOf(stage, below);
  assert.equal(room.object, 2, 'an answer comes when the list shows it');
  assert.deepEqual(room.lines.map(({ text }) => text).sort(), ['It was tried before', 'Who pays for it?']);
  assert.deepEqual(room.lines, [...room.lines].sort((a, b) => (a.id < b.id ? -1 : 1)), 'by lot, not by who came first');
  assert.equal((await roomOf(stage, first)).object, 6);
  const own = (line) => ({ response: 'object', line });
  assert.deepEqual((await you(stage, seats[0])).responses, { [first]: own('Not here'), [below]: own('Who pays for it?') });
  assert.equal(withoutRoom(await plenaryOf(stage)), before, 'no place changed');

  // A run over the same input is the same list, and people object to a frozen list.
  await stage.api.command(stage.editor, { do: 'merge' });
  assert.equal(withoutRoom(await plenaryOf(stage)), before);
  await stage.api.command(stage.editor, { do: 'freeze', on: true });
  await say(seats[6], { do: 'object', item: first, line: 'Not there' });
  assert.equal((await roomOf(stage, first)).object, 7, 'a frozen list shows it');
  await say(seats[1], { do: 'object', item: below });
  assert.equal((await roomOf(stage, below)).object, 1, 'what is taken back is gone');
  assert.equal((await you(stage, seats[1])).responses[below], undefined);
  await stage.end();
});

test('C8: where everybody votes, people object from the close of that vote on, or to a list that was frozen without it', async (t) => {
  const { stage, items, seats } = await onTheList(t, 2, 'auto');
  const [item] = items;
  const object = (line) => stage.api.command(seats[0].token, { do: 'object', item, ...(line && { line }) });
  const refused = (code) => assert.rejects(object('No'), (error) => error.code === code, code);
  const organize = (command) => stage.api.command(stage.organizer, command);
  await refused('wrong-phase');
  await organize({ do: 'freeze', on: true });
  await object('No');
  await organize({ do: 'freeze', on: false });
  await object(null);
  await refused('wrong-phase');
  await organize({ do: 'open-plenary-vote' });
  await refused('plenary-vote-open');
  await assert.rejects(stage.api.command(seats[0].token, { do: 'support', item, on: true }), (error) => error.code === 'malformed', 'nobody supports any more');
  await organize({ do: 'close-plenary-vote' });
  await object('No');
  assert.equal((await roomOf(stage, item)).object, 1);
  await stage.end();
});

test('many say it at once: everybody is answered when it is shown, in a few changes, and nobody waits long', async (t) => {
  const { stage, items, seats } = await onTheList(t, 20);
  const [first] = items;
  let changes = 0;
  const watching = await stage.hocuspocus(stage.staff(stage.room, `plenary/${stage.id}`), {
    onFrame: (direction, { kind, document }) => {
      if (direction === 'in' && kind === 'update' && document?.startsWith('plenary/')) changes += 1;
    },
  });
  await until('the wall shows the list', () => plenaryIn(watching)[first]);
  await stage.api.command(seats[0].token, { do: 'object', item: first, line: 'No' });
  await until('the first is shown', () => plenaryIn(watching)[first].responses);
  const before = changes;
  const began = performance.now();
  const said = seats.slice(1).map((seat) => stage.api.command(seat.token, { do: 'object', item: first, line: 'No' }));
  await Promise.race(said);
  const shown = (await roomOf(stage, first)).object;
  assert.ok(shown > 1, `answered, and the list shows ${shown}`);
  await Promise.all(said);
  const took = performance.now() - began;
  assert.equal((await roomOf(stage, first)).object, seats.length);
  await until('the wall shows all', () => plenaryIn(watching)[first].responses.object === seats.length);
  t.diagnostic(`${said.length} phones in ${Math.round(took)} ms and ${changes - before} changes`);
  assert.ok(changes - before <= 1 + Math.ceil(took / 300), 'a few changes of the list');
  await stage.end();
});

const plenaryIn = (client) => client.doc.getMap('items').toJSON();

test('what is wrong is refused and changes nothing', async (t) => {
  const { stage, items, seats } = await onTheList(t, 1);
  const refused = (token, command, code) =>
    assert.rejects(stage.api.command(token, command), (error) => error.code === code, `${JSON.stringify(command)}: ${code}`);
  const [item] = items;
  const { token } = seats[0];
  await refused(token, { do: 'object', item, line: ' \n ' }, 'text-empty');
  await refused(token, { do: 'object', item, line: '𐍈'.repeat(101) }, 'text-too-long');
  await refused(token, { do: 'object', item, line: 7 }, 'malformed');
  await refused(token, { do: 'object', item: stage.id, line: 'No' }, 'not-found');
  for (const staff of [stage.organizer, stage.editor, stage.room]) await refused(staff, { do: 'object', item, line: 'No' }, 'forbidden');
  await refused(token, { do: 'hide-objection', item, objection: item }, 'forbidden');
  await refused(stage.editor, { do: 'hide-objection', item, objection: item }, 'not-found');
  await stage.phase('closed');
  await refused(token, { do: 'object', item, line: 'No' }, 'wrong-phase');
  assert.equal(await roomOf(stage, item), undefined);
  await stage.end();
});

test('a line that staff delete is gone from every answer and every byte on the disk; the objection counts', async (t) => {
  const { stage, items, seats } = await onTheList(t, 1);
  const [item] = items;
  const words = 'Unsayableline';
  await stage.api.command(seats[0].token, { do: 'object', item, line: words });
  const room = await roomOf(stage, item);
  await stage.api.command(stage.editor, { do: 'hide-objection', item, objection: room.lines[0].id });
  assert.deepEqual(await roomOf(stage, item), { object: 1, lines: [] });
  assert.deepEqual((await you(stage, seats[0])).responses, { [item]: { response: 'object' } });
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: seats[0].token });
  assert.ok(ledger.some((line) => line.did === 'objection-hidden' && line.item === item && line.by === 'editor'));
  assert.doesNotMatch(JSON.stringify(ledger), /Unsayable/);
  await stage.end();
  await stage.server.stop();
  const folder = path.join(stage.server.data);
  for (const name of readdirSync(folder)) assert.equal(readFileSync(path.join(folder, name)).includes(words), false, name);
  await stage.server.again();
});

test('files say it beside each entry in every language, with the rule of five', async (t) => {
  const { stage, items, seats } = await onTheList(t, 4);
  const [first] = items;
  for (const seat of seats.slice(0, 6)) await stage.api.command(seat.token, { do: 'object', item: first, line: '=1+1 costs too much' });
  await stage.api.command(seats[6].token, { do: 'object', item: items[1], line: 'Too few' });
  const says = { ar: 'الاعتراضات: 6', en: 'Objections: 6', es: 'Objeciones: 6', fr: 'Objections : 6', ru: 'Возражения: 6', zh: '反对意见：6' };
  for (const [lang, words] of Object.entries(says)) {
    const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');
    assert.ok(plain((await file(stage, 'md', lang)).text).includes(words), lang);
    const docx = plain(unzip((await file(stage, 'docx', lang)).bytes).get('word/document.xml').replace(/<[^>]+>/g, ''));
    assert.ok(docx.includes(words) && docx.includes('costs too much'), lang);
  }
  const json = JSON.parse((await file(stage, 'json', 'en')).text);
  assert.deepEqual(json.sections[0].listed[0].responses, { objections: 6, lines: Array(6).fill('=1+1 costs too much') });
  assert.deepEqual(json.sections[0].listed[1].responses, { objections: 'some', lines: ['Too few'] });
  const rows = records((await file(stage, 'csv', 'en')).text);
  assert.deepEqual(rows.slice(0, 2).map((row) => row.responses_objections), ['6', 'some']);
  assert.ok(rows[0].responses_lines.startsWith("'=1+1 costs too much"));
  await stage.end();
});

async function at(one, stage, link) {
  const { pathname, hash } = new URL(link);
  await one.open(`${stage.server.url}${pathname}${hash}`);
}

async function shot(one, name) {
  if (process.env.PLENUM_SHOTS) await one.page.screenshot({ path: path.join(process.env.PLENUM_SHOTS, `${name}.png`), fullPage: true });
}

test('on phones, on the wall and at the desk: a quiet button, a line that is offered back, a line that is deleted', async (t) => {
  const { stage, items } = await onTheList(t, 1);
  const [first] = items;
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone', {});
  let held = null;
  await one.page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => (held ? held.push(() => server.send(message)) : server.send(message)));
  });
  await joinByLink(one, stage);
  const entry = (screen) => screen.page.locator(`[data-test="plenary-item"][data-item="${first}"]`);
  await one.at('stand').or(one.at('to-list')).first().waitFor();
  if (await one.at('to-list').isVisible()) await one.at('to-list').click();
  const part = (name) => entry(one).locator(`[data-test="${name}"]`);
  const box = await part('stand-object').boundingBox();
  assert.ok(box.height >= 48 && box.width >= 48, `the button is ${box.width} × ${box.height}`);

  await part('stand-object').click();
  await part('stand-line').fill('Who pays for it?');
  await shot(one, 'room-object');
  await one.fits('the field for a line');
  // The line leaves the phone, and the plenary is closed before it arrives: the words are offered back.
  held = [];
  await part('stand-send').click();
  await stage.phase('closed');
  for (const release of held.splice(0)) release();
  held = null;
  await one.shows(part('stand-refused'), 'Who pays for it?');
  await stage.phase('plenary');
  await part('stand-line').waitFor();
  assert.equal(await part('stand-line').inputValue(), 'Who pays for it?', 'nothing typed is lost');
  await part('stand-send').click();
  await part('stand-own').waitFor();
  await entry(one).locator('[data-test="room-says"][data-object="1"]').waitFor();

  const wall = await phone(chrome, 'the wall', { width: 1280, height: 720 });
  await at(wall, stage, stage.created.room.url);
  await entry(wall).waitFor();
  await shot(wall, 'room-wall');
  await wall.shows(entry(wall), /Objections: .?1/);

  for (const [locale, colorScheme] of [['ar', 'dark'], ['en-GB', 'light']]) {
    const desk = await phone(chrome, `an editor in ${locale}`, { locale, colorScheme });
    await at(desk, stage, stage.created.editor.url);
    const lines = entry(desk).locator('[data-test="room-says"] details');
    await lines.locator('summary').click();
    await desk.shows(lines, 'Who pays for it?');
    await desk.at('ranking').locator('summary').click();
    await desk.fits(`the desk in ${locale}`);
    await shot(desk, `room-desk-${locale}`);
    if (locale === 'en-GB') await lines.locator('[data-test="hide-line"]').click();
  }
  await part('stand-hidden').waitFor();
  await shot(one, 'room-hidden');
  one.clean(stage.server);
  await stage.end();
});
