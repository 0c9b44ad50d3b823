// The real server as a process: started on a free port with a folder of its own, stopped, killed, started again.
//
// It ends only processes that it started, by their handle. Whatever a test leaves running ends with the test process.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from './http.mjs';
import { staleness } from './stale.mjs';
import { soon, until } from './until.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const KEY = 'test-key';
export const BIN = path.resolve(root, process.env.PLENUM_BIN ?? 'target/release/plenum');

// A file that is run by hand says so in its first line; tests/run has just built what it tests.
const stale = staleness(BIN, root);
if (stale !== undefined && process.env.PLENUM_BIN_IS_FRESH === undefined) console.error(stale);

const START_MS = 20_000;
const STOP_MS = 20_000;
const OUTPUT_CHARS_MAX = 200_000;

const running = new Set();
const folders = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes away with the test process. */
export function tempFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'plenum-test-'));
  folders.add(folder);
  return folder;
}

/** A copy of a folder, for looking at what a dead server left without touching it. */
export function copyOf(folder) {
  const copy = path.join(tempFolder(), 'data');
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Starts the program with these arguments; output is collected. */
function launch(bin, args, env) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PLENUM_')));
  // Set by a test that runs other tests against a server with a defect.
  const defect = process.env.PLENUM_TEST_DEFECT;
  if (defect !== undefined) clean.PLENUM_SEED_DEFECT = defect;
  const child = spawn(bin, args, { env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const process_ = { child, pid: child.pid, stdout: '', stderr: '', ended: undefined };
  running.add(child);
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text) => {
      process_[stream] = (process_[stream] + text).slice(-OUTPUT_CHARS_MAX);
    });
  }
  process_.exit = new Promise((resolve) => {
    child.on('error', (error) => {
      running.delete(child);
      process_.ended = { code: null, signal: null, error };
      resolve(process_.ended);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      process_.ended ??= { code, signal };
      resolve(process_.ended);
    });
  });
  return process_;
}

/** Runs the program until it ends by itself. */
export async function run(args, { bin = BIN, env = {}, within = START_MS } = {}) {
  const process_ = launch(bin, args, env);
  try {
    const ended = await soon(
      () => `${args.join(' ')} ends\n${process_.stdout}\n${process_.stderr}`,
      process_.exit,
      { within },
    );
    if (ended.error) throw ended.error;
    return { ...ended, stdout: process_.stdout, stderr: process_.stderr };
  } finally {
    process_.child.kill('SIGKILL');
  }
}

/** Starts `plenum serve` and waits until it is ready. `args` are more flags; `line` replaces all of them. */
export async function startServer({ data = path.join(tempFolder(), 'data'), port = 0, args = [], line, env = {}, bin = BIN } = {}) {
  const server = new Server({ data, port, args, line, env, bin });
  await server.start();
  return server;
}

class Server {
  constructor(settings) {
    Object.assign(this, settings);
  }

  async start() {
    const begun = performance.now();
    const listen = `127.0.0.1:${this.port}`;
    const usual = ['serve', '--listen', listen, '--data', this.data, '--organizer-key', KEY, ...this.args];
    const process_ = launch(this.bin, this.line ?? usual, this.env);
    this.process = process_;
    const address = await until(
      () => `the server prints its address\n${process_.stdout}\n${process_.stderr}`,
      () => {
        if (process_.ended) return { failed: true };
        return process_.stdout.match(/http:\/\/127\.0\.0\.1:(\d+)/);
      },
      { within: START_MS },
    );
    if (address.failed) {
      const why = process_.ended.error?.message ?? `code ${process_.ended.code}, signal ${process_.ended.signal}`;
      throw new Error(`the server did not start (${why}): ${this.bin}\n${process_.stdout}\n${process_.stderr}`);
    }
    this.port = Number(address[1]);
    this.url = `http://127.0.0.1:${this.port}`;
    this.sockets = `ws://127.0.0.1:${this.port}`;
    await until('the server is ready', async () => (await request(`${this.url}/healthz`)).status === 200, { within: START_MS });
    this.readyAfterMs = performance.now() - begun;
  }

  get pid() {
    return this.process.pid;
  }

  get output() {
    return `${this.process.stdout}\n${this.process.stderr}`;
  }

  alive() {
    return this.process !== undefined && this.process.ended === undefined;
  }

  /** Asks it to stop, as an operator would; returns how it ended. */
  async stop() {
    if (!this.alive()) return this.process?.ended;
    this.process.child.kill('SIGTERM');
    return soon(() => `the server stops\n${this.output}`, this.process.exit, { within: STOP_MS });
  }

  /** Ends it without a word. The signal is sent before this returns to its caller. */
  kill() {
    this.process.child.kill('SIGKILL');
    return soon('the server is dead', this.process.exit, { within: STOP_MS });
  }

  /** Starts it again on the same data and the same port. */
  async again() {
    if (this.alive()) throw new Error('it still runs');
    await this.start();
  }

  /** Memory that it holds, in bytes. */
  residentBytes() {
    return this.statusBytes('VmRSS');
  }

  /** The most that it held since it started, or since `forgetPeak`. */
  peakBytes() {
    return this.statusBytes('VmHWM');
  }

  /** Lets the peak begin at what it holds now (Linux: 5 in `clear_refs`). */
  forgetPeak() {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
  }

  statusBytes(name) {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(status.match(new RegExp(`${name}:\\s+(\\d+) kB`))[1]) * 1024;
  }

  /** Processor time that it has used, in milliseconds (Linux counts it in hundredths of a second). */
  processorMs() {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** For `after`: ends it however it stands. */
  async dispose() {
    if (this.alive()) await this.kill();
  }
}
