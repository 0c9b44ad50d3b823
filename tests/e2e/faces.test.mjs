// Screens that few people see, and nobody wants to see broken: waiting at the door, an address with a mistake, what the
// organizer is warned of, with four groups and with forty, in every language at 360 pixels.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { rewritten } from '../harness/rewritten.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const LANGUAGES = ['en', 'fr', 'es', 'ru', 'ar', 'zh'];
const DAY_MS = 86_400_000;
const here = (stage, address) => {
  const { pathname, search, hash } = new URL(address);
  return `${stage.server.url}${pathname}${search}${hash}`;
};

test('at the door a phone says of which consultation and group, what others see, and how one leaves', async (t) => {
  const stage = await scene(t, { seats: 0, settings: { admission: 'waves' } });
  const chrome = await browser(t);
  const [waits, leaves] = [await phone(chrome, 'who waits', { locale: 'ar', colorScheme: 'dark' }), await phone(chrome, 'who leaves')];
  for (const one of [waits, leaves]) {
    await one.open(here(stage, stage.created.join_url));
    await one.shows(one.at('key-found'), /./u);
    await one.at('join-group').selectOption(stage.groups[1].id);
    await one.at('join-submit').click();
    await one.shows(one.at('at-door-facts'), 'A consultation');
    await one.shows(one.at('at-door-facts'), 'Hills');
    await one.at('privacy').waitFor();
    await one.fits('at the door');
    await shot(one, `faces-at-the-door-${one.name}`);
    // It is still known after a reload.
    await one.page.reload();
    await one.shows(one.at('at-door-facts'), 'Hills');
  }
  await leaves.at('leave').click();
  await leaves.at('leave-sure').click();
  await leaves.at('join-code').waitFor();
  assert.deepEqual(await leaves.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('plenum/at/'))), []);
  await stage.api.command(stage.organizer, { do: 'let-in' });
  await waits.at('status-line').waitFor();
  for (const one of [waits, leaves]) assert.deepEqual([...one.hosts], [`127.0.0.1:${stage.server.port}`]);
});

test('before a closed door nobody is told that they are one tap away', async (t) => {
  const stage = await scene(t, { seats: 0, phase: 'lobby', settings: { door_open: false } });
  const one = await phone(await browser(t), 'a phone');
  await one.open(here(stage, stage.created.join_url));
  await one.at('join-error').waitFor();
  assert.equal(await one.at('key-found').count(), 0);
  await stage.api.command(stage.organizer, { do: 'door', open: true });
  // A closed door is looked at every 8 to 12 seconds.
  await one.at('key-found').waitFor({ timeout: 40_000 });
  assert.equal(await one.at('join-error').count(), 0);
  one.clean(stage.server);
});

test('the organizer’s table breaks no word of its head at 360 pixels, in any language', async (t) => {
  const stage = await scene(t, { groups: ['Harbour', 'Youth organisations of the northern coast', 'مجموعة الميناء'], seats: 1 });
  const chrome = await browser(t);
  for (const language of LANGUAGES) {
    const one = await phone(chrome, language, { locale: language });
    await one.open(here(stage, stage.created.organizer.url));
    await one.at('participation').waitFor();
    const broken = await one.page.evaluate(() =>
      [...document.querySelectorAll('[data-test="participation"] thead th, [data-test="participation"] td')]
        .flatMap((cell) => [...cell.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE))
        .flatMap((text) =>
          [...text.data.matchAll(/\S+/g)].filter(({ 0: word, index }) => {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
          }),
        )
        .map(([word]) => word),
    );
    assert.deepEqual(broken, [], language);
    await one.fits('the desk');
    await one.page.context().close();
  }
});

