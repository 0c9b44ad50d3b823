// The model day (`../day/day.mjs`): what is exported at its end is what forty phones wrote.

import { test } from 'node:test';
import { playDay } from '../day/day.mjs';

test('the model day: what is exported is what forty phones wrote, through a crash in the middle of the vote', async (t) => {
  await playDay(t);
});
