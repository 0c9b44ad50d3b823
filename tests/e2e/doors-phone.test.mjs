// The door in people's hands: how many taps from a scan to an idea, a door that lets in by itself, seats that come back,
// move, go to a second phone, and share one; the organizer's door and cards.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, pressJoin, shareOn } from '../harness/hands.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const TAPS_MAX = 3;
const here = (stage, link) => {
  const { pathname, search, hash } = new URL(link);
  return `${stage.server.url}${pathname}${search}${hash}`;
};
const organize = (stage, command) => stage.api.command(stage.organizer, command);

/** Keeps a picture, if somebody wants to look. */
async function shot(one, name) {
  const folder = process.env.PLENUM_SHOTS;
  if (folder) await one.page.screenshot({ path: path.join(folder, `doors-${name}.png`), fullPage: true });
}

async function join(one, stage) {
  await one.open(here(stage, stage.created.join_url));
  await pressJoin(one);
  await one.at('status-line').waitFor();
}

async function menu(one) {
  await one.at('menu').click();
  await one.at('seat-menu').waitFor();
}

test('from the scanned link to the first shared idea it is three taps', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone');
  await one.page.addInitScript(() => {
    // Counted by the page itself: whatever the hand touched.
    addEventListener('pointerdown', () => sessionStorage.setItem('taps', Number(sessionStorage.getItem('taps') ?? 0) + 1), true);
  });
  await one.open(here(stage, stage.created.join_url));
  await one.at('join-submit').tap();
  await one.at('idea-text').tap();
  await one.page.keyboard.type('Teach it early');
  await one.at('idea-share').tap();
  await one.page.locator('[data-test="idea-state"][data-state="recorded"]').first().waitFor();
  const taps = Number(await one.page.evaluate(() => sessionStorage.getItem('taps')));
  t.diagnostic(`${taps} taps`);
  assert.ok(taps >= 1 && taps <= TAPS_MAX, `${taps} taps`);
  const boards = await Promise.all(stage.groups.map((group) => stage.view(group)));
  assert.deepEqual(boards.flatMap(({ ideas }) => ideas.map(({ text }) => text)), ['Teach it early']);
  one.clean(stage.server);
  await stage.end();
});

test('who presses Join before the door answered is asked for the group first; with one group they are in by that press', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const chrome = await browser(t);
  const seats = async () => (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer })).groups.map((group) => group.seats);
  for (const [at, look] of [{}, { locale: 'ar', colorScheme: 'dark' }].entries()) {
    const one = await phone(chrome, `phone ${at + 1}`, look);
    await one.open(`${stage.server.url}/join`);
    await one.at('join-code').fill(stage.created.code);
    await one.at('join-submit').click();
    await one.at('join-choose').waitFor();
    await until('the choice has the focus', () => one.at('join-group').evaluate((field) => field === document.activeElement));
    await one.fits('the choice of a group');
    await shot(one, `choose-${at + 1}`);
    assert.deepEqual(await seats(), [0, at], 'nobody was put into a group unasked');
    await one.at('join-group').selectOption(stage.groups[1].id);
    await one.at('join-submit').click();
    await one.at('status-line').waitFor();
    assert.deepEqual(await seats(), [0, at + 1]);
    one.clean(stage.server);
  }
  await stage.end();
  const alone = await scene(t, { groups: ['Harbour'], seats: 0 });
  const one = await phone(chrome, 'where there is one group');
  await one.open(`${alone.server.url}/join`);
  await one.at('join-code').fill(alone.created.code);
  await one.at('join-submit').click();
  await one.at('status-line').waitFor();
  await alone.end();
});

test('a phone before a closed door is told when it opens, in its language, and is let in by itself', async (t) => {
  const stage = await scene(t, { seats: 0, phase: 'lobby', settings: { door_open: false } });
  const far = Date.now() + 42 * 60_000;
  await organize(stage, { do: 'door', open: false, opens_at: far });
  const chrome = await browser(t);
  const [first, typing] = [await phone(chrome, 'one who scanned', { locale: 'fr-FR' }), await phone(chrome, 'one who types', { locale: 'ar', colorScheme: 'dark' })];
  await first.open(here(stage, stage.created.join_url));
  const said = first.at('opens-at');
  await said.waitFor();
  assert.equal(await said.getAttribute('data-at'), String(far));
  const time = await first.page.evaluate((at) => new Intl.DateTimeFormat('fr', { timeStyle: 'short' }).format(at), far);
  if (new Date(far).getDate() === new Date().getDate()) await first.shows(said, time);
  await first.shows(said, '42 minutes');
  assert.equal(await first.at('join-submit').isDisabled(), true);
  await typing.open(`${stage.server.url}/join`);
  await typing.at('join-code').fill(stage.created.code);
  await typing.at('opens-at').waitFor();
  for (const one of [first, typing]) await one.fits('a closed door');
  await first.page.reload();
  await said.waitFor();
  await shot(first, 'opens-at-fr');
  const leaving = await phone(chrome, 'one who waits no longer');
  await leaving.open(here(stage, stage.created.join_url));
  await leaving.at('join-other').click();
  await leaving.at('join-code').waitFor();
  await leaving.page.reload();
  await leaving.at('join-code').waitFor();
  await shot(typing, 'opens-at-ar-dark');
  await organize(stage, { do: 'door', open: false, opens_at: Date.now() + 3_000 });
  for (const one of [first, typing]) {
    await one.page.reload();
    await one.at('status-line').waitFor();
    one.clean(stage.server);
  }
  await stage.end();
});

