// The door from outside: when it opens, by which way people come in, where they are put, and how a seat moves or changes its
// phone. What staff see of it names nobody.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const PHASES = ['lobby', 'briefing', 'brainstorm', 'vote', 'review', 'plenary', 'closed'];
const codeOf = (sent) => sent.then(() => 'ok', (error) => error.code);
const keyIn = (url) => url.match(/#([0-9a-f]{32})$/)[1];
const roll = async (stage) => (await stage.api.json(`/api/consultations/${stage.id}/entry-cards`, { token: stage.organizer })).cards;
const myCode = (stage, seat) => stage.api.json(`/api/consultations/${stage.id}/seat-code`, { method: 'POST', token: seat.token, body: {} });
const you = async (stage, seat) => (await stage.api.consultation(seat.token, stage.id)).you;
const of = (settings) => ({ seats: 0, phase: 'lobby', settings });

/** Sends a command as the organizer. */
const organize = (stage, command) => stage.api.command(stage.organizer, command);

test('C5: a closed door says when it opens, and opens by itself at that time, over a restart too', async (t) => {
  const stage = await scene(t, of({ door_open: false }));
  assert.equal(await codeOf(stage.api.join({ key: stage.key })), 'door-closed');
  assert.equal((await stage.api.doorstep(stage.key)).opens_at, undefined, 'without a time it says none');
  const opensAt = Date.now() + 6_000;
  await organize(stage, { do: 'door', open: false, opens_at: opensAt });
  const doorstep = await stage.api.doorstep(stage.key);
  assert.deepEqual([doorstep.open, doorstep.opens_at], [false, opensAt]);
  assert.ok(Math.abs(doorstep.now - Date.now()) < 5_000, "the server's own time stands beside it");
  assert.equal((await stage.api.consultation(stage.organizer, stage.id)).opens_at, opensAt);
  assert.equal(await codeOf(stage.api.join({ key: stage.key })), 'door-closed');
  await stage.server.kill();
  await stage.server.again();
  assert.equal((await stage.api.doorstep(stage.key)).opens_at, opensAt, 'it is remembered');
  await until('the door is open', async () => (await stage.api.consultation(stage.organizer, stage.id)).settings.door_open);
  assert.ok(Date.now() >= opensAt, 'not before its time');
  assert.equal(await codeOf(stage.api.join({ key: stage.key })), 'ok');
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.room });
  assert.deepEqual(ledger.filter(({ did }) => did === 'door').map(({ open, opens_at: at }) => [open, at]), [[false, opensAt]]);
  await stage.end();
});

test('a door whose time passed while the server was down opens when it is back', async (t) => {
  const stage = await scene(t, of({ door_open: false }));
  const opensAt = Date.now() + 700;
  await organize(stage, { do: 'door', open: false, opens_at: opensAt });
  await stage.server.kill();
  await until('its time is over', () => Date.now() > opensAt);
  await stage.server.again();
  await until('it is open', async () => (await stage.api.consultation(stage.organizer, stage.id)).settings.door_open);
  await stage.end();
});

test('times that make no sense are refused with words; a time that is over opens at once', async (t) => {
  const stage = await scene(t, of({ door_open: false }));
  const door = (fields) => codeOf(organize(stage, { do: 'door', ...fields }));
  assert.equal(await door({ open: true, opens_at: Date.now() + 1e6 }), 'malformed');
  assert.equal(await door({ open: false, opens_at: Date.now() + 400 * 24 * 3_600_000 }), 'malformed');
  assert.equal(await door({ open: false, opens_at: -1 }), 'malformed');
  assert.equal(await door({ open: false, opens_at: 1 }), 'ok');
  assert.equal((await stage.api.doorstep(stage.key)).open, true);
  await stage.end();
});

test('balanced: no choice is offered or accepted, and groups fill evenly in their order', async (t) => {
  const stage = await scene(t, { ...of({ entry: 'balanced' }), groups: ['A', 'B', 'C'] });
  assert.deepEqual((await stage.api.doorstep(stage.key)).groups, []);
  assert.equal(await codeOf(stage.api.join({ key: stage.key, group: stage.groups[1].id })), 'forbidden');
  const got = [];
  for (let at = 0; at < 7; at += 1) got.push((await stage.api.join({ key: stage.key })).group);
  assert.deepEqual(got.map((id) => stage.groups.findIndex((group) => group.id === id)), [0, 1, 2, 0, 1, 2, 0]);
  await stage.end();
});

