/** What changed between two versions of the list: entries that came, went, moved, or were reworded; and parts of the statement. */
import type { Place } from '../../wire/places';
import { versionOf, versionsOf } from '../../wire/versions';
import type { Statement, VersionContent, VersionEntry } from '../../wire/proto';

export type Change =
  | { what: 'added' | 'removed'; entry: VersionEntry }
  | { what: 'moved'; entry: VersionEntry; from: VersionEntry }
  | { what: 'reworded'; entry: VersionEntry; from: VersionEntry };

const parts: (keyof Statement)[] = ['opening', 'summary', 'closing'];

/** Changes of entries, in the order of the later version; those that are gone come last. */
export function changesOf(before: VersionContent, after: VersionContent): Change[] {
  const old = new Map(before.entries.map((entry) => [entry.id, entry]));
  const changes: Change[] = [];
  for (const entry of after.entries) {
    const from = old.get(entry.id);
    old.delete(entry.id);
    if (from === undefined) {
      changes.push({ what: 'added', entry });
      continue;
    }
    if (from.status !== entry.status || from.number !== entry.number)
      changes.push({ what: 'moved', entry, from });
    if (from.text !== entry.text) changes.push({ what: 'reworded', entry, from });
  }
  for (const entry of old.values()) changes.push({ what: 'removed', entry });
  return changes;
}

/** The parts of the statement that say something else. */
export const partsChanged = (before: VersionContent, after: VersionContent): (keyof Statement)[] =>
  parts.filter((part) => before.statement[part] !== after.statement[part]);

/** What changed in a version since the one before it. */
export async function compared(
  place: Place,
  number: number,
): Promise<{ changes: Change[]; parts: (keyof Statement)[] }> {
  const [before, after] = await Promise.all([versionOf(place, number - 1), versionOf(place, number)]);
  return {
    changes: changesOf(before.content, after.content),
    parts: partsChanged(before.content, after.content),
  };
}

export { versionsOf };
