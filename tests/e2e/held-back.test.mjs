// What phones say while ideas wait: true whether there are some or none, and no more than a phone may know (C16). In a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';

for (const [locale, colorScheme, none, later] of [
  ['en-GB', 'light', 'Nothing is shown here yet.', 'Ideas appear here when the moderator shows them to the group.'],
  ['ar', 'dark', 'لا شيء معروض هنا بعد.', 'تظهر هنا عندما يعرضها الميسّر على المجموعة.'],
]) {
  test(`C16: a phone and the wall say nothing untrue while ideas wait or are held (${locale})`, async (t) => {
    const stage = await scene(t, { groups: ['Harbour'], settings: { moderation: true, private_first: true } });
    const [group] = stage.groups;
    const chrome = await browser(t);
    const reader = await phone(chrome, 'a phone', { locale, colorScheme });
    const wall = await phone(chrome, 'the wall', { locale, colorScheme, width: 1280 });
    const empty = reader.at('empty');
    await joinByLink(reader, stage);
    await reader.shows(empty, none);
    const before = await empty.textContent();
    assert.ok(before.includes(later), before);
    await wall.open(`${stage.server.url}/room#c=${stage.id}&t=${stage.room}`);
    await wall.at('room-board').waitFor();

    const { idea } = await stage.share('Waits for the moderator');
    // The share is told to nobody here; what comes after it is.
    for (const on of [true, false]) {
      await stage.api.command(group.moderator, { do: 'hide-board', group: group.id, on });
      await reader.at(on ? 'board-hidden' : 'empty').waitFor();
    }
    assert.equal(await empty.textContent(), before, 'nobody but who moderates knows that one waits');

    await stage.api.command(group.moderator, { do: 'admit', idea, read: read('Waits for the moderator') });
    await reader.shows(empty, locale === 'ar' ? 'فكرة واحدة لمجموعتك محجوبة' : '1 idea of your group is held back');
    await reader.shows(empty, none);
    await reader.fits('held ideas');
    await shot(reader, `held-back-${locale}`);
    assert.ok(!(await wall.at('room-board').textContent()).includes(locale === 'ar' ? 'حالما تشاركها' : 'as the groups share them'));
    await shot(wall, `held-back-wall-${locale}`);
    await stage.api.command(group.moderator, { do: 'reveal', group: group.id });
    await reader.idea(idea).waitFor();
    assert.equal(await empty.count(), 0);
    for (const one of [reader, wall]) one.clean(stage.server);
    await stage.end();
  });
}

test('a card says what a tap on it does: improve while texts are open, read in every other phase', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'] });
  const [group] = stage.groups;
  const { idea } = await stage.share('A library for every town');
  const { idea: locked } = await stage.share('Its text is locked');
  const chrome = await browser(t);
  const reader = await phone(chrome, 'a phone');
  await joinByLink(reader, stage);
  const label = (id) => reader.at('idea-open', reader.idea(id));
  await reader.shows(label(idea), 'Open and improve');
  await stage.api.command(group.moderator, { do: 'lock', idea: locked, on: true });
  await reader.shows(label(locked), 'Open and read');
  await reader.shows(label(idea), 'Open and improve');
  for (const phase of ['vote', 'plenary']) {
    await stage.phase(phase);
    if (phase === 'plenary') await reader.at('to-board').click();
    await reader.shows(label(idea), 'Open and read');
  }
  reader.clean(stage.server);
  await stage.end();
});
