// The documents point at things that exist.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
const tracked = git('ls-files').split('\n').filter(Boolean);
const documents = tracked.filter((file) => file.endsWith('.md'));

/** What a document names between backticks as a file of ours: a path or a bare name with an ending that we use. */
const NAMED = /`([\w./-]+\.(?:rs|mjs|ts|svelte|css|toml|json|md|hex))`/g;
/** Made by a build or by a run, or an example of a file that a user has. */
const MADE = new Set(['index.html', 'config.json', 'export.md', 'export.json', 'web/dist/index.html', 'template.json']);

/** Is `name` a tracked file, or the end of the path of one? A bare name stands for any file that is called so. */
const exists = (name) => {
  const plain = path.posix.normalize(name).replace(/^(\.\.\/)+/, '');
  return tracked.some((file) => file === plain || file.endsWith(`/${plain}`));
};

for (const document of documents) {
  test(`every file that ${document} names exists`, () => {
    const text = readFileSync(path.join(root, document), 'utf8');
    const missing = [...text.matchAll(NAMED)].map((match) => match[1]).filter((name) => !MADE.has(name) && !exists(name));
    assert.deepEqual([...new Set(missing)], []);
  });
}

test('every address between documents leads to a file', () => {
  const broken = [];
  for (const document of documents) {
    const text = readFileSync(path.join(root, document), 'utf8');
    for (const [, address] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g)) {
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(document), address));
      if (!tracked.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`))) broken.push(`${document}: ${address}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('one licence everywhere', () => {
  const said = new Map();
  for (const file of tracked.filter((name) => /(^|\/)(Cargo\.toml|package\.json)$/.test(name))) {
    const found = readFileSync(path.join(root, file), 'utf8').match(/^\s*"?license"?\s*[:=]\s*"([^"]+)"/m);
    if (found) said.set(file, found[1]);
  }
  assert.ok(said.size >= 4, 'the workspace, the fuzzers, the client and the tests name a licence');
  assert.deepEqual([...new Set(said.values())], ['MIT']);
  assert.match(readFileSync(path.join(root, 'LICENSE'), 'utf8'), /^MIT License/);
});
