// What the audit of `plenum merge` says of lists that nobody should praise: drawn by lot, and the largest group first.

import { spawnSync } from 'node:child_process';
import { dayInput } from './polis.mjs';
import { seeded } from './random.mjs';
import { BIN } from './server.mjs';

function merged(input) {
  const { status, stdout, stderr } = spawnSync(BIN, ['merge'], { input: JSON.stringify(input), maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(stdout);
}

/** The run of a recording's day, and how many of `lots` lists by lot the audit takes, and whether it takes the largest group first. */
export function judged(folder, lots) {
  const input = dayInput(folder);
  const run = merged(input);
  const items = run.items.map(({ id }) => id);
  const pinned = (pins) => merged({ ...input, decisions: { pins } }).audit.represented;
  const people = new Map();
  for (const { group } of input.ballots) people.set(group, (people.get(group) ?? 0) + 1);
  const [largest] = [...people].sort(([, a], [, b]) => b - a)[0];
  const of = new Map(input.ideas.map(({ id, group }) => [id, group]));
  const isLargest = (id) => run.items.find((item) => item.id === id).members.some(({ idea }) => of.get(idea) === largest);
  const { below } = seeded(7);
  const shuffled = () =>
    items
      .map((id) => [below(2 ** 31), id])
      .sort(([a], [b]) => a - b)
      .map(([, id]) => id);
  return {
    run,
    lotsTaken: Array.from({ length: lots }, () => pinned(shuffled())).filter(Boolean).length,
    largestFirstTaken: pinned([...items.filter(isLargest), ...items.filter((id) => !isLargest(id))]),
  };
}
