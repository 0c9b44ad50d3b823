// The time of day jumps under a real server (rule C12): what it decides cannot be undone, so a clock that went further
// than time did deletes nothing; and a day that nobody closed ends so many days after the last thing that anybody did.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movableClock } from '../harness/faketime.mjs';
import { scene } from '../harness/scene.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

const DAY = 24 * 60 * 60;
/** The server looks at its clock every 30 s. */
const A_LOOK = { within: 60_000 };

async function stageBy(t, clock) {
  const server = await startServer({ env: clock.env });
  t.after(() => server.dispose());
  return scene(t, { server, groups: ['Harbour'], seats: 1 });
}

const state = (stage) => stage.api.consultation(stage.organizer, stage.id);
const ending = (stage) => stage.api.json(`/api/consultations/${stage.id}/ending`, { token: stage.organizer });

test('C12: a clock that jumps ahead by 31 days deletes nothing, the organizer is asked, and it may jump back', async (t) => {
  const clock = movableClock();
  const stage = await stageBy(t, clock);
  const { idea } = await stage.share('Still here');
  clock.set(31 * DAY);
  const doubted = await until('the clock is doubted', async () => (await ending(stage)).clock_ahead, A_LOOK);
  assert.ok(doubted > 30 * DAY * 1_000, `${doubted}`);
  assert.equal((await state(stage)).purge_soon ?? null, null, 'no deletion is announced');
  // People go on, and what they do is recorded.
  const later = await stage.share('Written while the clock was wrong');
  clock.set(-DAY);
  await until('the clock is believed again', async () => !(await ending(stage)).clock_ahead, A_LOOK);
  const last = await stage.share('Written while the clock was a day behind');
  await stage.server.kill();
  clock.set(0);
  await stage.server.again();
  const { ideas } = await stage.view();
  assert.deepEqual(ideas.map(({ id }) => id).toSorted(), [idea, later.idea, last.idea].toSorted());
  assert.equal((await state(stage)).purge_soon ?? null, null);
});

test('C12: a day that nobody closed ends 30 days after the last thing that anybody did, over restarts years later', async (t) => {
  const clock = movableClock();
  const stage = await stageBy(t, clock);
  await stage.share('On the first day');
  const startOn = async (day) => {
    await stage.server.stop();
    clock.set(day * DAY);
    await stage.server.again();
  };
  await startOn(20);
  assert.equal((await state(stage)).purge_soon ?? null, null);
  await stage.share('On the twentieth day');
  await startOn(40);
  assert.equal((await state(stage)).purge_soon ?? null, null, 'twenty days after the last idea');
  await startOn(3 * 365);
  const { purge_soon: soon } = await until('a deletion is announced', async () => {
    const now = await state(stage);
    return now.purge_soon && now;
  }, A_LOOK);
  const ahead = soon - (Date.now() + 3 * 365 * DAY * 1_000);
  assert.ok(ahead > 8 * 60_000 && ahead <= 10 * 60_000, `ten minutes to take a file away: ${ahead}`);
  const { ideas } = await stage.view();
  assert.equal(ideas.length, 2, 'until then everything is there');
});
