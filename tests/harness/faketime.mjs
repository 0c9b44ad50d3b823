// A clock that tests set, under the real server: Debian's `faketime` answers for the time of day and leaves the running
// time alone (rule C12 compares the two).

import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from './server.mjs';

const LIBRARIES = '/usr/lib';
const LIBRARY = 'faketime/libfaketime.so.1';

function library() {
  const folders = readdirSync(LIBRARIES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    const folder = path.join(LIBRARIES, name, path.dirname(LIBRARY));
    try {
      if (readdirSync(folder).includes(path.basename(LIBRARY))) return path.join(folder, path.basename(LIBRARY));
    } catch {
      // Not in this folder.
    }
  }
  throw new Error('faketime is missing: apt-get install faketime (tests/run does it)');
}

/** The environment of a server whose clock is ahead by what was set last; 0 at first. */
export function movableClock() {
  const file = path.join(tempFolder(), 'clock');
  const set = (seconds) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  set(0);
  return {
    set,
    env: { LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
  };
}
