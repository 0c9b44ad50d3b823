// Figures, measured and printed, never asserted: `node bench/bench.mjs [replay|edit|memory|page]`. Loopback, one
// server process, the load generator on the same machine: a record to compare with on the same machine, no promise.

import { cpus } from 'node:os';
import { Api } from '../harness/api.mjs';
import { browser } from '../harness/browser.mjs';
import { sharedFolder } from '../harness/polis.mjs';
import { Raw } from '../harness/raw.mjs';
import { scene } from '../harness/scene.mjs';
import { KEY, run, startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { frame, PONG } from '../harness/wire.mjs';

const REPLAYS = 3;
const EDITS = 600;
const EDIT_EVERY_MS = 10;
const WRITERS = 10; // so that each stays below the 20 edits a second that a seat is allowed
const SOCKETS = 500;
const GROUPS = 4;

const benches = { replay, edit, memory, page };
const wanted = process.argv.slice(2);
console.log(`${cpus().length} cores, Node ${process.version}`);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const ends = [];
  try {
    await bench({ after: (end) => ends.push(end) });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Replay of the London session at full speed, the whole command from start to end. */
async function replay(t) {
  const folder = sharedFolder('london.youth.policing');
  const seconds = [];
  for (let round = 0; round < REPLAYS; round += 1) {
    const server = await startServer();
    t.after(() => server.dispose());
    const begun = performance.now();
    const ended = await run(['replay', folder, '--speed', 'max', '--url', server.url, '--organizer-key', KEY], { within: 120_000 });
    if (ended.code !== 0) throw new Error(ended.stderr);
    seconds.push((performance.now() - begun) / 1000);
    await server.stop();
  }
  print('replay of the London session at full speed', `${median(seconds).toFixed(2)} s (median of ${REPLAYS})`, '< 10 s');
}

/** From a letter typed in one stock client until it stands in another one's document; the server's fsync included. */
async function edit(t) {
  const stage = await scene(t, { groups: ['Harbour'], seats: WRITERS });
  const { idea } = await stage.share('> ');
  const clients = [];
  for (const seat of stage.groups[0].seats) clients.push(await stage.hocuspocus(seat));
  for (const client of clients) await client.has(idea);
  const begun = new Map();
  const taken = [];
  const last = clients.at(-1);
  last.doc.on('update', () => {
    const now = performance.now();
    for (const [mark, at] of begun) {
      if (!last.words(idea).includes(mark)) continue;
      taken.push(now - at);
      begun.delete(mark);
    }
  });
  let number = 0;
  const spentBefore = stage.server.processorMs();
  const timer = setInterval(() => {
    const writer = clients[number % (clients.length - 1)];
    const mark = `‹${number}›`;
    begun.set(mark, performance.now());
    writer.type(idea, mark);
    if (writer.words(idea).length > 600) writer.text(idea).delete(2, 300);
    number += 1;
    if (number === EDITS) clearInterval(timer);
  }, EDIT_EVERY_MS);
  await until(() => `${EDITS} edits arrive; ${taken.length} have`, () => taken.length === EDITS, { within: 60_000 });
  taken.sort((one, other) => one - other);
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))].toFixed(2);
  print('edit from phone to screen', `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${EDITS} edits, ${Math.round(1000 / EDIT_EVERY_MS)}/s)`, '< 50 ms');
  const deliveries = EDITS * (clients.length - 1);
  const spent = ((stage.server.processorMs() - spentBefore) * 1000) / deliveries;
  print('processor time of the server per delivered edit', `${spent.toFixed(0)} µs (${deliveries} deliveries)`, 'record');
}

/** Server memory per socket that opened the consultation's document and is idle. */
async function memory(t) {
  const groups = Array.from({ length: GROUPS }, (_, index) => `Group ${index}`);
  const stage = await scene(t, { groups, seats: SOCKETS / GROUPS });
  const seats = stage.groups.flatMap((group) => group.seats);
  // One round first, so that what the server allocates once is not counted.
  await openAll(stage, seats.slice(0, 20), t);
  const before = await settled(stage.server);
  await openAll(stage, seats, t);
  const after = await settled(stage.server);
  const each = (after - before) / seats.length / 1024;
  print('memory per idle connection', `${each.toFixed(1)} KiB (${seats.length} sockets, RSS ${mib(before)} → ${mib(after)} MiB)`, '< 10 KiB');
}

async function openAll(stage, seats, t) {
  const sockets = [];
  for (const seat of seats) {
    const raw = await Raw.connect(stage.server);
    t.after(() => raw.close());
    raw.socket.on('message', (data) => data.length === 1 && raw.send(PONG));
    raw.send(frame.token(`consultation/${stage.id}`, seat.token));
    await raw.take('authenticated');
    raw.frames = { push: () => {}, length: 0 };
    sockets.push(raw);
  }
  return sockets;
}

/** The memory of the server when it has stopped changing for a second. */
async function settled(server) {
  let last = server.residentBytes();
  let since = performance.now();
  await until('the memory settles', () => {
    const now = server.residentBytes();
    if (Math.abs(now - last) > 64 * 1024) {
      last = now;
      since = performance.now();
    }
    return performance.now() - since > 1000;
  }, { within: 30_000 });
  return last;
}

/** Bytes over the wire until the first page stands: on a secure context (brotli) and as a phone on plain http asks. */
async function page(t) {
  const server = await startServer();
  t.after(() => server.dispose());
  const { join_url: link } = await new Api(server).create({ template: 'technology-crime', settings: { door_open: true } });
  const { pathname, hash } = new URL(link);
  const chrome = await browser(t);
  for (const [what, host] of [['https or localhost', '127.0.0.1'], ['plain http', 'plenum.test']]) {
    const context = await chrome.newContext({ viewport: { width: 360, height: 740 }, serviceWorkers: 'block' });
    const tab = await context.newPage();
    const session = await context.newCDPSession(tab);
    await session.send('Network.enable');
    let bytes = 0;
    let requests = 0;
    session.on('Network.loadingFinished', (event) => {
      bytes += event.encodedDataLength;
      requests += 1;
    });
    await tab.goto(`http://${host}:${server.port}${pathname}${hash}`, { waitUntil: 'networkidle' });
    print(`first page, ${what}`, `${(bytes / 1024).toFixed(1)} KiB in ${requests} requests, headers included`, '< 120 KB');
    await context.close();
  }
}

function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function mib(bytes) {
  return (bytes / 1024 / 1024).toFixed(1);
}

function print(what, figure, aim) {
  console.log(`${what}: ${figure}; aim ${aim}`);
}
