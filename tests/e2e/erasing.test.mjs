// Rule C25: what is deleted is gone, wherever it was copied to, and whenever the server is killed.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { encodeStateAsUpdate } from 'yjs';
import { read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { killsWhileDeleting } from '../harness/erasing.mjs';
import { joinByLink, openIdea, shareOn } from '../harness/hands.mjs';
import { keptOn, putRows, rowsOn } from '../harness/keptOn.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { told } from '../harness/told.mjs';
import { until } from '../harness/until.mjs';
import { itemOf } from '../harness/items.mjs';

const NUMBER = '079 555 99 88';
const filesOf = (folder) => readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
const holds = (folder, words) => filesOf(folder).some((bytes) => bytes.includes(words));

test('c25 erased words leave the wordings, notes, statement and exports, and every file', async (t) => {
  const stage = await scene(t, { seats: 2, settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const bad = await stage.share(`My number is ${NUMBER}, call me`, { kind: 'recommendation' });
  const good = await stage.share('Schools teach how to see a fraud', { kind: 'recommendation' });
  for (const { idea } of [bad, good]) await stage.promote(idea, { group });
  await stage.phase('brainstorm');
  await stage.api.command(stage.organizer, { do: 'merge' });
  for (const { idea } of [bad, good]) await stage.api.command(stage.editor, { do: 'reword', item: itemOf(idea) });
  const editor = await stage.hocuspocus(stage.staff(stage.editor, `plenary/${stage.id}`));
  await until('the list is read', () => editor.doc.getMap('items').size === 2);
  const note = editor.doc.getMap('items').get(itemOf(good.idea)).get('note');
  note.insert(0, `A person who can be reached at any hour under ${NUMBER} told us how it went for them`);
  const opening = editor.doc.getMap('statement').get('opening');
  opening.insert(0, `Somebody wrote: my number is ${NUMBER}, call me! That is how much trust there was in the room that day.`);
  await editor.recorded();

  await stage.api.command(group.moderator, { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true });
  await until('the item without words is gone', () => editor.doc.getMap('items').size === 1);
  const list = await stage.api.plenary(group.seats[0].token, stage.id);
  assert.deepEqual(list.items.map((item) => [item.wording, item.note]), [[good.text, '']], 'what is like it is told to nobody');
  assert.equal(list.statement.opening, 'Somebody wrote: ! That is how much trust there was in the room that day.');
  const marked = () => editor.doc.getMap('about').get('doubtful');
  assert.deepEqual(marked(), [`note/${itemOf(good.idea)}`], 'and named for who settles it');
  const phone = await stage.hocuspocus({ ...stage.staff(group.seats[1].token, `plenary/${stage.id}`) });
  await until('a phone has the list', () => phone.doc.getMap('items').size === 1);
  assert.ok(!Buffer.from(encodeStateAsUpdate(phone.doc)).includes(NUMBER), 'what a phone holds does not say it');
  const taken = (token) => stage.api.json(`/api/plenary/${stage.id}/doubtful`, { token });
  const { texts } = await taken(stage.editor);
  assert.deepEqual(texts.map(({ text, words }) => [text, words.includes(NUMBER)]), [[`note/${itemOf(good.idea)}`, true]]);
  for (const token of [group.seats[0].token, group.moderator, stage.room]) {
    await assert.rejects(taken(token), { code: 'forbidden' }, 'it is read by who may settle it alone');
  }
  for (const token of [group.seats[0].token, group.moderator, stage.organizer, stage.room]) {
    assert.ok(!(await told(stage, token)).includes(NUMBER), 'no view and no export says it');
  }
  const settle = (keep, words = texts[0].words) => stage.api.command(stage.editor, { do: 'settle-text', text: `note/${itemOf(good.idea)}`, keep, read: read(words) });
  assert.equal(note.toString(), '', 'it left the document of who is writing in it as well');
  note.insert(0, 'A helpline');
  await editor.recorded();
  assert.equal(marked().length, 1, 'what is written in its place does not settle it');
  for (const keep of [true, false]) await assert.rejects(settle(keep, 'Other words'), { code: 'stale' });
  await settle(false);
  await until('it is settled', () => marked().length === 0);
  for (const keep of [true, false]) await assert.rejects(settle(keep), { code: 'nothing-there' }, 'it is settled once');
  assert.deepEqual(await taken(stage.editor), { texts: [] });
  assert.equal((await stage.api.plenary(stage.editor, stage.id)).items[0].note, 'A helpline');
  // The letters that were taken out last leave the files with the next deletion or snapshot.
  const last = await stage.share('To be taken back');
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea: last.idea, receipt: last.receipt });
  await until('no file holds the words', () => !holds(stage.server.data, NUMBER));
  for (const name of readdirSync(stage.server.data)) {
    assert.equal(statSync(path.join(stage.server.data, name)).mode & 0o077, 0, `${name} is its owner's alone`);
  }
  await stage.end();
});

/** An idea with a number, and lines on the group's card and in the room that say it. */
async function quoted(t) {
  const stage = await scene(t, { seats: 6, settings: { tallies: 'live', plenary_vote: 'off' } });
  const [group] = stage.groups;
  const bad = await stage.share(`My number is ${NUMBER}, call me`, { kind: 'recommendation' });
  const good = await stage.share('Schools teach how to see a fraud', { kind: 'recommendation' });
  for (const { idea } of [bad, good]) await stage.promote(idea, { group });
  await stage.phase('plenary');
  await stage.api.command(stage.organizer, { do: 'merge' });
  const [first, second, third, ...rest] = group.seats.map(({ token }) => token);
  const note = (token, line) => stage.api.command(token, { do: 'sign-off', group: group.id, line });
  const object = (token, line) => stage.api.command(token, { do: 'object', item: itemOf(good.idea), line });
  await note(first, `You forgot: ${NUMBER}, call me`);
  await note(second, 'Somebody can be reached at any hour of the day under +41 79 555 99 88 as we were told');
  await note(third, 'Not all of us were asked');
  await object(first, `My number is ${NUMBER}, call me`);
  await object(second, 'Maria can be reached at any hour of the day under 0795559988 as we were told');
  await object(third, 'Who pays for it?');
  const card = (token) => stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token });
  const kept = async () => {
    for (const token of [rest[0], group.moderator, stage.organizer, stage.editor, stage.room]) {
      const { signed, ...others } = await card(token);
      const undecided = signed.notes.flatMap((note) => note.undecided ?? []);
      // Who settles a note that is like deleted words reads it beside its place, and nobody else.
      const settles = [group.moderator, stage.organizer].includes(token);
      assert.deepEqual(undecided, settles ? ['Somebody can be reached at any hour of the day under +41 79 555 99 88 as we were told'] : []);
      const notes = signed.notes.map(({ undecided: _, ...note }) => note);
      const all = `${await told(stage, token)}${JSON.stringify([others, notes])}`;
      assert.ok(!/555.?99.?88/u.test(all), 'no view and no export says it');
    }
    const { notes } = (await card(group.moderator)).signed;
    const reasons = notes.map(({ line, hidden }) => line ?? hidden).sort();
    assert.deepEqual(reasons, ['Not all of us were asked', 'like-deleted', 'personal-data']);
    const item = (await stage.api.plenary(rest[0], stage.id)).items.find(({ id }) => id === itemOf(good.idea));
    assert.deepEqual([item.responses.object, item.responses.lines.map(({ text }) => text)], [3, ['Who pays for it?']]);
    await until('no file holds what was equal', () => !holds(stage.server.data, 'You forgot'));
    assert.ok(!holds(stage.server.data, '0795559988'), 'nor what was said in the room');
    return notes;
  };
  return { stage, group, bad, kept };
}

