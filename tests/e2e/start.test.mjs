// Starting and stopping: what an operator sees when something is wrong, and that nobody else is disturbed by it.

import assert from 'node:assert/strict';
import { mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { neighbours } from '../harness/neighbours.mjs';
import { scene } from '../harness/scene.mjs';
import { KEY, run, startServer, tempFolder } from '../harness/server.mjs';
import { soon, until } from '../harness/until.mjs';

const serve = (data, listen = '127.0.0.1:0') => ['serve', '--listen', listen, '--data', data, '--organizer-key', KEY];

/** Runs a start that must fail: non-zero exit, one clear line. Returns the line. */
async function failedStart(args) {
  const ended = await run(args);
  assert.notEqual(ended.code, 0, `the exit code says that it failed; signal ${ended.signal}`);
  assert.notEqual(ended.code, null, `it ends by itself, not by ${ended.signal}`);
  const lines = ended.stderr.trim().split('\n');
  assert.equal(lines.length, 1, `one line:\n${ended.stderr}`);
  assert.doesNotMatch(lines[0], /panicked|RUST_BACKTRACE|Os \{/, 'words for people');
  return lines[0];
}

test('a second server on the same data folder ends with one line, and the first goes on', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const line = await failedStart(serve(stage.server.data));
  assert.ok(line.includes(stage.server.data), line);
  assert.ok(stage.server.alive());
  await others.check('after the second server');
  await stage.end();
});

test('a port in use: one line, and who has the port goes on', async (t) => {
  const stage = await scene(t);
  const others = await neighbours(stage);
  const line = await failedStart(serve(path.join(tempFolder(), 'data'), `127.0.0.1:${stage.server.port}`));
  assert.ok(line.includes(String(stage.server.port)), line);
  await others.check('after the second server');
  await stage.end();
});

test('a folder that cannot be written: one line that names it', async () => {
  const file = path.join(tempFolder(), 'file');
  writeFileSync(file, 'not a folder');
  for (const data of [file, path.join(file, 'data'), '/proc/plenum']) {
    const line = await failedStart(serve(data));
    assert.ok(line.includes(data), line);
  }
});

test('an address that is none: one line', async () => {
  const line = await failedStart(serve(path.join(tempFolder(), 'data'), 'nowhere'));
  assert.match(line, /nowhere/);
});

test('a damaged database: one line that names it, never a board that is wrong or empty', async (t) => {
  const damages = {
    'the header is overwritten': (bytes) => bytes.fill(0x5a, 0, 100),
    'all but the first page is overwritten': (bytes) => bytes.fill(0x5a, 4096),
    'it is cut in the middle': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
    'it is text': () => Buffer.from('this is no database\n'.repeat(500)),
  };
  for (const [what, damage] of Object.entries(damages)) {
    const stage = await scene(t);
    for (let index = 0; index < 30; index += 1) await stage.share(`Idea ${index} ${'x'.repeat(300)}`);
    assert.equal((await stage.server.stop()).code, 0);
    const database = largestFile(stage.server.data);
    writeFileSync(database, damage(readFileSync(database)));
    const line = await failedStart(serve(stage.server.data));
    assert.ok(line.includes(stage.server.data), `${what}: ${line}`);
    assert.match(line, /damaged|database|corrupt|malformed/i, `${what}: ${line}`);
  }
});

test('one flipped byte in the database is found, or harms nobody', async (t) => {
  const stage = await scene(t);
  for (let index = 0; index < 10; index += 1) await stage.share(`Idea ${index}`);
  const before = await stage.view();
  assert.equal((await stage.server.stop()).code, 0);
  const database = largestFile(stage.server.data);
  const size = statSync(database).size;
  const original = readFileSync(database);
  for (let part = 1; part < 8; part += 1) {
    const at = Math.floor((size * part) / 8);
    const file = openSync(database, 'r+');
    writeSync(file, Buffer.from([original[at] ^ 0xff]), 0, 1, at);
    closeSync(file);
    await startedOrRefused(stage, before, at);
    for (const name of readdirSync(stage.server.data)) {
      if (/-(wal|shm)$/.test(name)) writeFileSync(path.join(stage.server.data, name), '');
    }
    writeFileSync(database, original);
  }
});

/** Starts on a damaged database: it refuses in one line, or shows exactly what was there. */
async function startedOrRefused(stage, before, at) {
  try {
    await stage.server.again();
  } catch (error) {
    const { ended, stderr } = stage.server.process;
    assert.ok(ended && ended.code !== 0 && ended.code !== null, `byte ${at}: ${error.message}`);
    assert.equal(stderr.trim().split('\n').length, 1, `byte ${at}: one line:\n${stderr}`);
    return;
  }
  const shown = await stage.view().catch((error) => error);
  if (shown instanceof Error) assert.equal(shown.code, 'unavailable', `byte ${at}: ${shown.message}`);
  else assert.deepEqual(shown, before, `byte ${at}: the board is as it was`);
  await stage.server.kill();
}

test('asked to stop, the server tells its sockets to come back, ends with code 0, and all is there again', async (t) => {
  const stage = await scene(t);
  const { idea } = await stage.share('Stay');
  const client = await stage.hocuspocus(stage.groups[0].seats[0]);
  const codes = [];
  client.socket.on('close', ({ event }) => codes.push(event.code));
  await client.has(idea);
  client.type(idea, ' with us');
  await client.recorded();
  assert.equal((await stage.server.stop()).code, 0, stage.server.output);
  await soon('the client is told', (async () => assert.equal(codes[0], 1012))());
  client.type(idea, ', please');
  await stage.server.again();
  await client.synced();
  await client.recorded();
  assert.equal((await stage.view()).ideas[0].text, 'Stay with us, please');
  await stage.end();
});

test('flags have environment variables, and what was not given has a default that is printed', async (t) => {
  const data = path.join(tempFolder(), 'from-the-environment');
  mkdirSync(data);
  const env = { PLENUM_LISTEN: '127.0.0.1:0', PLENUM_DATA: data, PLENUM_ORGANIZER_KEY: 'from-the-environment' };
  const server = await startServer({ line: ['serve'], env });
  t.after(() => server.dispose());
  assert.ok(readdirSync(data).length > 0, 'the data is where PLENUM_DATA says');
  await until(() => `it is printed where the data is\n${server.output}`, () => server.output.includes(data));
  const { Api } = await import('../harness/api.mjs');
  const created = await new Api(server).create({}, 'from-the-environment');
  assert.equal(created.groups.length, 2, 'two groups unless told');
  await server.stop();
  const plain = await startServer({ line: [], env });
  t.after(() => plain.dispose());
  assert.ok(plain.alive(), 'serve is what it does by default');
});

test('help is readable and names every command, flag and variable', async () => {
  const main = await run(['--help']);
  assert.equal(main.code, 0);
  for (const word of ['serve', 'demo', 'replay']) assert.match(main.stdout, new RegExp(`\\b${word}\\b`));
  const serve_ = (await run(['serve', '--help'])).stdout;
  for (const word of ['--listen', '--data', '--public-url', '--organizer-key', 'PLENUM_LISTEN', 'PLENUM_DATA', 'PLENUM_ORGANIZER_KEY']) {
    assert.ok(serve_.includes(word), `serve --help names ${word}:\n${serve_}`);
  }
  const replay = (await run(['replay', '--help'])).stdout;
  for (const word of ['--speed', '--url', '--organizer-key', 'http://127.0.0.1:8080']) assert.ok(replay.includes(word), replay);
  assert.equal((await run(['demo', '--help'])).code, 0);
  const unknown = await run(['--colour']);
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /--colour/);
});

/** The largest file of a data folder: the database. */
function largestFile(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name)).filter((name) => statSync(name).isFile());
  return files.sort((one, other) => statSync(other).size - statSync(one).size)[0];
}
