import { PEOPLE_MIN } from '../../wire/constants';

/**
 * A figure that rests on fewer than five people reads “some” on paper, as in the server's exports
 * (`server/src/plenary/export/small_counts.rs`); so do parts from which such a figure could be worked out.
 */

export type Figure = number | 'some';

export const people = (count: number): Figure => (count === 0 || count >= PEOPLE_MIN ? count : 'some');

/** A number of people who are part of a total that is told: the others must not come out either. */
export const part = (count: number, total: number): Figure =>
  people(total - count) === 'some' ? 'some' : people(count);

/** Numbers of people that are parts of a total. */
export function parts(byGroup: Record<string, number>): Record<string, Figure> {
  const figures: Record<string, Figure> = {};
  let hidden = 0;
  for (const [group, count] of Object.entries(byGroup)) {
    const figure = people(count);
    figures[group] = figure;
    if (figure === 'some') hidden += count;
  }
  const shown = Object.entries(byGroup).filter(([, count]) => count >= PEOPLE_MIN);
  shown.sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  for (const [group, count] of shown) {
    if (hidden === 0 || hidden >= PEOPLE_MIN) break;
    figures[group] = 'some';
    hidden += count;
  }
  return figures;
}
