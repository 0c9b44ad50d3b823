/** Sample texts, and how people write the same thing a second time: for measuring `SimilarIdeas`. */
import { expect } from 'vitest';
import { SimilarIdeas, type Comparable } from '../src/state/compose/similar';

/** The named columns of a CSV whose fields may hold commas, quotes and line breaks; the header names them. */
export function columns(csv: string, names: string[]): string[][] {
  const [header, ...rows] = fields(csv);
  const places = names.map((name) => header?.indexOf(name) ?? -1);
  return rows.filter((row) => row.length > 1).map((row) => places.map((place) => row[place]?.trim() ?? ''));
}

function fields(csv: string): string[][] {
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
  return rows;
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
  while (!index.take(ideas));
  return texts.filter((text, at) => index.like(change(text)).includes(String(at))).length / texts.length;
}

/** Asserts that the right idea is among the top three for at least 90 of 100 variants of each text. */
export function expectFound(name: string, texts: string[]) {
  // Scripts without spaces have no words to leave out or to turn round.
  const changes = name === 'zh' ? variants.filter((_, at) => at === 0 || at === 3 || at === 5) : variants;
  const shares = changes.map((change) => found(texts, change));
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  expect(mean, `${name}: ${shares.map((share) => share.toFixed(2)).join(' ')}`).toBeGreaterThanOrEqual(0.9);
  expect(shares[0], 'case and marks').toBeGreaterThanOrEqual(0.9);
}

/** Texts of which a variant still says something, each once. */
export function measurable(texts: string[]): string[] {
  return [...new Set(texts)].filter((text) => [...text].length >= 12);
}
