import { describe, expect, it } from 'vitest';
import { isOff, standingOf, type Known, type Standing } from '../src/state/idea/standing';
import type { Phase } from '../src/wire/proto';

const of = (
  known: Known | null,
  { phase = 'brainstorm' as Phase, onBoard = false, late = false } = {},
): Standing => standingOf({ known, phase, onBoard, late });

describe('where an own idea is (C26)', () => {
  it('is what the board shows, whatever was heard before', () => {
    for (const place of ['waiting', 'held', 'hidden', 'unknown'] as const)
      expect(of({ place }, { onBoard: true })).toBe('shown');
  });

  it('is only recorded while the server has not said more', () => {
    expect(of(null)).toBe('recorded');
    expect(of({ place: 'shown' })).toBe('recorded');
    expect(of(null, { late: true })).toBe('late');
  });

  it('waits, is let in, and is held until it is revealed', () => {
    expect(of({ place: 'waiting' })).toBe('waiting');
    expect(of({ place: 'held' })).toBe('held');
    expect(of({ place: 'held', waited: true })).toBe('admitted');
    expect(of({ place: 'late' })).toBe('late');
  });

  it('waits for nobody after the end', () => {
    expect(of({ place: 'waiting' }, { phase: 'closed' })).toBe('not-let-in');
    expect(of({ place: 'held', waited: true }, { phase: 'closed' })).toBe('not-shown');
    for (const phase of ['vote', 'plenary'] as const)
      expect(of({ place: 'waiting' }, { phase })).toBe('waiting');
  });

  it('is hidden by the team, held in the group, or out of sight with its board', () => {
    expect(of({ place: 'hidden', reason: 'hurts' })).toBe('hidden');
    expect(of({ place: 'hidden', reason: 'held-in-group' })).toBe('held-in-group');
    expect(of({ place: 'hidden' })).toBe('veiled');
    expect((['hidden', 'held-in-group', 'gone'] as const).every(isOff)).toBe(true);
    expect(isOff('veiled')).toBe(false);
  });
});
