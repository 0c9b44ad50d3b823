import { describe, expect, it } from 'vitest';
import { divide, divideFrom } from '../src/state/day/divide';

/** A small generator, so that a failure can be played again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

describe('minutes divided anew', () => {
  it('are whole, sum up to what is left, and are at least one each while there are enough', () => {
    for (let seed = 1; seed <= 3_000; seed += 1) {
      const next = numbers(seed);
      const planned = Array.from({ length: 1 + next(12) }, () => next(40));
      const total = next(200);
      const given = divide(planned, total);
      const what = JSON.stringify({ planned, total, given });
      expect(
        given.reduce((all, each) => all + each, 0),
        what,
      ).toBe(total);
      const least = total >= planned.length ? 1 : 0;
      for (const each of given) {
        expect(Number.isInteger(each), what).toBe(true);
        expect(each, what).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it('keep the order of length, and nobody is a minute or more from the own share without a reason', () => {
    for (let seed = 1; seed <= 3_000; seed += 1) {
      const next = numbers(seed);
      const planned = Array.from({ length: 1 + next(8) }, () => 5 + next(20));
      const sum = planned.reduce((all, each) => all + each, 0);
      const total = sum + next(60) - 20;
      const given = divide(planned, total);
      const what = JSON.stringify({ planned, total, given });
      for (const [at, each] of given.entries()) {
        const share = (total * (planned[at] ?? 0)) / sum;
        // Below one minute a share is lifted; here none is.
        if (total >= sum) expect(Math.abs(each - share), what).toBeLessThan(1);
        for (const [other, minutes] of given.entries())
          if ((planned[at] ?? 0) > (planned[other] ?? 0)) expect(each, what).toBeGreaterThanOrEqual(minutes);
      }
    }
  });

  it('are those of the model day when ten minutes are missing', () => {
    expect(divide([6, 6, 6, 6, 6], 20)).toEqual([4, 4, 4, 4, 4]);
    expect(divide([10, 20, 5], 35)).toEqual([10, 20, 5]);
    expect(divide([10, 20, 5], 14)).toEqual([4, 8, 2]);
    expect(divide([30, 1, 1], 3)).toEqual([1, 1, 1]);
    expect(divide([6, 6, 6], 2)).toHaveLength(3);
    expect(divide([], 9)).toEqual([]);
    expect(divide([0, 0], 5)).toEqual([3, 2]);
    expect(divideFrom([10, 20, 5], 1, 10)).toEqual([10, 8, 2]);
  });
});
