// A flood of seats that does not stop while the organizer looks at it: what was seen is closed, what came since is said and closed
// next, and the door or waves stop the rest (rules C21, C22).

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { test } from 'node:test';
import { browser, phone } from '../harness/browser.mjs';
import { scene } from '../harness/scene.mjs';
import { shot } from '../harness/shots.mjs';
import { until } from '../harness/until.mjs';

const deskOf = async (stage) => (await stage.api.json(`/api/consultations/${stage.id}/desk`, { token: stage.organizer })).all;

/** Somebody who takes so many seats a second from these addresses until it is told to end; refused ones are only counted. */
function flooding(t, stage, { perSecond, addresses }) {
  const agents = addresses.map((localAddress) => new http.Agent({ keepAlive: true, maxSockets: 4, localAddress }));
  const body = JSON.stringify({ key: stage.key, group: stage.groups[0].id });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const flood = { came: 0, refused: 0 };
  const under = new Set();
  const join = (agent) =>
    new Promise((resolve) => {
      const call = http.request(`${stage.server.url}/api/join`, { method: 'POST', agent, headers }, (answer) => {
        flood[answer.statusCode === 201 ? 'came' : 'refused'] += 1;
        answer.resume();
        answer.on('end', resolve);
      });
      call.on('error', resolve);
      call.end(body);
    });
  let turn = 0;
  const timer = setInterval(() => {
    // Not more at once than a second's worth: a busy machine is not to be asked for what it has not answered yet.
    for (let many = 0; many < perSecond / 20 && under.size < perSecond; many += 1) {
      const one = join(agents[(turn += 1) % agents.length]).then(() => under.delete(one));
      under.add(one);
    }
  }, 50);
  flood.end = async () => {
    clearInterval(timer);
    for (const agent of agents) agent.destroy();
    await Promise.all(under);
  };
  t.after(flood.end);
  return flood;
}

/** Everybody honest has said something. */
async function honest(t, seats) {
  const stage = await scene(t, { seats, groups: ['North'] });
  for (const seat of stage.groups[0].seats) await stage.share('Of somebody who is here', { seat });
  return stage;
}

test('seats whose phones come and go cannot make a closing too late: those are closed that were seen without a phone (C22)', async (t) => {
  const stage = await scene(t, { seats: 12, groups: ['North'] });
  const [group] = stage.groups;
  const board = `board/${group.id}`;
  const [flapping, honest] = [group.seats.slice(0, 2), group.seats.slice(7)];
  // They hold a board alone, which staff are not told of by a message.
  const held = await Promise.all(honest.map((seat) => stage.yWebsocket({ ...seat, document: board })));
  const there = (absent) => until(`${absent} are without a phone`, async () => {
    const all = await deskOf(stage);
    return all.conduct.absent === absent && all;
  });
  const seen = await there(7);
  for (const seat of flapping) {
    const client = await stage.hocuspocus(seat);
    await there(6);
    stage.drop(client);
    await there(7);
  }
  for (const client of held) stage.drop(client);
  await there(12);
  const closing = { do: 'close-seats', which: 'all', only: 'absent', at_most: seen.conduct.absent, came: seen.came, left: seen.left };
  await stage.api.command(stage.organizer, closing);
  const codes = await Promise.all(group.seats.map(({ token }) => stage.api.consultation(token, stage.id).then(() => 'in', ({ code }) => code)));
  assert.deepEqual(codes, [...Array(7).fill('closed-together'), ...Array(5).fill('in')]);
  await assert.rejects(stage.api.command(stage.organizer, { ...closing, left: seen.left + 1_000 }), { code: 'stale' });
  group.seats.splice(0, 7);
  await stage.end();
});

