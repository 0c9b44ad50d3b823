// The same phone page in another engine: a large board of Latin, Arabic and Chinese ideas in Firefox as Debian carries it.
// Opened, scrolled, searched, written on and voted on, in English and in Arabic. `PLENUM_IDEAS=9900` is the long form: a
// board that is not quite full.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phone } from '../harness/browser.mjs';
import { fillBoard, SCRIPTS, textIn } from '../harness/crowd.mjs';
import { firefox } from '../harness/firefox.mjs';
import { joinByLink, openIdea } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const IDEAS = Number(process.env.PLENUM_IDEAS ?? 300);
/** As in `large-board`: screens of 20 ideas each above and below, and what somebody is in. */
const DRAWN_MAX = 160;
const LONG = { timeout: 300_000 };

for (const [locale, words] of [
  ['en-GB', 'A lamp at the pier'],
  ['ar', 'مصباح على الرصيف'],
]) {
  test(`W15: a large board is opened, searched, written on and voted on in Firefox (${locale})`, async (t) => {
    const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { tallies: 'live' } });
    const [group] = stage.groups;
    const ideas = await fillBoard(stage, group, IDEAS, (at) => `${textIn(SCRIPTS[at % SCRIPTS.length], at, 200)} nr${at}.`);
    const other = await stage.hocuspocus(group.seats[0]);
    const one = await phone(await firefox(t), `Firefox ${locale}`, { locale });
    const drawn = () => one.page.locator('[data-test="idea"]').count();
    await joinByLink(one, stage);
    await one.at('idea').waitFor(LONG);
    assert.ok((await drawn()) <= DRAWN_MAX, `${await drawn()} are drawn`);
    await one.fits('a large board');
    await shot(one, `firefox-${locale}`, false);

    // Down to the last one, and back by a word of one in the middle.
    await until('the bottom', () => one.page.evaluate(() => {
      window.scrollTo(0, document.documentElement.scrollHeight);
      return window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 1;
    }));
    const order = (idea) => Number(other.doc.getMap('ideas').get(idea).get('order'));
    const far = ideas.toSorted((a, b) => order(b) - order(a))[0];
    await one.idea(far).waitFor();
    const wanted = Math.floor(IDEAS / 2);
    await one.at('find-ideas').fill(`NR${wanted}.`);
    await one.idea(ideas[wanted]).waitFor();
    await until('one is left', async () => (await drawn()) === 1);
    await shot(one, `firefox-${locale}-found`, false);

    // What is typed is on another phone letter by letter, and theirs here.
    const field = await openIdea(one, ideas[wanted]);
    await field.press('End');
    await field.pressSequentially(` ${words}`);
    await other.sees(ideas[wanted], words);
    other.type(ideas[wanted], '‹of another›', 0);
    await until('it is here', async () => (await field.inputValue()).includes('‹of another›'));
    await shot(one, `firefox-${locale}-edit`, false);
    await one.page.keyboard.press('Escape');

    await one.at('find-ideas').fill('');
    // An own idea stands at the end; a button leads there.
    await one.at('idea-text').fill(`${words}!`);
    await one.at('idea-share').click();
    await one.at('new-ideas').click();
    const own = one.page.locator('[data-test="idea"]').filter({ hasText: `${words}!` }).first();
    await own.locator('[data-test="idea-state"][data-state="recorded"]').waitFor();
    await other.sees(await own.getAttribute('data-idea'), `${words}!`);
    await shot(one, `firefox-${locale}-shared`, false);
    await stage.phase('vote');
    await one.at('find-ideas').fill(`NR${wanted}.`);
    await one.at('idea-approve', one.idea(ideas[wanted])).click();
    await until('it counts', async () => (await stage.view()).ideas.find(({ id }) => id === ideas[wanted]).tally === 1);
    await one.fits('the vote');
    await shot(one, `firefox-${locale}-vote`, false);
    one.clean(stage.server);
  });
}
