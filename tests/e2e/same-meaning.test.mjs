// How much of what is the same people are asked about, and how early: by the encoder of the binary, on texts of our own in six
// languages and on real texts that were labelled by reading.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Questions, foundAcross, foundWithin, merged } from '../harness/questions.mjs';
import { BIN } from '../harness/server.mjs';

const here = (file) => path.resolve(import.meta.dirname, file);
const read = (file) => JSON.parse(readFileSync(here(file), 'utf8'));
const SAME = read('../harness/same-in-six-languages.json');
const LANGUAGES = ['en', 'fr', 'es', 'ru', 'ar', 'zh'];

test('of pairs of one idea in other words, eight in each of six languages, eleven of twelve are asked about within three questions', (t) => {
  let found = 0;
  for (const lang of LANGUAGES) {
    const pairs = SAME.map((idea) => idea[lang]);
    const own = foundWithin(new Questions(pairs.flat().map((text) => [text, lang])), pairs);
    t.diagnostic(`${lang}: ${own} of ${pairs.length}`);
    found += own;
  }
  assert.ok(found >= 44, `${found} of 48`);
});

test('of pairs of one idea in two languages nine of ten are the first question of one of the two', (t) => {
  const same = SAME.map((idea) => Object.fromEntries(LANGUAGES.map((lang) => [lang, idea[lang][0]])));
  const texts = same.flatMap((idea) => Object.entries(idea).map(([lang, text]) => [text, lang]));
  const { all, found } = foundAcross(new Questions(texts), same);
  t.diagnostic(`${found} of ${all}`);
  assert.equal(all, 120);
  assert.ok(found * 10 >= all * 9, `${found} of ${all}`);
});

test('of real texts four of five pairs that are the same are among ten questions for each of them', (t) => {
  let [found, all] = [0, 0];
  for (const { name, comments, pairs } of read('../../server/tests/merge-pairs.json').consultations) {
    const same = pairs.filter(([, , label]) => label === 'same');
    const ideas = Object.entries(comments).map(([id, text]) => ({ id, group: 'g', text, lang: 'en', promoted: true }));
    const { items, suggestions } = merged({ ideas });
    const asked = new Set(suggestions.slice(0, 10 * same.length).map(({ a, b }) => [a, b].sort().join()));
    const entry = new Map(items.flatMap((item) => item.members.map(({ idea }) => [idea, item.id])));
    const own = same.filter(([a, b]) => entry.get(a) === entry.get(b) || asked.has([a, b].sort().join())).length;
    t.diagnostic(`${name}: ${own} of ${same.length}`);
    found += own;
    all += same.length;
  }
  assert.ok(all > 0 && found * 5 >= all * 4, `${found} of ${all}`);
});

/** The most memory that `plenum merge` had at once, in KB. */
function mostMemory(input) {
  const measure = 'import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)';
  const { status, stdout, stderr } = spawnSync('python3', ['-c', measure, BIN, 'merge'], { input: JSON.stringify(input), encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

test('the encoder adds at most 100 MB to what a run needs without it', (t) => {
  const texts = SAME.flatMap((idea) => LANGUAGES.flatMap((lang) => idea[lang].map((text) => [text, lang])));
  const ideas = texts.map(([text, lang], at) => ({ id: `i${at}`, group: 'g', text, lang, promoted: true }));
  const added = mostMemory({ ideas }) - mostMemory({ ideas, pairs: [] });
  t.diagnostic(`${Math.round(added / 1024)} MB`);
  assert.ok(added > 1024, 'it is measured');
  assert.ok(added <= 100 * 1024, `${added} KB`);
});
