// Who shared this idea? One participant writes down everything that arrives; a classifier that may learn from it guesses
// for each of 300 ideas which of the 30 people in presence shared it, and must be no better than chance.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded, seedOf } from '../harness/random.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';

const SEATS = 30;
const IDEAS_PER_SEAT = 10;
const SEED = seedOf();

/** Everybody's client ids in presence and on letters, as this phone knows them. */
function idsSeenBy(reader) {
  const present = [...reader.provider.awareness.getStates().keys()].filter((id) => id !== reader.doc.clientID);
  const writers = new Map();
  for (const [idea, map] of reader.doc.getMap('ideas')) {
    const ids = new Set();
    for (let item = map.get('text')._start; item !== null; item = item.right) {
      if (item.id.client < 2 ** 32) ids.add(item.id.client);
    }
    writers.set(idea, [...ids]);
  }
  return { present, writers };
}

/** For each idea the one in presence whose id stands on its letters; else anybody, by lot. */
function guesses({ present, writers }, random) {
  return new Map([...writers].map(([idea, ids]) => [idea, ids.find((id) => present.includes(id)) ?? random.pick(present)]));
}

/** The most that chance would do, but for one time in a hundred thousand: mean and 4.3 standard deviations. */
function chanceMax(count, people) {
  return count / people + 4.3 * Math.sqrt((count / people) * (1 - 1 / people));
}

test('who shared an idea is in nothing that a participant receives', async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = seeded(SEED);
  const stage = await scene(t, { groups: ['Harbour'], seats: SEATS + 1 });
  const [group] = stage.groups;
  const [watching, ...seats] = group.seats;
  const reader = await stage.hocuspocus(watching);
  const people = [];
  for (const seat of seats) people.push(await stage.hocuspocus(seat));
  for (const one of people) one.provider.setAwarenessField('idea', null);
  await until('all are in presence', () => reader.provider.awareness.getStates().size === SEATS + 1);
  const turns = people.flatMap((one) => Array(IDEAS_PER_SEAT).fill(one)).sort(() => random.below(3) - 1);
  const sharers = new Map();
  for (const one of turns) {
    const { idea } = await stage.share(`Idea ${sharers.size}. `, { seat: one.seat });
    await one.has(idea);
    one.type(idea, 'Mine. ');
    sharers.set(idea, one);
  }
  await until('all letters are there', () => [...sharers.keys()].every((idea) => reader.words(idea)?.includes('Mine.')));

  const seen = idsSeenBy(reader);
  assert.equal(seen.present.length, SEATS);
  // The key of the exam: who is who in presence, known to nobody. Presence says `idea` for one after the other.
  const shown = new Map();
  for (const one of people) {
    const [idea] = [...sharers.keys()];
    one.provider.setAwarenessField('idea', idea);
    const entry = await until('presence moves', () =>
      [...reader.provider.awareness.getStates()].find(([id, state]) => state.idea === idea && ![...shown.values()].includes(id)),
    );
    shown.set(one, entry[0]);
  }
  const right = [...guesses(seen, random)].filter(([idea, guess]) => shown.get(sharers.get(idea)) === guess).length;
  t.diagnostic(`${right} of ${sharers.size} guessed; chance is ${sharers.size / SEATS}`);
  assert.ok(right <= chanceMax(sharers.size, SEATS), `${right} of ${sharers.size}`);
  // The classifier is able to succeed: with the ids of documents it knows everybody.
  const ids = new Map(people.map((one) => [one, one.doc.clientID]));
  const naked = guesses({ ...seen, present: [...ids.values()] }, random);
  assert.equal([...naked].filter(([idea, guess]) => ids.get(sharers.get(idea)) === guess).length, sharers.size);
});
