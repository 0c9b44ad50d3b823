// An editor curates the list and a moderator the board's pairs, in real browsers: what they press is what the plenary shows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { itemOf } from '../harness/items.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const WORDS = [
  'Teach every class how online scams work',
  'Teach every school class how online scams work and end',
  'A hotline for victims of fraud',
  'Free buses for everybody',
];

async function at(one, stage, link) {
  const { pathname, search, hash } = new URL(link);
  await one.open(`${stage.server.url}${pathname}${search}${hash}`);
}

const shot = async (one, name) => process.env.PLENUM_SHOTS && one.page.screenshot({ path: `${process.env.PLENUM_SHOTS}/curate-${name}.png`, fullPage: true });

/** Four ideas in two groups, the first two nearly the same; the list of all in its plenary. */
async function listed(t) {
  const stage = await scene(t, { seats: 3 });
  const [harbour, hills] = stage.groups;
  const ideas = [];
  for (const [at, text] of WORDS.entries()) ideas.push((await stage.share(text, { kind: 'recommendation', group: at === 3 ? hills : harbour })).idea);
  await stage.phase('vote');
  for (const [at, idea] of ideas.slice(0, 3).entries()) for (const seat of harbour.seats.slice(at)) await stage.api.approve(seat.token, idea);
  await stage.phase('review');
  for (const idea of ideas) await stage.api.promote(stage.organizer, idea);
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  const items = async () => (await stage.api.plenary(stage.editor, stage.id)).items;
  return { stage, ideas, items };
}

for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark']]) {
  test(`an editor pins, keeps off, cuts, re-ranks, joins and takes apart (${locale})`, async (t) => {
    const { stage, ideas, items } = await listed(t);
    const [one, two, three, four] = ideas.map((idea) => itemOf(idea));
    const chrome = await browser(t);
    const desk = await phone(chrome, 'the editor', { locale, colorScheme });
    await at(desk, stage, stage.created.editor.url);
    const entry = (id) => desk.page.locator(`[data-test="plenary-item"][data-item="${id}"]`);
    const acts = async (id) => {
      await entry(id).waitFor();
      const details = entry(id).locator('[data-test="item-acts"]');
      if ((await details.getAttribute('open')) === null) await details.locator('summary').first().click();
      return (name) => details.locator(`[data-test="${name}"]`);
    };
    // First the pair: it is offered, and both become one entry.
    const pair = desk.at('same-pair').first();
    await pair.waitFor();
    await desk.fits('the pairs');
    await shot(desk, `pairs-${locale}`);
    for (const button of ['same-yes', 'same-no']) assert.ok((await desk.at(button, pair).boundingBox()).height >= 48, button);
    await desk.at('same-yes', pair).click();
    await until('one entry of both', async () => (await items()).find(({ id }) => id === one)?.sources.length === 2);
    await entry(two).waitFor({ state: 'detached' });
    await (await acts(one))('apart').click();
    await until('apart again', async () => (await items()).some(({ id }) => id === two));
    // What comes first, and what stays off.
    await (await acts(four))('pin').click();
    await until('it is first', async () => (await items())[0].id === four);
    await until('the screen says so', async () => (await entry(four).getAttribute('data-number')) === '1');
    await (await acts(three))('exclude').click();
    await entry(three).waitFor({ state: 'detached' });
    assert.ok(!(await items()).some(({ id }) => id === three));
    // Cut, rule and weights.
    await desk.at('ranking').locator('summary').click();
    await desk.at('cut-recommendations').fill('1');
    await desk.at('rule').selectOption('votes');
    await desk.at('weights').selectOption('person');
    await desk.at('reorders').waitFor();
    await desk.fits('the ranking');
    await shot(desk, `ranking-${locale}`);
    await desk.at('rank').click();
    // One place, and beside it the best of the group that would not be heard.
    const status = async (id) => (await items()).find((item) => item.id === id).status;
    await until('the cut is after one', async () => (await status(two)) === 'below');
    assert.deepEqual([await status(four), await status(one)], ['listed', 'listed']);
    await until('the screen says so', async () => (await entry(two).getAttribute('data-status')) === 'below');
    const { decisions } = await stage.api.json(`/api/plenary/${stage.id}/suggestions`, { token: stage.editor });
    assert.deepEqual([decisions.rule, decisions.weights, decisions.k.recommendations, decisions.pins, decisions.exclude], ['votes', 'person', 1, [four], [three]]);
    desk.clean(stage.server);
    await stage.end();
  });
}

for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark']]) {
  test(`a moderator tells a pair of the board apart, undoes it, and combines it (${locale})`, async (t) => {
    const { stage, ideas, items } = await listed(t);
    const [one, two] = ideas;
    const chrome = await browser(t);
    const moderator = await phone(chrome, 'the moderator', { locale, colorScheme });
    await at(moderator, stage, stage.created.groups[0].moderator.url);
    const pair = moderator.at('same-pair').first();
    await pair.waitFor();
    await moderator.fits('the pairs of the board');
    await shot(moderator, `board-pairs-${locale}`);
    await moderator.at('same-no', pair).click();
    await moderator.at('board-pairs').waitFor({ state: 'detached' });
    const apart = async () => (await stage.api.json(`/api/plenary/${stage.id}/suggestions`, { token: stage.editor })).decisions.not_duplicate;
    await until('they are told apart', async () => (await apart()).length === 1);
    await moderator.page.locator('[data-test="undo"]').last().click();
    await pair.waitFor();
    assert.deepEqual(await apart(), []);
    await moderator.at('same-yes', pair).click();
    // The first has more votes: it stands for both, on the board and on the list.
    await until('they are one on the board', async () => (await stage.view()).ideas.find(({ id }) => id === two).into === one);
    await until('and on the list', async () => (await items()).find(({ id }) => id === itemOf(one))?.sources.length === 2);
    await moderator.at('board-pairs').waitFor({ state: 'detached' });
    moderator.clean(stage.server);
    await stage.end();
  });
}
