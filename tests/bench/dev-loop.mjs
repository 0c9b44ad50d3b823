// How soon a saved file of the page is on the screen: `PLENUM_BIN=target/debug/plenum node bench/dev-loop.mjs`. Printed, not asserted.
//
// As CONTRIBUTING says: the development server in front of a running binary, and a browser that is not touched. It works on a
// copy of `web/`, so nothing of this folder changes.

import { spawn } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser, phone } from '../harness/browser.mjs';
import { request } from '../harness/http.mjs';
import { startServer, tempFolder } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';

const ROUNDS = 10;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is saved, and what the page shows then. */
const changes = {
  'a word (src/text/en.json)': {
    file: 'src/text/en.json',
    change: (text, round) => text.replace(/("join.title": ")[^"]*/, `$1Round ${round}`),
    shown: (round) => document.querySelector('h1')?.textContent?.includes(`Round ${round}`) ?? false,
  },
  'a part (src/screens/Join.svelte)': {
    file: 'src/screens/Join.svelte',
    change: (text, round) => `${text.replace(/\n<p id="round">.*<\/p>\n/, '')}\n<p id="round">${round}</p>\n`,
    shown: (round) => document.querySelector('#round')?.textContent === String(round),
  },
  'state (src/state/people/entrance.svelte.ts)': {
    file: 'src/state/people/entrance.svelte.ts',
    change: (text, round) => `${text.replace(/\ndocument.title = .*\n/, '')}\ndocument.title = 'Round ${round}';\n`,
    shown: (round) => document.title === `Round ${round}`,
  },
};

const ends = [];
try {
  await measure({ after: (end) => ends.push(end) });
} finally {
  for (const end of ends.reverse()) await end();
}

async function measure(t) {
  console.log(`${cpus().length} cores, Node ${process.version}`);
  const port = await freePort();
  const server = await startServer({ args: ['--public-url', `http://localhost:${port}`] });
  t.after(() => server.dispose());
  const web = copyOfPage();
  const begun = performance.now();
  const vite = spawn(path.join(root, 'web/node_modules/.bin/vite'), ['--port', String(port), '--strictPort', '--host', '127.0.0.1'], {
    cwd: web,
    env: { ...process.env, PLENUM_DEV_SERVER: server.url },
    stdio: 'ignore',
  });
  t.after(() => vite.kill());
  await until('the development server answers', () => request(`http://127.0.0.1:${port}/join`).then(({ status }) => status === 200, () => false), { within: 30_000 });
  const chrome = await browser(t);
  const one = await phone(chrome, 'a developer');
  await one.open(`http://127.0.0.1:${port}/join`);
  await one.at('join-code').waitFor();
  console.log(`from nothing to the page: ${seconds(performance.now() - begun)}`);
  for (const [what, { file, change, shown }] of Object.entries(changes)) {
    const taken = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const place = path.join(web, file);
      const now = change(readFileSync(place, 'utf8'), round);
      const saved = performance.now();
      writeFileSync(place, now);
      await one.page.waitForFunction(shown, round, { polling: 20 });
      taken.push(performance.now() - saved);
    }
    taken.sort((a, b) => a - b);
    console.log(`${what}, ${ROUNDS} times: median ${seconds(taken[ROUNDS / 2])}, slowest ${seconds(taken.at(-1))}`);
  }
}

/** The page's sources beside what they are compiled against; its packages are the real ones. */
function copyOfPage() {
  const folder = tempFolder();
  const web = path.join(folder, 'web');
  cpSync(path.join(root, 'web'), web, { recursive: true, filter: (name) => !/web\/(node_modules|dist)(\/|$)/.test(name) });
  cpSync(path.join(root, 'proto/bindings'), path.join(folder, 'proto/bindings'), { recursive: true });
  symlinkSync(path.join(root, 'web/node_modules'), path.join(web, 'node_modules'));
  return web;
}

async function freePort() {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address();
  listening.close();
  await once(listening, 'close');
  return port;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
