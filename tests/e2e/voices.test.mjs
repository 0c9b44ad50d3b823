// One person, many seats: what a flood of seats can hide, what the organizer sees of it and within what time, what one
// action takes out again, and who waits at the door (rules C21 to C23; `attack` of findings 10 and 11).

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { test } from 'node:test';
import { read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const deskOf = (stage, token = stage.organizer) => stage.api.json(`/api/consultations/${stage.id}/desk`, { token });
const ledger = (stage) => stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.groups[0].seats[0].token });

/** So many seats by one client, from one address, on few connections, as fast as the server gives them. */
async function flood(stage, count, from = '127.0.0.9') {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 20, localAddress: from });
  const join = () =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ key: stage.key, group: stage.groups[0].id });
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const call = http.request(`${stage.server.url}/api/join`, { method: 'POST', agent, headers }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(parts))));
      });
      call.on('error', reject);
      call.end(body);
    });
  const seats = await Promise.all(Array.from({ length: count }, join));
  agent.destroy();
  for (const { token } of seats) assert.ok(token, 'a seat');
  return seats;
}

test('one client with hundreds of seats hides four ideas, is seen at once, and is gone with its votes in one action', async (t) => {
  const stage = await scene(t, { seats: 12, groups: ['North'] });
  const [group] = stage.groups;
  const ideas = [];
  for (let n = 0; n < 40; n += 1) ideas.push((await stage.share(`Idea ${n}`, { seat: group.seats[n % 12] })).idea);
  await stage.api.command(stage.organizer, { do: 'chairs', count: 12 });
  const seats = await flood(stage, 200);
  const seen = await until('the organizer sees the burst', async () => {
    const { all } = await deskOf(stage);
    return all.bursts.length > 0 && all;
  }, { within: 2_000 });
  assert.ok(seen.seats > seen.chairs, 'more seats than chairs');
  // Fourteen of them say of everything that somebody may be in danger.
  for (let n = 0; n < 14; n += 1) {
    for (let turn = 0; turn < 3; turn += 1) {
      await stage.api.command(seats[n].token, { do: 'report', idea: ideas[(n * 3 + turn) % 40], why: 'danger' }).catch(() => undefined);
    }
  }
  const shown = async () => (await stage.view()).ideas.length;
  assert.equal(await shown(), 36, 'four are hidden without a second look, and no more');
  const alerts = await stage.api.json(`/api/consultations/${stage.id}/alerts`, { token: stage.safeguarding });
  assert.deepEqual([alerts.length, alerts.filter(({ state }) => state === 'waiting').length], [40, 36], 'the contact is told of each');
  const lines = (await ledger(stage)).filter(({ did }) => did === 'held-in-group');
  assert.deepEqual(lines.map(({ by, reason }) => [by, reason]), Array.from({ length: 4 }, () => [undefined, undefined]));
  await stage.api.command(stage.safeguarding, { do: 'settle-all', group: group.id, show: true, read: Object.fromEntries(alerts.map(({ id, text }) => [id, read(text)])) });
  assert.equal(await shown(), 40, 'one act of the contact shows all again');
  // The vote: their favourite is first, until they are closed.
  await stage.phase('vote');
  for (const seat of group.seats) await stage.api.command(seat.token, { do: 'approve', idea: ideas[0], on: true });
  for (const seat of seats.slice(0, 30)) await stage.api.command(seat.token, { do: 'approve', idea: ideas[1], on: true });
  const victim = await stage.hocuspocus(seats[0]);
  await victim.has(ideas[2]);
  const { all } = await deskOf(stage);
  const [burst] = all.bursts;
  assert.ok(all.bursts.length === 1 && burst.seats === 200, JSON.stringify(all.bursts));
  const closing = { id: randomUUID(), do: 'close-seats', which: { burst: burst.burst }, at_most: burst.seats };
  await assert.rejects(stage.api.command(stage.organizer, { ...closing, id: randomUUID(), at_most: burst.seats - 1 }), { code: 'stale' });
  await assert.rejects(stage.api.command(group.moderator, { ...closing, id: randomUUID() }), { code: 'forbidden' });
  const answer = await stage.api.command(stage.organizer, closing);
  assert.deepEqual(await stage.api.command(stage.organizer, closing), answer, 'the same again is the same answer');
  const refused = await request(`${stage.server.url}/api/consultations/${stage.id}`, { token: seats[3].token });
  assert.equal(JSON.parse(refused.text).code, 'closed-together', 'its phone is told in words');
  await until('the connected phone is told as well', () => victim.denied !== undefined);
  stage.drop(victim);
  const counted = async () => {
    await stage.phase('plenary');
    // The list is made by itself after a quiet moment; until then what HTTP shows is about to change.
    await until('the list is made', async () => (await stage.api.plenary(stage.organizer, stage.id)).run === 1);
    const { ideas: board } = await stage.view();
    return ideas.slice(0, 2).map((idea) => board.find((one) => one.id === idea).tally);
  };
  assert.deepEqual(await counted(), [12, 0], 'their votes are gone with them');
  const line = (await ledger(stage)).find(({ did }) => did === 'seats-closed');
  assert.deepEqual([line.by, line.why, line.seats], ['organizer', 'burst', burst.seats]);
  await stage.end();
  assert.deepEqual(await counted(), [12, 0], 'after a restart as before');
  const again = await deskOf(stage);
  assert.deepEqual([again.all.seats, again.all.bursts], [12, []]);
  await stage.end();
});

