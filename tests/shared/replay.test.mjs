// Real consultations of the shared data, replayed and counted. Not part of a plain `tests/run`: the data is not ours to keep here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedFolder } from '../harness/polis.mjs';
import { replayAndCompare } from '../harness/replayed.mjs';

for (const [name, comments] of Object.entries({ 'london.youth.policing': 39, 'scoop-hivemind.affordable-housing': 165 })) {
  test(`every comment and every home-group vote of ${name} is on the boards after a replay at full speed`, async (t) => {
    const { ideas } = await replayAndCompare(t, sharedFolder(name));
    assert.equal(ideas, comments);
  });
}
