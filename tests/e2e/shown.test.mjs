// What people see: a moderator's desk and a participant's phone for all of moderation, and payloads that stay inert and
// contained, at 360 pixels.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, shareOn } from '../harness/hands.mjs';
import { refused } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

/** A staff page of a consultation. */
async function staff(chrome, stage, name, link, options) {
  const one = await phone(chrome, name, options);
  const { pathname, hash } = new URL(link.url);
  await one.open(`${stage.server.url}${pathname}${hash}`);
  return one;
}

const targets = (one, where) =>
  one.page
    .evaluate(() =>
      [...document.querySelectorAll('button, summary, select, a.button')]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ name: element.dataset.test ?? element.textContent.trim(), height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height > 0 && height < 47.5),
    )
    .then((small) => assert.deepEqual(small, [], `${where}: targets are large enough`));

test('a moderator lets ideas in, hides one and shows it again, and hides the whole board; phones follow', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { moderation: true } });
  const chrome = await browser(t);
  const writer = await phone(chrome, 'the writer');
  await joinByLink(writer, stage);
  const moderator = await staff(chrome, stage, 'the moderator', stage.created.groups[0].moderator);
  const reader = await phone(chrome, 'the reader', { locale: 'ar' });
  await joinByLink(reader, stage);
  const id = await shareOn(writer, 'Street lights near the school');
  await writer.shows(writer.idea(id), 'Waits for the moderator');
  await moderator.at('admit').waitFor();
  await moderator.fits('the desk');
  await targets(moderator, 'the desk');
  await shot(moderator, 'desk-waiting');
  await moderator.at('admit').click();
  await reader.shows(reader.idea(id), 'Street lights');
  await shot(reader, 'board-ar');

  await moderator.at('idea-open', moderator.idea(id)).click();
  await moderator.at('hide-idea').locator('summary').click();
  await moderator.at('reason').click();
  await moderator.fits('the reasons');
  await targets(moderator, 'the reasons');
  await shot(moderator, 'hide');
  await moderator.at('hide-submit').click();
  await reader.idea(id).waitFor({ state: 'detached' });
  await moderator.at('hidden-ideas').click();
  await moderator.shows(moderator.at('hidden-idea'), 'Street lights');
  await moderator.at('unhide').click();
  await reader.shows(reader.idea(id), 'Street lights');

  await moderator.at('hide-board').click();
  await reader.at('board-hidden').waitFor();
  await reader.idea(id).waitFor({ state: 'detached' });
  await shot(reader, 'board-hidden-ar');
  await reader.fits('a hidden board');
  await moderator.at('hide-board').click();
  await reader.shows(reader.idea(id), 'Street lights');
  for (const one of [writer, moderator, reader]) one.clean(stage.server);
  await stage.end();
});

test('a participant reports, translates, finds what is like it, and calls for help; the safeguarding contact decides', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const writer = await phone(chrome, 'the writer', { locale: 'fr' });
  await joinByLink(writer, stage);
  const reader = await phone(chrome, 'the reader', { colorScheme: 'dark' });
  await joinByLink(reader, stage);
  const id = await shareOn(writer, 'Des lampadaires près de l’école');
  await reader.shows(reader.idea(id), 'lampadaires');
  await reader.at('idea-open', reader.idea(id)).click();
  await reader.at('translate').locator('summary').click();
  await reader.at('translation').fill('Street lights near the school');
  await shot(reader, 'translate-dark');
  await reader.at('translation-add').click();
  await reader.shows(reader.at('idea-words', reader.idea(id)), 'Street lights near the school');
  await reader.at('translation-edit').press('End');
  await reader.at('translation-edit').pressSequentially(', please');
  await reader.shows(reader.at('idea-words', reader.idea(id)), 'Street lights near the school, please');
  await reader.at('idea-done').click();
  await reader.at('idea-original', reader.idea(id)).click();
  await reader.shows(reader.at('idea-words', reader.idea(id)), 'lampadaires');

  const sent = [];
  reader.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
  await reader.at('idea-text').fill('more street lights close to school');
  await reader.page.locator(`[data-test="similar-open"][data-idea="${id}"]`).waitFor();
  await reader.fits('what is like it');
  await targets(reader, 'what is like it');
  await shot(reader, 'similar-dark');
  assert.ok(!sent.some((frame) => frame.includes('close to school')), 'no draft leaves the phone');
  await reader.at('idea-text').fill('');

  await reader.at('menu').click();
  await reader.at('help').click();
  await reader.at('help-called').waitFor();
  await reader.page.keyboard.press('Escape');
  const organizer = await staff(chrome, stage, 'the organizer', stage.created.organizer);
  await organizer.at('group-help').waitFor();
  await shot(organizer, 'organizer-help');
  await organizer.at('group-helped').click();

  const contact = await staff(chrome, stage, 'the safeguarding contact', stage.created.safeguarding);
  await reader.at('idea-open', reader.idea(id)).click();
  await reader.at('report-idea').locator('summary').click();
  await reader.at('report-danger').click();
  await targets(reader, 'a report');
  await shot(reader, 'report-dark');
  await reader.at('report-danger-sure').click();
  await reader.at('contacts').waitFor();
  await contact.shows(contact.at('alert'), 'lampadaires');
  // It is off the board; its author keeps a card that says so, and no reason.
  await writer.shows(writer.at('idea-state', writer.idea(id)), 'Retenue dans le groupe');
  await writer.at('my-ideas').click();
  await writer.at('contacts', writer.at('my-idea')).waitFor();
  await shot(writer, 'writer-contacts');
  await writer.page.keyboard.press('Escape');
  await contact.fits('the alerts');
  await targets(contact, 'the alerts');
  await shot(contact, 'alerts');
  await contact.at('acknowledge').click();
  await contact.at('acknowledge').waitFor({ state: 'detached' });
  await contact.at('show').click();
  await writer.shows(writer.idea(id), 'lampadaires');
  for (const one of [writer, reader, organizer, contact]) one.clean(stage.server);
  await stage.end();
});

