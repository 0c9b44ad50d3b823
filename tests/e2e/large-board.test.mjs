// A board of very many ideas on a phone (rule W15): what is drawn is what is near the screen, every idea is reached by
// scrolling and by its words, and a change of one idea draws that idea only. `PLENUM_IDEAS=10000` is the long form;
// `bench/boards.mjs page` prints how long things take.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { fillBoard, SCRIPTS, textIn } from '../harness/crowd.mjs';
import { joinByLink, openIdea } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const IDEAS = Number(process.env.PLENUM_IDEAS ?? 300);
/** Screens of 20 ideas each above and below, and what somebody is in. */
const DRAWN_MAX = 160;
const LONG = { timeout: 300_000 };

const drawn = (one) => one.page.locator('[data-test="idea"]').count();
const frames = (one) => one.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Scrolls down screen by screen; gives the ids in the order in which they were first drawn. */
async function scrolledThrough(one) {
  const seen = new Set();
  for (;;) {
    for (const id of await one.page.locator('[data-test="idea"]').evaluateAll((all) => all.map(({ dataset }) => dataset.idea))) seen.add(id);
    assert.ok((await drawn(one)) <= DRAWN_MAX, `${await drawn(one)} are drawn`);
    const more = await one.page.evaluate(() => {
      const before = window.scrollY;
      window.scrollBy(0, window.innerHeight);
      return window.scrollY > before;
    });
    await frames(one);
    if (!more) return [...seen];
  }
}

test('W15: a phone draws what is near its screen of a large board, and reaches all of it', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [group] = stage.groups;
  const text = (at) => `${textIn(SCRIPTS[at % SCRIPTS.length], at, 200)} nr${at}.`;
  const ideas = await fillBoard(stage, group, IDEAS, text);
  const one = await phone(await browser(t), 'a phone');
  await joinByLink(one, stage);
  await one.at('idea').waitFor(LONG);
  assert.ok((await drawn(one)) <= DRAWN_MAX, `${await drawn(one)} are drawn`);
  await one.fits('a large board');
  await shot(one, 'large-board', false);

  const reached = await scrolledThrough(one);
  assert.deepEqual(reached.toSorted(), ideas.toSorted(), 'scrolling reaches every idea');

  // Somebody shares one: a button leads to it, wherever this phone is.
  await one.page.evaluate(() => window.scrollTo(0, 0));
  await frames(one);
  const last = await stage.share('The very last of all ideas');
  await one.at('new-ideas').click();
  await one.idea(last.idea).waitFor();

  // By its words, in any part of the board.
  const wanted = Math.floor(IDEAS / 2);
  await one.at('find-ideas').fill(`NR${wanted}.`);
  await one.idea(ideas[wanted]).waitFor();
  assert.equal(await drawn(one), 1);
  assert.match(await one.at('found-ideas').innerText(), /1/);
  await shot(one, 'large-board-found', false);

  // It is opened and written in as on a small board.
  const field = await openIdea(one, ideas[wanted]);
  await field.press('End');
  await field.pressSequentially(' and more');
  const client = await stage.hocuspocus(group.seats[0]);
  await client.sees(ideas[wanted], ' and more');
  one.clean(stage.server);
});

test('W15: a letter of somebody else draws one idea of a large board, and no other', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [group] = stage.groups;
  const ideas = await fillBoard(stage, group, IDEAS, (at) => `Idea ${at}`);
  const client = await stage.hocuspocus(group.seats[0]);
  const one = await phone(await browser(t), 'a phone');
  await joinByLink(one, stage);
  await one.at('idea').waitFor(LONG);
  const first = await one.at('idea').getAttribute('data-idea');
  await until('nothing moves any more', async () => {
    await one.page.evaluate(() => {
      window.drawn ??= new Set();
      window.drawn.clear();
      window.watch ??= new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          window.drawn.add(element?.closest('[data-test="idea"]')?.dataset.idea ?? '');
        }
      });
      window.watch.observe(document.querySelector('[data-test="ideas"]'), { subtree: true, childList: true, characterData: true });
    });
    await frames(one);
    return one.page.evaluate(() => window.drawn.size === 0);
  });
  client.type(first, '‹a letter›', 0);
  await one.shows(one.idea(first), '‹a letter›');
  await frames(one);
  assert.deepEqual(await one.page.evaluate(() => [...window.drawn]), [first]);
  // What is far away is not drawn, and is right when it comes near.
  const order = (idea) => Number(client.doc.getMap('ideas').get(idea).get('order'));
  const far = ideas.toSorted((a, b) => order(b) - order(a))[0];
  client.type(far, '‹far away›', 0);
  await client.recorded();
  await one.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await one.shows(one.idea(far), '‹far away›');
});

test('W15: a moderator of a large board combines two ideas by the words of the other', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [group] = stage.groups;
  const ideas = await fillBoard(stage, group, IDEAS, (at) => `Idea ${at} about lamps`);
  await stage.phase('review');
  const one = await phone(await browser(t), 'a moderator');
  const { pathname, hash } = new URL(stage.created.groups[0].moderator.url);
  await one.open(`${stage.server.url}${pathname}${hash}`);
  await one.at('idea').waitFor(LONG);
  const first = await one.at('idea').getAttribute('data-idea');
  await one.at('tidy', one.idea(first)).click();
  await one.at('tidy-combine').click();
  const others = one.page.locator('[data-test="tidy-into"]');
  await others.first().waitFor();
  assert.equal(await others.count(), 50);
  await one.fits('combining');
  await shot(one, 'large-board-combine', false);
  const number = ideas[IDEAS - 7] === first ? IDEAS - 8 : IDEAS - 7;
  await one.at('find-other').fill(`idea ${number} lamps`);
  await until('one is left', async () => (await others.count()) === 1);
  await others.first().click();
  await until('they are one', async () => (await stage.view()).ideas.find(({ id }) => id === first).into === ideas[number]);
});