test('a used card says so in plain words, and its own phone is in again', async (t) => {
  const stage = await scene(t, { seats: 0, phase: 'lobby', settings: { entry: 'cards' } });
  await organize(stage, { do: 'make-cards', count: 1 });
  const { cards } = await stage.api.json(`/api/consultations/${stage.id}/entry-cards`, { token: stage.organizer });
  const chrome = await browser(t);
  const [owner, other] = [await phone(chrome, 'whose card it is'), await phone(chrome, 'somebody else')];
  await owner.open(`${stage.server.url}/join`);
  await owner.at('join-code').fill(cards[0].code);
  await pressJoin(owner);
  await owner.at('status-line').waitFor();
  await other.open(here(stage, cards[0].url));
  const error = other.at('join-error');
  await error.waitFor();
  assert.equal(await error.getAttribute('data-code'), 'card-used');
  await other.shows(error, 'This card has been used already');
  await other.fits('a used card');
  await shot(other, 'card-used');
  await owner.open(here(stage, cards[0].url));
  await owner.at('join-continue').click();
  await owner.at('status-line').waitFor();
  await stage.end();
});

test('a seat comes back with its drafts and votes: the server killed, the page reloaded, the page closed', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { votes: 3 } });
  const { idea } = await stage.share('Worth a vote');
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone');
  await joinByLink(one, stage);
  await shareOn(one, 'Shared before');
  await stage.phase('briefing');
  await one.at('phase-briefing').waitFor();
  await one.at('idea-text').fill('Kept as a draft');
  await one.at('idea-share').click();
  await one.at('draft').waitFor();
  await one.at('idea-text').fill('Half a thou');
  await stage.phase('vote');
  await one.at('idea-approve', one.idea(idea)).click();
  await one.page.locator(`[data-idea="${idea}"] [data-test="vote-state"][data-state="recorded"]`).waitFor();
  const holds = async (what) => {
    await one.shows(one.at('draft'), 'Kept as a draft');
    await until(`${what}: the vote is shown`, async () => (await one.at('idea-approve', one.idea(idea)).getAttribute('aria-pressed')) === 'true');
    assert.equal(await one.at('votes-left').getAttribute('data-left'), '2', what);
  };
  await stage.server.kill();
  await stage.server.again();
  await holds('the server was killed');
  await one.page.reload();
  await holds('the page was reloaded');
  const again = await one.page.context().newPage();
  await one.page.close();
  one.page = again;
  await one.open(`${stage.server.url}/board`);
  await holds('the page was closed');
  await stage.phase('brainstorm');
  await until('the half thought is there', async () => (await one.at('idea-text').inputValue()) === 'Half a thou');
  assert.equal((await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer })).groups[0].seats, 2, 'one seat, not three');
  await stage.end();
});

test('a moderator moves a seat by the code on its phone, and the phone follows by itself with its drafts', async (t) => {
  const stage = await scene(t, { seats: 1 });
  const [harbour, hills] = stage.groups;
  const theirs = await stage.share('In the hills', { group: hills });
  const chrome = await browser(t);
  const [one, moderator] = [await phone(chrome, 'the phone'), await phone(chrome, 'the moderator')];
  await one.open(here(stage, stage.created.join_url));
  await one.at('join-group').selectOption(harbour.id);
  await one.at('join-submit').click();
  await one.at('status-line').waitFor();
  await one.at('idea-text').fill('Still in my head');
  await menu(one);
  await one.at('my-code').click();
  const code = (await one.at('seat-code').locator('bdi').textContent()).trim();
  await one.fits('the menu with the code');
  await shot(one, 'my-code');
  await moderator.open(here(stage, stage.created.groups[0].moderator.url));
  await moderator.at('move-seat').locator('summary').click();
  await moderator.at('move-code').fill(code);
  await moderator.at('move-group').selectOption(hills.id);
  await moderator.fits('the form that moves');
  await shot(moderator, 'move');
  await moderator.at('move-submit').click();
  await one.idea(theirs.idea).waitFor({ state: 'attached' });
  await until('the text went along', async () => (await one.at('idea-text').inputValue()) === 'Still in my head');
  await one.page.reload();
  await one.idea(theirs.idea).waitFor();
  const id = await shareOn(one, 'Said in the hills');
  assert.ok((await stage.view(hills)).ideas.some((idea) => idea.id === id));
  one.clean(stage.server);
  moderator.clean(stage.server);
  await stage.end();
});

