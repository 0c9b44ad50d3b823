// Who may do what, where and when: read from the page that people read, `docs/access.md`. Nothing of it is repeated here.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const page = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/access.md');
const cells = (row) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Deed (its heading) → role → phase → `–`, `own` or `all`. */
export function readTable(text = readFileSync(page, 'utf8')) {
  const table = new Map();
  for (const section of text.split(/^## /m).slice(1)) {
    const [deed, ...lines] = section.split('\n');
    const [head, , ...rows] = lines.filter((line) => line.startsWith('|'));
    const phases = cells(head).slice(1);
    const roles = rows.map(cells).map(([role, ...reaches]) => [role, Object.fromEntries(phases.map((phase, at) => [phase, reaches[at]]))]);
    table.set(deed, Object.fromEntries(roles));
  }
  return table;
}

/** Deed (its heading) → the commands that the page names for it. */
export function readCommands(text = readFileSync(page, 'utf8')) {
  const sections = text.split(/^## /m).slice(1).map((section) => [section.split('\n')[0], section.match(/^Commands: ([^.]+)\./m)?.[1] ?? '']);
  return new Map(sections.map(([deed, named]) => [deed, [...named.matchAll(/`([\w-]+)`/g)].map(([, command]) => command)]));
}

/** What the page promises: `ok`, `forbidden` (never here), `wrong-phase` (not now). */
export function promised(table, { deed, role, own, phase }) {
  const reaches = table.get(deed)[role];
  const allows = (reach) => reach === 'all' || (reach === 'own' && own);
  if (allows(reaches[phase])) return 'ok';
  return Object.values(reaches).some(allows) ? 'wrong-phase' : 'forbidden';
}
