// Rule C25 on the screen: the editor settles texts that say something like deleted words; a moderator sees ideas that repeat them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const NUMBER = '079 555 99 88';
const NOTE = `A person who can be reached at any hour under ${NUMBER} told us how it went for them`;
const OPENING = `Many of us were called from ${NUMBER} in that week, and nobody said anything about it at home`;

async function at(one, stage, link) {
  const { pathname, search, hash } = new URL(link);
  await one.open(`${stage.server.url}${pathname}${search}${hash}`);
}

for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark']]) {
  test(`c25 an editor puts one text back and writes another anew (${locale})`, async (t) => {
    const stage = await scene(t, { seats: 2, settings: { tallies: 'live' } });
    const [group] = stage.groups;
    const bad = await stage.share(`My number is ${NUMBER}, call me`, { kind: 'recommendation' });
    const good = await stage.share('Schools teach how to see a fraud', { kind: 'recommendation' });
    const same = await stage.share(`My number: is ${NUMBER}. Call me!`, { seat: group.seats[1] });
    for (const { idea } of [bad, good]) await stage.promote(idea, { group });
    await stage.api.command(stage.organizer, { do: 'merge' });
    const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
    await until('the list is read', () => editor.doc.getMap('items').size === 2);
    editor.doc.getMap('items').get(itemOf(good.idea)).get('note').insert(0, NOTE);
    editor.doc.getMap('statement').get('opening').insert(0, OPENING);
    await editor.recorded();
    await stage.api.command(group.moderator, { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true });

    const chrome = await browser(t);
    const desk = await phone(chrome, 'the editor', { locale, colorScheme });
    await at(desk, stage, stage.created.editor.url);
    const text = (name) => desk.page.locator(`[data-test="doubtful-text"][data-text="${name}"]`);
    const [note, opening] = [text(`note/${itemOf(good.idea)}`), text('statement/opening')];
    await note.waitFor();
    assert.ok((await note.textContent()).includes(NUMBER), 'who settles it reads it');
    await desk.fits('the texts that were taken off');
    await shot(desk, `settling-${locale}`);
    for (const button of ['doubtful-keep', 'doubtful-reword', 'doubtful-delete']) {
      assert.ok((await desk.at(button, note).boundingBox()).height >= 44, button);
    }
    const list = () => stage.api.plenary(stage.room, stage.id);
    await desk.at('doubtful-keep', opening).click();
    await opening.waitFor({ state: 'detached' });
    await until('it is back', async () => (await list()).statement.opening === OPENING);
    await desk.at('doubtful-reword', note).click();
    assert.equal(await desk.at('doubtful-instead').inputValue(), '', 'it begins without the deleted words');
    await desk.at('doubtful-instead').fill('A helpline at any hour');
    await shot(desk, `settling-anew-${locale}`);
    await desk.at('doubtful-save').click();
    await note.waitFor({ state: 'detached' });
    await until('it says something else', async () => (await list()).items[0].note === 'A helpline at any hour');

    const moderator = await phone(chrome, 'the moderator', { locale, colorScheme });
    await at(moderator, stage, stage.created.groups[0].moderator.url);
    const repeat = moderator.page.locator(`[data-test="repeat"][data-idea="${same.idea}"]`);
    await repeat.waitFor();
    await moderator.fits('the ideas that repeat');
    await shot(moderator, `repeats-${locale}`);
    await moderator.at('repeat-leave', repeat).click();
    await repeat.waitFor({ state: 'detached' });
    await stage.end();
  });
}

