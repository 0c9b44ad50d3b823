// No circle of imports inside a folder but those of the gate, whose index and texts are one machine. Whoever cuts one takes it off
// this list.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { circlesIn } from './circles.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', 'server/src', 'proto/src'], { cwd: root, encoding: 'utf8' }).split('\n');
const isTest = (file) => /(^|\/)(tests?|benches)(\/|\.rs$)|_tests\.rs$/.test(file.replace(/^(server|proto)\/src\//, ''));
const product = tracked.filter((file) => file.endsWith('.rs') && !isTest(file));
const text = (file) => readFileSync(path.join(root, file), 'utf8');

const known = {
  'proto/src/gate': ['index limits off resolve state_vector update written', 'run_list sequence'],
};

test('files of one folder import each other in no circle but the known ones', () => {
  assert.ok(product.length > 200, 'the sources are where they were');
  const folders = [...new Set(product.map((file) => path.posix.dirname(file)))];
  const found = folders.map((folder) => [folder, circlesIn(folder, product, text)]).filter(([, groups]) => groups.length > 0);
  assert.deepEqual(Object.fromEntries(found), known);
});
