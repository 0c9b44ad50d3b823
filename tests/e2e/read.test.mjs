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
  await stage.api.promote(group.moderator, one.idea);
  const agree = (...texts) => stage.api.command(group.seats[0].token, { do: 'sign-off', group: group.id, agree: true, read: read(texts.map((text) => `${text}\0`).join('')) });
  const before = ['Buses at night'];
  await stage.api.promote(group.moderator, two.idea);
  await assert.rejects(agree(...before), { code: 'stale' });
  await agree('Buses at night', 'A library');
  const card = await stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token: group.moderator });
  assert.equal(card.signed.agreed, 1);
  await stage.end();
});
