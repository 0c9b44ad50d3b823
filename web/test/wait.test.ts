/** How long somebody waits who was too fast: the seconds that the server says, counted down. */
import { describe, expect, it } from 'vitest';
import type { Problem } from '../src/wire/proto';
import { noteWait, secondsToWait } from '../src/wire/wait';

const problem = (code: Problem['code'], wait?: number): Problem => ({
  title: '',
  status: 429,
  code,
  detail: '',
  ...(wait === undefined ? {} : { wait }),
});

describe('the wait', () => {
  it('is what the server said last, less what has passed', () => {
    noteWait(problem('too-fast', 20), 1_000);
    expect([1_000, 1_500, 20_500, 21_000].map(secondsToWait)).toEqual([20, 20, 1, null]);
  });
  it('is a moment when the server does not say how long', () => {
    noteWait(problem('too-fast', 20), 0);
    noteWait(problem('forbidden'), 0);
    expect(secondsToWait(0)).toBe(20);
    noteWait(problem('too-fast'), 0);
    expect(secondsToWait(0)).toBe(null);
  });
});
