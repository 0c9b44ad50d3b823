// The model day by hands alone: everything is tapped and typed on screens 360 pixels wide, from the sample template to the
// deleted consultation. The organizer, a moderator, an editor and three phones, one in Arabic, one dark.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { shareOn } from '../harness/hands.mjs';
import { shot } from '../harness/shots.mjs';
import { KEY, startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

const TITLE = 'Youth and crime by technology';
const IDEAS = [
  'Teach every school class how fraud by telephone works',
  'Banks must pay back what was stolen by fraud',
  'A helpline that answers at night as well',
  'Free legal advice for victims',
  'A night helpline for young people',
  'Police who speak the language of the victims',
];

/** Opens a disclosure if it is shut. */
async function unfold(one, summary) {
  const shut = await summary.evaluate((element) => !element.parentElement.open);
  if (shut) await summary.click();
}

/** The link that a staff screen or the organizer's screen shows, on this server. */
const here = (server, address) => {
  const { pathname, search, hash } = new URL(address);
  return `${server.url}${pathname}${search}${hash}`;
};

test('the model day by hands: from the sample template to what is left of it', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  const chrome = await browser(t);
  const organizer = await phone(chrome, 'the organizer');
  const day = { server, chrome, organizer, api: new Api(server) };

  await prepare(day);
  await arrive(day);
  await brainstorm(day);
  await tidyUp(day);
  await vote(day);
  await stepBack(day);
  await promote(day);
  await signOff(day);
  await plenary(day);
  await end(day);
});

/** The sample is taken as it is, with another title; its links are made on the screen. */
async function prepare(day) {
  const { organizer, server } = day;
  await organizer.open(`${server.url}/organize#key=${KEY}`);
  await organizer.fits('the form');
  await shot(organizer, '01-create');
  await organizer.at('create-title').fill(TITLE);
  await organizer.at('create-submit').click();
  await organizer.at('door-toggle').waitFor();
  await organizer.fits('the desk');
  await shot(organizer, '02-desk');
  await organizer.at('door-toggle').click();
  await unfold(organizer, organizer.at('links').locator('summary').first());
  const link = (name) => organizer.at(`link-${name}`).inputValue();
  day.links = { moderator: here(server, await link('moderator')), editor: here(server, await link('editor')) };
  await shot(organizer, '03-links');
}

/** Three phones scan the code; they see the programme in the lobby and the briefing, and keep a draft for later. */
async function arrive(day) {
  const { chrome, organizer, server } = day;
  const code = (await organizer.at('room-code').textContent()).replaceAll(/[^A-Z0-9]/g, '');
  const looks = [{}, { locale: 'ar' }, { colorScheme: 'dark', locale: 'fr-FR' }];
  day.phones = [];
  day.moderator = await phone(chrome, 'the moderator');
  await day.moderator.open(day.links.moderator);
  await day.moderator.at('phase-control').waitFor();
  for (const [at, look] of looks.entries()) {
    const one = await phone(chrome, `phone ${at + 1}`, look);
    await one.open(`${server.url}/?c=${code}`);
    await one.at('join-code').fill(code);
    const choice = one.at('join-group');
    await choice.waitFor();
    await choice.selectOption({ index: 1 });
    await one.fits('the door');
    if (at === 1) await shot(one, '04-join-ar');
    await one.at('join-submit').click();
    await one.at('status-line').waitFor();
    day.phones.push(one);
  }
  const [first, arabic] = day.phones;
  await first.at('prepared').waitFor();
  await first.fits('the lobby');
  await shot(first, '05-lobby');
  await shot(arabic, '06-lobby-ar');
  await organizer.at('phase-briefing', organizer.at('phase-control')).click();
  await first.at('phase-briefing').waitFor();
  await first.at('idea-text').fill('Written during the briefing');
  await first.at('idea-share').click();
  await first.at('drafts').waitFor();
  await shot(first, '07-briefing');
}

/** The group writes, point by point; what is private first is revealed by the moderator. */
async function brainstorm(day) {
  const { organizer, phones, moderator } = day;
  await organizer.at('phase-brainstorm', organizer.at('phase-control')).click();
  day.ideas = [];
  for (const [at, words] of IDEAS.entries()) {
    const one = phones[at % phones.length];
    await one.at('phase-brainstorm').waitFor();
    day.ideas.push(await shareOn(one, words));
  }
  await phones[2].fits('writing');
  await shot(phones[2], '08-brainstorm-dark');
  // The sample's safe defaults: the moderator lets each idea in, then shows all of them at once.
  const waiting = (id) => moderator.page.locator(`[data-test="waiting"][data-idea="${id}"]`);
  for (const id of day.ideas) {
    await moderator.at('admit', waiting(id)).click();
    await waiting(id).waitFor({ state: 'detached' });
  }
  await moderator.at('reveal').click();
  await moderator.at('reveal').waitFor({ state: 'detached' });
  for (const one of phones) for (const id of day.ideas) await one.idea(id).waitFor();
  await moderator.fits('a moderator');
  await shot(moderator, '09-moderate');
  await unfold(moderator, moderator.at('divide'));
  await moderator.at('divide-minutes').fill('25');
  await moderator.fits('the time divided anew');
  await shot(moderator, '10-divide');
  await moderator.at('divide-apply').click();
  await moderator.at('next-point').click();
  // Whoever writes nothing is carried along to the next point, where there is nothing yet; the first is one tap away.
  await phones[0].idea(day.ideas[0]).waitFor({ state: 'detached' });
  await shot(phones[0], '11-next-point');
  for (const one of [moderator, ...phones]) await one.at('point').click();
  await phones[0].at('go-to-point').waitFor();
}

