// What waits for a moderator is found: first on the moderator's page, in numbers for the organizer, within the bound of a message.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const MODERATED = { moderation: true, private_first: true };

async function staff(chrome, stage, name, link, options) {
  const one = await phone(chrome, name, options);
  const { pathname, hash } = new URL(link.url);
  await one.open(`${stage.server.url}${pathname}${hash}`);
  return one;
}

const count = (one, test) => one.at(test).getAttribute('data-count').then(Number);
const deskOf = (stage, token) => stage.api.json(`/api/consultations/${stage.id}/desk`, { token });

test('the queue comes first, says what letting in does, and lets in what was seen; 200 ideas and hidden ones by pages (C27)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 10, settings: MODERATED });
  const [group] = stage.groups;
  const chrome = await browser(t);
  const largest = { desk: 0 };
  const moderator = await phone(chrome, 'the moderator');
  moderator.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (Buffer.from(payload).includes('"type":"desk"')) largest.desk = Math.max(largest.desk, payload.length);
    }),
  );
  const { pathname, hash } = new URL(stage.created.groups[0].moderator.url);
  await moderator.open(`${stage.server.url}${pathname}${hash}`);
  await moderator.at('desk').waitFor();
  assert.equal(await moderator.at('queue').count(), 0, 'nothing waits');

  const words = 'A long idea that waits for its moderator. '.repeat(11);
  await Promise.all(
    group.seats.map(async (seat, at) => {
      for (let n = 0; n < 20; n += 1) await stage.share(`${at * 20 + n}: ${words}`, { seat });
    }),
  );
  await until('all of them are counted', async () => (await count(moderator, 'queue')) === 200);
  await moderator.shows(moderator.at('queue'), '200 ideas wait for you');
  await moderator.shows(moderator.at('admit-means'), 'Two steps');
  const top = async (test) => (await moderator.at(test).boundingBox()).y;
  assert.ok((await top('queue')) < (await top('phase-control')), 'it comes first');
  assert.ok((await top('admit')) < 740, 'the first idea can be decided about without scrolling');
  assert.ok(largest.desk > 0 && largest.desk < 64 * 1024, `a message of ${largest.desk} bytes`);
  t.diagnostic(`the largest desk of 200 waiting ideas: ${largest.desk} bytes`);
  await moderator.shows(moderator.page.locator('main'), 'when the moderator shows them');
  await moderator.fits('the queue');
  await shot(moderator, 'queue-200');

  const seen = await moderator.page.locator('[data-test="waiting"]').evaluateAll((cards) => cards.map(({ dataset }) => dataset.idea));
  assert.equal(seen.length, 3);
  await moderator.at('admit-these').click();
  await until('three are let in', async () => (await count(moderator, 'queue')) === 197);
  const admitted = (await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: group.moderator })).filter(({ did }) => did === 'admitted');
  assert.deepEqual(admitted.map(({ idea }) => idea).sort(), seen.sort(), 'those and no others');
  await moderator.at('waiting-more').click();
  await until('more of them', async () => (await moderator.page.locator('[data-test="waiting"]').count()) === 13);
  await moderator.shows(moderator.at('reveal-means'), 'Your whole group sees them');
  await moderator.at('reveal').click();
  await until('the group sees three', async () => (await stage.view()).ideas.length === 3);

  // Refused ones, by pages: all of them, each once.
  const page = (of, from, token = group.moderator) => stage.api.json(`/api/boards/${group.id}/desk?of=${of}&from=${from}`, { token });
  const waiting = [];
  for (let next = await page('waiting', 0); waiting.length < next.all; next = await page('waiting', waiting.length)) waiting.push(...next.waiting);
  assert.equal(new Set(waiting.map(({ id }) => id)).size, 197);
  for (const { id } of waiting.slice(0, 60)) await stage.api.command(group.moderator, { do: 'hide', idea: id, reason: 'off-topic' });
  await until('they are counted', async () => (await count(moderator, 'hidden-ideas')) === 60);
  await moderator.at('hidden-ideas').click();
  const before = await moderator.page.locator('[data-test="hidden-idea"]').count();
  assert.ok(before <= 50);
  await moderator.at('hidden-more').click();
  await until('the others are read', async () => (await moderator.page.locator('[data-test="hidden-idea"]').count()) === 60);
  await moderator.fits('hidden ideas');

  for (const [token, status] of [[group.seats[0].token, 403], [stage.room, 403], [stage.editor, 403], [stage.organizer, 200]]) {
    const answer = await request(`${stage.server.url}/api/boards/${group.id}/desk?of=hidden`, { token });
    assert.equal(answer.status, status);
  }
  for (const query of ['', '?of=all', '?of=hidden&from=-1', '?of=hidden&from=x']) {
    const answer = await request(`${stage.server.url}/api/boards/${group.id}/desk${query}`, { token: group.moderator });
    assert.equal(answer.status, 400, query);
  }
  const told = JSON.stringify(await deskOf(stage, stage.organizer));
  assert.ok(!told.includes('A long idea'), 'no words on the desk of an organizer');
  moderator.clean(stage.server);
  await stage.end();
});

