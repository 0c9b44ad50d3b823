// A moderator keeps a board in order on a phone: combine, undo, lock, restore, close a seat. Real browsers, 360 pixels.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const SHOTS = process.env.PLENUM_SHOTS;

async function moderated(t, { locale = 'en-GB', colorScheme = 'light' } = {}) {
  const stage = await scene(t, { groups: ['Harbour'], seats: 2 });
  const [group] = stage.groups;
  const { idea: one } = await stage.share('Teach every class how scams work');
  const { idea: two } = await stage.share('Scams explained in every class');
  const writer = await stage.hocuspocus(group.seats[1]);
  await writer.has(one);
  const chrome = await browser(t);
  const moderator = await phone(chrome, 'the moderator', { locale, colorScheme });
  const { pathname, search, hash } = new URL(stage.created.groups[0].moderator.url);
  await moderator.open(`${stage.server.url}${pathname}${search}${hash}`);
  await moderator.idea(one).waitFor();
  const shot = async (name) => SHOTS && moderator.page.screenshot({ path: `${SHOTS}/tidy-${locale}-${colorScheme}-${name}.png` });
  const ideas = async () => new Map((await stage.view()).ideas.map((idea) => [idea.id, idea]));
  const sheet = async (idea) => {
    await moderator.at('tidy', moderator.idea(idea)).click();
    await moderator.at('tidy-sheet').waitFor();
  };
  return { stage, group, one, two, writer, moderator, shot, ideas, sheet };
}

/** Every button of the sheet that is in sight is large enough for a thumb. */
async function largeEnough(moderator) {
  for (const button of await moderator.page.locator('[data-test="tidy-sheet"] button:visible').all()) {
    const { height } = await button.boundingBox();
    assert.ok(height >= 48, `${await button.textContent()}: ${height} px`);
  }
}

test('a moderator combines two ideas on a phone, undoes it, and takes apart what stays combined', async (t) => {
  const { stage, one, two, moderator, shot, ideas, sheet } = await moderated(t);
  await sheet(two);
  await largeEnough(moderator);
  await moderator.fits('the sheet');
  await shot('sheet');
  await moderator.at('tidy-combine').click();
  await shot('combine');
  const into = () => moderator.page.locator(`[data-test="tidy-into"][data-idea="${one}"]`);
  await into().click();
  await until('they are one', async () => (await ideas()).get(two).into === one);
  await moderator.at('folded', moderator.idea(one)).waitFor();
  await moderator.at('folded', moderator.idea(one)).locator('summary').click();
  await moderator.fits('a folded idea');
  await shot('folded');
  await moderator.page.locator('[data-test="undo"]').last().click();
  await until('they are two again', async () => (await ideas()).get(two).into === undefined);
  await sheet(two);
  await moderator.at('tidy-combine').click();
  await into().click();
  await moderator.at('folded', moderator.idea(one)).waitFor();
  await sheet(one);
  await moderator.at('tidy-apart').click();
  await until('they are apart', async () => (await ideas()).get(two).into === undefined);
  moderator.clean(stage.server);
  await stage.end();
});

for (const look of [{ locale: 'en-GB' }, { locale: 'ar', colorScheme: 'dark' }]) {
  test(`a moderator locks, restores and closes a seat on a phone (${look.locale})`, async (t) => {
    const { stage, one, writer, moderator, shot, ideas, sheet } = await moderated(t, look);
    writer.type(one, ' SPAM');
    await writer.recorded();
    await until('the moderator sees it', async () => (await moderator.idea(one).textContent()).includes('SPAM'));
    await sheet(one);
    await moderator.at('tidy-lock').click();
    await until('it is locked', async () => (await ideas()).get(one).locked === true);
    await moderator.at('idea-locked', moderator.idea(one)).waitFor();
    const path = `/api/boards/${stage.groups[0].id}/wordings/${one}`;
    const kept = async () => (await stage.api.json(path, { token: stage.groups[0].moderator })).wordings;
    await until('both wordings are kept', async () => (await kept()).length === 2);
    await sheet(one);
    await moderator.at('tidy-wordings').click();
    await moderator.page.locator('[data-test="tidy-restore"]').last().waitFor();
    await moderator.fits('earlier wordings');
    await largeEnough(moderator);
    await shot('wordings');
    await moderator.page.locator('[data-test="tidy-restore"]').last().click();
    await until('it is as it was', async () => (await ideas()).get(one).text === 'Teach every class how scams work');
    await sheet(one);
    await moderator.at('tidy-lock').click();
    await until('it is open', async () => (await ideas()).get(one).locked !== true);
    await writer.has(one);
    writer.type(one, ' AGAIN');
    await writer.recorded();
    await until('the moderator sees it', async () => (await moderator.idea(one).textContent()).includes('AGAIN'));
    await sheet(one);
    await moderator.at('tidy-writers').click();
    await moderator.at('tidy-close').first().click();
    await moderator.fits('who disrupts');
    await largeEnough(moderator);
    await shot('writers');
    await moderator.at('tidy-close').first().click();
    await until('the seat is closed', () => writer.denied === 'A moderator has closed this seat.');
    await until('and undone', async () => (await ideas()).get(one).text === 'Teach every class how scams work');
    stage.drop(writer);
    stage.groups[0].seats.pop();
    moderator.clean(stage.server);
    await stage.end();
  });
}

for (const look of [{ locale: 'en-GB' }, { locale: 'ar', colorScheme: 'dark' }]) {
  test(`C9: a moderator hides an idea from the menu of its card, with a reason (${look.locale})`, async (t) => {
    const { stage, group, one, two, moderator, shot, sheet } = await moderated(t, look);
    const desk = async () => (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: group.moderator })).groups[0].hidden ?? [];
    await sheet(one);
    await moderator.at('hide-idea', moderator.at('tidy-sheet')).locator('summary').click();
    await moderator.at('reason').check();
    await moderator.fits('the reasons');
    await shot('hide');
    await moderator.at('hide-submit').click();
    await moderator.idea(one).waitFor({ state: 'detached' });
    await until('it is hidden, with its words', async () => (await desk()).some(({ id, text }) => id === one && text !== ''));
    assert.equal(await moderator.at('tidy-sheet').count(), 0, 'the menu is closed');
    // For good: what was read is named.
    await sheet(two);
    await moderator.at('hide-idea', moderator.at('tidy-sheet')).locator('summary').click();
    await moderator.at('reason-personal').check();
    await moderator.at('hide-submit').click();
    await until('its words are deleted', async () => (await desk()).some(({ id, erased }) => id === two && erased));
    moderator.clean(stage.server);
    await stage.end();
  });
}
