// C24: a link never changes who a phone is without a question, and whoever made a seat is out when it is taken.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, shareOn } from '../harness/hands.mjs';
import { receiptOf, sealed } from '../harness/letters.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { soon, until } from '../harness/until.mjs';

const SECRET = '11'.repeat(32);

const codeOf = (promise) => promise.then(() => 'ok', (error) => error.code);
const exchange = (stage, token, request, id = stage.id) =>
  stage.api.json(`/api/consultations/${id}/exchange`, { method: 'POST', token, body: { request } });
const here = (stage, link) => {
  const { pathname, hash } = new URL(link);
  return `${stage.server.url}${pathname}${hash}`;
};

/** A seat that somebody else made, as a QR code that could be stuck over the real one. */
async function prepared(stage, seat, more = {}) {
  const key = randomBytes(32);
  const { token, consultation, group } = seat;
  const place = { role: 'participant', consultation, token, seat: seat.seat, group };
  const letter = { token, place, kept: { secret: SECRET }, secret: SECRET, ...more };
  const body = { sealed: sealed(key, letter) };
  const { id } = await stage.api.json('/api/handover', { method: 'POST', token, body });
  return { id, link: `${stage.server.url}/join#m=${id}.${key.toString('hex')}` };
}

/** The page asks, the address has no secret any more, and nobody has a seat yet. */
async function asks(one) {
  await one.at('asked').waitFor();
  await one.at('asked-yes').waitFor();
  assert.equal(new URL(one.page.url()).hash, '', 'the secret is out of the address');
  await one.fits('the question');
}

/** The end, where phones have seats that the stage made. */
async function ended(stage, ...taken) {
  for (const group of stage.groups) group.seats = group.seats.filter((seat) => !taken.includes(seat));
  await stage.end();
}

const placesOn = (one) => one.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('plenum/place/')));

test('C24: an exchanged token: the old one ends everywhere, the same request has the same answer, also after a restart', async (t) => {
  const stage = await scene(t, { seats: 1 });
  const [{ seats: [seat] }] = stage.groups;
  const [consultation, board] = [`consultation/${stage.id}`, `board/${seat.group}`];
  const old = await Raw.connect(stage.server);
  await old.open(consultation, seat.token);
  const onlyBoard = await Raw.connect(stage.server);
  await onlyBoard.open(board, seat.token);
  const { ticket } = await stage.api.ticket(seat.token, board);
  const request = randomUUID();
  const fresh = await exchange(stage, seat.token, request);
  assert.deepEqual({ ...fresh, token: '' }, { ...seat, token: '' }, 'the same seat');
  assert.notEqual(fresh.token, seat.token);
  for (const one of [old, onlyBoard]) assert.equal((await soon('its socket ends', one.closed)).code, 4412);
  const isEnded = async () => {
    assert.equal(await codeOf(stage.api.consultation(seat.token, stage.id)), 'seat-moved');
    assert.equal(await codeOf(stage.api.share(seat.token, { group: seat.group, text: 'No more' })), 'seat-moved');
    assert.equal(await codeOf(exchange(stage, seat.token, randomUUID())), 'seat-moved', 'another request');
    assert.deepEqual(await exchange(stage, seat.token, request), fresh, 'the answer was lost');
    assert.equal(await codeOf(stage.api.consultation(fresh.token, stage.id)), 'ok');
  };
  await isEnded();
  const back = await Raw.connect(stage.server);
  await assert.rejects(back.open(consultation, seat.token), /denied/);
  assert.equal(back.frames.find((one) => one.kind === 'stateless').payload.problem.code, 'seat-moved');
  const byTicket = new Raw(stage.server, `/sync/${board}?token=${ticket}`);
  assert.equal((await soon('the ticket is not good any more', byTicket.closed)).code, 4401);
  await stage.server.kill();
  await stage.server.again();
  await isEnded();
  assert.equal(await codeOf(exchange(stage, stage.organizer, randomUUID())), 'forbidden', 'staff hand links on');
  assert.equal(await codeOf(exchange(stage, fresh.token, randomUUID(), randomUUID())), 'forbidden', 'another consultation');
  assert.equal(await codeOf(exchange(stage, 'nobody', randomUUID())), 'unauthorized');
  back.close();
  Object.assign(seat, fresh);
  await stage.end();
});

