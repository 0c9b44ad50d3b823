// A board as large as the limits allow, on a phone: `node bench/boards.mjs [sync|page] [--ideas 10000] [--letters 480]`.
// `sync`: from the first byte until a client has all of it, beside a plain `Y.applyUpdate` of the same state in the same
// process. `page`: our own page in Chromium at 360 px, four times slower than this machine. Printed, not asserted.

import * as Y from 'yjs';
import { browser, phone } from '../harness/browser.mjs';
import { fillBoard, SCRIPTS, textIn } from '../harness/crowd.mjs';
import { joinByLink } from '../harness/hands.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { until } from '../harness/until.mjs';
import { frame } from '../harness/wire.mjs';

const SLOWER = 4;
const ROUNDS = 3;
const LONG = { within: 300_000 };

const args = process.argv.slice(2);
const number = (flag, usual) => (args.includes(flag) ? Number(args[args.indexOf(flag) + 1]) : usual);
const ideas = number('--ideas', 10_000);
const letters = number('--letters', 480);
const wanted = args.filter((arg) => arg === 'sync' || arg === 'page');

for (const [name, bench] of Object.entries({ sync, page })) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const ends = [];
  try {
    await bench({ after: (end) => ends.push(end) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}
process.exit(0);

/** One stock client of each kind, and our own wire by hand, after the server was started again and while it has the board loaded. */
async function sync(t) {
  const stage = await scene(t, { groups: SCRIPTS, seats: 1 });
  for (const group of stage.groups) {
    await fillBoard(stage, group, ideas, (at) => textIn(group.name, at, letters));
    await stage.server.stop();
    await stage.server.again();
    const first = await bare(stage, group.seats[0]);
    print(group.name, 'first opening after a start', 'wire', first);
    const state = await stateOf(stage, group.seats[0]);
    const plain = median(Array.from({ length: ROUNDS }, () => applied(state)));
    console.log(`${group.name}: ${ideas} ideas, ${(state.length / 2 ** 20).toFixed(1)} MiB; plain applyUpdate ${seconds(plain)}`);
    for (const [what, open] of Object.entries({ wire: bare, hocuspocus: stock('hocuspocus'), 'y-websocket': stock('yWebsocket') })) {
      const times = [];
      for (let round = 0; round < ROUNDS; round += 1) times.push(await open(stage, group.seats[0]));
      print(group.name, 'loaded board', what, median(times), plain);
    }
  }
}

function print(group, when, what, took, plain) {
  console.log(`${group}, ${when}, ${what}: ${seconds(took)}${plain === undefined ? '' : `, × ${(took / plain).toFixed(2)}`}`);
}

/** Frames are taken and thrown away: what the server and the wire need. */
async function bare(stage, seat) {
  const document = `board/${seat.group}`;
  const raw = await Raw.connect(stage.server);
  try {
    raw.send(frame.token(document, seat.token));
    await raw.take('authenticated', document);
    const begun = performance.now();
    raw.send(frame.step1(document, Y.encodeStateVector(new Y.Doc())));
    await until('all of it', () => raw.frames.some(({ kind }) => kind === 'step2'), LONG);
    return performance.now() - begun;
  } finally {
    raw.close();
  }
}

function stock(kind) {
  return async (stage, seat) => {
    const begun = performance.now();
    const client = await stage[kind](seat);
    const took = performance.now() - begun;
    if (client.doc.getMap('ideas').size !== ideas) throw new Error(`${kind} has ${client.doc.getMap('ideas').size} ideas`);
    stage.drop(client);
    return took;
  };
}

async function stateOf(stage, seat) {
  const client = await stage.hocuspocus(seat);
  const state = Y.encodeStateAsUpdate(client.doc);
  stage.drop(client);
  return state;
}

function applied(state) {
  const begun = performance.now();
  Y.applyUpdate(new Y.Doc(), state);
  return performance.now() - begun;
}

/** A phone that joins, types, scrolls and comes back. */
async function page(t) {
  const stage = await scene(t, { groups: ['Harbour'], seats: 1 });
  const [group] = stage.groups;
  // One fewer, because somebody shares one more.
  await fillBoard(stage, group, ideas - 1, (at) => textIn(SCRIPTS[at % SCRIPTS.length], at, letters));
  const one = await phone(await browser(t), 'a phone');
  one.page.context().setDefaultTimeout(LONG.within);
  await one.page.addInitScript(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true });
  });
  const tools = await one.page.context().newCDPSession(one.page);
  await tools.send('Performance.enable');
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const told = async (what, begun) => {
    const took = performance.now() - begun;
    await tools.send('HeapProfiler.collectGarbage');
    const { metrics } = await tools.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    const tasks = await one.page.evaluate(() => window.tasks.splice(0).sort((a, b) => b - a));
    const longest = tasks.slice(0, 3).map((ms) => `${ms.toFixed(0)} ms`).join(', ');
    console.log(`${what}: ${seconds(took)}; ${of('Nodes')} nodes, heap ${(of('JSHeapUsedSize') / 2 ** 20).toFixed(0)} MiB; longest tasks ${longest || 'none'}, all ${seconds(tasks.reduce((a, b) => a + b, 0))}`);
  };
  let begun = performance.now();
  await joinByLink(one, stage);
  await told('at the board', begun);
  begun = performance.now();
  await one.at('idea').waitFor(LONG);
  await told('first idea', begun);
  begun = performance.now();
  await one.at('idea-text').pressSequentially('Twenty letters typed');
  await told('twenty letters typed', begun);
  const client = await stage.hocuspocus(group.seats[0]);
  const [id] = client.doc.getMap('ideas').keys();
  begun = performance.now();
  for (let letter = 0; letter < 20; letter += 1) {
    client.type(id, '‹x›', 0);
    await client.recorded();
    await one.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  await told('twenty letters of somebody else', begun);
  begun = performance.now();
  await stage.share('The last of all');
  await one.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await told('one idea of somebody else', begun);
  begun = performance.now();
  await one.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
  await one.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await told('scrolled to the middle', begun);
  begun = performance.now();
  await one.page.reload({ waitUntil: 'commit' });
  await one.at('idea').waitFor(LONG);
  await told('first idea after a reload', begun);
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
