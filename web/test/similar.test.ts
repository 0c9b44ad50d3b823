import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparedMax, readAtOnce, SimilarIdeas } from '../src/state/compose/similar';
import { columns, expectFound, measurable } from './variants';

/** What was recorded (`tests/recording`), by language. */
const recorded = columns(
  readFileSync(new URL('../../tests/recording/comments.csv', import.meta.url), 'utf8'),
  ['lang', 'comment-body'],
);
const sets = ['en', 'fr', 'es', 'ru', 'ar', 'zh'].map((lang): [string, string[]] => [
  lang,
  measurable(recorded.filter(([of]) => of === lang).map(([, text]) => text ?? '')),
]);

describe('ideas that are like what is typed', () => {
  it('is measured on six languages', () => {
    for (const [name, texts] of sets) expect(texts.length, name).toBeGreaterThan(20);
  });

  it.each(sets)('in %s: the right one is in the top three for at least 90 of 100 variants', (name, texts) => {
    expectFound(name, texts);
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

  it('reads few texts at once, and of a board larger than anybody reads the newest', () => {
    const ideas = Array.from({ length: comparedMax + 1 }, (_, at) => ({
      id: String(at),
      text: `Lamp ${String(at)} of the harbour`,
    }));
    const index = new SimilarIdeas();
    let calls = 1;
    while (!index.take(ideas)) calls += 1;
    expect(calls).toBe(comparedMax / readAtOnce);
    expect(index.like(`lamp ${String(comparedMax)} of the harbour`, 1)).toEqual([String(comparedMax)]);
    expect(index.like('lamp 0 of the harbour', comparedMax)).not.toContain('0');
    expect(index.take(ideas)).toBe(true);
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
