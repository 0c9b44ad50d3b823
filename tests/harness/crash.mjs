// The crash test as a scenario: people type, share and approve; at a random letter the server gets `kill -9`; what it
// left on the disk is read by a second server over a copy, before any client can bring anything back; then the first
// is started again and the clients return by themselves. Returns what was lost, in words; nothing, if all is well.

import { randomUUID } from 'node:crypto';
import { newReceipt, Api } from './api.mjs';
import { converged } from './ending.mjs';
import { Outbox, Typist } from './load.mjs';
import { scene as makeScene } from './scene.mjs';
import { copyOf, startServer } from './server.mjs';
import { until } from './until.mjs';
import { marksIn, Witness, withoutMarks } from './witness.mjs';

const IDEAS_PER_BOARD = 6;
const VOTERS = 8;
const SHARES_PER_SEAT = 40;
const TYPISTS_PER_BOARD = 3;

/** Runs `cycles` crashes on a server from `bin`; `{scene, losses, figures}`. */
export async function crashCycles(t, { bin, env, cycles, random, say = () => {} }) {
  const server = await startServer({ bin, env });
  t.after(() => server.dispose());
  const stage = await setUp(t, server, random);
  const losses = [];
  const figures = { cycles: 0, seen: 0, acknowledged: 0, readyMs: [] };
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    await work(stage, cycle);
    const found = await postMortem(stage);
    losses.push(...found.map((loss) => `cycle ${cycle}: ${loss}`));
    figures.cycles = cycle;
    say(`cycle ${cycle}: ${stage.witness.seen.size} letters seen, ${found.length} losses`);
    if (losses.length > 0) break;
    await resume(stage);
    figures.readyMs.push(Math.round(server.readyAfterMs));
  }
  figures.seen = stage.witness.seen.size;
  figures.acknowledged = stage.typists.reduce((sum, one) => sum + one.acknowledged().length, 0);
  return { scene: stage.scene, losses, figures };
}

/** Two boards where people type, one where they vote with live tallies. */
async function setUp(t, server, random) {
  const scene = await makeScene(t, {
    server,
    groups: ['Harbour', 'Hills', 'Valley'],
    seats: TYPISTS_PER_BOARD,
    settings: { tallies: 'live', votes: null },
  });
  const [harbour, hills, valley] = scene.groups;
  while (valley.seats.length < VOTERS) await scene.join(valley);
  const initial = new Map();
  for (const group of scene.groups) {
    for (let index = 0; index < IDEAS_PER_BOARD; index += 1) {
      const seat = group.seats[index % group.seats.length];
      const { idea, text } = await scene.share(`${group.name} ${index}: `, { group, seat });
      initial.set(idea, { group, text });
    }
  }
  await scene.phase('vote', valley);
  const witness = new Witness();
  const typists = [];
  for (const [board, group] of [harbour, hills].entries()) {
    const ideas = [...initial].filter(([, one]) => one.group === group).map(([idea]) => idea);
    for (const [index, seat] of group.seats.entries()) {
      const author = `b${board}s${index}`;
      const client = index === 0 ? await scene.yWebsocket(seat) : await scene.hocuspocus(seat);
      for (const idea of ideas) await client.has(idea);
      witness.watch(client, author);
      typists.push(new Typist({ client, author, ideas, random }));
    }
  }
  for (const open of ['hocuspocus', 'yWebsocket']) witness.watch(await scene[open](valley.seats[0]), 'nobody');
  const outbox = new Outbox({ api: scene.api, commands: decisions({ scene, initial, hills, valley, random }) });
  return { scene, server, witness, typists, outbox, initial, random, valley };
}

/** Approvals of all voters on all ideas of the voting board, and shares on a board where people type, shuffled. */
function decisions({ scene, initial, hills, valley, random }) {
  const all = [];
  for (const [idea, { group }] of initial) {
    if (group !== valley) continue;
    for (const seat of valley.seats) {
      all.push({ token: seat.token, seat, command: { id: randomUUID(), do: 'approve', idea, on: true } });
    }
  }
  for (let index = 0; index < SHARES_PER_SEAT * hills.seats.length; index += 1) {
    const seat = hills.seats[index % hills.seats.length];
    const share = { group: hills.id, text: `shared under load ${index}`, lang: 'en', receipt: newReceipt().hash };
    all.push({ token: seat.token, seat, command: { id: randomUUID(), do: 'share', idea: randomUUID(), ...share } });
  }
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [all[last], all[other]] = [all[other], all[last]];
  }
  return all;
}