test('what the organizer must know stands first, with forty groups as well', async (t) => {
  const groups = Array.from({ length: 40 }, (_, n) => `Group ${n + 1}`);
  const stage = await scene(t, { groups, seats: 0 });
  const chrome = await browser(t);
  const now = Date.now();
  const change = (told) => {
    if (told.type === 'state') {
      Object.assign(told.state, { purge_soon: now + 600_000, list_fullness: 'full' });
      told.state.groups[2].fullness = 'full';
      told.state.groups[3].fullness = 'nearly-full';
    }
    if (told.type === 'desk') told.desk.groups[33].help = now;
  };
  for (const locale of ['en', 'ar']) {
    const one = await phone(chrome, `the organizer, ${locale}`, { locale, colorScheme: 'dark' });
    await rewritten(one, { change });
    await one.open(here(stage, stage.created.organizer.url));
    await one.at('purge-soon').waitFor();
    await one.at('export-first').waitFor();
    const top = await one.at('purge-soon').evaluate((element) => element.getBoundingClientRect().top);
    assert.ok(top < 300, `the announcement is ${top} px down`);
    await one.at('list-fullness').waitFor();
    assert.deepEqual(
      await one.page.locator('[data-test="group-fullness"]').evaluateAll((all) => all.map(({ dataset }) => dataset.fullness)),
      ['full', 'nearly-full'],
    );
    await one.fits('forty groups');
    await shot(one, `faces-forty-${locale}`);
    // Who calls for help is one tap away.
    await one.at('to-group', one.at('calling')).click();
    const called = one.page.locator(`[data-test="group"][data-group="${stage.groups[33].id}"]`);
    await until('the group is on the screen', () =>
      called.evaluate((element) => {
        const { top: above, bottom } = element.getBoundingClientRect();
        return above >= 0 && bottom <= innerHeight;
      }),
    );
    await one.at('to-end').click();
    await until('the end is on the screen', () => one.at('end').evaluate((element) => element.getBoundingClientRect().top < innerHeight));
    one.clean(stage.server);
    await one.page.context().close();
  }
});

test('the safeguarding contact reads first what is still on the boards, with four groups and with forty', async (t) => {
  const chrome = await browser(t);
  for (const [count, look] of [[4, {}], [40, { locale: 'ar', colorScheme: 'dark' }]]) {
    const stage = await scene(t, { groups: Array.from({ length: count }, (_, n) => `Group ${n + 1}`), seats: 0 });
    const change = (told) => {
      if (told.type !== 'alerts') return;
      const alert = (group, n, state) => ({ id: randomUUID(), text: `Idea ${n} of a group`, lang: 'en', point: stage.points[0].id, kind: null, group, at: 1_000 * n, reports: 1, state, again: 0 });
      // As the server tells them: what waits on its board first (rule C27).
      const others = stage.groups.flatMap(({ id }, n) => [alert(id, n, 'new'), ...(n === 2 ? [] : [alert(id, n, 'acknowledged')])]);
      told.alerts = [alert(stage.groups[2].id, 2, 'waiting'), ...others.reverse()];
      told.all = told.alerts.length;
    };
    const one = await phone(chrome, `the contact of ${count} groups`, look);
    await rewritten(one, { change });
    await one.open(here(stage, stage.created.safeguarding.url));
    const first = one.page.locator('[data-test="alert"]').first();
    await first.waitFor();
    await one.at('keep', first).waitFor();
    assert.equal(await one.at('acknowledge', first).count(), 0, 'the one that waits');
    const bottom = await first.evaluate((element) => element.getBoundingClientRect().bottom);
    assert.ok(bottom < 740, `it ends ${bottom} px down`);
    await one.fits('reports');
    await shot(one, `faces-reports-${count}`, false);
    // All of a group with one act is a tap further.
    await one.at('whole-groups').locator('summary').click();
    await one.at('keep-all').waitFor();
    assert.equal(await one.page.locator('[data-test="settle-all"]').count(), count);
    await one.fits('whole groups');
    await shot(one, `faces-reports-groups-${count}`, false);
    one.clean(stage.server);
    await one.page.context().close();
  }
});