test('links: each group has a door of its own, and the plain code asks for a card', async (t) => {
  const stage = await scene(t, of({ entry: 'links' }));
  const [harbour, hills] = stage.groups;
  for (const way of [{ key: stage.key }, { code: stage.created.code }]) {
    assert.equal(await codeOf(stage.api.join(way)), 'card-needed');
    assert.equal(await codeOf(stage.api.join({ ...way, group: hills.id })), 'card-needed');
  }
  const step = await stage.api.doorstep(stage.created.code);
  assert.deepEqual([step.refusal, step.entry, step.groups], ['card-needed', 'links', []]);
  const doors = (await you(stage, { token: stage.organizer })).door.groups;
  assert.deepEqual(doors.map(({ group }) => group), [harbour.id, hills.id]);
  const moderators = (await you(stage, { token: hills.moderator })).door.groups;
  assert.deepEqual(moderators, [doors[1]], 'a moderator hands out the own one only');
  for (const token of [stage.room, stage.editor]) assert.equal((await you(stage, { token })).door.groups, undefined);
  for (const [at, door] of doors.entries()) {
    assert.match(door.code, /^[A-HJKMNP-Z2-9]{9}$/);
    for (const way of [{ key: keyIn(door.url) }, { code: door.code }, { code: door.code.toLowerCase().replace(/(...)/g, '$1 ') }]) {
      assert.equal((await stage.api.join(way)).group, stage.groups[at].id);
    }
    assert.equal(await codeOf(stage.api.join({ key: keyIn(door.url), group: stage.groups[1 - at].id })), 'forbidden');
  }
  await stage.server.kill();
  await stage.server.again();
  assert.equal((await stage.api.join({ code: doors[1].code })).group, hills.id, 'the same after a restart');
  await stage.end();
});

test('cards: one seat each, the same phone again has its seat, a used one says so, a revoked one too', async (t) => {
  const stage = await scene(t, of({ entry: 'cards' }));
  const [harbour, hills] = stage.groups;
  assert.equal(await codeOf(stage.api.join({ key: stage.key })), 'card-needed');
  const id = randomUUID();
  await organize(stage, { id, do: 'make-cards', count: 3 });
  await organize(stage, { id, do: 'make-cards', count: 3 });
  await organize(stage, { do: 'make-cards', count: 2, group: hills.id });
  const cards = await roll(stage);
  assert.deepEqual(cards.map(({ number, state, group }) => [number, state, group]), [
    [1, 'free', undefined],
    [2, 'free', undefined],
    [3, 'free', undefined],
    [4, 'free', hills.id],
    [5, 'free', hills.id],
  ]);
  assert.equal(new Set(cards.flatMap(({ code, url }) => [code, url])).size, 10, 'no two are alike');
  for (const token of [harbour.moderator, stage.editor, stage.room, stage.safeguarding]) {
    assert.equal(await codeOf(stage.api.json(`/api/consultations/${stage.id}/entry-cards`, { token })), 'forbidden');
  }
  const request = randomUUID();
  const [first] = cards;
  const seat = await stage.api.join({ key: keyIn(first.url), request });
  assert.deepEqual(await stage.api.join({ key: keyIn(first.url), request }), seat, 'its answer was lost: the same seat');
  assert.deepEqual(await stage.api.join({ code: first.code, request }), seat, 'typed as well');
  assert.equal(await codeOf(stage.api.join({ key: keyIn(first.url), request: randomUUID() })), 'card-used');
  assert.equal(await codeOf(stage.api.join({ code: first.code })), 'card-used');
  assert.equal((await stage.api.doorstep(first.code)).refusal, 'card-used');
  assert.equal((await stage.api.join({ key: keyIn(cards[3].url) })).group, hills.id);
  assert.equal(await codeOf(organize(stage, { do: 'revoke-card', card: first.id })), 'card-used');
  await organize(stage, { do: 'revoke-card', card: cards[1].id });
  assert.equal(await codeOf(stage.api.join({ key: keyIn(cards[1].url) })), 'card-void');
  await stage.server.kill();
  await stage.server.again();
  assert.equal(await codeOf(stage.api.join({ key: keyIn(first.url) })), 'card-used', 'over a restart');
  assert.deepEqual(await stage.api.join({ key: keyIn(first.url), request }), seat, 'over a restart the same phone has its seat');
  assert.deepEqual((await roll(stage)).map(({ state }) => state), ['used', 'void', 'free', 'used', 'free']);
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: seat.token });
  assert.deepEqual(ledger.filter(({ did }) => did.startsWith('card')).map(({ did, cards: n }) => [did, n]), [
    ['cards-made', 3],
    ['cards-made', 2],
    ['card-revoked', undefined],
  ]);
  await stage.end();
});

