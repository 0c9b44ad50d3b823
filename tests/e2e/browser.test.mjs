// The product in people's hands: phones of 360 pixels in a real browser, beside stock clients on the same board.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone, PLAIN_HOST } from '../harness/browser.mjs';
import { joinByCode, joinByLink, openIdea, shareOn } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

const LETTERS_MS = 30_000;

test('two phones and two stock clients write one idea together, and everybody has every letter', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 2, settings: { tallies: 'live' } });
  const chrome = await browser(t);
  const first = await phone(chrome, 'the first phone');
  const second = await phone(chrome, 'the second phone');
  await joinByCode(first, stage);
  await joinByLink(second, stage);
  const id = await shareOn(first, 'Teach it early');
  await second.shows(second.idea(id), 'Teach it early');
  for (const one of [first, second]) await one.fits('the board');

  const stock = [await stage.hocuspocus(stage.groups[0].seats[0]), await stage.yWebsocket(stage.groups[0].seats[1])];
  for (const client of stock) await client.has(id);
  const fields = [await openIdea(first, id), await openIdea(second, id)];
  for (const field of fields) {
    await field.focus();
    await field.press('End');
  }
  const words = [' alpha', ' beta'];
  for (let letter = 0; letter < 6; letter += 1) {
    for (const [index, field] of fields.entries()) if (words[index][letter]) await field.press(words[index][letter]);
    stock[0].type(id, String(letter), 0);
    stock[1].type(id, String.fromCharCode(65 + letter), 0);
  }
  const letters = [...'Teach it early alpha beta012345ABCDEF'].sort().join('');
  const sorted = (text) => [...text].sort().join('');
  await until(
    async () => `all have all letters: ${JSON.stringify([...stock.map((client) => client.words(id)), ...(await values(fields))])}`,
    async () => [...stock.map((client) => client.words(id)), ...(await values(fields))].every((text) => sorted(text) === letters),
    { within: LETTERS_MS },
  );
  const [same, ...others] = [...stock.map((client) => client.words(id)), ...(await values(fields))];
  for (const other of others) assert.equal(other, same);
  for (const one of [first, second]) await one.fits('an open idea');
  for (const one of [first, second]) one.clean(stage.server);
  await stage.end();
  await until('the phones come back after the restart and still show it', async () =>
    (await values(fields)).every((text) => text === same),
  );
});

test('with live tallies two phones and a stock client see the same tally move', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { tallies: 'live' } });
  const chrome = await browser(t);
  const first = await phone(chrome, 'the first phone');
  const second = await phone(chrome, 'the second phone');
  await joinByCode(first, stage);
  await joinByLink(second, stage);
  const id = await shareOn(first, 'Vote for this');
  await second.idea(id).waitFor();
  const stock = await stage.hocuspocus(stage.groups[0].seats[0]);
  await stage.phase('vote');
  for (const one of [first, second]) {
    await one.at('phase-vote').waitFor();
    await one.fits('the vote');
  }
  const allSee = async (tally) => {
    for (const one of [first, second]) await one.shows(one.at('idea-tally', one.idea(id)), String(tally));
    await until(`the stock client sees ${tally}`, () => stock.tally(id) === tally);
  };
  await approveOn(first, id);
  await allSee(1);
  await approveOn(second, id);
  await allSee(2);
  await stage.api.approve(stage.groups[0].seats[0].token, id);
  await allSee(3);
  await approveOn(first, id);
  await allSee(2);
  for (const one of [first, second]) one.clean(stage.server);
  await stage.end();
});

test('a phone on plain http, where the browser gives no secure context, joins and shares as well', async (t) => {
  const server = await startServer({ args: ['--also-known-as', PLAIN_HOST] });
  t.after(() => server.dispose());
  const stage = await scene(t, { server, groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone on plain http', { locale: 'ar' });
  await joinByCode(one, stage, `http://${PLAIN_HOST}:${stage.server.port}`);
  assert.equal(await one.page.evaluate(() => window.isSecureContext), false);
  const words = 'نعلّم الأمان الرقمي في كل مدرسة';
  const id = await shareOn(one, words);
  assert.equal((await stage.view()).ideas.find((idea) => idea.id === id).text, words);
  assert.equal(await one.page.evaluate(() => document.documentElement.dir), 'rtl', 'Arabic is guessed and goes from right to left');
  await one.fits('the board in Arabic');
  one.clean(stage.server, `${PLAIN_HOST}:${stage.server.port}`);
  await stage.end();
});

test('what is shared while the server is away stays on the phone, says so, and is recorded when it is back', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone');
  await joinByCode(one, stage);
  await shareOn(one, 'Before the break');
  await stage.server.kill();
  await one.at('idea-text').fill('During the break');
  await one.at('idea-share').click();
  const card = one.page.locator('[data-test="idea"]').filter({ hasText: 'During the break' }).first();
  await card.waitFor();
  const state = card.locator('[data-test="idea-state"]').first();
  assert.notEqual(await state.getAttribute('data-state'), 'recorded', 'nothing is claimed that is not so');
  await stage.server.again();
  await card.locator('[data-test="idea-state"][data-state="recorded"]').first().waitFor();
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.text), ['Before the break', 'During the break']);
  await one.page.reload();
  await one.shows(one.page.locator('[data-test="idea"]').nth(1), 'During the break');
  await stage.end();
});

