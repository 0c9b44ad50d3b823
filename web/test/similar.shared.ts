/** `npm run test:shared`: the same measurement on real data, which is other people's and never part of this repository. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { columns, expectFound, measurable } from './variants';

const shared = path.resolve(
  process.env['PLENUM_SHARED'] ?? path.join(import.meta.dirname, '../../../shared'),
);
const read = (name: string) => readFileSync(path.join(shared, 'data', name), 'utf8');

const sets = ['london.youth.policing', 'scoop-hivemind.affordable-housing'].map(
  (name): [string, string[]] => [
    name,
    [
      ...new Set(
        columns(read(`polis/${name}/comments.csv`), ['comment-body']).flatMap(([text]) => text || []),
      ),
    ],
  ],
);
const pairs = read('multilingual/tatoeba-sample.tsv').split('\n');
for (const lang of ['ar', 'zh', 'fr', 'ru', 'es']) {
  const texts = pairs.filter((line) => line.startsWith(`${lang}\t`)).map((line) => line.split('\t')[1] ?? '');
  sets.push([lang, measurable(texts)]);
}

describe('ideas that are like what is typed, in real consultations', () => {
  it.each(sets)('in %s: the right one is in the top three for at least 90 of 100 variants', (name, texts) => {
    expect(texts.length, name).toBeGreaterThan(20);
    expectFound(name, texts);
  });
});