test('what opens a card stands in no file of the server', async (t) => {
  const stage = await scene(t, of({ entry: 'cards' }));
  await organize(stage, { do: 'make-cards', count: 5 });
  const cards = await roll(stage);
  await stage.api.join({ key: keyIn(cards[0].url) });
  await stage.server.stop();
  const files = readdirSync(stage.server.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const all = Buffer.concat(files.map((entry) => readFileSync(path.join(entry.parentPath ?? entry.path, entry.name))));
  for (const { code, url } of cards) {
    assert.equal(all.includes(code), false, 'a code');
    assert.equal(all.includes(keyIn(url)), false, 'a key');
    assert.equal(all.includes(Buffer.from(keyIn(url), 'hex')), false, 'a key as bytes');
  }
  await stage.server.again();
  assert.equal(await codeOf(stage.api.join({ key: keyIn(cards[1].url) })), 'ok');
  await stage.end();
});

test('a lost phone: the new card gives the same seat with its votes, and the old phone is out at once', async (t) => {
  const stage = await scene(t, of({ entry: 'cards' }));
  const [harbour] = stage.groups;
  await organize(stage, { do: 'make-cards', count: 2, group: harbour.id });
  const [card, other] = await roll(stage);
  const request = randomUUID();
  const seat = await stage.api.join({ key: keyIn(card.url), request });
  const mate = await stage.api.join({ key: keyIn(other.url) });
  await stage.phase('brainstorm');
  const { idea } = await stage.share('Ours', { group: harbour, seat: mate });
  await stage.phase('vote');
  await stage.api.approve(seat.token, idea);
  const { ticket } = await stage.api.ticket(seat.token, `board/${harbour.id}`);
  const lost = await Raw.connect(stage.server);
  await lost.open(`board/${harbour.id}`, seat.token);
  lost.send(frame.token(`consultation/${stage.id}`, seat.token));
  await lost.take('authenticated', `consultation/${stage.id}`);
  await organize(stage, { do: 'replace-card', card: card.id });
  assert.equal((await lost.closed).code, 4401, 'its socket ends');
  assert.equal(await codeOf(stage.api.consultation(seat.token, stage.id)), 'unauthorized');
  const ticketed = await Raw.connect(stage.server, `/sync/board/${harbour.id}?token=${ticket}`);
  assert.equal((await ticketed.closed).code, 4401, 'a ticket ends with its token');
  assert.equal(await codeOf(stage.api.join({ key: keyIn(card.url), request })), 'card-void', 'the old card does not bring it back');
  const cards = await roll(stage);
  assert.deepEqual([cards[0].state, cards[2].state, cards[2].replaces], ['void', 'free', 1]);
  const again = await stage.api.join({ key: keyIn(cards[2].url), request: randomUUID() });
  assert.deepEqual([again.seat, again.group], [seat.seat, harbour.id]);
  assert.notEqual(again.token, seat.token);
  assert.deepEqual((await you(stage, again)).approved, [idea], 'its ballot is there');
  await stage.server.kill();
  await stage.server.again();
  assert.equal(await codeOf(stage.api.consultation(seat.token, stage.id)), 'unauthorized', 'over a restart');
  assert.deepEqual((await you(stage, again)).approved, [idea]);
  assert.equal(await codeOf(stage.api.join({ key: keyIn(cards[2].url) })), 'card-used');
  await stage.end();
});

test('C6: a seat moves by the code of its phone: its votes stay and count, its budget too, and the former board is closed to it', async (t) => {
  const stage = await scene(t, { seats: 2, settings: { votes: 2, tallies: 'live' } });
  const [harbour, hills] = stage.groups;
  const [seat, mate] = harbour.seats;
  const ours = await stage.share('Of the harbour', { group: harbour, seat: mate });
  const theirs = [await stage.share('Of the hills', { group: hills }), await stage.share('More', { group: hills })];
  await stage.phase('vote');
  await stage.api.approve(seat.token, ours.idea);
  const { code, expires } = await myCode(stage, seat);
  assert.match(code, /^[A-HJKMNP-Z2-9]{4}$/);
  assert.ok(expires > Date.now());
  assert.equal((await myCode(stage, seat)).code, code, 'the same while it is good');
  const phone = await Raw.connect(stage.server);
  await phone.open(`board/${harbour.id}`, seat.token);
  phone.send(frame.token(`consultation/${stage.id}`, seat.token));
  await phone.take('authenticated', `consultation/${stage.id}`);
  // Nobody else may: not the seat, not the moderator of a third group.
  for (const token of [seat.token, mate.token, stage.editor, stage.room]) {
    assert.equal(await codeOf(stage.api.command(token, { do: 'move-seat', code, group: hills.id })), 'forbidden');
  }
  assert.equal(await codeOf(organize(stage, { do: 'move-seat', code: 'AAAA', group: hills.id })), 'unknown-code');
  await stage.api.command(harbour.moderator, { do: 'move-seat', code: code.toLowerCase(), group: hills.id });
  const { refused } = await phone.ending(`board/${harbour.id}`);
  assert.equal(refused.problem.code, 'forbidden', 'the former board ends on the phone');
  const told = await until('the phone hears of it', () =>
    phone.frames.map((one) => one.kind === 'stateless' && one.payload).find((said) => said?.type === 'you' && said.you.group === hills.id),
  );
  assert.deepEqual([told.you.group, told.you.approved], [hills.id, [ours.idea]]);
  assert.equal(await codeOf(stage.api.board(seat.token, harbour.id)), 'forbidden');
  assert.equal(await codeOf(stage.api.board(seat.token, hills.id)), 'ok');
  assert.equal((await stage.view(harbour)).ideas[0].tally, 1, 'its vote counts');
  assert.equal(await codeOf(stage.api.approve(seat.token, theirs[0].idea)), 'ok');
  assert.equal(await codeOf(stage.api.approve(seat.token, theirs[1].idea)), 'over-budget', 'one budget');
  assert.equal(await codeOf(stage.api.approve(seat.token, ours.idea, false)), 'ok', 'what was given there can be taken back');
  assert.equal(await codeOf(stage.api.approve(seat.token, ours.idea, true)), 'forbidden', 'and not given again');
  assert.equal(await codeOf(stage.api.approve(seat.token, theirs[1].idea)), 'ok');
  const desk = await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer });
  assert.deepEqual(desk.groups.map(({ seats }) => seats), [1, 3]);
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.room });
  const line = ledger.find(({ did }) => did === 'seat-moved');
  assert.deepEqual({ by: line.by, group: line.group }, { by: 'moderator', group: hills.id });
  assert.equal(JSON.stringify(ledger).includes(seat.seat), false, 'the ledger does not say who');
  // Out of the own group and into it; the code of one phone is good for both ways.
  await stage.api.command(harbour.moderator, { do: 'move-seat', code, group: harbour.id });
  assert.equal((await you(stage, seat)).group, harbour.id);
  phone.close();
  await stage.end();
  assert.equal((await you(stage, seat)).group, harbour.id, 'over a restart');
});

