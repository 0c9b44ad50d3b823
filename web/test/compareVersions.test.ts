import { describe, expect, it } from 'vitest';
import { changesOf, partsChanged } from '../src/state/list/compareVersions';
import type { VersionContent, VersionEntry } from '../src/wire/proto';

const entry = (
  id: string,
  number: number,
  text: string,
  status: 'listed' | 'below' = 'listed',
): VersionEntry => ({ id, number, text, status, section: 'recommendations' }) as VersionEntry;
const version = (entries: VersionEntry[], opening = ''): VersionContent =>
  ({ entries, statement: { opening, summary: '', closing: '' } }) as VersionContent;

describe('two versions of the list', () => {
  it('differ by entries that came, went, moved or were reworded', () => {
    const before = version([entry('a', 1, 'A'), entry('b', 2, 'B'), entry('c', 3, 'C')]);
    const after = version([
      entry('b', 1, 'B'),
      entry('a', 1, 'A', 'below'),
      entry('d', 2, 'D'),
      entry('c', 3, 'C!'),
    ]);
    const told = changesOf(before, after).map(({ what, entry: { id } }) => `${what} ${id}`);
    expect(told).toEqual(['moved b', 'moved a', 'added d', 'reworded c']);
    expect(changesOf(after, before).map(({ what }) => what)).toContain('removed');
    expect(changesOf(before, before)).toEqual([]);
  });

  it('differ by parts of their statement', () => {
    expect(partsChanged(version([], 'We met.'), version([], 'We met today.'))).toEqual(['opening']);
    expect(partsChanged(version([]), version([]))).toEqual([]);
  });
});