test('c25 erased words leave the lines on cards and in the room, and the ledger says so', async (t) => {
  const { stage, group, bad, kept } = await quoted(t);
  await stage.api.command(group.moderator, { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true });
  const notes = await kept();
  const entries = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.organizer });
  const did = entries.map((entry) => entry.did);
  assert.deepEqual(['note-hidden', 'objection-hidden'].map((one) => did.filter((each) => each === one).length), [2, 2]);
  const like = notes.find(({ hidden }) => hidden === 'like-deleted').id;
  await stage.api.command(group.moderator, { do: 'hide-note', note: like });
  const again = await stage.api.json(`/api/consultations/${stage.id}/group-cards/${group.id}`, { token: group.moderator });
  assert.ok(again.signed.notes.find(({ id }) => id === like).line.includes('+41'), 'who moderates can show it again');
  await stage.end();
});

test('c25 on the page of who settles such a note its words stand beside its place, and are deleted there', async (t) => {
  const { stage, group, bad, kept } = await quoted(t);
  await stage.api.command(group.moderator, { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true });
  await kept();
  const chrome = await browser(t);
  const of = (link) => `${stage.server.url}${new URL(link.url).pathname}${new URL(link.url).hash}`;
  const organizer = await phone(chrome, 'the organizer', { locale: 'ar', colorScheme: 'dark' });
  const moderator = await phone(chrome, 'the moderator');
  await organizer.open(of(stage.created.organizer));
  await moderator.open(of(stage.created.groups[0].moderator));
  for (const one of [organizer, moderator]) {
    await one.shows(one.at('undecided-note'), '+41 79 555 99 88');
    await one.fits('the words of a note that nobody settled');
    await one.at('undecided-note').scrollIntoViewIfNeeded();
  }
  await shot(organizer, 'undecided-organizer');
  await shot(moderator, 'undecided-moderator');
  await moderator.at('delete-note').click();
  for (const one of [organizer, moderator]) await one.at('undecided-note').waitFor({ state: 'detached' });
  await until('no file holds the words', () => !holds(stage.server.data, 'at any hour of the day under +41'));
  for (const one of [organizer, moderator]) one.clean(stage.server);
  await stage.end();
});