test('a moderator of a third group moves nobody past the own group', async (t) => {
  const stage = await scene(t, { groups: ['A', 'B', 'C'], seats: 1 });
  const [a, b, c] = stage.groups;
  const { code } = await myCode(stage, a.seats[0]);
  const move = (token, group) => codeOf(stage.api.command(token, { do: 'move-seat', code, group: group.id }));
  assert.equal(await move(c.moderator, b), 'forbidden');
  assert.equal(await move(c.moderator, c), 'ok', 'into the own group');
  assert.equal(await move(a.moderator, b), 'forbidden', 'it has left that group');
  assert.equal(await move(stage.organizer, b), 'ok');
  assert.equal((await you(stage, a.seats[0])).group, b.id);
  assert.equal(await codeOf(myCode(stage, { token: a.moderator })), 'forbidden', 'staff links are not moved');
  await stage.end();
});

test('people change their group alone in lobby and briefing, where they choose it, and then no more', async (t) => {
  const stage = await scene(t, { seats: 1, phase: 'lobby' });
  const [harbour, hills] = stage.groups;
  const [seat] = harbour.seats;
  const change = (token, group = hills) => codeOf(stage.api.command(token, { do: 'change-group', group: group.id }));
  for (const phase of PHASES) {
    await stage.phase(phase);
    const may = ['lobby', 'briefing'].includes(phase);
    assert.equal(await change(seat.token), may ? 'ok' : 'wrong-phase', phase);
    if (may) assert.equal(await change(seat.token, harbour), 'ok', phase);
    for (const token of [stage.organizer, harbour.moderator, stage.editor, stage.room, stage.safeguarding]) {
      assert.equal(await change(token), 'forbidden', phase);
    }
    assert.equal((await you(stage, seat)).group, harbour.id);
  }
  assert.equal(await codeOf(stage.api.command(seat.token, { do: 'change-group', group: randomUUID() })), 'not-found');
  const balanced = await scene(t, { server: stage.server, ...of({ entry: 'balanced' }) });
  const put = await balanced.api.join({ key: balanced.key });
  const other = balanced.groups.find(({ id }) => id !== put.group);
  assert.equal(await codeOf(balanced.api.command(put.token, { do: 'change-group', group: other.id })), 'forbidden');
  await stage.end();
});

