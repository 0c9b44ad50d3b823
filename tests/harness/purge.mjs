// What a purge is tested with: a day in short whose words are known, and a search for them in every file of the data folder.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { scene } from './scene.mjs';
import { until } from './until.mjs';

export const TITLE = 'A consultation';

/** How long a folder is read again and again while the server writes in it. */
const QUIET_WITHIN_MS = 20_000;

/**
 * How often each of these stands in a file of the folder, at one moment.
 *
 * Files are read one after the other, and SQLite may move a page from one to another in between: then neither reading has
 * it. So all are read twice, in the same order. When neither words nor the times of writing differ, no file changed from the
 * first time it was read to the second, and these spans have a moment in common.
 */
export async function findings(folder, markers) {
  let before;
  const sameTwice = async () => {
    const now = await contents(folder);
    const quiet = before && now && same(before, now);
    before = now;
    return quiet;
  };
  await until(`the files of ${folder} are the same twice`, sameTwice, { within: QUIET_WITHIN_MS });
  return count(before, markers);
}

/** Every file by its name; nothing if one of them went while they were read. */
async function contents(folder) {
  const files = new Map();
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    try {
      const file = path.join(folder, name);
      const { mtimeNs } = await stat(file, { bigint: true });
      files.set(name, { mtimeNs, bytes: await readFile(file) });
    } catch (error) {
      if (error.code === 'ENOENT') return undefined;
      if (error.code !== 'EISDIR') throw error;
    }
  }
  return files;
}

function same(one, other) {
  const stood = ([name, { mtimeNs, bytes }]) => other.get(name)?.mtimeNs === mtimeNs && other.get(name).bytes.equals(bytes);
  return one.size === other.size && [...one].every(stood);
}

function count(files, markers) {
  const found = {};
  for (const [name, { bytes }] of files) {
    for (const [what, marker] of Object.entries(markers)) {
      for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) {
        found[`${what} in ${name}`] = (found[`${what} in ${name}`] ?? 0) + 1;
      }
    }
  }
  return found;
}

const sha256 = (text) => createHash('sha256').update(text).digest();

/** A day in short: ideas, letters, ballots, a card with a line, a list that is worded; another consultation beside it. */
export async function busy(t, server) {
  const stage = await scene(t, { server, seats: 3 });
  const other = await scene(t, { server, seats: 1 });
  const [group] = stage.groups;
  const client = await stage.hocuspocus(group.seats[0]);
  const ideas = [];
  for (let number = 0; number < 40; number += 1) {
    ideas.push(await stage.share(`Marker-of-idea-${number} ${'lorem ipsum '.repeat(number % 9)}`));
    await other.share(`Stays-${number} ${'dolor sit '.repeat(number % 7)}`);
  }
  await client.has(ideas[39].idea);
  for (const { idea } of ideas) client.type(idea, ' marker-of-letters');
  await client.recorded();
  await stage.phase('vote');
  await stage.api.approve(group.seats[0].token, ideas[0].idea);
  await stage.promote(ideas[0].idea, { group });
  await stage.api.command(group.seats[1].token, { do: 'sign-off', group: group.id, line: 'marker-of-a-note' });
  await stage.api.command(stage.organizer, { do: 'merge' });
  const markers = {
    ideas: 'Marker-of-idea',
    letters: 'marker-of-letters',
    note: 'marker-of-a-note',
    code: stage.created.code,
    key: stage.key,
    'seat token': group.seats[0].token,
    'hash of a seat token': sha256(group.seats[0].token).toString('hex'),
    'hash of the organizer token': sha256(stage.organizer).toString('hex'),
    'group in bytes': Buffer.from(group.id.replaceAll('-', ''), 'hex'),
    'group in words': group.id,
    receipt: ideas[0].command.receipt,
  };
  return { stage, other, client, group, ideas, markers };
}
