// The audit on the day of a real consultation. (In `london.youth.policing` half of all entries have a place: a list by lot is fair there
// one time in four, and seven places for the largest group leave everybody else the one or two that they are owed.)

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judged } from '../harness/judged.mjs';
import { sharedFolder } from '../harness/polis.mjs';

const LOTS = 20;

test('of lists by lot and of the largest group first the audit of a real day takes at most one in ten', () => {
  const { run, lotsTaken, largestFirstTaken } = judged(sharedFolder('scoop-hivemind.affordable-housing'), LOTS);
  assert.equal(run.audit.represented, true, 'the list of the rule itself is taken');
  assert.ok(lotsTaken * 10 <= LOTS, `${lotsTaken} of ${LOTS} lists by lot are taken`);
  assert.equal(largestFirstTaken, false);
});