test('C24: a seat handed over by somebody else asks first; taken, its maker can neither read its votes nor prove its ideas', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 2 });
  const [maker] = stage.groups[0].seats;
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone with nothing on it');
  const { id, link } = await prepared(stage, maker);
  await one.open(link);
  await asks(one);
  await one.shows(one.at('asked-facts'), 'A consultation');
  await one.shows(one.at('asked-facts'), 'Harbour');
  await one.shows(one.at('asked-made'), 'just now');
  await shot(one, 'asked-parcel');
  await one.page.reload();
  await asks(one);
  await one.at('asked-no').click();
  await one.at('join-code').waitFor();
  assert.deepEqual(await placesOn(one), [], 'no is no');
  assert.equal(await codeOf(stage.api.json(`/api/handover/${id}`)), 'ok', 'nothing was fetched');
  await one.open(link);
  await asks(one);
  await one.at('asked-yes').click();
  await one.at('status-line').waitFor();
  const idea = await shareOn(one, 'Nobody may know that this is mine');
  assert.equal(await codeOf(stage.api.consultation(maker.token, stage.id)), 'seat-moved');
  const other = stage.groups[0].seats[1];
  const receipt = receiptOf(SECRET, idea);
  const edit = stage.api.command(other.token, { do: 'edit', idea, receipt, text: 'Changed by the maker' });
  assert.equal(await codeOf(edit), 'wrong-receipt', 'the received secret proves nothing');
  one.clean(stage.server);
  await ended(stage, maker);
});

test('C24: a link with a token asks as well, says nothing untrue, and leads back to the seat on this phone afterwards', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [maker] = stage.groups[0].seats;
  const chrome = await browser(t);
  const [one, late] = [await phone(chrome, 'the phone', { locale: 'ar', colorScheme: 'dark' }), await phone(chrome, 'who comes too late')];
  const link = `${stage.server.url}/board#c=${stage.id}&t=${maker.token}`;
  await late.open(link);
  await asks(late);
  await one.open(link);
  await asks(one);
  await shot(one, 'asked-token-ar-dark');
  assert.deepEqual(await placesOn(one), []);
  await one.at('asked-yes').click();
  await one.at('status-line').waitFor();
  assert.equal(await one.at('notice').count(), 0, 'nothing is said of drafts and votes that did not come');
  assert.equal(await codeOf(stage.api.consultation(maker.token, stage.id)), 'seat-moved', 'whoever made it is out');
  await one.open(`${stage.server.url}/join`);
  await one.open(link);
  await one.at('status-line').waitFor();
  await late.at('asked-yes').click();
  await late.at('asked-refused').waitFor();
  assert.equal(await late.at('asked-refused').getAttribute('data-code'), 'seat-moved');
  assert.deepEqual(await placesOn(late), []);
  for (const each of [one, late]) await each.fits('after the answer');
  await ended(stage, maker);
});

test('C24: a phone with a seat keeps it unless its person says otherwise, and then it rests with all it has; other tabs stay', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [maker] = stage.groups[0].seats;
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone with a seat');
  await joinByLink(one, stage);
  await shareOn(one, 'Written on my own seat');
  await one.at('idea-text').fill('Half a thought of mine');
  const board = one.page;
  const { id, link } = await prepared(stage, maker);
  one.page = await board.context().newPage();
  await one.open(link);
  await asks(one);
  await one.at('asked-own').waitFor();
  await shot(one, 'asked-own');
  await one.at('asked-no').click();
  await until('the own seat is shown', async () => (await one.at('idea-text').inputValue()) === 'Half a thought of mine');
  assert.equal(await codeOf(stage.api.json(`/api/handover/${id}`)), 'ok', 'nothing was fetched');
  await one.open(link);
  await asks(one);
  const second = await board.context().newPage();
  await second.goto(link);
  await second.locator('[data-test="asked-yes"]').waitFor();
  await one.at('asked-yes').click();
  await one.at('status-line').waitFor();
  assert.equal(await one.at('idea-text').inputValue(), '', 'another seat');
  await second.locator('[data-test="asked-yes"]').click();
  const told = second.locator('[data-test="asked-refused"]');
  await told.waitFor();
  assert.equal(await told.getAttribute('data-code'), 'not-found', 'it was fetched in the other tab');
  await second.close();
  // The tab that was open goes on with its own seat.
  assert.equal(await board.locator('[data-test="idea-text"]').first().inputValue(), 'Half a thought of mine');
  await one.open(`${stage.server.url}/join`);
  const takes = one.page.locator('[data-test="seat-take"]');
  await takes.first().waitFor();
  assert.equal(await takes.count(), 2, 'the own seat waits');
  await takes.first().click();
  await until('with its draft', async () => (await one.at('idea-text').inputValue()) === 'Half a thought of mine');
  await ended(stage, maker);
});