test('c25 withdrawn words leave the lines as well, but nobody deletes them by way of the late shelf', async (t) => {
  const { stage, group, bad, kept } = await quoted(t);
  const late = await stage.share('Who pays for it?', { do: 'shelve' });
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea: late.idea, receipt: late.receipt });
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea: bad.idea, receipt: bad.receipt });
  await kept();
  await stage.end();
});

test('c25 ideas that repeat erased words are shown to who may hide them, and to nobody else', async (t) => {
  const stage = await scene(t, { seats: 2, settings: { tallies: 'live' } });
  const [harbour, hills] = stage.groups;
  const bad = await stage.share(`Call Maria: ${NUMBER}`);
  const same = await stage.share(`call maria ${NUMBER.replaceAll(' ', '-')}!`, { group: hills });
  const quoting = await stage.share(`Somebody wrote: Call Maria, ${NUMBER}, at night`, { seat: harbour.seats[1] });
  await stage.share('Call your mothers', { group: hills });
  await stage.api.command(hills.moderator, { do: 'hide', idea: same.idea, reason: 'hurts' });
  const repeats = async (token) => {
    const { groups } = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token });
    return groups.flatMap((group) => group.repeats ?? []).map(({ id }) => id);
  };
  const counts = async () => {
    const { groups } = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer });
    return groups.map((group) => group.repeats_all ?? 0);
  };
  assert.deepEqual(await counts(), [0, 0]);
  await stage.api.command(harbour.moderator, { do: 'hide', idea: bad.idea, reason: 'personal-data', erase: true });
  assert.deepEqual(await counts(), [1, 1], 'in every group, hidden ones as well; the organizer is told numbers');
  assert.deepEqual(await repeats(harbour.moderator), [quoting.idea]);
  assert.deepEqual(await repeats(hills.moderator), [same.idea]);
  assert.equal((await stage.view(harbour, harbour.seats[0].token)).ideas.length, 1, 'nothing else was deleted unasked');
  await stage.api.command(hills.moderator, { do: 'hide', idea: same.idea, reason: 'personal-data', erase: true });
  await stage.api.command(harbour.moderator, { do: 'hide', idea: quoting.idea, reason: 'personal-data', erase: true });
  assert.deepEqual(await counts(), [0, 0]);
  await until('no file holds the words', () => !holds(stage.server.data, 'at night'));
  await stage.end();
});