test('c25 staff find a name wherever it stands, as far as they may read it', async (t) => {
  const stage = await scene(t, { seats: 2, settings: { tallies: 'live' }, points: ['What would Maria say?'] });
  const [group, hills] = stage.groups;
  const typed = await stage.share('Lamps at the school', { kind: 'recommendation' });
  const hidden = await stage.share('That is what MARÍA wants');
  await stage.share('A library', { group: hills });
  const writer = await stage.hocuspocus(group.seats[1]);
  await writer.has(typed.idea);
  writer.type(typed.idea, ', ask Maria about it');
  await writer.recorded();
  await stage.api.command(group.moderator, { do: 'hide', idea: hidden.idea, reason: 'off-topic' });
  await stage.promote(typed.idea, { group });
  await stage.api.command(stage.organizer, { do: 'merge' });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  await until('the list is read', () => editor.doc.getMap('items').has(itemOf(typed.idea)));
  editor.doc.getMap('items').get(itemOf(typed.idea)).get('note').insert(0, 'maria, 079 555 99 88');
  await editor.recorded();

  const chrome = await browser(t);
  const found = async (name, link, asked, options) => {
    const one = await phone(chrome, name, options);
    await at(one, stage, link);
    await one.at('find-everywhere').locator('summary').click();
    await one.at('find-words').fill(asked);
    await one.at('find-submit').click();
    await one.page.locator('[data-test="find-stage"][data-stage="done"]').waitFor();
    await one.fits(`what was found by ${name}`);
    await shot(one, `found-${name.replaceAll(' ', '-')}`);
    const places = await one.page.locator('[data-test="found"]').evaluateAll((all) => all.map((each) => each.dataset.where));
    one.clean(stage.server);
    return [...new Set(places)].sort();
  };
  const { organizer, groups } = stage.created;
  assert.deepEqual(await found('the organizer', organizer.url, 'Maria', { locale: 'ar', colorScheme: 'dark' }), ['board', 'hidden', 'list', 'prepared']);
  assert.deepEqual(await found('a moderator', groups[0].moderator.url, '0795559988'), ['list']);
  assert.deepEqual(await found('a moderator of another group', groups[1].moderator.url, 'Maria'), ['list'], 'nothing of the first group');
  await stage.end();
});

test('C14: a name that was edited out of a text is found in its earlier wordings, and deleted from there', async (t) => {
  const stage = await scene(t, { seats: 2, groups: ['Harbour'] });
  const [group] = stage.groups;
  const { idea } = await stage.share('Ask Maria for lamps at the school');
  const writer = await stage.hocuspocus(group.seats[1]);
  await writer.has(idea);
  writer.erase(idea, 'Ask Maria for lamps at the school');
  writer.type(idea, 'Lamps at the school');
  await writer.recorded();
  const pages = () => stage.api.json(`/api/boards/${group.id}/wordings`, { token: group.moderator });
  await until('both wordings are kept', async () => (await pages()).ideas[0]?.wordings.length > 1);
  await assert.rejects(stage.api.json(`/api/boards/${group.id}/wordings`, { token: group.seats[0].token }), { code: 'forbidden' });
  const chrome = await browser(t);
  for (const [name, link, options] of [['a moderator', stage.created.groups[0].moderator.url, {}], ['the organizer', stage.created.organizer.url, { locale: 'ar', colorScheme: 'dark' }]]) {
    const one = await phone(chrome, name, options);
    await at(one, stage, link);
    await one.at('find-everywhere').locator('summary').click();
    await one.at('find-words').fill('maria');
    await one.at('find-submit').click();
    await one.page.locator('[data-test="find-stage"][data-stage="done"]').waitFor();
    const found = one.page.locator('[data-test="found"][data-where="wording"]').first();
    await found.waitFor();
    const places = await one.page.locator('[data-test="found"]').evaluateAll((all) => all.map((each) => each.dataset.where));
    assert.deepEqual(new Set(places), new Set(['wording']), 'the idea itself does not say it any more');
    await one.fits('an earlier wording');
    await shot(one, `found-wording-${name.replaceAll(' ', '-')}`);
    if (name === 'the organizer') {
      await one.at('hide-idea', found).locator('summary').click();
      await one.at('reason-personal', found).check();
      await one.at('hide-submit', found).click();
      await until('none of it is shown any more', async () => (await one.page.locator('[data-test="found"]').count()) === 0);
    }
    one.clean(stage.server);
  }
  await until('nothing of it is left', async () => (await pages()).all === 0);
  await stage.end();
});

