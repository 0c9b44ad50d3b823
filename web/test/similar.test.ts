import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SimilarIdeas } from '../src/state/similar';
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