test('a double tap lets in what was on the screen, and nothing that slides under the finger (C16)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: MODERATED });
  const chrome = await browser(t);
  const moderator = await staff(chrome, stage, 'the moderator', stage.created.groups[0].moderator);
  for (let n = 1; n <= 9; n += 1) await stage.share(`Idea ${n}`);
  const ideas = (await deskOf(stage, stage.groups[0].moderator)).groups[0].waiting.map(({ id }) => id);
  const letIn = async () => {
    const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.groups[0].moderator });
    return ledger.filter(({ did }) => did === 'admitted').map(({ idea }) => idea).sort();
  };
  await until('all of them are counted', async () => (await count(moderator, 'queue')) === 9);
  // Twice on the same place of the screen, whatever is there by then.
  await moderator.at('admit-these').dblclick();
  await until('three are let in', async () => (await count(moderator, 'queue')) <= 6);
  // A control that is used in the usual way afterwards: what the second tap did has reached the server by then.
  const card = moderator.page.locator('[data-test="waiting"]').first();
  const next = await card.getAttribute('data-idea');
  assert.equal(next, ideas[3], 'the next three were not let in with them');
  await card.locator('[data-test="admit"]').dblclick();
  await until('one more is let in', async () => (await count(moderator, 'queue')) <= 5);
  await moderator.at('admit', moderator.page.locator(`[data-test="waiting"][data-idea="${ideas[6]}"]`)).click();
  await until('and another', async () => (await count(moderator, 'queue')) <= 4);
  assert.deepEqual(await letIn(), [0, 1, 2, 3, 6].map((at) => ideas[at]).sort());
  moderator.clean(stage.server);
  await stage.end();
});

