// Is the binary under test older than the sources? A test of an old binary says nothing about what was just changed.

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const SOURCES = ['Cargo.lock', 'proto/src', 'server/build.rs', 'server/src', 'web/index.html', 'web/public', 'web/src'];

/** The newest modification under `place`, in milliseconds since 1970; 0 where nothing is. */
function newestUnder(place) {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(place).map((name) => newestUnder(path.join(place, name))));
}

/**
 * One line for the person at the terminal, or undefined when `bin` is newer than every source that goes into it. A debug
 * build serves the page from `web/dist`, so its page is compared with that folder instead of with the binary.
 */
export function staleness(bin, root) {
  const built = statSync(bin, { throwIfNoEntry: false });
  if (built === undefined) return `there is no binary at ${bin}: build it, or name another in PLENUM_BIN`;
  const debug = bin.includes(`${path.sep}debug${path.sep}`);
  for (const source of SOURCES) {
    const page = source.startsWith('web/');
    const made = page && debug ? newestUnder(path.join(root, 'web/dist/index.html')) : built.mtimeMs;
    if (newestUnder(path.join(root, source)) > made) {
      const again = page && debug ? 'cd web && npm run build' : debug ? 'cargo build' : 'cargo build --release';
      return `stale binary: ${source} is newer than ${page && debug ? 'web/dist' : path.relative(root, bin)} (${again})`;
    }
  }
  return undefined;
}