test('idle seats are closed together; nobody who shared, wrote, voted or is connected is among them', async (t) => {
  const stage = await scene(t, { seats: 4, groups: ['North'] });
  const [group] = stage.groups;
  const [sharer, typist, reader] = group.seats;
  const { idea } = await stage.share('Shared', { seat: sharer });
  const typing = await stage.hocuspocus(typist);
  await typing.has(idea);
  typing.type(idea, ', and more');
  await typing.recorded();
  stage.drop(typing);
  const present = await stage.hocuspocus(reader);
  await present.has(idea);
  const idle = await flood(stage, 9);
  const all = await until('who left is not connected any more', async () => {
    const { all: now } = await deskOf(stage);
    return now.conduct.phones === 1 && now;
  });
  assert.deepEqual([all.conduct.idle, all.conduct.wrote], [10, 2], 'told before, without asking any board');
  const closing = { do: 'close-seats', which: 'all', only: 'idle', at_most: all.conduct.idle };
  await stage.api.command(stage.organizer, closing);
  const codes = await Promise.all([sharer, typist, reader, idle[0], group.seats[3]].map(async ({ token }) => {
    const answer = await request(`${stage.server.url}/api/consultations/${stage.id}`, { token });
    return answer.status === 200 ? 'in' : JSON.parse(answer.text).code;
  }));
  assert.deepEqual(codes, ['in', 'in', 'in', 'closed-together', 'closed-together']);
  await assert.rejects(stage.api.command(stage.organizer, closing), { code: 'nothing-there' });
  group.seats.pop();
  await stage.end();
});

test('people in a burst come in again with what they wrote, and are there again with their votes when it is undone', async (t) => {
  const stage = await scene(t, { seats: 0, groups: ['North'], settings: { tallies: 'live' } });
  const author = await stage.join();
  const { idea } = await stage.share('Of somebody honest', { seat: author });
  const chrome = await browser(t);
  const phones = [];
  for (const [name, look] of [['comes again', { locale: 'ar', colorScheme: 'dark' }], ['waits', {}]]) {
    const one = await phone(chrome, name, look);
    await one.open(`${stage.server.url}/join#${stage.key}`);
    await one.at('join-submit').waitFor();
    phones.push(one);
  }
  const [again, waits] = phones;
  // Through the same address, as all phones of a hall, and within the ten seconds of a burst, however busy the machine is.
  const [came] = await Promise.all([flood(stage, 40, '127.0.0.1'), ...phones.map((one) => one.at('join-submit').click())]);
  for (const one of phones) await one.at('status-line').waitFor();
  await again.at('idea-text').fill('Half written');
  const { all: seen } = await deskOf(stage);
  const [burst] = seen.bursts;
  assert.ok(burst.conduct.phones >= 2 && burst.conduct.absent >= 40, JSON.stringify(burst));
  await stage.phase('vote');
  // Votes of fewer than five would stay (C22).
  for (const { token } of [author, ...came.slice(0, 5)]) await stage.api.command(token, { do: 'approve', idea, on: true });
  await waits.idea(idea).getByRole('button').first().waitFor();
  const closing = { do: 'close-seats', which: { burst: burst.burst }, at_most: burst.seats };
  await stage.api.command(stage.organizer, closing);
  for (const one of phones) {
    await one.at('closed-together').waitFor();
    await one.fits('closed together');
  }
  await again.at('still-kept').waitFor();
  await shot(again, 'voices-closed-together-ar-dark');
  const tally = async () => (await stage.view()).ideas.find(({ id }) => id === idea).tally;
  const { all: after } = await deskOf(stage);
  assert.equal(after.closings.length, 1);
  assert.equal(await tally(), burst.seats === 43 ? 0 : 1);
  // One of them comes in again, and has on the new seat what was not shared on the old one.
  await again.at('come-again').click();
  await again.at('join-submit').click();
  await again.at('status-line').waitFor();
  await stage.phase('brainstorm');
  await until('the draft came along', async () => (await again.at('idea-text').inputValue()) === 'Half written');
  // It is undone: the other one goes on by itself.
  await stage.api.command(stage.organizer, { do: 'restore-seats', closing: 1 });
  await waits.at('status-line').waitFor();
  assert.equal(await tally(), 6);
  const lines = (await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: author.token })).map(({ did }) => did);
  assert.ok(lines.includes('seats-closed') && lines.includes('seats-restored'));
  for (const one of phones) {
    // The browser itself notes each refusal while the seat was closed.
    one.errors = one.errors.filter((error) => !error.includes('403'));
    one.clean(stage.server);
  }
  await stage.end();
});

