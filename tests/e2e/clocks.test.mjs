// Phones whose clock is years off: the server's time is the only one. Real browsers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, openIdea, shareOn } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const YEAR_MS = 365 * 24 * 3600 * 1000;
const YEARS = { 'the phone that is right': 0, 'the phone years ahead': 11, 'the phone years behind': -24 };

/** Runs in the page, before anything else: its clock is off by so much. */
function clockOff(off) {
  const Real = Date;
  window.Date = class extends Real {
    constructor(...parts) {
      if (parts.length === 0) super(Real.now() + off);
      else super(...parts);
    }

    static now() {
      return Real.now() + off;
    }
  };
}

const seconds = (text) => {
  const [minutes, rest] = text.split(':').map(Number);
  return minutes * 60 + rest;
};

test('phones whose clock is years off share, write together, vote and see the same time left as others', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { tallies: 'live' } });
  const chrome = await browser(t);
  const phones = [];
  for (const [name, years] of Object.entries(YEARS)) {
    const one = await phone(chrome, name);
    await one.page.addInitScript(clockOff, years * YEAR_MS);
    await joinByLink(one, stage);
    assert.equal(await one.page.evaluate(() => new Date().getFullYear()), new Date(Date.now() + years * YEAR_MS).getFullYear());
    phones.push(one);
  }
  const ideas = [];
  for (const one of phones) ideas.push(await shareOn(one, `An idea of ${one.name}`));
  for (const one of phones) for (const idea of ideas) await one.idea(idea).waitFor();
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.id), ideas, 'in the order in which they came');
  for (const one of phones) {
    const field = await openIdea(one, ideas[0]);
    await field.press('End');
    await field.pressSequentially('!');
    await one.at('idea-done').click();
  }
  for (const one of phones) await one.shows(one.idea(ideas[0]), 'An idea of the phone that is right!!!');

  await stage.api.command(stage.organizer, { do: 'phase', phase: 'vote', minutes: 7 });
  for (const one of phones) await one.at('idea-approve', one.idea(ideas[1])).click();
  for (const one of phones) await one.shows(one.at('idea-tally', one.idea(ideas[1])), '3');
  const [, , behind] = phones;
  await behind.at('idea-approve', behind.idea(ideas[1])).click();
  for (const each of phones) await each.shows(each.at('idea-tally', each.idea(ideas[1])), '2');
  const left = async () => Promise.all(phones.map(async ({ page }) => seconds(await page.getByRole('timer').first().innerText())));
  const spread = (times) => Math.max(...times) - Math.min(...times);
  await until(async () => `all show the same time left: ${await left()}`, async () => spread(await left()) <= 1);
  for (const each of await left()) assert.ok(each > 6 * 60 && each <= 7 * 60, `${each} s of seven minutes are left`);
  for (const each of phones) each.clean(stage.server);
  await stage.end();
});