test('who comes late finds the present phase and board straight away, up to the plenary', async (t) => {
  const stage = await scene(t, { seats: 1 });
  const [group] = stage.groups;
  const { idea } = await stage.share('Before they came');
  for (const phase of ['brainstorm', 'vote', 'plenary']) {
    await stage.phase(phase);
    const late = await stage.api.join({ key: stage.key, group: group.id });
    assert.equal((await stage.api.consultation(late.token, stage.id)).phase, phase);
    assert.deepEqual((await stage.api.board(late.token, group.id)).ideas.map(({ id }) => id), [idea]);
    assert.equal(await codeOf(stage.api.plenary(late.token, stage.id)), 'ok');
    if (phase === 'vote') assert.equal(await codeOf(stage.api.approve(late.token, idea)), 'ok', 'they vote like everybody');
  }
  await stage.end();
});

test('a parcel between two phones is fetched once, kept for one seat, and bounded', async (t) => {
  const stage = await scene(t, { seats: 1 });
  const [seat] = stage.groups[0].seats;
  const leave = (sealed, token = seat.token) => stage.api.json('/api/handover', { method: 'POST', token, body: { sealed } });
  const look = (id) => stage.api.json(`/api/handover/${id}`);
  const fetch = (id) => stage.api.json(`/api/handover/${id}`, { method: 'POST' });
  const first = await leave('first');
  assert.match(first.id, /^[0-9a-f]{32}$/);
  const second = await leave('second');
  assert.equal(await codeOf(fetch(first.id)), 'not-found', 'a newer one took its place');
  for (let times = 0; times < 2; times += 1) {
    const { left, now, ...seen } = await look(second.id);
    assert.deepEqual(seen, { consultation: stage.id, title: 'A consultation', group: 'Harbour' }, 'looking takes nothing');
    assert.ok(now >= left && now - left < 60_000);
  }
  assert.deepEqual(await fetch(second.id), { sealed: 'second' });
  assert.equal(await codeOf(look(second.id)), 'not-found');
  assert.equal(await codeOf(fetch(second.id)), 'not-found', 'once');
  assert.equal(await codeOf(leave('x'.repeat(70_000))), 'too-large');
  assert.equal(await codeOf(leave('x', 'nobody')), 'unauthorized');
  await stage.end();
});
