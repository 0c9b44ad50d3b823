// A reader of zip files, by hand: enough for a Word document that the server made.

import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** The files of an archive: name → text. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  assert.ok(end >= 0 && bytes.readUInt32LE(end) === END, 'it is a zip file');
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    assert.equal(bytes.readUInt32LE(at), ENTRY);
    const method = bytes.readUInt16LE(at + 10);
    const [packed, nameLength, extra, comment] = [bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))];
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(from, from + packed);
    files.set(name, (method === 0 ? content : inflateRawSync(content)).toString('utf8'));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