/** Two ideas that say the same are one; one that names somebody is hidden with a reason. */
async function tidyUp(day) {
  const { moderator, phones } = day;
  const [, , night, , same, hidden] = day.ideas;
  await moderator.at('tidy', moderator.idea(same)).click();
  await moderator.at('tidy-combine').click();
  await moderator.page.locator(`[data-test="tidy-into"][data-idea="${night}"]`).click();
  await phones[0].idea(same).waitFor({ state: 'detached' });
  await moderator.at('idea-open', moderator.idea(hidden)).click();
  await unfold(moderator, moderator.at('hide-idea').locator('summary'));
  await moderator.at('reason').check();
  await shot(moderator, '12-hide');
  await moderator.at('hide-submit').click();
  await phones[1].idea(hidden).waitFor({ state: 'detached' });
  await shot(phones[0], '13-combined');
}

/** The lock comes with twenty seconds to finish; then all approve what they like. */
async function vote(day) {
  const { organizer, phones, moderator } = day;
  await organizer.at('phase-vote', organizer.at('phase-control')).click();
  for (const one of phones) await one.at('phase-vote').waitFor();
  for (const [at, one] of phones.entries()) {
    for (const id of day.ideas.slice(at, at + 3).filter((idea) => idea !== day.ideas[4])) {
      await one.at('idea-approve', one.idea(id)).click();
      await one.idea(id).locator('[data-test="vote-state"][data-state="recorded"]').first().waitFor();
    }
  }
  await phones[1].fits('the vote');
  await shot(phones[1], '14-vote-ar');
  await moderator.at('phase-vote').waitFor();
}

/** One step back, a word mended, and on: who approved is asked whether that still holds. */
async function stepBack(day) {
  const { moderator, phones } = day;
  const [first] = phones;
  await moderator.at('phase-brainstorm', moderator.at('phase-control')).click();
  await first.at('phase-brainstorm').waitFor();
  await first.at('idea-open', first.idea(day.ideas[0])).click();
  await first.at('idea-edit').press('End');
  await first.at('idea-edit').pressSequentially(', with real examples');
  await first.at('idea-done').click();
  await moderator.shows(moderator.idea(day.ideas[0]), 'with real examples');
  await moderator.at('phase-vote', moderator.at('phase-control')).click();
  await first.at('vote-changed').waitFor();
  await first.fits('an approval to confirm');
  await shot(first, '15-vote-changed');
  await first.at('vote-still').click();
  await first.at('vote-changed').waitFor({ state: 'detached' });
}

/** The moderator sends the best on, in the order that the group wants. */
async function promote(day) {
  const { organizer, moderator } = day;
  await organizer.at('phase-review', organizer.at('phase-control')).click();
  await moderator.at('suggestion').waitFor();
  await moderator.at('promote-top').click();
  await unfold(moderator, moderator.at('card-order').locator('summary'));
  const words = () => moderator.at('card-order').locator('li .words').allTextContents();
  const before = await until('the card has several', async () => ((await words()).length > 1 ? words() : undefined));
  await moderator.at('order-down', moderator.at('card-order')).click();
  await until('the order has changed', async () => (await words())[0] === before[1]);
  await moderator.fits('the card');
  await shot(moderator, '16-card-order');
}

/** The group says of its card that this is what it said; one says in a line what is missing. */
async function signOff(day) {
  const [first, arabic] = day.phones;
  await first.at('agree').click();
  await arabic.at('line').fill('لم نتفق كلنا على هذا');
  await shot(arabic, '17-sign-off-ar');
  await arabic.at('say-line').click();
  await arabic.at('take-back').waitFor();
}

/** The list is made; the editor pins, words and freezes it; people in the room say what they think. */
async function plenary(day) {
  const { chrome, organizer, phones } = day;
  await organizer.at('phase-plenary', organizer.at('phase-control')).click();
  await organizer.at('merge').click();
  day.editor = await phone(chrome, 'the editor');
  const { editor } = day;
  await editor.open(day.links.editor);
  const item = editor.at('plenary-item');
  await item.waitFor();
  await editor.fits('the list');
  await shot(editor, '18-report');
  await unfold(editor, editor.at('item-acts', item).locator('summary'));
  await editor.at('pin', item).click();
  await editor.at('reword', item).click();
  await editor.at('item-wording').press('ControlOrMeta+Home');
  await editor.at('item-wording').pressSequentially('We ask the Member States: ');
  await editor.at('item-done').click();
  await phones[0].shows(phones[0].at('plenary-words'), 'We ask the Member States: A');
  await editor.at('freeze').click();
  await phones[2].fits('the list');
  await shot(phones[2], '19-list-dark');
  await shot(phones[1], '20-list-ar');
  await phones[0].at('my-ideas').click();
  await phones[0].at('my-idea').waitFor();
  await shot(phones[0], '21-my-ideas');
  await phones[0].page.keyboard.press('Escape');
}

/** The day is closed, exported and deleted; a certificate is left. */
async function end(day) {
  const { organizer, phones } = day;
  await organizer.at('phase-closed', organizer.at('phase-control')).click();
  await phones[0].at('phase-closed').waitFor();
  const saved = organizer.page.waitForEvent('download');
  await organizer.at('export-docx').click();
  assert.match((await saved).suggestedFilename(), /\.docx$/);
  // What is asked after this is answered with "gone", and a browser calls that an error.
  for (const one of [organizer, day.moderator, day.editor, ...phones]) one.clean(day.server);
  await organizer.at('purge-open').click();
  await organizer.at('confirm').fill(TITLE);
  await shot(organizer, '22-purge');
  await organizer.at('purge').click();
  await organizer.at('certificate').waitFor();
  await shot(organizer, '23-certificate');
  await phones[0].at('purged').waitFor();
  await shot(phones[0], '24-purged');
}
