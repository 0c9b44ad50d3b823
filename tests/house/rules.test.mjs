// The rules hold themselves: each has one number, without gaps, and a test with that number in its name; no test names a rule that is not there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (file) => readFileSync(path.join(root, file), 'utf8');
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');

/** Every rule where it is made: `**C12 Title.**` in the specification, a row of the table of invariants. */
const rules = [
  ...[...text('proto/README.md').matchAll(/\*\*([WBCTG]\d+)(?: [^*]+)?\*\*/g)].map(([, id]) => id),
  ...[...text('server/README.md').matchAll(/^\| (I\d+) \|/gm)].map(([, id]) => id),
];

/** Rust: a function below a `#[test]` of any kind. JavaScript: the words of a test. */
function names() {
  const found = [];
  for (const file of files.filter((name) => name.endsWith('.rs') && !name.startsWith('tests/fuzz/'))) {
    for (const [, name] of text(file).matchAll(/#\[(?:tokio::)?test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:async )?fn (\w+)/g)) {
      found.push([file, name, name.split('_')]);
    }
  }
  for (const file of files.filter((name) => /^(tests|web\/test)\/.*\.test\.(mjs|ts)$/.test(name))) {
    for (const [, , name] of text(file).matchAll(/\b(?:test|it|describe)\(\s*(['"`])(.+?)\1/g)) found.push([file, name, name.split(/[^A-Za-z0-9]+/)]);
  }
  return found;
}

test('each rule has one number, and no number is left out', () => {
  assert.deepEqual(rules.filter((id, at) => rules.indexOf(id) !== at), [], 'numbers that two rules have');
  for (const letter of 'WBCTGI') {
    const numbers = rules.filter((id) => id[0] === letter).map((id) => Number(id.slice(1))).toSorted((a, b) => a - b);
    assert.deepEqual(numbers, numbers.map((_, at) => at + 1), `numbers of ${letter}`);
  }
});

test('each rule is named by a test, and tests name rules that exist', () => {
  const named = new Set();
  const unknown = [];
  for (const [file, name, words] of names()) {
    // A rule is named at the beginning (`c12_…`, `C12, C13: …`, `c25 …`) or in brackets at the end (`… (C26)`).
    const asked = new Set([...words].filter((word) => /^[wbctgi]\d{1,2}$/i.test(word)).map((word) => word.toUpperCase()));
    for (const id of asked) {
      if (rules.includes(id)) named.add(id);
      else unknown.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(rules.filter((id) => !named.has(id)), [], 'rules that no test names');
  assert.deepEqual(unknown, [], 'tests that name a rule which is not there');
});

test('B8: one function says whether a text of people is empty, on the server and on the page', () => {
  // A key that the operator names is no text of people.
  const others = new Set(['server/src/main.rs']);
  const product = files.filter((name) => /^(server|proto|web)\/.*src\/.*\.(rs|ts|svelte)$/.test(name) && !others.has(name));
  const own = /\.trim\(\)\.is_empty\(\)|\.trim\(\) [!=]== ''/;
  // Tests at the end of a file say what they like.
  const code = (name) => text(name).replace(/\n#\[cfg\(test\)\]\nmod \w+ \{[\s\S]*$/, '');
  assert.ok(product.length > 500);
  assert.deepEqual(product.filter((name) => own.test(code(name))), []);
});