test('who waits at the door stands above what happened before; an undoing says how long it is possible', async (t) => {
  const stage = await scene(t, { groups: ['Harbour', 'Hills'], seats: 1 });
  const chrome = await browser(t);
  const now = Date.now();
  const change = (told) => {
    if (told.type !== 'desk') return;
    const { all } = told.desk;
    const closing = (number, seats, minutes) => ({ closing: number, seats, why: 'idle', only: 'idle', until: now + minutes * 60_000 });
    Object.assign(all, { at_door: 7, bursts: [{ burst: 1, seats: 40, seconds: 9, conduct: all.conduct }], closings: [closing(1, 30, 14), closing(2, 9, 1)] });
  };
  for (const locale of ['en', 'ar']) {
    const one = await phone(chrome, `the organizer, ${locale}`, { locale, colorScheme: 'dark' });
    await rewritten(one, { change });
    await one.open(here(stage, stage.created.organizer.url));
    await one.at('closing').waitFor();
    const top = (test) => one.at(test).evaluate((element) => element.getBoundingClientRect().top);
    assert.ok((await top('at-door')) < (await top('burst')));
    assert.ok((await top('burst')) < (await top('closing')));
    const left = await one.page.locator('[data-test="undo-left"]').allInnerTexts();
    assert.equal(new Set(left).size, 2, `two closings, told apart: ${left}`);
    if (locale === 'en') assert.match(left[0].replaceAll(/[\u2066-\u2069]/g, ''), /^This can be undone for 1[34] more minutes\.$/);
    await one.fits('the head count');
    await shot(one, `faces-undo-${locale}`);
    one.clean(stage.server);
    await one.page.context().close();
  }
});

test('staff and phones are told at the top that everything is about to be deleted', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const change = (told) => {
    if (told.type === 'state') told.state.purge_soon = Date.now() + 600_000;
  };
  for (const [who, address] of [['moderator', stage.created.groups[0].moderator.url], ['editor', stage.created.editor.url], ['phone', stage.created.join_url]]) {
    const one = await phone(chrome, who, { locale: 'ar' });
    await rewritten(one, { change });
    await one.open(here(stage, address));
    if (who === 'phone') await one.at('join-submit').click();
    await one.at('purge-soon').waitFor();
    const top = await one.at('purge-soon').evaluate((element) => element.getBoundingClientRect().top);
    assert.ok(top < 200, `${who}: the announcement is ${top} px down`);
    await one.fits(who);
    await one.page.context().close();
  }
});

test('a doubted clock is told at the top, with how far it is ahead', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const chrome = await browser(t);
  for (const [ahead, words] of [[31 * DAY_MS, '31 days'], [20 * 60_000, '20 minutes']]) {
    const one = await phone(chrome, words);
    await rewritten(one, { ending: (view) => { view.clock_ahead = ahead; } });
    await one.open(here(stage, stage.created.organizer.url));
    await one.shows(one.at('clock-ahead'), words);
    await one.fits('a doubted clock');
    await one.page.context().close();
  }
});

test('every address with a mistake shows a page that says what to do', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone', { locale: 'fr' });
  const broken = ['/join/%E0%A4%A', '/join/%D8%A7%D8%A8%D8%AC', '/join/x.y', `/join/${'A'.repeat(17)}`, '/join#%E0%A4%A', '/board#c=%E0%A4%A&t=%E0%A4%A'];
  const unknown = ['/nonsense', '/BOARD', '/%E0%A4%A', '/%00', '/board.html', '/join%2FABCDEF'];
  for (const address of [...broken, ...unknown]) {
    // An address that differs in its fragment alone would not be loaded anew.
    await one.page.goto('about:blank');
    const answer = await one.page.goto(`${stage.server.url}${address}`);
    assert.equal(answer.status(), unknown.includes(address) ? 404 : 200, address);
    await one.at('no-place').waitFor();
    assert.equal(await one.at('no-place').getAttribute('data-reason'), 'address', address);
    await one.shows(one.at('no-place'), 'code QR');
    await one.fits(address);
    await one.at('to-join').click();
    await one.at('join-code').waitFor();
  }
  await one.open(`${stage.server.url}/certificate#nothing`);
  await one.at('no-certificate').waitFor();
});

test('under a name that is not the server’s, people are told in six languages, and operators the flag', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone');
  // A name that resolves to this machine everywhere.
  const answer = await one.page.goto(`http://elsewhere.localhost:${stage.server.port}/join/ABCDEF`);
  assert.equal(answer.status(), 421);
  assert.match(answer.headers()['content-type'], /^text\/html/);
  for (const language of LANGUAGES) await one.page.locator(`p[lang="${language}"]`).waitFor();
  await one.shows(one.page.locator('code'), '--also-known-as elsewhere.localhost');
  await one.fits('a refused name');
  await shot(one, 'faces-refused-name');
});