test('an organizer of forty groups sees how many ideas wait where, since when, and where nobody moderates (C27)', async (t) => {
  const names = Array.from({ length: 40 }, (_, n) => `Group ${n + 1}`);
  const stage = await scene(t, { groups: names, seats: 0, settings: MODERATED });
  const chrome = await browser(t);
  const organizer = await staff(chrome, stage, 'the organizer', stage.created.organizer);
  await until('no group has a moderator', async () => (await count(organizer, 'alone-all')) === 40);
  const seat = await stage.join(stage.groups[6]);
  for (const text of ['First of three', 'Second of three', 'Third of three']) await stage.share(text, { group: stage.groups[6], seat });
  const row = organizer.page.locator(`[data-test="group"][data-group="${stage.groups[6].id}"]`);
  await organizer.shows(row.locator('[data-test="group-waiting"]'), '3 ideas wait for a moderator');
  await row.locator('[data-test="group-alone"]').waitFor();
  assert.equal(await count(organizer, 'waiting-all'), 3);
  await until('the alarm is about one group', async () => (await count(organizer, 'alone-urgent')) === 1);
  assert.match((await organizer.at('alone-urgent').textContent()).replaceAll(/[\u2066-\u2069]/g, ''), /here: Group 7$/, 'where ideas wait, and no other');
  assert.equal(await count(organizer, 'alone-all'), 39);
  await organizer.fits('forty groups');
  await shot(organizer, 'organizer-40');
  const other = await staff(chrome, stage, 'an organizer in Arabic', stage.created.organizer, { locale: 'ar', colorScheme: 'dark' });
  await other.at('waiting-all').waitFor();
  await other.fits('forty groups in Arabic');
  await shot(other, 'organizer-40-ar');

  const moderator = await staff(chrome, stage, 'the moderator', stage.created.groups[6].moderator, { locale: 'ar', colorScheme: 'dark' });
  await moderator.at('queue').waitFor();
  await moderator.fits('the queue in Arabic');
  await shot(moderator, 'queue-ar-dark');
  await row.locator('[data-test="group-alone"]').waitFor({ state: 'detached' });
  await until('no alarm about groups where nothing waits', async () => (await organizer.at('alone-urgent').count()) === 0);
  assert.equal(await count(organizer, 'alone-all'), 39, 'one group has a moderator');
  assert.equal(await count(organizer, 'waiting-all'), 3);
  await moderator.at('admit-these').click();
  await row.locator('[data-test="group-waiting"]').waitFor({ state: 'detached' });
  assert.equal(await organizer.at('waiting-all').count(), 0);
  await moderator.page.context().close();
  await until('nobody moderates again', async () => (await count(organizer, 'alone-all')) === 40);
  for (const one of [organizer, other]) one.clean(stage.server);
  await stage.end();
});

test('while nobody has opened the contact’s link, the desks say so, and that a report waits; repeats are counted (C17, C25)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour', 'Hills'] });
  const [group] = stage.groups;
  const { idea } = await stage.share('Somebody follows me home');
  const chrome = await browser(t);
  const organizer = await staff(chrome, stage, 'the organizer', stage.created.organizer, { locale: 'ar', colorScheme: 'dark' });
  const moderator = await staff(chrome, stage, 'the moderator', stage.created.groups[0].moderator);
  await organizer.at('contact-absent').waitFor();
  await moderator.at('desk').waitFor();
  assert.equal(await moderator.at('report-unread').count(), 0, 'no report, no word of it');
  await stage.api.command(group.seats[1].token, { do: 'report', idea, why: 'danger' });
  const row = organizer.page.locator(`[data-test="group"][data-group="${group.id}"]`);
  await row.locator('[data-test="report-unread"]').waitFor();
  await moderator.shows(moderator.at('report-unread'), 'nobody has opened');
  await organizer.fits('a report that nobody reads');
  await shot(organizer, 'report-unread-organizer');
  await shot(moderator, 'report-unread-moderator');
  const unread = async (token) => (await deskOf(stage, token)).groups.map((each) => each.report_unread ?? false);
  assert.deepEqual(await unread(stage.organizer), [true, false]);

  const contact = await staff(chrome, stage, 'the contact', stage.created.safeguarding);
  await contact.shows(contact.at('alert'), 'Somebody follows me home');
  for (const one of [organizer, moderator]) await one.at('report-unread').waitFor({ state: 'detached' });
  await organizer.at('contact-absent').waitFor({ state: 'detached' });

  const personal = await stage.share('Call Maria Rossi, 079 555 99 88');
  await stage.share('I know: call Maria Rossi, 079 555 99 88');
  await stage.api.command(group.moderator, { do: 'hide', idea: personal.idea, reason: 'personal-data', erase: true });
  await until('the organizer sees the number', async () => (await row.locator('[data-test="group-repeats"]').getAttribute('data-count')) === '1');
  await organizer.fits('ideas that say deleted words');
  await shot(organizer, 'repeats-organizer');
  for (const one of [organizer, moderator, contact]) one.clean(stage.server);
  await stage.end();
  assert.deepEqual(await unread(group.moderator), [false], 'that it was opened is not forgotten by a restart');
  await stage.end();
});
