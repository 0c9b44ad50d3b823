// A recording (`recording/README.md`), counted directly from its files: which ideas a replay must make, in which group, and
// how many approvals each must have. `node harness/polis.mjs FOLDER` prints the figures.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { records } from './csv.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const AGREE = '1';

/** Our own recording, which is part of this repository. */
export const RECORDING = path.join(here, '../recording');

/** A folder of the shared data: other people's consultations, never part of this repository. */
export function sharedFolder(name) {
  const shared = path.resolve(process.env.PLENUM_SHARED ?? path.join(here, '../../../shared'));
  const folder = path.join(shared, 'data/polis', name);
  if (!existsSync(path.join(folder, 'comments.csv'))) {
    throw new Error(`the Polis export ${name} is not in ${folder}: set PLENUM_SHARED to the folder that holds data/polis`);
  }
  return folder;
}

/**
 * Counts a recording: `groups` by name, each with `ideas` (`{comment, text, approvals}`); `ideas`; `approvals`, those
 * of members of the comment's home group whose last vote on it is *agree*; `votes`, the last votes of such members.
 */
export function countExport(folder) {
  const read = (name) => readFileSync(path.join(folder, name), 'utf8');
  const comments = records(read('comments.csv'));
  const { participant_group: groupOf, comment_home_group: homeOf, groups: names } = JSON.parse(read('breakouts.json'));
  const last = lastVotes(records(read('votes.csv')));
  const approvalsOf = new Map();
  let votes = 0;
  for (const { comment, voter, vote } of last.values()) {
    if (groupOf[voter] !== homeOf[comment]) continue;
    votes += 1;
    if (vote === AGREE) approvalsOf.set(comment, (approvalsOf.get(comment) ?? 0) + 1);
  }
  const groups = new Map(names.map((name) => [name, []]));
  for (const row of comments) {
    const comment = row['comment-id'];
    groups.get(homeOf[comment]).push({ comment, text: row['comment-body'], approvals: approvalsOf.get(comment) ?? 0 });
  }
  const approvals = [...approvalsOf.values()].reduce((sum, one) => sum + one, 0);
  return { groups, ideas: comments.length, approvals, votes };
}

/**
 * The recording as an input of `plenum merge`: the first five agreements of each person with ideas of the own group are the
 * ballot, and each group promotes the seven ideas that most people approve. `k` places.
 */
export function dayInput(folder, k = 10) {
  const read = (name) => readFileSync(path.join(folder, name), 'utf8');
  const { participant_group: groupOf, comment_home_group: homeOf } = JSON.parse(read('breakouts.json'));
  const agreed = [...lastVotes(records(read('votes.csv'))).values()]
    .filter(({ comment, voter, vote }) => vote === AGREE && groupOf[voter] === homeOf[comment])
    .sort((a, b) => a.at - b.at);
  const ballots = new Map();
  const votes = new Map();
  for (const { comment, voter } of agreed) {
    const approves = ballots.get(voter) ?? [];
    if (approves.length === 5) continue;
    ballots.set(voter, [...approves, comment]);
    votes.set(comment, (votes.get(comment) ?? 0) + 1);
  }
  const ideas = records(read('comments.csv')).map((row) => {
    const id = row['comment-id'];
    return { id, group: homeOf[id], text: row['comment-body'], promoted: false };
  });
  for (const group of new Set(ideas.map((idea) => idea.group))) {
    const own = ideas.filter((idea) => idea.group === group && (votes.get(idea.id) ?? 0) > 0);
    own.sort((a, b) => votes.get(b.id) - votes.get(a.id) || (a.id < b.id ? -1 : 1));
    for (const idea of own.slice(0, 7)) idea.promoted = true;
  }
  return {
    k,
    lot: '07'.repeat(32),
    ideas,
    ballots: [...ballots].map(([seat, approves]) => ({ seat, group: groupOf[seat], approves })),
  };
}

/** The last vote of each voter on each comment: by time, and by place in the file where times are equal. */
function lastVotes(rows) {
  const last = new Map();
  for (const row of rows) {
    const key = `${row['voter-id']} ${row['comment-id']}`;
    const at = Number(row.timestamp);
    const before = last.get(key);
    if (before && before.at > at) continue;
    last.set(key, { at, comment: row['comment-id'], voter: row['voter-id'], vote: row.vote });
  }
  return last;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { groups, ideas, approvals, votes } = countExport(process.argv[2] ?? RECORDING);
  console.log(`${ideas} ideas, ${approvals} approvals (of ${votes} votes inside home groups)`);
  for (const [name, list] of groups) console.log(`${name}: ${list.length} ideas`);
}
