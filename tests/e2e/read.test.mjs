// What somebody decides about is what they read: a decision about words that have changed meanwhile is refused, and the page
// shows the new ones (C31).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, shareOn } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { heldSocket } from '../harness/socket.mjs';
import { until } from '../harness/until.mjs';

test('an author’s edit and the moderator’s tap cross: nothing is let in that the moderator has not read (C31)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0, settings: { moderation: true } });
  const chrome = await browser(t);
  const author = await phone(chrome, 'the author');
  await joinByLink(author, stage);
  const idea = await shareOn(author, 'A nice idea');
  const moderator = await phone(chrome, 'the moderator', { locale: 'ar', colorScheme: 'dark' });
  const network = await heldSocket(moderator);
  const { pathname, hash } = new URL(stage.created.groups[0].moderator.url);
  await moderator.open(`${stage.server.url}${pathname}${hash}`);
  await moderator.shows(moderator.at('waiting'), 'A nice idea');

  // The tap is on its way while the author writes something else.
  network.cut();
  await moderator.page.locator('[data-test="status-line"][data-state="offline"]').waitFor();
  await moderator.at('admit').click();
  await author.at('idea-open', author.idea(idea)).click();
  await author.at('idea-edit').fill('Words that nobody has let in');
  await author.at('idea-done').click();
  await author.shows(author.idea(idea), 'Words that nobody has let in');
  await author.page.locator('[data-test="status-line"][data-state="recorded"]').waitFor();
  network.back();
  await moderator.at('reread').waitFor();
  await moderator.shows(moderator.at('waiting'), 'Words that nobody has let in');
  assert.deepEqual((await stage.view()).ideas, [], 'it is not let in');
  await moderator.fits('an idea that says something else by now');
  await shot(moderator, 'reread');

  await moderator.at('admit').click();
  await moderator.at('queue').waitFor({ state: 'detached' });
  assert.deepEqual((await stage.view()).ideas.map(({ text }) => text), ['Words that nobody has let in']);
  author.clean(stage.server);
  moderator.clean(stage.server);
  await stage.end();
});

/** A moderated group with three ideas that wait, the last of an author who can go on editing it; and its moderator's page. */
async function restless(t, options) {
  const stage = await scene(t, { groups: ['Harbour'], seats: 2, settings: { moderation: true } });
  const [group] = stage.groups;
  for (const text of ['A library', 'Buses at night']) await stage.share(text);
  const own = await stage.share('Version 0', { seat: group.seats[1] });
  const edit = (text) => stage.api.command(group.seats[1].token, { do: 'edit', idea: own.idea, receipt: own.receipt, text });
  const moderator = await phone(await browser(t), 'the moderator', options);
  const network = await heldSocket(moderator);
  const { pathname, hash } = new URL(stage.created.groups[0].moderator.url);
  await moderator.open(`${stage.server.url}${pathname}${hash}`);
  await moderator.at('queue').waitFor();
  const row = moderator.page.locator(`[data-test="waiting"][data-idea="${own.idea}"]`);
  return { stage, edit, moderator, network, row };
}

test('an author who goes on editing is left out when the others are let in together, and the page says so (C31)', async (t) => {
  const { stage, edit, moderator, row } = await restless(t, { locale: 'ar', colorScheme: 'dark' });
  let version = 0;
  const timer = setInterval(() => void edit(`Version ${(version += 1)}`), 300);
  t.after(() => clearInterval(timer));
  await moderator.shows(row, 'Version 3');
  await moderator.at('left-out').waitFor();
  await moderator.fits('an idea that is left out');
  await moderator.at('left-out').scrollIntoViewIfNeeded();
  await shot(moderator, 'left-out');
  await moderator.at('admit-these').click();
  await until('the others are let in', async () => (await stage.view()).ideas.length === 2);
  clearInterval(timer);
  await row.waitFor();
  assert.deepEqual((await stage.view()).ideas.map(({ text }) => text).sort(), ['A library', 'Buses at night']);
  moderator.clean(stage.server);
  await stage.end();
});

test('a waiting idea is hidden whatever it says by now, if its words are kept; what is on its way waits for nobody (C31)', async (t) => {
  const { stage, moderator, network } = await restless(t, {});
  await moderator.at('admit-these').click();
  await moderator.at('queue').waitFor({ state: 'detached' });
  const bad = await stage.share('It hurts', { seat: stage.groups[0].seats[1] });
  const waits = moderator.page.locator(`[data-test="waiting"][data-idea="${bad.idea}"]`);
  await moderator.shows(moderator.at('queue'), '1 idea waits for you');
  await moderator.at('hide-idea', waits).click();
  await moderator.at('reason', waits).check();
  network.cut();
  await moderator.page.locator('[data-test="status-line"][data-state="offline"]').waitFor();
  await moderator.at('hide-submit', waits).click();
  await waits.waitFor({ state: 'detached' });
  await moderator.shows(moderator.at('queue'), 'Your decision is on its way');
  assert.equal(await moderator.at('admit-means').count(), 0, 'nothing is said about ideas that are not there');
  await moderator.fits('a decision that is on its way');
  await shot(moderator, 'deciding');
  await stage.api.command(stage.groups[0].seats[1].token, { do: 'edit', idea: bad.idea, receipt: bad.receipt, text: 'It hurts more' });
  network.back();
  await moderator.at('queue').waitFor({ state: 'detached' });
  await until('it is hidden', async () => (await moderator.at('hidden-ideas').getAttribute('data-count')) === '1');
  assert.equal(await moderator.at('reread').count(), 0);
  moderator.clean(stage.server);
  await stage.end();
});

test('words are deleted for good only as they were read; hiding waits for nobody who types (C31)', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const { idea } = await stage.share('My number is 079 555 99 88');
  const hide = (words, more) => stage.api.command(group.moderator, { do: 'hide', idea, read: read(words), ...more });
  const erase = { reason: 'personal-data', erase: true };
  const typist = await stage.hocuspocus(group.seats[0]);
  await typist.has(idea);
  typist.type(idea, ', better words');
  await typist.recorded();
  await assert.rejects(hide('My number is 079 555 99 88', erase), { code: 'stale' });
  assert.equal((await stage.view()).ideas.length, 1);
  await hide('Words of a moment ago', { reason: 'off-topic' });
  assert.equal((await stage.view()).ideas.length, 0);
  await assert.rejects(hide('Words of a moment ago', erase), { code: 'stale' });
  await hide('My number is 079 555 99 88, better words', erase);
  await stage.end();
});

test('who agrees with a card agrees with the card that they read (C31)', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const [one, two] = [await stage.share('Buses at night'), await stage.share('A library')];
  await stage.phase('vote');
  await stage.promote(one.idea, { group });
  const agree = (...texts) => stage.api.command(group.seats[0].token, { do: 'sign-off', group: group.id, agree: true, read: read(texts.map((text) => `${text}\0`).join('')) });
  const before = ['Buses at night'];
  await stage.promote(two.idea, { group });
  await assert.rejects(agree(...before), { code: 'stale' });
  await agree('Buses at night', 'A library');
  const card = await stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token: group.moderator });
  assert.equal(card.signed.agreed, 1);
  await stage.end();
});
