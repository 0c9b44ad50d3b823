// What is the same, and what is not, by pairs that others wrote to be judged by: in ../shared/cases/merge.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sharedFolder } from '../harness/polis.mjs';
import { Questions, foundAcross, foundWithin } from '../harness/questions.mjs';
import { BIN } from '../harness/server.mjs';

const LANGUAGES = ['en', 'fr', 'es', 'ru', 'ar', 'zh'];
const cases = path.resolve(sharedFolder('scoop-hivemind.affordable-housing'), '../../../cases/merge');
const lines = (lang) =>
  readFileSync(path.join(cases, `${lang}.tsv`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));

test('of the open pairs 44 of 48 are asked about within three questions', (t) => {
  let found = 0;
  for (const lang of LANGUAGES) {
    const all = lines(lang);
    const texts = new Set(all.flatMap(([, a, b]) => [a, b]));
    const same = all.filter(([category]) => category === 'same').map(([, a, b]) => [a, b]);
    const own = foundWithin(new Questions([...texts].map((text) => [text, lang])), same);
    t.diagnostic(`${lang}: ${own} of ${same.length}`);
    found += own;
  }
  assert.ok(found >= 44, `${found} of 48`);
});

test('of the open pairs in two languages 340 of 360 are the first question of one of the two', (t) => {
  // The n-th line of `same`, of `topic` and of `more` is one idea in every language.
  const own = (lang) => ['same', 'topic', 'more'].flatMap((wanted) => lines(lang).filter(([category]) => category === wanted).map(([, a, b]) => (wanted === 'same' ? a : b)));
  const all = LANGUAGES.map((lang) => [lang, own(lang)]);
  const same = all[0][1].map((_, at) => Object.fromEntries(all.map(([lang, texts]) => [lang, texts[at]])));
  const texts = all.flatMap(([lang, own]) => own.map((text) => [text, lang]));
  const { all: pairs, found } = foundAcross(new Questions(texts), same);
  t.diagnostic(`${found} of ${pairs}`);
  assert.equal(pairs, 360);
  assert.ok(found >= 340, `${found} of 360`);
});

test('nothing that is not the same is joined, and each input gives what is right', (t) => {
  const { status, stdout, stderr } = spawnSync('python3', [path.join(cases, 'judge.py'), BIN], { encoding: 'utf8' });
  t.diagnostic(stdout.split('\n').find((line) => line.startsWith('joined without asking')) ?? stderr);
  assert.equal(status, 0, stdout + stderr);
});