for (const { perSecond, addresses, which, only, seenOf } of [
  { perSecond: 20, addresses: ['127.0.0.9'], which: 'burst', seenOf: (all) => all.bursts[0]?.seats ?? 0 },
  { perSecond: 300, addresses: Array.from({ length: 15 }, (_, n) => `127.0.1.${n + 1}`), which: 'all', only: 'silent', seenOf: (all) => all.conduct.silent },
]) {
  test(`of a flood of ${perSecond} seats a second that goes on, one press closes what was seen, and a second one what came since (C22)`, async (t) => {
    const stage = await honest(t, 3);
    const flood = flooding(t, stage, { perSecond, addresses });
    const seen = await until('the organizer sees it', async () => {
      const all = await deskOf(stage);
      return seenOf(all) >= 40 && all;
    });
    // Somebody reads and decides: meanwhile more come. Those of whom the phones know by then came after the look.
    await until('more come', () => flood.came >= seen.came + perSecond / 2);
    const closing = (all) => ({
      do: 'close-seats',
      which: which === 'burst' ? { burst: all.bursts[0].burst } : 'all',
      ...(only && { only }),
      at_most: seenOf(all),
      came: all.came,
    });
    const { came: _, ...everybody } = closing(seen);
    await assert.rejects(stage.api.command(stage.organizer, everybody), { code: 'stale' }, 'who does not say when they looked means all');
    const command = { id: randomUUID(), ...closing(seen) };
    const answer = await stage.api.command(stage.organizer, command);
    assert.deepEqual(await stage.api.command(stage.organizer, command), answer, 'the same again is the same answer');
    const after = await deskOf(stage);
    assert.equal(after.closings[0].seats, seenOf(seen), 'exactly those that were seen');
    assert.ok(after.closings[0].since >= perSecond / 2, 'and it is said how many came since');
    await stage.api.command(stage.organizer, { do: 'door', open: false });
    const refused = flood.refused;
    await until('nobody comes in any more', () => flood.refused > refused + 10);
    const rest = await deskOf(stage);
    await stage.api.command(stage.organizer, closing(rest));
    const { seats, conduct, closings } = await deskOf(stage);
    assert.deepEqual([seats, conduct.wrote, closings.length], [3, 3, 2], 'who is honest is still there, and nobody else');
    assert.deepEqual(closings.map(({ since }) => since), [0, 0]);
    t.diagnostic(`${flood.came} seats came, ${flood.refused} were refused; closed with two presses: ${closings.map((one) => one.seats)}`);
    await flood.end();
    await stage.end();
  });
}

test('by hands: the organizer closes a running flood, sees what came since, stops it, and lets people wait at the door', async (t) => {
  const stage = await honest(t, 3);
  const chrome = await browser(t);
  const looks = [['organizer', {}], ['organizer in Arabic', { locale: 'ar' }], ['organizer in the dark', { colorScheme: 'dark', locale: 'fr-FR' }]];
  const screens = [];
  for (const [name, look] of looks) {
    const one = await phone(chrome, name, look);
    await one.open(`${stage.server.url}/organize#c=${stage.id}&t=${stage.organizer}`);
    await one.at('head-count').waitFor();
    screens.push(one);
  }
  const [organizer, arabic, dark] = screens;
  const flood = flooding(t, stage, { perSecond: 20, addresses: ['127.0.0.9'] });
  await organizer.at('close-burst').click();
  await organizer.at('close-seats-and-waves').waitFor();
  await organizer.fits('asking');
  await shot(organizer, 'running-flood-sure');
  await arabic.at('close-burst').click();
  await arabic.fits('asking in Arabic');
  await shot(arabic, 'running-flood-sure-ar');
  await organizer.at('close-seats-sure').click();
  for (const one of screens) await one.at('came-since').waitFor();
  for (const one of screens) await one.fits('what came since');
  await shot(organizer, 'running-flood-since');
  await shot(dark, 'running-flood-since-dark');
  await organizer.at('stop-waves').click();
  await organizer.page.locator('[data-test="waves-toggle"][data-waves="true"]').waitFor();
  await until('who comes now waits at the door', async () => (await deskOf(stage)).at_door > 0);
  // The other stop, with what came since, in one act.
  await organizer.at('close-burst').click();
  await organizer.at('close-seats-and-door').click();
  const refused = flood.refused;
  await until('nobody comes in any more', () => flood.refused > refused + 10);
  await flood.end();
  const { bursts } = await deskOf(stage);
  if (bursts.length > 0) {
    // What came between the last look and the closed door; of fewer than five only silent ones can be closed.
    await organizer.page.locator(`[data-test="burst"][data-seats="${bursts[0].seats}"]`).waitFor();
    await organizer.at(bursts[0].seats < 5 ? 'close-burst-silent' : 'close-burst').click();
    await organizer.at('close-seats-sure').click();
  }
  await organizer.at('burst').waitFor({ state: 'detached' });
  await until('all of the flood is closed', async () => (await deskOf(stage)).seats === 3);
  const did = (await stage.api.json(`/api/consultations/${stage.id}/ledger`, { token: stage.organizer })).filter((line) => line.did === 'door');
  assert.deepEqual(did.map(({ open, admission }) => [open, admission]), [[true, 'waves'], [false, undefined]]);
  for (const one of screens) one.clean(stage.server);
  await stage.end();
});