test('a moderator promotes, the plenary merges and exports, on phones', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 6 });
  const [group] = stage.groups;
  const { idea } = await stage.share('Bring it to the plenary', { kind: 'recommendation' });
  await stage.phase('vote');
  for (const seat of group.seats) await stage.api.approve(seat.token, idea);
  const chrome = await browser(t);
  const moderator = await phone(chrome, 'the moderator');
  await moderator.open(onServer(stage, stage.created.groups[0].moderator.url));
  await moderator.idea(idea).waitFor();
  await moderator.fits('the moderator');
  await stage.phase('review');
  await moderator.at('promote', moderator.idea(idea)).click();
  await until('it is promoted', async () => (await stage.view()).ideas[0].state === 'promoted');

  await stage.phase('plenary');
  const editor = await phone(chrome, 'the editor');
  await editor.open(onServer(stage, stage.created.editor.url));
  await editor.at('merge').click();
  await editor.shows(editor.at('plenary-item'), 'Bring it to the plenary');
  await editor.fits('the plenary');
  for (const format of ['md', 'json']) {
    const waiting = editor.page.waitForEvent('download');
    await editor.at(`export-${format}`).click();
    const file = await waiting;
    const parts = [];
    for await (const part of await file.createReadStream()) parts.push(part);
    const text = Buffer.concat(parts).toString('utf8');
    for (const words of ['Bring it to the plenary', 'Harbour']) assert.ok(text.includes(words), `${format}: ${words}`);
  }
  for (const one of [moderator, editor]) one.clean(stage.server);
  await stage.end();
});

test('on the wall no board covers another, however many groups and ideas there are', async (t) => {
  const groups = ['Nile', 'Danube', 'Mekong', 'Paraná', 'Volga', 'Indus', 'Congo'];
  const stage = await scene(t, { groups, seats: 1 });
  const long = 'Platforms must answer reports by minors within twenty-four hours and say what they did about it';
  for (const group of stage.groups) for (let at = 0; at < 6; at += 1) await stage.share(`${long} ${at}`, { group, seat: group.seats[0] });
  const chrome = await browser(t);
  for (const [width, height] of [[1280, 720], [1024, 768], [1920, 1080]]) {
    const room = await phone(chrome, `the wall, ${width}`, { width, height });
    await room.open(onServer(stage, stage.created.room.url));
    const boards = room.page.locator('[data-test="room-board"]:has(li:nth-child(6))');
    await until('all boards are there', async () => (await boards.count()) === groups.length);
    const boxes = await boards.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    for (const [at, one] of boxes.entries()) {
      assert.ok(one.bottom <= height && one.right <= width && one.height > 60, `${width}: board ${at} is on the wall`);
      const covered = boxes.slice(at + 1).find((other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom);
      assert.equal(covered, undefined, `${width}: board ${at} covers another`);
    }
    room.clean(stage.server);
  }
  await stage.end();
});

test('the room shows code and QR code, and the boards without a sideways scroll', async (t) => {
  const stage = await scene(t, { groups: ['Harbour', 'Hills'] });
  await stage.share('On the wall');
  const chrome = await browser(t);
  const room = await phone(chrome, 'the room', { width: 1280, height: 720 });
  await room.open(onServer(stage, stage.created.room.url));
  await room.shows(room.at('room-code'), stage.created.code);
  await room.at('room-qr').waitFor();
  await room.fits('the room');
  room.clean(stage.server);
  await stage.end();
});

function values(fields) {
  return Promise.all(fields.map((field) => field.inputValue()));
}

/** Taps the approval of an idea. */
async function approveOn(one, id) {
  await one.at('idea-approve', one.idea(id)).click();
}

/** A printed link, opened at the address of this server. */
function onServer(stage, link) {
  const { pathname, search, hash } = new URL(link);
  return `${stage.server.url}${pathname}${search}${hash}`;
}
