// An attack in a process of its own, so that its work is not taken for the server's: `launch` starts one, `stop` ends it.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ATTACKS } from './attacks.mjs';
import { soon, until } from './until.mjs';

const here = fileURLToPath(import.meta.url);
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts attacks on a target (`targetOf`), all at the same time, and returns when each has begun. `stop` gives what each of them counted, by name. */
export async function launch(names, target) {
  for (const name of names) if (!ATTACKS[name]) throw new Error(`there is no attack ${name}`);
  const child = fork(here, ['--attack'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  running.add(child);
  const told = [];
  child.on('message', (message) => told.push(message));
  const ended = new Promise((resolve) => {
    child.on('exit', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  child.send({ names, target });
  await until(`the attacks ${names} begin`, () => told.length > 0);
  return {
    stop: async () => {
      if (child.connected) child.send('stop');
      const code = await soon(`the attacks ${names} end`, ended, { within: 90_000 });
      if (code !== 0) throw new Error(`the attacks ${names} ended with code ${code}`);
      return told.at(-1);
    },
  };
}

/** The child: attacks until it is told to stop, then tells what it counted. */
async function attack({ names, target }) {
  let stopped = false;
  process.on('message', () => (stopped = true));
  process.on('disconnect', () => process.exit(1));
  const all = {};
  const one = async (name) => {
    const counts = (all[name] = {});
    const count = (what, many = 1) => (counts[what] = (counts[what] ?? 0) + many);
    await ATTACKS[name](target, { over: () => stopped, count });
  };
  const ended = Promise.all(names.map(one));
  process.send('begun');
  await ended;
  process.send(all, () => process.exit(0));
}

if (process.argv[1] === here && process.argv[2] === '--attack') process.once('message', attack);
