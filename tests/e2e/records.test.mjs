// What is kept for everybody to check, on real phones of 360 px: a group signs its card off, an author follows an idea, staff's
// words are in the ledger, the organizer ends it all. PLENUM_SHOTS=FOLDER keeps pictures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, shareOn } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

async function picture(one, name) {
  await one.fits(name);
  await shot(one, `records-${name}`);
}

/** A phone that came in by the QR code. */
async function comeIn(chrome, stage, name, options) {
  const one = await phone(chrome, name, options);
  await joinByLink(one, stage);
  return one;
}

test('C10, C11: a card is signed off, an idea is followed, the ledger is read, and all is deleted', async (t) => {
  const chrome = await browser(t);
  const stage = await scene(t, { groups: ['Harbour'], seats: 0, phase: 'brainstorm', settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const ann = await comeIn(chrome, stage, 'Ann');
  const amina = await comeIn(chrome, stage, 'Amina', { locale: 'ar', colorScheme: 'dark' });
  const idea = await shareOn(ann, 'Dig wells where people live');
  const moderator = await stage.hocuspocus(stage.staff(group.moderator));
  await moderator.has(idea);
  moderator.type(idea, ' now');
  await moderator.recorded();
  await stage.phase('vote');
  await stage.promote(idea, { group });
  await ann.shows(ann.at('group-card'), 'Dig wells where people live now');
  await picture(ann, 'card');
  await ann.at('agree').click();
  await ann.shows(ann.at('agreed'), '1');
  await amina.at('group-card').waitFor();
  await amina.at('line').fill('Wells run dry in summer');
  await amina.at('say-line').click();
  await ann.shows(ann.at('note'), 'Wells run dry in summer');
  await picture(amina, 'card-ar-dark');
  await stage.phase('plenary');
  await stage.api.command(stage.editor, { do: 'merge' });
  await ann.at('my-ideas').click();
  await ann.shows(ann.at('my-idea'), '1');
  await picture(ann, 'my-ideas');
  await ann.page.keyboard.press('Escape');
  await amina.at('menu').click();
  await amina.at('to-ledger').click();
  await until('the ledger is there', async () => (await amina.page.locator('[data-test="ledger-line"]').count()) > 3);
  await picture(amina, 'ledger-ar-dark');
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.room });
  assert.ok(ledger.some((line) => line.did === 'worded' && line.by === 'moderator' && line.idea === idea), JSON.stringify(ledger));
  await reports(chrome, stage);
  await ends(chrome, stage, ann);
  ann.clean(stage.server);
});

async function reports(chrome, stage) {
  const editor = await phone(chrome, 'the editor');
  await editor.open(stage.created.editor.url.replace(/^https?:\/\/[^/]+/, stage.api.url));
  await editor.shows(editor.at('cards'), 'Wells run dry in summer');
  await picture(editor, 'report');
}

async function ends(chrome, stage, ann) {
  const organizer = await phone(chrome, 'the organizer');
  await organizer.open(stage.created.organizer.url.replace(/^https?:\/\/[^/]+/, stage.api.url));
  const contact = await phone(chrome, 'the safeguarding contact');
  await contact.open(stage.created.safeguarding.url.replace(/^https?:\/\/[^/]+/, stage.api.url));
  await contact.page.getByText('There are no reports').first().waitFor();
  await stage.phase('closed');
  await ann.at('kept-until').waitFor();
  await organizer.at('participation').waitFor();
  await picture(organizer, 'end-folded');
  await organizer.at('purge-open').click();
  await picture(organizer, 'end');
  await organizer.at('confirm').fill('not its title');
  await organizer.at('purge').click();
  await organizer.page.getByText('Type the title or the code', { exact: false }).last().waitFor();
  await organizer.at('confirm').fill('a consultation');
  await organizer.at('purge').click();
  await organizer.at('certificate').waitFor();
  await picture(organizer, 'certificate');
  for (const one of [ann, contact]) await one.at('purged').waitFor();
  await picture(ann, 'purged');
  const kept = await ann.page.evaluate(() => Object.keys(localStorage).filter((key) => /^plenum\/(at|place)\//.test(key)));
  assert.deepEqual(kept, [], 'nothing of it is left on the phone');
  const address = await organizer.at('certificate-address').innerText();
  const reader = await phone(chrome, 'who has the address', { locale: 'fr' });
  await reader.open(address);
  await reader.at('certificate').waitFor();
}

test('figures of the end from which one under five would come out are not told either, on the whole screen', async (t) => {
  const stage = await scene(t, { groups: ['Harbour', 'Hills', 'Plain'], seats: 0, phase: 'brainstorm' });
  const [harbour, hills, plain] = stage.groups;
  for (const [group, seats] of [[harbour, 9], [hills, 6], [plain, 2]]) {
    for (let at = 0; at < seats; at += 1) await stage.join(group);
    await stage.share(`Of ${group.name}`, { group });
  }
  const ideas = await Promise.all(stage.groups.map(async (group) => (await stage.view(group)).ideas[0].id));
  await stage.phase('vote');
  for (const [at, group] of stage.groups.entries()) for (const { token } of group.seats.slice(0, 7)) await stage.api.approve(token, ideas[at]);
  await stage.phase('closed');
  const ending = await stage.api.json(`/api/consultations/${stage.id}/ending`, { token: stage.organizer });
  const told = ending.participation.map(({ seats, voted }) => [seats, voted]);
  assert.deepEqual(told, [[9, 7], ['some', 'some'], ['some', 'some']]);
  const chrome = await browser(t);
  for (const [name, look] of [['en', {}], ['ar-dark', { locale: 'ar', colorScheme: 'dark' }]]) {
    const one = await phone(chrome, name, look);
    await one.open(stage.created.organizer.url.replace(/^https?:\/\/[^/]+/, stage.api.url));
    await one.at('end-some').waitFor();
    const says = await one.at('participation').innerText();
    assert.ok(!/[<＜]/.test(says), says);
    await picture(one, `end-some-${name}`);
  }
  await stage.end();
});
