// Phases, points and clocks from outside: closing with a grace, over a restart too; the late shelf; what a step back
// asks of people. The last tests are real phones.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { newReceipt, read } from '../harness/api.mjs';
import { browser, phone } from '../harness/browser.mjs';
import { joinByLink, openIdea, shareOn } from '../harness/hands.mjs';
import { Raw } from '../harness/raw.mjs';
import { isProblem } from '../harness/refusals.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const POINTS = [{ title: 'One?', minutes: 10 }, { title: 'Two?', minutes: 20 }, { title: 'Three?', minutes: 5 }];

const groupOf = async (stage, at = 0) => (await stage.api.consultation(stage.organizer, stage.id)).groups[at];
const refused = (sent) => sent.then(() => 'ok', (error) => error.code);
const shelving = (stage, text) => {
  const { receipt, hash } = newReceipt();
  const idea = randomUUID();
  return { idea, receipt, command: { do: 'shelve', idea, group: stage.groups[0].id, lang: 'en', text, receipt: hash } };
};

/** A phone's socket that follows the consultation. */
async function follower(t, stage, token) {
  const raw = await Raw.connect(stage.server);
  t.after(() => raw.close());
  raw.send(frame.token(`consultation/${stage.id}`, token));
  await raw.take('authenticated');
  raw.say = (message) => raw.send(frame.stateless(`consultation/${stage.id}`, JSON.stringify(message)));
  return raw;
}

test('T1: points, clocks and minutes: for one group and for all, by the server', async (t) => {
  const stage = await scene(t, { points: POINTS });
  const [group] = stage.groups;
  const moderate = (command) => stage.api.command(group.moderator, { group: group.id, ...command });
  assert.equal((await groupOf(stage)).point, stage.points[0].id, 'a brainstorm begins with the first point');
  await moderate({ do: 'next-point' });
  await moderate({ do: 'clock', of: 'point', minutes: 2 });
  const now = await groupOf(stage);
  assert.equal(now.point, stage.points[1].id);
  assert.equal(now.point_clock.ends_at - now.point_clock.started_at, 22 * 60_000);
  assert.equal((await groupOf(stage, 1)).point, stage.points[0].id, 'the other group is where it was');
  await stage.api.command(stage.organizer, { do: 'point', point: stage.points[2].id });
  assert.deepEqual([(await groupOf(stage, 0)).point, (await groupOf(stage, 1)).point], Array(2).fill(stage.points[2].id));
  await stage.api.command(stage.organizer, { do: 'minutes', minutes: [4, 8, 2] });
  assert.deepEqual((await groupOf(stage, 1)).minutes, [4, 8, 2]);
  assert.equal(await refused(stage.api.command(stage.organizer, { do: 'next-point' })), 'nothing-there');
  await stage.end();
});

test('where groups stay together a moderator cannot move one, the organizer can, and calls it back', async (t) => {
  const stage = await scene(t, { settings: { groups_move: false } });
  const [group] = stage.groups;
  await stage.api.phase(group.moderator, 'vote', group.id).then(assert.fail, (error) => isProblem(error.body, 'groups-stay'));
  await stage.phase('vote', group);
  const phases = async () => [(await groupOf(stage, 0)).phase, (await groupOf(stage, 1)).phase];
  assert.deepEqual(await phases(), ['vote', 'brainstorm']);
  await stage.phase('brainstorm');
  assert.deepEqual(await phases(), ['brainstorm', 'brainstorm']);
  await stage.end();
});

test('T2: a closing waits for who is sending, is taken back, and stands over a restart', async (t) => {
  const stage = await scene(t);
  const [group] = stage.groups;
  const desk = async () => (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: group.moderator })).groups[0].sending;
  const close = (grace) => stage.api.command(group.moderator, { do: 'phase', phase: 'vote', group: group.id, grace_seconds: grace });
  const one = await follower(t, stage, group.seats[0].token);
  one.say({ type: 'unsent', count: 3 });
  await until('the desk sees it', async () => (await desk()) === 1);
  one.say({ type: 'unsent', count: -1 });
  one.say({ type: 'unsent', count: 0, idea: 'a wish' });
  await until('what is no number is refused', () => one.frames.filter((each) => each.payload?.problem?.code === 'malformed').length === 2);
  await close(300);
  assert.equal((await groupOf(stage)).announced.phase, 'vote');
  assert.equal((await groupOf(stage)).phase, 'brainstorm');
  await stage.share('In the grace');
  await stage.api.command(group.moderator, { do: 'stay', group: group.id });
  assert.equal((await groupOf(stage)).announced, undefined);
  await close(300);
  const began = Date.now();
  one.say({ type: 'unsent', count: 0 });
  await until('nobody is sending: it closes sooner', async () => (await groupOf(stage)).phase === 'vote');
  assert.ok(Date.now() - began < 15_000 && (await desk()) === 0);
  assert.equal((await groupOf(stage, 1)).phase, 'brainstorm');
  await stage.api.command(stage.organizer, { do: 'phase', phase: 'plenary', grace_seconds: 2 });
  await stage.server.stop();
  await stage.server.start();
  await until('it is carried out after the restart', async () => (await groupOf(stage, 1)).phase === 'plenary');
  const ledger = await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: group.seats[0].token });
  assert.deepEqual(ledger.filter(({ did }) => did === 'moved').map(({ by }) => by).slice(-2), ['moderator', 'organizer']);
  await stage.end();
});

