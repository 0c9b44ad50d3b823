import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SimilarIdeas, type Comparable } from '../src/state/similar';

const shared = (path: string): string | null => {
  for (const folder of [process.env['PLENUM_DATA'], '../../../shared/data', '../../shared/data']) {
    if (folder === undefined) continue;
    try {
      return readFileSync(new URL(`${folder}/${path}`, import.meta.url), 'utf8');
    } catch {
      // The next place.
    }
  }
  return null;
};

/** The last column of a CSV whose texts may hold commas, quotes and line breaks. */
function lastColumn(csv: string): string[] {
  const rows: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let at = 0; at < csv.length; at += 1) {
    const letter = csv[at] ?? '';
    if (quoted && letter === '"' && csv[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === ',' && !quoted) {
      rows.at(-1)?.push(field);
      field = '';
    } else if (letter === '\n' && !quoted) {
      rows.at(-1)?.push(field.replace(/\r$/, ''));
      field = '';
      rows.push([]);
    } else field += letter;
  }
  return rows.slice(1).flatMap((row) => row.at(-1)?.trim() || []);
}

/** Near-exact variants, as people make them: a slip, a word less, another ending, other marks, only the beginning. */
const variants: ((text: string) => string)[] = [
  (text) => text.toLowerCase().replace(/[.,!?;:'"]/g, ''),
  (text) => text.replace(/(\p{L}{3})(\p{L})(\p{L})/u, '$1$3$2'),
  (text) =>
    text
      .split(' ')
      .filter((_, at) => at !== 1)
      .join(' '),
  (text) => `I think that ${text}`,
  (text) => text.split(' ').reverse().join(' '),
  (text) => text.slice(0, Math.max(20, Math.ceil(text.length * 0.7))),
];

function found(texts: string[], change: (text: string) => string): number {
  const ideas: Comparable[] = texts.map((text, at) => ({ id: String(at), text }));
  const index = new SimilarIdeas();
  index.take(ideas);
  return texts.filter((text, at) => index.like(change(text)).includes(String(at))).length / texts.length;
}

describe('ideas that are like what is typed', () => {
  const sets: [string, string[]][] = [];
  for (const name of ['london.youth.policing', 'scoop-hivemind.affordable-housing']) {
    const csv = shared(`polis/${name}/comments.csv`);
    if (csv !== null) sets.push([name, [...new Set(lastColumn(csv))]]);
  }
  const tsv = shared('multilingual/tatoeba-sample.tsv');
  for (const lang of ['ar', 'zh', 'fr', 'ru', 'es']) {
    const lines = (tsv ?? '').split('\n').filter((line) => line.startsWith(`${lang}\t`));
    const texts = lines.map((line) => line.split('\t')[1] ?? '').filter((text) => [...text].length >= 12);
    if (texts.length > 0) sets.push([lang, [...new Set(texts)]]);
  }

  it('is measured on real data', () => {
    expect(sets.length).toBe(7);
    for (const [name, texts] of sets) expect(texts.length, name).toBeGreaterThan(20);
  });

  it.each(sets)('in %s: the right one is in the top three for at least 90 of 100 variants', (name, texts) => {
    // Scripts without spaces have no words to leave out or to turn round.
    const changes = name === 'zh' ? variants.filter((_, at) => at === 0 || at === 3 || at === 5) : variants;
    const shares = changes.map((change) => found(texts, change));
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean, `${name}: ${shares.map((share) => share.toFixed(2)).join(' ')}`).toBeGreaterThanOrEqual(0.9);
    expect(shares[0], 'case and marks').toBeGreaterThanOrEqual(0.9);
  });

  it('says nothing when nothing is like it, or too little is typed', () => {
    const index = new SimilarIdeas();
    index.take([
      { id: 'a', text: 'More street lights near the school' },
      { id: 'b', text: 'Teach parents how scams work' },
    ]);
    expect(index.like('Swimming pools for elephants')).toEqual([]);
    expect(index.like('More')).toEqual([]);
    expect(index.like('street lights near our school')).toEqual(['a']);
  });

  it('follows ideas that change, go and come, and finds translations', () => {
    const index = new SimilarIdeas();
    index.take([
      {
        id: 'a',
        text: 'More street lights near the school',
        tr: { fr: 'Plus de lampadaires près de l’école' },
      },
    ]);
    expect(index.like('plus de lampadaires pres de l ecole')).toEqual(['a']);
    index.take([{ id: 'a', text: 'Something else entirely' }]);
    expect(index.like('More street lights near the school')).toEqual([]);
    index.take([]);
    expect(index.like('Something else entirely')).toEqual([]);
  });
});