test('in the lobby people choose another group themselves', async (t) => {
  const stage = await scene(t, { seats: 0, phase: 'lobby' });
  const [harbour, hills] = stage.groups;
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone');
  await one.open(here(stage, stage.created.join_url));
  await one.at('join-group').selectOption(harbour.id);
  await one.at('join-submit').click();
  await menu(one);
  await one.at('change-group').selectOption(hills.id);
  const seats = async () => (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer })).groups.map((group) => group.seats);
  await until('it is in the hills', async () => (await seats()).join() === '0,1');
  one.clean(stage.server);
  await stage.end();
});

test('C24: a seat goes to another phone: it asks, drafts, ballot and receipts go along, and the first phone is told that it moved', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, settings: { tallies: 'live' } });
  const { idea } = await stage.share('Worth a vote');
  const chrome = await browser(t);
  const [first, second, third] = [await phone(chrome, 'the first'), await phone(chrome, 'the second'), await phone(chrome, 'a third')];
  await joinByLink(first, stage);
  const own = await shareOn(first, 'Mine to take back');
  await first.at('idea-text').fill('A draft that travels');
  await menu(first);
  await first.at('second-device').click();
  const link = await first.at('room-qr', first.at('handover')).getAttribute('data-text');
  assert.match(link, /\/join#m=[0-9a-f]{32}\.[0-9a-f]{64}$/);
  await first.fits('the QR code for a second phone');
  await shot(first, 'second-device');
  await second.open(link);
  await second.at('asked-yes').click();
  await second.at('status-line').waitFor();
  await until('the draft is there', async () => (await second.at('idea-text').inputValue()) === 'A draft that travels');
  assert.equal(new URL(second.page.url()).hash, '', 'the secret is out of the address');
  await third.open(link);
  await third.at('asked-refused').waitFor();
  const desk = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer });
  assert.equal(desk.groups[0].seats, 2, 'no new seat');
  // The second phone proves with the receipt that the idea is its own.
  await second.at('idea-open', second.idea(own)).click();
  await second.at('idea-withdraw').click();
  await until('it is gone', async () => !(await stage.view()).ideas.some(({ id }) => id === own));
  const moved = first.at('no-place');
  await moved.waitFor();
  assert.equal(await moved.getAttribute('data-reason'), 'moved');
  await first.shows(first.at('unsent'), 'A draft that travels');
  await first.fits('a seat that moved');
  await shot(first, 'moved');
  // It votes there; the same ballot stands in two tabs of the phone.
  await stage.phase('vote');
  const tab = await second.page.context().newPage();
  await tab.goto(`${stage.server.url}/board`);
  const pages = [second.page, tab];
  const approve = (page) => page.locator(`[data-test="idea"][data-idea="${idea}"] [data-test="idea-approve"]`).first();
  const pressed = async (page) => approve(page).getAttribute('aria-pressed');
  const tally = async () => (await stage.view()).ideas[0].tally;
  let on = false;
  for (const page of [0, 0, 1, 0, 1, 1].map((at) => pages[at])) {
    await until('both show the same', async () => (await pressed(pages[0])) === String(on) && (await pressed(pages[1])) === String(on));
    await approve(page).click();
    on = !on;
    await until('it is counted', async () => (await tally()) === Number(on));
  }
  await first.page.reload();
  await until('also after a reload', async () => (await first.at('no-place').getAttribute('data-reason')) === 'moved');
  await stage.end();
});