for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark']]) {
  test(`c25 from what was found one tap leads to its idea, or to where it is decided (${locale})`, async (t) => {
    const stage = await scene(t, { seats: 2, settings: { tallies: 'live', plenary_vote: 'off' }, points: ['What would Maria say?'] });
    const [group] = stage.groups;
    const bad = await stage.share('Maria knows who did it', { kind: 'recommendation' });
    const listed = await stage.share('Lamps at the school', { kind: 'recommendation' });
    await stage.promote(listed.idea, { group });
    await stage.api.command(group.seats[1].token, { do: 'sign-off', group: group.id, line: 'Maria was not asked' });
    await stage.phase('plenary');
    await stage.api.command(stage.editor, { do: 'merge' });
    await stage.api.command(group.seats[1].token, { do: 'object', item: itemOf(listed.idea), line: 'Maria says no' });
    const chrome = await browser(t);
    const look = async (name, link) => {
      const one = await phone(chrome, name, { locale, colorScheme });
      await at(one, stage, link);
      await one.at('find-everywhere').locator('summary').first().click();
      await one.at('find-words').fill('maria');
      await one.at('find-submit').click();
      await one.page.locator('[data-test="find-stage"][data-stage="done"]').waitFor();
      return { one, found: (where) => one.page.locator(`[data-test="found"][data-where="${where}"]`).first() };
    };
    const focused = (one, place) => one.page.locator(`${place}:focus`).waitFor();

    const organizer = await look('the organizer', stage.created.organizer.url);
    await organizer.one.fits('what was found');
    await shot(organizer.one, `found-leads-${locale}`);
    for (const [where, place] of [['line', '[data-line]'], ['card', '[data-note]'], ['prepared', '[data-test="prepare-points"]']]) {
      await organizer.one.at('found-show', organizer.found(where)).click();
      await focused(organizer.one, place);
    }
    await organizer.one.page.locator('[data-line] [data-test="hide-line"]').click();
    await until('the objection has no words', async () => {
      const { items } = await stage.api.plenary(stage.room, stage.id);
      return items[0].responses.lines.length === 0;
    });

    const moderator = await look('a moderator', stage.created.groups[0].moderator.url);
    await shot(moderator.one, `found-moderator-${locale}`);
    await moderator.one.at('found-open', moderator.found('board')).click();
    await moderator.one.at('idea-sheet').waitFor();
    await moderator.one.at('idea-done').click();
    await moderator.one.at('hide-idea', moderator.found('board')).locator('summary').click();
    await moderator.one.at('reason-personal', moderator.found('board')).check();
    await moderator.one.at('hide-submit', moderator.found('board')).click();
    await until('its words are deleted', async () => !(await stage.view()).ideas.some(({ id }) => id === bad.idea));
    await moderator.found('board').waitFor({ state: 'detached' });
    for (const { one } of [organizer, moderator]) one.clean(stage.server);
    await stage.end();
  });
}

for (const [locale, colorScheme] of [['en-GB', 'light'], ['ar', 'dark']]) {
  test(`c25 after words were deleted a desk shows by itself who typed them into other ideas (${locale})`, async (t) => {
    const stage = await scene(t, { seats: 2 });
    const [group, hills] = stage.groups;
    const bad = await stage.share('Somebody to ask');
    const beside = await stage.share('Lamps at the school');
    const other = await stage.share('A library', { group: hills });
    const harmless = await stage.share('More buses');
    const [writer, away] = [await stage.hocuspocus(group.seats[1]), await stage.hocuspocus(hills.seats[1])];
    await writer.has(harmless.idea);
    await away.has(other.idea);
    // The number is typed, also into the idea that is erased: no command ever said it.
    writer.type(bad.idea, `: ${NUMBER}`);
    writer.type(beside.idea, `, or call 0041 ${NUMBER.slice(1)}`);
    away.type(other.idea, ` (${NUMBER})`);
    for (const one of [writer, away]) await one.recorded();
    const erase = { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true, read: read(`Somebody to ask: ${NUMBER}`) };
    await stage.api.command(group.moderator, erase);
    const chrome = await browser(t);
    const desk = async (name, link) => {
      const one = await phone(chrome, name, { locale, colorScheme });
      await at(one, stage, link);
      return one;
    };
    const repeat = (one, idea) => one.page.locator(`[data-test="repeat"][data-idea="${idea}"]`);
    const [mine, theirs] = [await desk('the moderator', stage.created.groups[0].moderator.url), await desk('another moderator', stage.created.groups[1].moderator.url)];
    await mine.shows(repeat(mine, beside.idea), NUMBER.slice(1));
    await theirs.shows(repeat(theirs, other.idea), NUMBER);
    assert.equal(await mine.at('repeats').locator('li').count(), 1, 'nothing else, and nothing of another group');
    await mine.fits('what repeats');
    await shot(mine, `repeats-typed-${locale}`);
    await mine.at('repeat-open', repeat(mine, beside.idea)).click();
    await mine.at('idea-sheet').waitFor();
    await mine.at('idea-done').click();
    await mine.at('hide-idea', repeat(mine, beside.idea)).locator('summary').click();
    await mine.at('reason-personal', repeat(mine, beside.idea)).check();
    await mine.at('hide-submit', repeat(mine, beside.idea)).click();
    await repeat(mine, beside.idea).waitFor({ state: 'detached' });
    await until('its words are deleted', async () => !(await stage.view()).ideas.some(({ id }) => id === beside.idea));
    for (const one of [mine, theirs]) one.clean(stage.server);
    await stage.end();
  });
}
