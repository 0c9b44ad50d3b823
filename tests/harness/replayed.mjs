// A recording played through the server by `plenum replay`, and compared with a count made directly from its files.

import assert from 'node:assert/strict';
import { Api } from './api.mjs';
import { ending } from './ending.mjs';
import { countExport } from './polis.mjs';
import { KEY, run, startServer } from './server.mjs';

const REPLAY_MS = 120_000;

/** Replays a folder at full speed on a server of its own; asserts boards, votes, promotion and list. */
export async function replayAndCompare(t, folder) {
  const expected = countExport(folder);
  const server = await startServer();
  t.after(() => server.dispose());

  const begun = performance.now();
  const replay = await run(['replay', folder, '--speed', 'max', '--url', server.url, '--organizer-key', KEY], { within: REPLAY_MS });
  const seconds = (performance.now() - begun) / 1000;
  t.diagnostic(`replay of ${expected.ideas} ideas and ${expected.approvals} approvals at full speed: ${seconds.toFixed(2)} s`);
  assert.equal(replay.code, 0, replay.stderr);
  assert.match(replay.stdout, new RegExp(`\\b${expected.ideas} ideas, ${expected.approvals} approvals\\b`));

  const api = new Api(server);
  const { consultation, token } = replayed(replay.stdout);
  const view = await api.consultation(token, consultation);
  assert.deepEqual(view.groups.map((group) => group.name).sort(), [...expected.groups.keys()].sort());
  assert.equal(view.settings.votes, null, 'votes are unlimited');
  let promoted = 0;
  let ideas = 0;
  let approvals = 0;
  for (const group of view.groups) {
    const board = await api.board(token, group.id);
    const due = expected.groups.get(group.name);
    assert.deepEqual(counted(board.ideas, (idea) => idea.tally), counted(due, (idea) => idea.approvals), `the board of ${group.name}`);
    promoted += bestThree(board, group.name);
    ideas += board.ideas.length;
    approvals += board.ideas.reduce((sum, idea) => sum + idea.tally, 0);
  }
  assert.deepEqual({ ideas, approvals }, { ideas: expected.ideas, approvals: expected.approvals });

  const plenary = await api.plenary(token, consultation);
  assert.equal(plenary.run, 1);
  assert.equal(plenary.items.reduce((sum, item) => sum + item.sources.filter((one) => one.via === 'anchor').length, 0), plenary.items.length);
  assert.ok(plenary.items.length > 0 && plenary.items.length <= promoted);
  for (const item of plenary.items) {
    // A line of a terminal has single spaces.
    const line = item.text.trim().replace(/\s+/g, ' ');
    assert.ok(replay.stdout.includes(line), `the printed list has ${JSON.stringify(item.text)}`);
  }
  const groups = view.groups.map((group) => ({ ...group, seats: [] }));
  await ending({ server, api, id: consultation, organizer: token, groups, clients: [] });
  return expected;
}

/** Texts with their votes, in an order that does not depend on where they stood. */
function counted(ideas, votes) {
  return ideas.map((idea) => ({ text: idea.text, votes: votes(idea) })).sort((one, other) => (one.text < other.text ? -1 : 1));
}

/** Asserts that the promoted ideas of a board are its three best by tally; returns how many there are. */
function bestThree(board, name) {
  const tallies = board.ideas.map((idea) => idea.tally).sort((one, other) => other - one);
  const promoted = board.ideas.filter((idea) => idea.state === 'promoted').map((idea) => idea.tally);
  assert.deepEqual(promoted.sort((one, other) => other - one), tallies.slice(0, 3), `the three best of ${name} are promoted`);
  return promoted.length;
}

/** The consultation and a staff token, from the links that the replay prints. */
function replayed(stdout) {
  const consultation = stdout.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)?.[0];
  const token = stdout.match(/http\S+#\S*?([\w-]{22,})\s/)?.[1];
  assert.ok(consultation && token, `the replay prints the organizer's link, with consultation and token:\n${stdout}`);
  return { consultation, token };
}
