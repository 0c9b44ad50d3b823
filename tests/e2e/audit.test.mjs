// The audit of a list: it fails for lists that nobody should praise, on a day of our own recording.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged } from '../harness/judged.mjs';
import { RECORDING } from '../harness/polis.mjs';

const LOTS = 20;

test('lists by lot and a list of the largest group first fail the audit', () => {
  const { run, lotsTaken, largestFirstTaken } = judged(RECORDING, LOTS);
  assert.ok(run.listed.length === 10 && run.items.length > 20, 'there is something to choose');
  assert.ok(lotsTaken * 10 <= LOTS, `${lotsTaken} of ${LOTS} lists by lot are taken`);
  assert.equal(largestFirstTaken, false);
});
