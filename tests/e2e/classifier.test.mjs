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

/**
 * A board with thirty people in presence and one who watches. `shown` is the key of the exam: who is who in presence, which
 * the classifier does not know.
 */
async function gathering(t) {
  const stage = await scene(t, { groups: ['Harbour'], seats: SEATS + 1 });
  const [watching, ...seats] = stage.groups[0].seats;
  const reader = await stage.hocuspocus(watching);
  const others = () => [...reader.provider.awareness.getStates().keys()].filter((id) => id !== reader.doc.clientID);
  const shown = new Map();
  for (const seat of seats) {
    const known = new Set(others());
    const one = await stage.hocuspocus(seat);
    one.provider.setAwarenessField('idea', null);
    shown.set(one, await until('one more is in presence', () => others().find((id) => !known.has(id))));
  }
  return { stage, reader, people: [...shown.keys()], shown };
}

test('who shared an idea is in nothing that a participant receives', async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = seeded(SEED);
  const { stage, reader, people, shown } = await gathering(t);
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
  const right = [...guesses(seen, random)].filter(([idea, guess]) => shown.get(sharers.get(idea)) === guess).length;
  t.diagnostic(`${right} of ${sharers.size} guessed; chance is ${sharers.size / SEATS}`);
  assert.ok(right <= chanceMax(sharers.size, SEATS), `${right} of ${sharers.size}`);
  // The classifier is able to succeed: with the ids of documents it knows everybody.
  const ids = new Map(people.map((one) => [one, one.doc.clientID]));
  const naked = guesses({ ...seen, present: [...ids.values()] }, random);
  assert.equal([...naked].filter(([idea, guess]) => ids.get(sharers.get(idea)) === guess).length, sharers.size);
});

/**
 * Writes down, in the order of arrival: which client id wrote in which idea, who in presence was said to edit it, and of whom
 * presence told anything since the letters before.
 */
function notes(reader) {
  const written = [];
  const told = new Set();
  reader.provider.awareness.on('update', ({ added, updated, removed }) => {
    for (const id of [...added, ...updated, ...removed]) told.add(id);
  });
  reader.doc.getMap('ideas').observeDeep((events, transaction) => {
    const { beforeState, afterState } = transaction;
    const clients = [...afterState].filter(([id, clock]) => id < 2 ** 32 && clock > (beforeState.get(id) ?? 0)).map(([id]) => id);
    const states = [...reader.provider.awareness.getStates()];
    for (const idea of new Set(events.map((event) => event.path[0]).filter(Boolean))) {
      const editing = states.filter(([, state]) => state.idea === idea).map(([id]) => id);
      for (const client of clients) written.push({ idea, client, near: new Set([...editing, ...told]) });
    }
    if (clients.length > 0) told.clear();
  });
  return written;
}

/** The one of these in presence that most often moved, or was said to edit, where these letters came. */
function linkOf(written, present) {
  const counts = new Map();
  for (const { client, near } of written) {
    const of = counts.get(client) ?? counts.set(client, new Map()).get(client);
    for (const id of near) if (present.includes(id)) of.set(id, (of.get(id) ?? 0) + 1);
  }
  return (client) => [...(counts.get(client) ?? [])].sort(([, one], [, other]) => other - one)[0]?.[0];
}

test('nor is it when people edit each other’s ideas, by ids or by the moments at which presence and letters come', async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const random = seeded(SEED);
  const { stage, reader, people, shown } = await gathering(t);
  const written = notes(reader);
  const sharers = new Map();
  for (let number = 0; number < SEATS * IDEAS_PER_SEAT; number += 1) {
    const sharer = people[number % SEATS];
    const { idea } = await stage.share(`Idea ${number}. `, { seat: sharer.seat });
    sharers.set(idea, sharer);
    // Its sharer and two others improve it, in any order; each says so in presence, as our phone does.
    const hands = [sharer, random.pick(people), random.pick(people)].sort(() => random.below(3) - 1);
    for (const [turn, one] of hands.entries()) {
      await one.has(idea);
      one.provider.setAwarenessField('idea', idea);
      one.type(idea, `‹${turn}›`);
      await reader.sees(idea, `‹${turn}›`);
      one.provider.setAwarenessField('idea', null);
    }
  }
  const seen = idsSeenBy(reader);
  const present = [...shown.values()];
  const link = linkOf(written, present);
  const writersOf = (idea) => [...new Set(written.filter((one) => one.idea === idea).map((one) => one.client))];
  const rightly = (guess) => [...sharers].filter(([idea, sharer]) => guess(idea) === shown.get(sharer)).length;
  const byIds = guesses({ ...seen, present }, random);
  const writers = [...new Set(written.map((one) => one.client))];
  const linked = writers.filter((client) => link(client) === shown.get(people.find((one) => one.doc.clientID === client))).length;
  const [ids, together] = [rightly((idea) => byIds.get(idea)), rightly((idea) => link(random.pick(writersOf(idea))) ?? random.pick(present))];
  t.diagnostic(`by ids alone ${ids} of ${sharers.size} sharers guessed; chance is ${sharers.size / SEATS}`);
  t.diagnostic(`pages whose letters are linked with somebody in presence by their timing: ${linked} of ${writers.length}; chance is 1`);
  t.diagnostic(`by letters and timing ${together} of ${sharers.size} sharers guessed; chance is ${sharers.size / SEATS}`);
  assert.ok(ids <= chanceMax(sharers.size, SEATS), 'ids alone say nothing');
  assert.ok(linked <= chanceMax(writers.length, SEATS), 'timing links no page with anybody in presence');
  assert.ok(together <= chanceMax(sharers.size, SEATS), 'letters and timing together say nothing');
  for (const [, state] of reader.provider.awareness.getStates()) {
    assert.deepEqual(Object.keys(state).filter((key) => key !== 'idea'), [], 'presence has no names on a board');
  }
});
