// Commits say what they do in a line that fits, and why in a body.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The last commit before the rule. */
const BEFORE = '3792b7b';
const SUBJECT_MAX = 72;

/** Commits since the rule, as [id, subject, body]; the last one alone where the history was cut short. */
function commits() {
  let range = ['-1', 'HEAD'];
  try {
    git('merge-base', '--is-ancestor', BEFORE, 'HEAD');
    range = [`${BEFORE}..HEAD`];
  } catch {
    // A shallow clone does not have that commit.
  }
  const all = git('log', '--no-merges', '--format=%h%x00%s%x00%b%x1e', ...range).split('\x1e');
  return all.map((commit) => commit.trim().split('\0')).filter(([id]) => id);
}

test('every commit has a subject of the form "area: verb object" that fits, and a body', () => {
  const found = commits();
  assert.ok(found.length > 0);
  const wrong = found.filter(([, subject, body]) => subject.length > SUBJECT_MAX || !/^[\w/., -]+: \S/.test(subject) || !(body ?? '').trim());
  assert.deepEqual(wrong.map(([id, subject]) => `${id} ${subject}`), []);
});