test('C24: a seat that waits at the door changes phones a few times, and each change costs its account', async (t) => {
  const stage = await scene(t, { seats: 0, settings: { admission: 'waves' } });
  let seat = await stage.api.join({ key: stage.key, group: stage.groups[0].id });
  const next = async (request = randomUUID()) => {
    const joined = await exchange(stage, seat.token, request);
    seat = { ...seat, token: joined.token };
  };
  for (let times = 0; times < 3; times += 1) await next();
  assert.equal(await codeOf(next()), 'too-many-moves', 'a fourth time');
  assert.equal(await codeOf(stage.api.consultation(seat.token, stage.id)), 'at-the-door', 'it is still who waits there');
  await stage.api.command(stage.organizer, { do: 'let-in' });
  let times = 0;
  let refused = 'ok';
  while (refused === 'ok' && times < 40) {
    refused = await codeOf(next());
    if (refused === 'ok') times += 1;
  }
  assert.equal(refused, 'too-fast', 'each costs rows of the account');
  assert.ok(times >= 10 && times <= 20, `${times} times`);
  assert.equal(await codeOf(stage.api.consultation(seat.token, stage.id)), 'ok', 'the seat is where it was');
  await stage.end();
});

test('C24: an exchange whose answer was lost is finished when the page comes back', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [maker] = stage.groups[0].seats;
  const chrome = await browser(t);
  const one = await phone(chrome, 'a phone with a bad network');
  const { link } = await prepared(stage, maker, { composer: { text: 'A draft in the letter', kind: null } });
  await one.open(link);
  await asks(one);
  let asked = 0;
  await one.page.route('**/exchange', async (route) => {
    asked += 1;
    await route.fetch();
    await route.abort();
  });
  await one.at('asked-yes').click();
  await one.at('asked-again').waitFor();
  assert.equal(asked, 1);
  assert.equal(await codeOf(stage.api.consultation(maker.token, stage.id)), 'seat-moved', 'the server has exchanged it');
  await one.page.unroute('**/exchange');
  await one.page.reload();
  await one.at('status-line').waitFor();
  await until('the draft came along', async () => (await one.at('idea-text').inputValue()) === 'A draft in the letter');
  await ended(stage, maker);
});

test('a staff link asks where this phone has a seat, not elsewhere, and never with the token of another role', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const chrome = await browser(t);
  const [one, moderator, wrong] = [await phone(chrome, 'a participant'), await phone(chrome, 'a moderator'), await phone(chrome, 'who has a wrong link')];
  const link = here(stage, stage.created.groups[0].moderator.url);
  await moderator.open(link);
  await moderator.at('status-line').waitFor();
  await moderator.open(`${stage.server.url}/join`);
  await moderator.open(link);
  await moderator.at('status-line').waitFor();
  await joinByLink(one, stage);
  await one.open(`${stage.server.url}/join`);
  await one.open(link);
  await asks(one);
  await shot(one, 'asked-staff');
  await one.at('asked-no').click();
  await one.at('status-line').waitFor();
  assert.equal((await placesOn(one)).length, 1);
  await one.open(`${stage.server.url}/join`);
  await one.open(link);
  await asks(one);
  await one.at('asked-yes').click();
  await one.at('phase-control').waitFor();
  const [seat] = stage.groups[0].seats;
  await wrong.open(`${stage.server.url}/moderate#c=${stage.id}&t=${seat.token}`);
  await wrong.at('no-place').waitFor();
  assert.deepEqual(await placesOn(wrong), []);
  await stage.end();
});

test('another organizer key does not replace the one that is kept without a question', async (t) => {
  const stage = await scene(t, { seats: 0 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the organizer');
  const kept = () => one.page.evaluate(() => JSON.parse(localStorage.getItem('plenum/organizer-key')));
  await one.open(`${stage.server.url}/organize#key=mine`);
  await one.at('create-submit').waitFor();
  await one.open(`${stage.server.url}/join`);
  await one.open(`${stage.server.url}/organize#key=theirs`);
  await asks(one);
  await one.at('asked-no').click();
  await one.at('create-submit').waitFor();
  assert.equal(await kept(), 'mine');
  await one.open(`${stage.server.url}/join`);
  await one.open(`${stage.server.url}/organize#key=theirs`);
  await one.at('asked-yes').click();
  await one.at('create-submit').waitFor();
  assert.equal(await kept(), 'theirs');
  await stage.end();
});

test('an address that is not complete says so, whatever is in it', async (t) => {
  const stage = await scene(t, { seats: 0, phase: 'lobby' });
  const chrome = await browser(t);
  const one = await phone(chrome, 'the phone');
  const broken = ['/join/%E0%A4%A', '/join#m=0011', `/join#${'0'.repeat(31)}`, `/board#c=${stage.id}`, '/board#c=1&t=2', '/moderate#t=x', '/organize#key='];
  for (const address of broken) {
    await one.open(`${stage.server.url}/join`);
    await one.open(stage.server.url + address);
    await one.at('no-place').waitFor();
    assert.equal(await one.at('no-place').getAttribute('data-reason'), 'address', address);
  }
  await one.fits('an address that is not complete');
  await shot(one, 'address');
  await one.at('to-join').click();
  await one.at('join-code').waitFor();
  one.clean(stage.server);
  await stage.end();
});
