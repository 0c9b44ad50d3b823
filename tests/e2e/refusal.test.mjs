// A phone of which a frame was changed on the way: it is refused, says so calmly, offers the words back and goes on
// working. Real browsers, 360 pixels wide.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { corruptWire } from '../harness/corrupt.mjs';
import { joinByLink, openIdea } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const SHOTS = process.env.PLENUM_SHOTS;

/** Two phones on a board with an idea; the first one's wire can be told to change a frame. */
async function twoPhones(t, { locale, colorScheme, before }) {
  const stage = await scene(t, { groups: ['Harbour'] });
  const { idea } = await stage.share(before, { lang: locale.slice(0, 2) });
  const chrome = await browser(t);
  const first = await phone(chrome, 'the phone on a bad wire', { locale, colorScheme });
  const second = await phone(chrome, 'the other phone', { locale, colorScheme });
  await first.page.addInitScript(corruptWire);
  for (const one of [first, second]) await joinByLink(one, stage);
  const wire = () => first.page.evaluate(() => window.wire);
  const shot = async (name) => SHOTS && first.page.screenshot({ path: `${SHOTS}/${locale}-${name}.png` });
  return { stage, idea, first, second, wire, shot };
}

/** Opens the idea and types at its end; the first update is changed on the way. Waits until all of it stands in the field. */
async function typeAndBeRefused({ stage, idea, first, second, wire }, before, typed) {
  const field = await openIdea(first, idea);
  await until('the field shows the idea', async () => (await field.inputValue()) === before);
  await first.page.evaluate(() => {
    window.wire.next = true;
  });
  await field.press('End');
  await field.pressSequentially(typed);
  await first.at('returned').waitFor();
  assert.equal(await field.inputValue(), before + typed, 'every letter that was typed is there, also those after the refusal');
  assert.equal((await wire()).changed, 1);
  assert.equal((await stage.view()).ideas[0].text, before, 'nothing of it is on the board');
  await second.shows(second.idea(idea), before);
  await first.fits('with returned words');
  return field;
}

/** Both phones and the server show these words; the refusal was one, and nobody had an error. */
async function goesOn({ stage, idea, first, second, wire }, words) {
  for (const one of [first, second]) await one.shows(one.idea(idea), words);
  await until('it is recorded', async () => (await stage.view()).ideas[0].text === words);
  await first.page.locator('[data-test="status-line"][data-state="recorded"]').waitFor();
  assert.equal((await wire()).refusals, 1, 'refused once, no loop');
  assert.equal(await first.page.locator('[data-test="returned"]').count(), 0, 'nothing is left to decide');
  for (const one of [first, second]) one.clean(stage.server);
  await stage.end();
}

test('W5: a refused phone keeps every letter in its field, puts them in again, and goes on writing', async (t) => {
  const [before, typed] = ['Teach it early', ' and often'];
  const hands = await twoPhones(t, { locale: 'en-GB', colorScheme: 'light', before });
  const { idea, first, second, shot } = hands;
  const field = await typeAndBeRefused(hands, before, typed);
  await shot('sheet');
  await first.at('returned-put-in').click();
  await second.shows(second.idea(idea), before + typed);
  await field.press('End');
  await field.pressSequentially(', everywhere');
  await second.shows(second.idea(idea), `${before}${typed}, everywhere`);
  await first.at('idea-done').click();
  await goesOn(hands, `${before}${typed}, everywhere`);
});

test('W5: in Arabic: the words wait on the board, over a reload too, and go in beside what others wrote meanwhile', async (t) => {
  const [before, typed] = ['نعلّم الأمان الرقمي', ' في كل مدرسة'];
  const hands = await twoPhones(t, { locale: 'ar', colorScheme: 'dark', before });
  const { stage, idea, first, wire, shot } = hands;
  await typeAndBeRefused(hands, before, typed);
  await shot('sheet');
  await first.at('idea-done').click();
  await first.shows(first.at('returned'), before + typed);
  await first.fits('with returned words on the board');
  await shot('board');
  const refusals = (await wire()).refusals;
  await first.page.reload();
  await first.shows(first.at('returned'), before + typed);
  const other = await stage.hocuspocus(stage.groups[0].seats[0]);
  await other.has(idea);
  other.type(idea, 'هيا، ', 0);
  await first.shows(first.idea(idea), `هيا، ${before}`);
  await first.page.evaluate((earlier) => {
    window.wire.refusals += earlier;
  }, refusals);
  await first.at('returned-put-in').click();
  await first.at('idea-edit').waitFor();
  await first.at('idea-done').click();
  await shot('after');
  await goesOn(hands, `هيا، ${before}${typed}`);
});

test('W5: letters in an idea that is hidden before they arrive are offered back, whatever way its deletion takes', async (t) => {
  const [before, typed] = ['Teach it early', ' and often'];
  const { stage, idea, first, wire } = await twoPhones(t, { locale: 'en-GB', colorScheme: 'light', before });
  const field = await openIdea(first, idea);
  await until('the field shows the idea', async () => (await field.inputValue()) === before);
  await first.page.evaluate(() => {
    window.wire.lose = true;
  });
  await field.press('End');
  await field.pressSequentially(typed);
  await until('nothing of it has left', async () => (await wire()).lost > 0);
  // The phone learns that the idea is gone, then comes back with a document in which its letters are deleted, too.
  await stage.api.command(stage.groups[0].moderator, { do: 'hide', idea, reason: 'off-topic' });
  await first.idea(idea).waitFor({ state: 'detached' });
  const { step2s } = await wire();
  await first.page.evaluate(() => {
    window.wire.lose = false;
    window.wire.cut();
  });
  await until('it is here again', async () => (await wire()).step2s > step2s);
  const kept = () => first.page.evaluate(() => Object.entries(localStorage).find(([name]) => name.endsWith('/returned'))?.[1] ?? '');
  await until('its words are offered back', async () => (await kept()).includes(before + typed));
  assert.equal(await first.at('idea-edit').inputValue(), before + typed);
  await stage.end();
});

test('W5, C33: words that were refused in the group\'s wording of an entry go in again by one tap', async (t) => {
  const [before, typed] = ['Teach it early', ' in every school'];
  const { stage, idea, first, second, wire, shot } = await twoPhones(t, { locale: 'en-GB', colorScheme: 'light', before });
  await stage.phase('review');
  await stage.promote(idea);
  const entry = (one) => one.page.locator(`[data-test="entry-wording"][data-idea="${idea}"] textarea`);
  await until('the entry is there', async () => (await entry(first).inputValue()) === before);
  await first.page.evaluate(() => {
    window.wire.next = true;
  });
  await entry(first).press('End');
  // At once: after the refusal the field is there anew, without the focus.
  await first.page.keyboard.insertText(typed);
  await first.shows(first.at('returned'), typed);
  assert.equal((await stage.view()).ideas[0].entry, before, 'nothing of it is on the board');
  await first.fits('with returned words of an entry');
  await shot('entry');
  await first.at('returned-put-in').click();
  await until('the other phone has it', async () => (await entry(second).inputValue()) === before + typed);
  assert.equal((await wire()).refusals, 1);
  assert.equal(await first.page.locator('[data-test="returned"]').count(), 0, 'nothing is left to decide');
  assert.equal(await first.page.locator('[data-test="idea-edit"]').count(), 0, 'no idea is opened');
  for (const one of [first, second]) one.clean(stage.server);
  await stage.end();
});
