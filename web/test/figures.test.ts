import { expect, it } from 'vitest';
import cases from '../../proto/golden/small-counts.json';
import { parts } from '../src/state/list/figures';

/** The server reads the same cases: `server/src/plenary/export/small_counts.rs`. */
it.each(cases)('small counts: $because', ({ counts, figures }) => {
  const told = Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
  expect(parts(told)).toEqual(figures);
});