/** People work until a random letter or tally is seen by somebody; at that very moment the server is killed. */
async function work({ scene, server, witness, typists, outbox, random }, cycle) {
  const target = witness.sights + 60 + random.below(120);
  let dead;
  witness.onSight = () => {
    if (witness.sights >= target) dead ??= server.kill();
  };
  for (const one of [...typists, outbox]) one.start();
  await until(() => `cycle ${cycle}: ${target} things are seen; ${witness.sights} are`, () => dead, { within: 60_000 });
  for (const one of [...typists, outbox]) one.stop();
  await dead;
  // What was on its way when the server died still arrives, and counts as seen.
  for (const client of scene.clients) await until(`${client.name} notices`, () => !client.online);
  witness.onSight = () => {};
}

/** Reads what the dead server left, through another server over a copy. */
async function postMortem({ scene, server, witness, typists, outbox, initial, valley }) {
  const second = await startServer({ bin: server.bin, data: copyOf(server.data) });
  try {
    const api = new Api(second);
    const words = new Map();
    for (const group of scene.groups) {
      const view = await api.board(scene.organizer, group.id);
      for (const idea of view.ideas) words.set(idea.id, idea);
    }
    const erased = new Set(typists.flatMap((one) => [...one.erased]));
    const due = new Map(witness.seen);
    for (const typist of typists) {
      for (const mark of typist.acknowledged()) due.set(mark, typist.typed.get(mark));
    }
    return [
      ...lostMarks(words, due, erased),
      ...wrongWords(words, witness, initial),
      ...lostIdeas(words, witness, outbox),
      ...(await lostVotes({ api, scene, words, witness, outbox, initial, valley })),
    ];
  } finally {
    await second.dispose();
  }
}

function lostMarks(words, due, erased) {
  return [...due]
    .filter(([mark, idea]) => !erased.has(mark) && !words.get(idea)?.text.includes(mark))
    .map(([mark, idea]) => `${mark} in ${idea} was seen or acknowledged and is lost`);
}

function wrongWords(words, witness, initial) {
  const wrong = [];
  for (const [idea, { text }] of initial) {
    const now = words.get(idea)?.text;
    if (now === undefined) continue; // said by lostIdeas
    const marks = marksIn(now);
    if (new Set(marks).size !== marks.length) wrong.push(`${idea} holds a mark twice: ${now}`);
    if (withoutMarks(now) !== text) wrong.push(`${idea} holds more than marks: ${now}`);
    for (const mark of marks) if (witness.gone.has(mark)) wrong.push(`${mark} was seen to go and is back`);
  }
  return wrong;
}

function lostIdeas(words, witness, outbox) {
  const wrong = [...witness.ideas.keys()].filter((idea) => !words.has(idea)).map((idea) => `the idea ${idea} was seen and is lost`);
  for (const { command } of outbox.acknowledged) {
    if (command.do === 'share' && words.get(command.idea)?.text !== command.text) {
      wrong.push(`the idea ${command.idea} was acknowledged and is lost or other: ${words.get(command.idea)?.text}`);
    }
  }
  for (const { command, error } of outbox.refused) wrong.push(`${command.do} was refused: ${error.message}`);
  return wrong;
}

async function lostVotes({ api, scene, words, witness, outbox, initial, valley }) {
  const wrong = [];
  const counted = new Map();
  for (const seat of valley.seats) {
    const { you } = await api.consultation(seat.token, scene.id);
    for (const idea of you.approved) counted.set(idea, (counted.get(idea) ?? 0) + 1);
    for (const { command, seat: of } of outbox.acknowledged) {
      if (of === seat && command.do === 'approve' && !you.approved.includes(command.idea)) {
        wrong.push(`an approval of ${command.idea} was acknowledged and is lost`);
      }
    }
  }
  for (const [idea, { group }] of initial) {
    if (group !== valley) continue;
    const tally = words.get(idea)?.tally;
    if (tally !== (counted.get(idea) ?? 0)) wrong.push(`${idea}: tally ${tally}, ballots ${counted.get(idea) ?? 0}`);
    if (tally < (witness.tallies.get(idea) ?? 0)) wrong.push(`${idea}: tally ${tally}, seen ${witness.tallies.get(idea)}`);
  }
  return wrong;
}

/** Everybody types once more while the server is away; then it comes back, and they with it. */
async function resume({ scene, server, typists, outbox }) {
  for (const typist of typists) typist.turn();
  await server.again();
  await outbox.again();
  await converged(scene);
  for (const typist of typists) {
    for (const [mark, idea] of typist.typed) {
      const there = typist.client.words(idea).includes(mark);
      if (there === typist.erased.has(mark)) throw new Error(`${mark}: erased ${!there}, but it is ${there ? '' : 'not '}there`);
    }
  }
}