test('one phone holds several seats one after another, apart from each other, and clears one without the other', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the shared phone');
  await join(one, stage);
  const first = await shareOn(one, 'Of the first person');
  await one.at('idea-text').fill('Only for my eyes');
  await menu(one);
  await one.at('hand-on').click();
  await one.at('seats-here').waitFor();
  await one.fits('the door of a shared phone');
  await shot(one, 'shared');
  await one.at('join-submit').click();
  await one.at('status-line').waitFor();
  assert.equal(await one.at('idea-text').inputValue(), '', 'the next person sees nothing of it');
  await one.idea(first).waitFor();
  await one.at('idea-open', one.idea(first)).click();
  assert.equal(await one.at('idea-withdraw').count(), 0, 'and has no receipt of it');
  await one.at('idea-done').click();
  await shareOn(one, 'Of the second person');
  await menu(one);
  await one.at('hand-on').click();
  const takes = one.page.locator('[data-test="seat-take"]');
  assert.equal(await takes.count(), 2);
  await takes.first().click();
  await until('the first person has the draft', async () => (await one.at('idea-text').inputValue()) === 'Only for my eyes');
  await one.at('menu').click();
  await one.at('leave').click();
  await one.at('leave-sure').click();
  await one.at('seats-here').waitFor();
  assert.deepEqual(await takes.evaluateAll((all) => all.map((each) => each.dataset.number)), ['2']);
  assert.equal(await one.page.evaluate(() => JSON.stringify(localStorage).includes('Only for my eyes')), false);
  await takes.first().click();
  await one.shows(one.page.locator('[data-test="idea"]').nth(1), 'Of the second person');
  one.clean(stage.server);
  await stage.end();
});

test('drafts written in the lobby stay on the phone and are shared by a tap when it begins', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 0, phase: 'lobby' });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone');
  await join(one, stage);
  await one.at('idea-text').fill('Thought of early');
  await one.at('idea-share').click();
  await one.at('draft').waitFor();
  // Not "everything is recorded": the draft is on this phone alone.
  await one.page.locator('[data-test="status-line"][data-state="draft"]').waitFor();
  await one.fits('the lobby');
  await shot(one, 'lobby');
  await stage.phase('brainstorm');
  await one.at('draft-share').click();
  await until('it is on the board', async () => (await stage.view()).ideas.some(({ text }) => text === 'Thought of early'));
  await stage.end();
});

test('the organizer says when the door opens, makes cards, prints them, revokes and replaces', async (t) => {
  const stage = await scene(t, { seats: 0, phase: 'lobby', settings: { entry: 'cards', door_open: false } });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the organizer');
  await one.open(here(stage, stage.created.organizer.url));
  const at = new Date(Date.now() + 3 * 3_600_000);
  const local = await one.page.evaluate((ms) => {
    const day = new Date(ms);
    return new Date(ms - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }, at.getTime());
  await one.at('opens-at-input').fill(local);
  await one.at('opens-at-submit').click();
  await one.at('door-opens-at').waitFor();
  assert.equal((await stage.api.doorstep(stage.key)).opens_at, Math.floor(at.getTime() / 60_000) * 60_000);
  await one.at('cards-count').fill('9');
  await one.at('cards-make').click();
  await one.page.locator('[data-test="cards-good"][data-n="9"]').waitFor();
  await one.fits('the organizer with cards');
  await shot(one, 'organizer');
  await one.at('cards-sheet').click();
  await one.at('card-sheet').waitFor();
  assert.equal(await one.page.locator('[data-test="printed-card"]').count(), 9);
  await one.fits('the sheet of cards');
  await shot(one, 'sheet');
  await one.page.emulateMedia({ media: 'print' });
  assert.equal(await one.page.locator('#app').isVisible(), false, 'only the sheet is printed');
  const pdf = await one.page.pdf({ format: 'A4', preferCSSPageSize: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  t.diagnostic(`nine cards are ${pages} pages`);
  assert.equal(pages, 2, 'eight on a page');
  await one.page.emulateMedia({ media: 'screen' });
  const codes = (await stage.api.json(`/api/consultations/${stage.id}/entry-cards`, { token: stage.organizer })).cards.map(({ url }) => url);
  const printed = await one.page.locator('[data-test="printed-card"] [data-test="room-qr"]').evaluateAll((all) => all.map((each) => each.dataset.text));
  assert.deepEqual(printed, codes);
  await one.at('sheet-close').click();
  await one.at('cards').locator('summary').click();
  await one.page.locator('[data-test="card"][data-number="2"] [data-test="card-revoke"]').click();
  await one.page.locator('[data-test="card"][data-number="2"][data-state="void"]').waitFor();
  await one.page.locator('[data-test="card"][data-number="3"] [data-test="card-replace"]').click();
  await one.page.locator('[data-test="card"][data-number="10"][data-state="free"]').waitFor();
  one.clean(stage.server);
  await stage.end();
});
