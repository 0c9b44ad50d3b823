// The model day, compressed: four groups, forty phones on stock clients, staff, a crash in the middle of the vote. What
// was exported at its end is compared with what the phones wrote, which the test noted down and counted by itself.

import { Notebook } from '../harness/notebook.mjs';
import { seeded, seedOf } from '../harness/random.mjs';
import { scene } from '../harness/scene.mjs';
import { GROUPS, PROMOTED, VOTES } from './common.mjs';
import { close, compare, follow, plenary, purge } from './list.mjs';
import { combine, hideAgain, late, review, signOff, stepBack, vote } from './voting.mjs';
import { arrive, brainstorm, brief, danger, hide, outOfSight, spoken } from './writing.mjs';

const STEPS = {
  arrive,
  brief,
  brainstorm,
  spoken,
  hide,
  danger,
  outOfSight,
  vote,
  late,
  hideAgain,
  stepBack,
  combine,
  review,
  signOff,
  plenary,
  compare,
  follow,
  close,
};

/**
 * Plays the day. `onStep(name, day)` is awaited after each step, `onEnd(day)` before the common checks at the end.
 * `outsiders` are among the forty and do nothing in the day: each is a function that joins and gives the seat, with which the
 * test does something else (`day.outside`).
 */
export async function playDay(t, { outsiders = [], onStep = () => {}, onEnd = () => {} } = {}) {
  const random = seeded(seedOf());
  t.diagnostic(`seed ${random.seed}`);
  const settings = { private_first: true, votes: VOTES, promoted_per_group: PROMOTED, tallies: 'hidden' };
  const points = ['Misuse of technology', 'Seeing through it', 'Working together', 'Human rights', 'What youth can build'];
  const stage = await scene(t, { groups: GROUPS, seats: 0, phase: 'lobby', settings, points });
  const day = { stage, notes: new Notebook(), random, outsiders };
  for (const [name, step] of Object.entries(STEPS)) {
    await step(day);
    await onStep(name, day);
  }
  await onEnd(day);
  await stage.end();
  await purge(day);
  return day;
}
