// What the documents quote from the screen is on the screen.
//
// One convention: words of a screen or of an exported file stand in “curly quotes”, letter by letter as the English texts have
// them, a figure where the text has a {place}. Nothing else stands in such quotes, and no label in italics or straight quotes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (file) => readFileSync(path.join(root, file), 'utf8');
const documents = execFileSync('git', ['ls-files', 'docs/*.md', 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);

/** Every text that people read, each form of its plural on its own. */
const texts = ['web/src/text/en.json', 'server/src/plenary/export/text/en.json']
  .flatMap((file) => Object.values(JSON.parse(text(file))))
  .flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)))
  // One that is little more than a place says anything.
  .filter((words) => !words.includes('{') || words.replace(/\{\w+\}/g, '').match(/\p{L}/gu)?.length > 3);
const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const place = (name) => (['n', 'all'].includes(name) ? '\\d+' : '.+');
const pattern = (words, flags = 'u') => new RegExp(`^${words.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? place(part) : escaped(part))).join('')}$`, flags);
const said = texts.map((words) => pattern(words));
/** As somebody would write it who does not look: without regard to case. Texts with places and single words are not looked for. */
const meant = texts.filter((words) => !words.includes('{') && words.includes(' ')).map((words) => pattern(words, 'iu'));

/** A document as one line, without what is code. */
const prose = (file) => text(file).replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '').replace(/\s+/g, ' ');
const quoted = (line) => [...line.matchAll(/“([^”]*)”/g)].map(([, words]) => words);
const others = (line) => [...line.matchAll(/(?<![*\w])\*([^*]+)\*(?!\*)|"([^"]+)"/g)].map(([, italic, straight]) => ({ italic, straight }));

/** What is wrong in a document. */
function wrongIn(line) {
  const unknown = quoted(line).filter((words) => !said.some((each) => each.test(words)));
  const elsewhere = others(line).filter(({ italic, straight }) => {
    const words = italic ?? straight;
    return /^\p{Lu}/u.test(italic ?? '') || meant.some((each) => each.test(words));
  });
  return [...unknown.map((words) => `“${words}” is on no screen`), ...elsewhere.map(({ italic, straight }) => `${italic ?? straight} is not in “curly quotes”`)];
}

for (const document of documents) {
  test(`every label that ${document} names is on the screen`, () => {
    assert.deepEqual(wrongIn(prose(document)), []);
  });
}

test('a label that is not there, or not in curly quotes, is found', () => {
  assert.equal(documents.length > 8, true, 'the documents are where they were');
  assert.deepEqual(wrongIn('Change it under “How people write and vote”.').length, 1);
  assert.deepEqual(wrongIn('Press *Create consultation*, or say "somebody may be in danger".').length, 2);
  assert.deepEqual(wrongIn('It says “4 of 9 have not written yet”, and *not* more.'), []);
});