test('a participant reports an entry of the list: it leaves the list at once, and who can help stays in sight', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const { idea } = await stage.share('Lamps near the school');
  await stage.phase('vote');
  await stage.api.approve(stage.groups[0].seats[0].token, idea);
  await stage.promote(idea);
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const reader = await phone(await browser(t), 'the reader', { locale: 'ar' });
  await joinByLink(reader, stage);
  await reader.shows(reader.at('plenary-item'), 'Lamps');
  await reader.at('report-idea').locator('summary').click();
  await targets(reader, 'a report of an entry');
  await reader.at('report-danger').click();
  await reader.fits('a report of an entry');
  await reader.at('report-danger-sure').click();
  await reader.at('plenary-item').waitFor({ state: 'detached' });
  await reader.at('contacts').waitFor();
  await shot(reader, 'entry-reported');
  const alerts = await stage.api.json(`/api/consultations/${stage.id}/alerts`, { token: stage.safeguarding });
  assert.deepEqual(alerts.map((alert) => alert.id), [idea]);
  reader.clean(stage.server);
  await stage.end();
});

const letter = (...codes) => String.fromCodePoint(...codes);
const scripts = [
  '<script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1">',
  '<svg onload="window.pwned = 1">',
  '"><iframe srcdoc="<script>parent.pwned = 1</script>">',
  'javascript:window.pwned=1',
  '{{constructor.constructor("window.pwned = 1")()}}',
  '${window.pwned = 1}',
  '<style>*{display:none}</style>',
  '</span><form action=//evil.example><input name=x></form>',
  '<a href="javascript:window.pwned=1">x</a>',
  '<math><mi xlink:href="data:x,<script>window.pwned = 1</script>">',
  '<body onload=window.pwned=1>',
];
const turns = [0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068];
const marks = [0x0300, 0x0335, 0x0489, 0x20dd, 0x0e49, 0x1ab0];
/** Letters of the block of tags: invisible, and able to say anything. */
const tags = (text) => [...text].map((one) => letter(0xe0000 + one.codePointAt(0))).join('');
const payloads = [
  ...scripts.flatMap((script) => [
    script,
    script.toUpperCase(),
    encodeURIComponent(script),
    script.replaceAll('<', '&lt;'),
    `مرحبا ${script} سلام`,
    `x${tags(script)}y`,
    ...turns.map((turn) => `${letter(turn)}${script}`),
    ...marks.map((mark) => `Z${letter(mark).repeat(60)}${script}`),
    ...scripts.map((other) => `${script}${other}`),
  ]),
  ...turns.flatMap((turn) => [
    `${letter(turn)}abc`,
    `abc${letter(turn)}def${letter(0x202c)}`,
    letter(turn).repeat(50),
    `txt.${letter(turn)}exe`,
    ...turns.map((other) => `a${letter(turn)}b${letter(other)}c`),
    ...marks.map((mark) => `${letter(turn)}Z${letter(mark).repeat(200)}`),
  ]),
  ...marks.flatMap((mark) => [`Z${letter(mark).repeat(100)}`, `a${letter(mark).repeat(300)}b`, `${letter(mark).repeat(50)} `]),
  'W'.repeat(1000),
  'ﷺ'.repeat(300),
  '𒐫'.repeat(200),
  `${letter(0x200b).repeat(500)}x`,
  'a\n'.repeat(200),
];
const real = ['السَّلامُ عَلَيْكُمْ ورحمة الله', 'می‌خواهیم کتاب‌های بیشتری بخوانیم', 'युवाओं को ऑनलाइन धोखाधड़ी से बचाएँ', '👩‍👩‍👧‍👦 🏴‍☠️ 👍🏽 🇺🇳', 'עִבְרִית עם ניקוד', 'Thanh niên cần được bảo vệ'];