test('with waves a seat waits at the door: it reads, writes and votes nothing until it is let in, also over a restart', async (t) => {
  const stage = await scene(t, { seats: 0, groups: ['North', 'South'], settings: { admission: 'waves' } });
  const [north, south] = stage.groups;
  const join = (group) => stage.api.join({ key: stage.key, group: group.id });
  const seats = [await join(north), await join(north), await join(south)];
  const codes = () => Promise.all(seats.map(async ({ token }) => {
    const paths = [`/api/consultations/${stage.id}`, `/api/boards/${north.id}`, `/api/plenary/${stage.id}`, `/api/consultations/${stage.id}/programme`, `/api/consultations/${stage.id}/ledger`];
    const answers = await Promise.all(paths.map(async (path) => (await request(`${stage.server.url}${path}`, { token })).status));
    return answers[0] === 200 ? 'in' : answers.every((status) => status === 403) ? 'waits' : answers;
  }));
  assert.deepEqual(await codes(), ['waits', 'waits', 'waits']);
  await assert.rejects(stage.share('From the door', { seat: seats[0] }), { code: 'at-the-door' });
  await assert.rejects(stage.api.ticket(seats[0].token, `board/${north.id}`), { code: 'at-the-door' });
  assert.equal((await deskOf(stage)).all.at_door, 3);
  await stage.end();
  assert.deepEqual(await codes(), ['waits', 'waits', 'waits']);
  await assert.rejects(stage.api.command(north.moderator, { do: 'let-in' }), { code: 'forbidden' });
  await stage.api.command(north.moderator, { do: 'let-in', group: north.id, count: 1 });
  assert.deepEqual(await codes(), ['in', 'waits', 'waits'], 'the first who came');
  await stage.api.command(stage.organizer, { do: 'let-in' });
  assert.deepEqual(await codes(), ['in', 'in', 'in']);
  await assert.rejects(stage.api.command(stage.organizer, { do: 'let-in' }), { code: 'nothing-there' });
  await stage.share('From inside', { seat: seats[0] });
  await stage.end();
});

test('by hands: the organizer counts chairs, sees the burst and closes it; a phone at the door goes on by itself', async (t) => {
  const stage = await scene(t, { seats: 3, groups: ['North', 'South'], settings: { admission: 'waves' }, phase: 'lobby' });
  const [group] = stage.groups;
  const chrome = await browser(t);
  const looks = [['organizer', {}], ['organizer in Arabic', { locale: 'ar' }], ['organizer in the dark', { colorScheme: 'dark', locale: 'fr-FR' }]];
  const screens = [];
  for (const [name, look] of looks) {
    const one = await phone(chrome, name, look);
    await one.open(`${stage.server.url}/organize#c=${stage.id}&t=${stage.organizer}`);
    await one.at('head-count').waitFor();
    screens.push(one);
  }
  const [organizer] = screens;
  const moderator = await phone(chrome, 'moderator', { locale: 'ar', colorScheme: 'dark' });
  await moderator.open(`${stage.server.url}/moderate#c=${stage.id}&t=${group.moderator}`);
  const guest = await phone(chrome, 'guest');
  await guest.open(`${stage.server.url}/join#${stage.key}`);
  await guest.at('join-submit').click();
  await guest.at('at-the-door').waitFor();
  await guest.fits('at the door');
  await shot(guest, 'voices-at-the-door');
  await organizer.at('at-door').waitFor();
  for (const one of screens) await one.fits('people at the door');
  await shot(organizer, 'voices-waves');
  await organizer.at('let-in').click();
  await guest.at('status-line').waitFor();
  await organizer.at('chairs').fill('12');
  await organizer.at('chairs-set').click();
  await organizer.at('seats-fit').waitFor();
  await flood(stage, 60);
  await stage.api.command(stage.organizer, { do: 'let-in' });
  // What is closed is at most what the screen says, so all of them must be on it.
  const { all: told } = await deskOf(stage);
  const whole = organizer.page.locator(`[data-test="burst"][data-seats="${told.bursts[0].seats}"]`);
  for (const one of [...screens, moderator]) await one.at('burst').waitFor();
  await whole.waitFor();
  await organizer.at('seats-over').waitFor();
  await organizer.at('door-notice').locator('summary').click();
  for (const [at, one] of screens.entries()) {
    await one.fits('a burst');
    await shot(one, `voices-burst-${at}`);
  }
  await moderator.fits('a burst in a group');
  await shot(moderator, 'voices-burst-moderator-ar-dark');
  await organizer.at('close-burst').click();
  await organizer.fits('asking');
  await shot(organizer, 'voices-sure');
  await organizer.at('close-seats-sure').click();
  for (const one of [...screens, moderator]) await one.at('burst').waitFor({ state: 'detached' });
  // The browser itself notes each refusal while it waited at the door.
  guest.errors = guest.errors.filter((error) => !error.includes('403'));
  for (const one of [...screens, moderator, guest]) one.clean(stage.server);
  await stage.end();
});
