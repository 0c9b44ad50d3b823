// The crash test must be able to fail: against a server that tells people before it has written (a build with the
// feature `seeded-defects`, its path in PLENUM_DEFECT_BIN) it has to find losses. `tests/run` runs this file when that
// build exists.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashCycles } from '../harness/crash.mjs';
import { seeded, seedOf } from '../harness/random.mjs';

const CYCLES_MAX = 20;

test('the crash test turns red when a server publishes before it commits', async (t) => {
  const bin = process.env.PLENUM_DEFECT_BIN;
  assert.ok(bin, 'PLENUM_DEFECT_BIN names a server built with the feature seeded-defects');
  const seed = seedOf();
  t.diagnostic(`PLENUM_TEST_SEED=${seed}`);
  const { losses, figures } = await crashCycles(t, {
    bin,
    env: { PLENUM_SEED_DEFECT: 'publish-before-commit' },
    cycles: CYCLES_MAX,
    random: seeded(seed),
    say: (line) => t.diagnostic(line),
  });
  t.diagnostic(`found in cycle ${figures.cycles}: ${losses.length} losses`);
  assert.notDeepEqual(losses, [], `no loss was found in ${figures.cycles} crashes: the crash test proves nothing`);
});