test('c25 what was erased or taken back is left on no phone: no row of a database says it, and nothing that was put aside', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0 });
  const chrome = await browser(t);
  const [author, reader, away] = await Promise.all(['the author', 'a reader', 'who is away'].map((name) => phone(chrome, name)));
  for (const one of [author, reader, away]) await joinByLink(one, stage);
  const bad = await shareOn(author, `My number is ${NUMBER}`);
  const back = await shareOn(author, 'Words to be taken back');
  const stays = await shareOn(author, 'Words that stay');
  await (await openIdea(reader, bad)).fill(`My number is ${NUMBER}, ask for Quittenbaum`);
  await reader.at('idea-done').click();
  for (const one of [author, reader, away]) {
    await one.shows(one.idea(bad), 'Quittenbaum');
    for (const id of [back, stays]) await one.idea(id).waitFor();
  }
  const deleted = [NUMBER, 'Quittenbaum', 'Words to be taken back'];
  const says = async (one) => {
    const kept = await keptOn(one);
    assert.ok(kept.includes('Words that stay'), `${one.name} keeps the board`);
    return deleted.filter((words) => kept.includes(words));
  };
  for (const one of [author, reader, away]) await until(`${one.name} has a copy`, async () => (await says(one)).length === 3);
  const board = away.page.url();
  const before = await rowsOn(away);
  // A page of the same address that is none of ours.
  const nowhere = `${stage.server.url}/nowhere`;
  await away.page.route(nowhere, (route) => route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' }));
  await away.open(nowhere);

  await stage.api.command(stage.groups[0].moderator, { do: 'hide', idea: bad, reason: 'personal-data', erase: true });
  await author.at('idea-open', author.idea(back)).click();
  await author.at('idea-withdraw').click();
  for (const one of [author, reader]) await until(async () => `${one.name} keeps ${await says(one)}`, async () => (await says(one)).length === 0);
  await author.at('my-ideas').click();
  await author.at('my-idea-erased').waitFor();
  assert.deepEqual(
    await author.page.locator('[data-test="my-idea"]').evaluateAll((rows) => rows.map((row) => row.querySelector('.words')?.textContent ?? null)),
    [null, null, 'Words that stay'],
  );
  await author.fits('own ideas whose words are gone');
  await shot(author, 'erased-own');

  assert.equal((await says(away)).length, 3, 'a phone whose page is closed cannot be told');
  await away.open(board);
  await until('it forgets when it comes back', async () => (await says(away)).length === 0);
  // As a page left it that was closed before it had written its copy anew.
  await away.open(nowhere);
  await putRows(away, before);
  assert.equal((await says(away)).length, 3);
  await away.open(board);
  await until('each start writes the copy anew', async () => (await says(away)).length === 0);
  for (const one of [author, reader, away]) {
    await one.idea(stays).waitFor();
    one.clean(stage.server);
  }
  await stage.end();
});

test('c25 twenty kills at every step of withdraw, erase, restore and purge leave no word in any file', async (t) => {
  const cycles = 20;
  const pause = (cycle) => (cycle % 10) / 2;
  const { left } = await killsWhileDeleting(t, { cycles, pause, say: (line) => t.diagnostic(line) });
  assert.deepEqual(left, []);
});
