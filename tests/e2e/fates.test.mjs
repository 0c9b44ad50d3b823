// What an author reads on the card of an own idea is what became of it: through every decision, in order, without anybody asking.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, shareOn } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { heldSocket } from '../harness/socket.mjs';
import { until } from '../harness/until.mjs';

const WAITS = 'Recorded. Waits for the moderator';
const LET_IN = 'Let in. Shown when the moderator reveals the board';
const HELD = 'Recorded. Shown when the moderator reveals the board';
const SEEN = 'Recorded. Your group sees it';
const HIDDEN = 'Hidden by the team. Reason: It insults or threatens people';
const VEILED = 'Recorded. The whole board is hidden now';
const IN_GROUP = 'Held in the group, not on the board now';
const NOT_LET_IN = 'Recorded. It was not let in before the end';

/** Waits until the card of an idea says this, and nothing else. */
async function says(one, id, words) {
  const state = one.at('idea-state', one.idea(id));
  const text = async () => (await state.textContent({ timeout: 1_000 }).catch(() => '')).replaceAll(/[\u2068\u2069]/g, '').trim();
  let last = '';
  await until(() => `${one.name}: the card says ${words}, not "${last}"`, async () => {
    last = await text();
    return words instanceof RegExp ? words.test(last) : last === words;
  });
}

const decide = (stage) => (action) => stage.api.command(stage.groups[0].moderator, action);

test('waiting, let in, revealed, hidden, held in the group, out of sight: the card says what is so, also after a reload (C26)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { moderation: true, private_first: true } });
  const [group] = stage.groups;
  const moderator = decide(stage);
  const chrome = await browser(t);
  const writer = await phone(chrome, 'the writer');
  const network = await heldSocket(writer);
  await joinByLink(writer, stage);

  await writer.page.locator('[data-test="status-line"][data-state="recorded"]').waitFor();
  network.cut();
  await writer.page.locator('[data-test="status-line"][data-state="offline"]').waitFor();
  await writer.at('idea-text').fill('Street lights near the school');
  await writer.at('idea-share').click();
  const card = writer.page.locator('[data-test="idea"]').first();
  await card.waitFor();
  const idea = await card.getAttribute('data-idea');
  await says(writer, idea, 'On this phone');
  network.back();
  await says(writer, idea, WAITS);
  await shot(writer, 'fate-waiting');

  await moderator({ do: 'admit', idea, read: read('Street lights near the school') });
  await says(writer, idea, LET_IN);
  network.cut();
  await says(writer, idea, `Last known: ${LET_IN}`);
  await writer.fits('an idea of which the last is known');
  await shot(writer, 'fate-offline');
  await moderator({ do: 'hide', idea, reason: 'hurts' });
  network.back();
  await says(writer, idea, HIDDEN);
  await writer.page.reload();
  await says(writer, idea, HIDDEN);
  await shot(writer, 'fate-hidden');
  await moderator({ do: 'unhide', idea });
  await says(writer, idea, LET_IN);

  await moderator({ do: 'reveal', group: group.id });
  await says(writer, idea, SEEN);
  await moderator({ do: 'hide', idea, reason: 'hurts' });
  await says(writer, idea, HIDDEN);
  await writer.page.reload();
  await says(writer, idea, HIDDEN);
  await moderator({ do: 'unhide', idea });
  await says(writer, idea, SEEN);

  await moderator({ do: 'hide-board', group: group.id, on: true });
  await says(writer, idea, VEILED);
  await moderator({ do: 'hide-board', group: group.id, on: false });
  await says(writer, idea, SEEN);

  await stage.api.command(group.seats[0].token, { do: 'report', idea, why: 'danger' });
  await says(writer, idea, IN_GROUP);
  assert.doesNotMatch(await writer.idea(idea).textContent(), /report|danger|safe/i, 'nobody is told that it was reported');
  await shot(writer, 'fate-held-in-group');
  await stage.api.command(stage.safeguarding, { do: 'settle', idea, show: true });
  await says(writer, idea, SEEN);
  writer.clean(stage.server);
  await stage.end();
});

test('the card and "My ideas" name the reason for hiding as soon as it is hidden, without a reload (C26)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0, settings: { moderation: true, private_first: true } });
  const writer = await phone(await browser(t), 'the writer');
  await joinByLink(writer, stage);
  const idea = await shareOn(writer, 'Words about somebody');
  await says(writer, idea, WAITS);
  await decide(stage)({ do: 'hide', idea, reason: 'hurts' });
  await says(writer, idea, HIDDEN);
  await writer.at('my-ideas').click();
  await writer.shows(writer.at('my-idea'), 'It insults or threatens people');
  writer.clean(stage.server);
  await stage.end();
});

