// `kill -9` in the middle of the work: whatever anybody had seen, and whatever was acknowledged, is there afterwards.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashCycles } from '../harness/crash.mjs';
import { seeded, seedOf } from '../harness/random.mjs';

const CYCLES = Number(process.env.PLENUM_CRASH_CYCLES ?? 5);

test('I4: nothing that anybody saw or that was acknowledged is lost by kill -9, and everybody comes back', async (t) => {
  const seed = seedOf();
  t.diagnostic(`PLENUM_TEST_SEED=${seed}`);
  const { scene, losses, figures } = await crashCycles(t, {
    cycles: CYCLES,
    random: seeded(seed),
    say: (line) => t.diagnostic(line),
  });
  assert.deepEqual(losses, []);
  assert.equal(figures.cycles, CYCLES);
  assert.ok(figures.seen > 50 * CYCLES, `there was work to lose: ${figures.seen} letters`);
  assert.ok(figures.acknowledged > 0, 'and acknowledgements');
  await scene.end({ kill: true });
});