/** Of so many ideas a page draws every one. */
const PER_BOARD = 90;

test(`${payloads.length} payloads are inert and contained, and real writing is unharmed`, async (t) => {
  const shares = [...payloads, ...real].map((text) => text.slice(0, 1000));
  assert.ok(payloads.length >= 500, `${payloads.length} payloads`);
  const groups = Array.from({ length: Math.ceil(shares.length / PER_BOARD) }, (_, number) => `Harbour ${number + 1}`);
  const stage = await scene(t, { groups, seats: 2, settings: { ideas_per_seat: 1000 } });
  const chrome = await browser(t);
  // What acts, or shows nothing, does not get so far (rule B8); all the rest stands on its board as it was written.
  const shown = stage.groups.map(() => []);
  for (const [index, text] of shares.entries()) {
    const at = Math.floor(index / PER_BOARD);
    const group = stage.groups[at];
    const share = stage.share(text, { group, seat: group.seats[index % group.seats.length] });
    if (/^[\s\p{M}\u200b\u202a-\u202e\u2066-\u2069]*$/u.test(text)) await refused(share, 'text-empty', JSON.stringify(text));
    else if (/[\u202a-\u202e]/u.test(text)) await refused(share, 'letters', JSON.stringify(text));
    else {
      await share;
      shown[at].push(text);
    }
  }
  const count = shown.flat().length;
  assert.ok(count > payloads.length / 2 && count < payloads.length, `${count} stand on the boards`);
  const room = await staff(chrome, stage, 'the room', stage.created.room, { width: 1280, height: 720 });
  await room.at('room-board').waitFor();
  const words = [];
  for (const [at, group] of stage.groups.entries()) {
    const reader = await staff(chrome, stage, `the reader of ${group.name}`, stage.created.groups[at].moderator);
    await until('all are on the phone', async () => (await reader.page.locator('[data-test="idea"]').count()) === shown[at].length);
    await inert(stage, reader);
    await reader.page.evaluate(() => document.querySelectorAll('.idea').forEach((card) => (card.style.contentVisibility = 'visible')));
    await reader.fits('all payloads');
    const text = await reader.page.evaluate(() => document.body.textContent);
    for (const turn of turns) assert.ok(!text.includes(letter(turn)) || letter(turn) === letter(0x2068), 'no letter that turns text is shown as such');
    words.push(...(await reader.page.locator('[data-test="idea-words"]').allTextContents()));
    // Nothing is painted outside of the box of its words, whatever is piled up in it.
    const outside = await reader.page.evaluate(() =>
      [...document.querySelectorAll('[data-test="idea-words"]')].filter((element) => getComputedStyle(element).overflowY !== 'clip').length,
    );
    assert.equal(outside, 0, 'words are clipped to their box');
    if (at === 0) await shot(reader, 'payloads', false);
    assert.deepEqual((await stage.view(group)).ideas.map((idea) => idea.text).sort(), shown[at].sort());
    await reader.page.context().close();
  }
  for (const one of real) assert.ok(words.includes(one), `unharmed: ${one}`);
  await inert(stage, room);
  await stage.end();
});

/** Nothing was executed, nothing was asked of anybody else. */
async function inert(stage, one) {
  assert.equal(await one.page.evaluate(() => window.pwned), undefined, `${one.name}: nothing was executed`);
  assert.deepEqual(one.errors.filter((error) => /Content Security|violat|refused/i.test(error)), [], `${one.name}: no CSP violation`);
  assert.equal([...one.hosts].length, 1, `${one.name} asked nobody but the server`);
}