test('an idea that was let in waits again when its author writes something else before the reveal (C16, C26)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0, settings: { moderation: true, private_first: true } });
  const chrome = await browser(t);
  const writer = await phone(chrome, 'the writer');
  await joinByLink(writer, stage);
  const idea = await shareOn(writer, 'A nice idea');
  await says(writer, idea, WAITS);
  await decide(stage)({ do: 'admit', idea, read: read('A nice idea') });
  await says(writer, idea, LET_IN);
  await writer.at('idea-open', writer.idea(idea)).click();
  assert.equal(await writer.at('will-wait').count(), 0, 'nothing is said while the words are the same');
  await writer.at('idea-edit').fill('Something that nobody has let in');
  await writer.shows(writer.at('will-wait'), 'it waits for the moderator again');
  await writer.fits('an idea that will wait again');
  await shot(writer, 'will-wait');
  await writer.at('idea-done').click();
  await says(writer, idea, WAITS);
  await decide(stage)({ do: 'reveal', group: stage.groups[0].id });
  assert.deepEqual((await stage.view()).ideas, [], 'no reveal shows it');

  for (const [name, options] of [['the moderator', {}], ['a moderator in Arabic', { locale: 'ar', colorScheme: 'dark' }]]) {
    const moderator = await phone(chrome, name, options);
    const { pathname, hash } = new URL(stage.created.groups[0].moderator.url);
    await moderator.open(`${stage.server.url}${pathname}${hash}`);
    await moderator.shows(moderator.at('waiting'), 'Something that nobody has let in');
    await moderator.at('waits-again').waitFor();
    await moderator.fits('an idea that waits again');
    await shot(moderator, `waits-again-${options.locale ?? 'en'}`);
    moderator.clean(stage.server);
  }
  writer.clean(stage.server);
  await stage.end();
});

test('a phase ends, an idea is taken back, a seat goes to another phone: the cards follow (C26)', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { moderation: true, private_first: true } });
  const moderator = decide(stage);
  const chrome = await browser(t);
  const first = await phone(chrome, 'the first phone', { locale: 'en-GB' });
  await joinByLink(first, stage);
  const waits = await shareOn(first, 'Nobody looks at this one');
  const back = await shareOn(first, 'Taken back while it waits');
  const held = await shareOn(first, 'Let in before the phone changes');
  for (const id of [waits, back, held]) await says(first, id, WAITS);
  await moderator({ do: 'admit', idea: held, read: read('Let in before the phone changes') });
  await says(first, held, LET_IN);

  await first.at('idea-open', first.idea(back)).click();
  await first.at('idea-withdraw').click();
  await first.idea(back).waitFor({ state: 'detached' });
  const desk = async () => (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.groups[0].moderator })).groups[0];
  await until('the desk has it no longer', async () => !((await desk()).waiting ?? []).some(({ id }) => id === back));
  await until('the withdrawal is answered', async () => (await first.at('status-line').getAttribute('data-state')) === 'recorded');
  assert.equal(await first.idea(back).count(), 0, 'what was taken back does not come back as waiting');
  await first.page.reload();
  await says(first, waits, WAITS);
  assert.equal(await first.idea(back).count(), 0, 'nor after a reload');

  await first.at('menu').click();
  await first.at('second-device').click();
  const link = await first.at('room-qr', first.at('handover')).getAttribute('data-text');
  const second = await phone(chrome, 'the second phone', { locale: 'ar', colorScheme: 'dark' });
  await second.open(link);
  await second.at('asked-yes').click();
  await says(second, waits, 'سُجّلت. بانتظار الميسّر');
  await says(second, held, 'مسجَّلة. تظهر عندما يكشف الميسّر اللوحة');
  assert.equal(await second.idea(back).count(), 0);
  await second.fits('cards of another phone');
  await shot(second, 'fate-second-ar-dark');

  await stage.phase('vote');
  await second.at('votes-left').waitFor();
  await says(second, waits, 'سُجّلت. بانتظار الميسّر');
  assert.equal(await second.at('idea-approve', second.idea(waits)).count(), 0, 'nobody votes for what waits');
  await moderator({ do: 'reveal', group: stage.groups[0].id });
  await second.at('idea-approve', second.idea(held)).waitFor();
  await stage.phase('closed');
  await second.at('to-board').click();
  await says(second, waits, 'سُجّلت. لم تُقبل قبل النهاية');
  // The first phone was told that its seat has moved, which its browser notes as an error.
  second.clean(stage.server);
  await stage.end();
});

test('without moderation nothing is asked: what is held until the reveal says so, what is shown is on the board', async (t) => {
  const chrome = await browser(t);
  for (const privateFirst of [true, false]) {
    const stage = await scene(t, { groups: ['Harbour'], seats: 0, settings: { moderation: false, private_first: privateFirst } });
    const writer = await phone(chrome, 'the writer');
    const asked = [];
    writer.page.on('request', (request) => request.url().endsWith('/api/follow') && asked.push(request.url()));
    await joinByLink(writer, stage);
    const idea = await shareOn(writer, 'Free buses');
    await says(writer, idea, privateFirst ? HELD : SEEN);
    if (!privateFirst) assert.equal(asked.length, 0, 'the board says it');
    writer.clean(stage.server);
    await stage.end();
  }
});
