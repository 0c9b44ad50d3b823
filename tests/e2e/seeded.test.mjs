// Tests of safety must be able to fail. Against a build with the feature `seeded-defects` (its path in PLENUM_DEFECT_BIN):
// the crash test has to find losses where a server tells people before it has written, and the tests of the gate have to
// be red where the gate is switched off. `tests/run` makes that build.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { crashCycles } from '../harness/crash.mjs';
import { killsWhileDeleting } from '../harness/erasing.mjs';
import { TITLE, busy, findings } from '../harness/purge.mjs';
import { seeded, seedOf } from '../harness/random.mjs';
import { startServer } from '../harness/server.mjs';

const CYCLES_MAX = 20;

/** Ends a process group that this test began, if anything of it is left. */
function endGroup(id) {
  try {
    process.kill(-id, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

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

/** Runs a file of tests against a server with a defect; gives what it said, and how many tests were red or never done. */
async function redWith(t, defect, file, timeoutMs) {
  const bin = process.env.PLENUM_DEFECT_BIN;
  assert.ok(bin, 'PLENUM_DEFECT_BIN names a server built with the feature seeded-defects');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = spawn(process.execPath, ['--test', '--test-reporter=tap', `--test-timeout=${timeoutMs}`, file], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...env, PLENUM_BIN: bin, PLENUM_TEST_DEFECT: defect },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, which ends as a whole: a server that hangs outlives the test that waited for it.
    detached: true,
  });
  t.after(() => endGroup(run.pid));
  const said = await text(run.stdout);
  const count = (word) => Number(said.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1]);
  const red = count('fail') + count('cancelled');
  t.diagnostic(`${red} of ${count('tests')} red or never done`);
  return { said, red };
}

test('the tests of the gate turn red when the gate is switched off', async (t) => {
  const { said, red } = await redWith(t, 'gate-off', 'e2e/gate.test.mjs', 15_000);
  // A server without a gate may also hang or be gone, and what waits for it never ends.
  assert.match(said, /^ *not ok \d+ - hostile updates are refused on both wires/m);
  assert.ok(red > 1, said);
});

test('the search for what a purge left turns red when it does not rewrite the file', async (t) => {
  const bin = process.env.PLENUM_DEFECT_BIN;
  assert.ok(bin, 'PLENUM_DEFECT_BIN names a server built with the feature seeded-defects');
  const server = await startServer({ bin, env: { PLENUM_SEED_DEFECT: 'purge-without-rewriting' } });
  t.after(() => server.dispose());
  const { stage, markers } = await busy(t, server);
  await stage.api.command(stage.organizer, { do: 'purge', confirm: TITLE });
  stage.endClients();
  const found = await findings(server.data, markers);
  assert.notDeepEqual(found, {}, 'the log was not emptied, and the search does not see it: it proves nothing');
});

test('the search for deleted words turns red when a killed server forgets what it owes', async (t) => {
  const bin = process.env.PLENUM_DEFECT_BIN;
  assert.ok(bin, 'PLENUM_DEFECT_BIN names a server built with the feature seeded-defects');
  const pause = () => 120;
  // Slow enough for a kill to come between the decision and its end, each time.
  const slow = await killsWhileDeleting(t, { bin, env: { PLENUM_SEED_DEFECT: 'slow-scrubs' }, cycles: 4, pause });
  assert.deepEqual(slow.left, [], 'the server itself finishes what it owes');
  const defects = { PLENUM_SEED_DEFECT: 'slow-scrubs,log-stays,scrub-forgotten' };
  const { left } = await killsWhileDeleting(t, { bin, env: defects, cycles: 2, pause, within: 2_000 });
  assert.notDeepEqual(left, [], 'words stay in the files, and the search does not see them: it proves nothing');
});

test('the attack on the doors turns red when typed codes have no limit', async (t) => {
  const { said } = await redWith(t, 'tries-off', 'e2e/guessing.test.mjs', 60_000);
  assert.match(said, /^ *not ok \d+ - codes tried by 300 connections from one address/m);
  assert.match(said, /^ *not ok \d+ - codes tried by 300 connections from fifty addresses/m);
});
