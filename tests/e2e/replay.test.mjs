// A recorded consultation played through the server, and counted afterwards against a count made directly from its files.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RECORDING } from '../harness/polis.mjs';
import { replayAndCompare } from '../harness/replayed.mjs';
import { KEY, run, startServer } from '../harness/server.mjs';

test('every comment and every home-group vote of the recording is on the boards after a replay at full speed', async (t) => {
  const { ideas, approvals, votes } = await replayAndCompare(t, RECORDING);
  assert.ok(ideas >= 120 && approvals > 100 && approvals < votes, 'the recording holds enough to be a test');
});

test('a replay of a folder that is no export says so in one line', async (t) => {
  const server = await startServer();
  t.after(() => server.dispose());
  const replay = await run(['replay', server.data, '--speed', 'max', '--url', server.url, '--organizer-key', KEY]);
  assert.notEqual(replay.code, 0);
  assert.match(replay.stderr, /comments\.csv/);
  assert.equal(replay.stderr.trim().split('\n').length, 1, replay.stderr);
});

test('a replay against a server that is not there says so in one line', async () => {
  const replay = await run(['replay', RECORDING, '--speed', 'max', '--url', 'http://127.0.0.1:1']);
  assert.notEqual(replay.code, 0);
  assert.match(replay.stderr, /127\.0\.0\.1:1/);
  assert.equal(replay.stderr.trim().split('\n').length, 1, replay.stderr);
});