test('T4: what comes after the lock is on the late shelf: for the group, in nobody else’s sight, admitted or taken back', async (t) => {
  const stage = await scene(t);
  const [group, hills] = stage.groups;
  await stage.share('In time');
  await stage.phase('vote');
  const [first, second] = [shelving(stage, 'Late one'), shelving(stage, 'Late two')];
  for (const each of [first, second]) await stage.api.command(group.seats[0].token, each.command);
  await stage.api.command(group.seats[0].token, first.command);
  const shelf = (token) => stage.api.json(`/api/boards/${group.id}/late`, { token });
  assert.deepEqual((await shelf(group.seats[1].token)).ideas.map((idea) => idea.text), ['Late one', 'Late two']);
  assert.equal(await refused(shelf(hills.seats[0].token)), 'forbidden');
  assert.equal((await stage.view()).ideas.length, 1, 'not on the board');
  await stage.api.command(group.moderator, { do: 'admit', idea: first.idea, read: read('Late one') });
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.text), ['In time', 'Late one']);
  await stage.api.approve(group.seats[1].token, first.idea);
  await stage.api.command(group.seats[0].token, { do: 'withdraw', idea: second.idea, receipt: second.receipt });
  assert.deepEqual([(await shelf(group.moderator)).count, (await groupOf(stage)).late], [0, 0]);
  await stage.end();
});

test('T3: after a step back, who approved other words is asked; the vote counts meanwhile', async (t) => {
  const stage = await scene(t, { settings: { tallies: 'live' } });
  const [group] = stage.groups;
  const [one, two] = [await stage.share('First'), await stage.share('Second')];
  await stage.phase('vote');
  const [seat, other] = group.seats;
  const confirm = async (who) => (await stage.api.consultation(who.token, stage.id)).you.confirm;
  for (const idea of [one, two]) await stage.api.approve(seat.token, idea.idea);
  await stage.api.approve(other.token, two.idea);
  await stage.phase('brainstorm');
  await stage.api.command(seat.token, { do: 'edit', idea: one.idea, receipt: one.receipt, text: 'First, mended' });
  await stage.phase('vote');
  await until('it is asked', async () => (await confirm(seat)).length === 1);
  assert.deepEqual([await confirm(seat), await confirm(other)], [[one.idea], []]);
  assert.deepEqual((await stage.view()).ideas.map((idea) => idea.tally), [1, 2]);
  await stage.server.stop();
  await stage.server.start();
  assert.deepEqual(await confirm(seat), [one.idea]);
  await stage.api.approve(seat.token, one.idea);
  assert.deepEqual(await confirm(seat), []);
  await stage.end();
});

/** A page whose socket can be cut, and stays away until the network is back. */
async function deadSpot(page) {
  let away = false;
  const open = new Set();
  await page.routeWebSocket(/\/sync/, (socket) => {
    if (away) return socket.close({ code: 4000 });
    socket.connectToServer();
    open.add(socket);
  });
  return {
    cut() {
      away = true;
      for (const socket of open) socket.close({ code: 4000 });
      open.clear();
    },
    back() {
      away = false;
    },
  };
}

test('phones: an offline phone comes back late and its idea is on the shelf; words in an idea follow by one tap', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, points: POINTS });
  const [group] = stage.groups;
  const chrome = await browser(t);
  const [late, near] = [await phone(chrome, 'the late phone'), await phone(chrome, 'the near phone', { locale: 'ar', colorScheme: 'dark' })];
  const network = await deadSpot(late.page);
  for (const one of [late, near]) await joinByLink(one, stage);
  const idea = await shareOn(near, 'An idea in time');
  await late.idea(idea).waitFor();
  await stage.api.command(group.moderator, { do: 'next-point', group: group.id });
  for (const one of [late, near]) await one.page.locator(`[data-test="group-point"][data-point="${stage.points[1].id}"]`).waitFor();
  network.cut();
  await until('it knows that it is offline', async () => (await late.at('status-line').getAttribute('data-state')) === 'offline');
  await late.at('idea-text').fill('Written in a dead spot');
  await late.at('idea-share').click();
  await stage.phase('vote');
  network.back();
  await late.page.locator('[data-test="point"]').nth(1).click();
  await late.page.locator('[data-test="idea-state"][data-late="true"]').waitFor();
  await until('it is on the shelf', async () => (await groupOf(stage)).late === 1);
  await near.at('late').locator('summary').click();
  await near.shows(near.at('late-idea'), 'Written in a dead spot');
  if (process.env.PLENUM_SHOTS) for (const one of [late, near]) await one.page.screenshot({ path: `${process.env.PLENUM_SHOTS}/${one.name}.png`, fullPage: true });
  await stage.end();
});

test('phones: a closing is announced on all of them, and nobody has to be quick', async (t) => {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1, points: POINTS });
  const chrome = await browser(t);
  const [desk, one] = [await phone(chrome, 'the moderator'), await phone(chrome, 'a phone')];
  await desk.open(stage.created.groups[0].moderator.url);
  await joinByLink(one, stage);
  await desk.at('grace').check();
  await desk.at('phase-vote').click();
  for (const each of [desk, one]) await each.at('closing').waitFor();
  if (process.env.PLENUM_SHOTS) for (const each of [desk, one]) await each.page.screenshot({ path: `${process.env.PLENUM_SHOTS}/${each.name}.png`, fullPage: true });
  await desk.at('closing-stay').click();
  await until('it is taken back', async () => (await one.at('closing').count()) === 0);
  await desk.at('next-point').click();
  await one.page.locator(`[data-test="group-point"][data-point="${stage.points[1].id}"]`).waitFor();
  await desk.at('grace').check();
  await desk.at('phase-vote').click();
  await one.at('closing').waitFor();
  await one.page.locator('[data-test="phase-vote"]').waitFor();
  for (const each of [desk, one]) each.clean(stage.server);
  await stage.end();
});
