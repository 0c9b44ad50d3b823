/**
 * A Vite plugin: beside each built file that is worth it, the same bytes compressed, so that nothing is compressed
 * while people wait. Brotli for secure addresses; gzip as well, because on a laptop's plain-http address browsers do
 * not ask for brotli.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const worthIt = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.webmanifest']);
const makers: [string, (bytes: Buffer) => Promise<Buffer>][] = [
  ['.br', (bytes) => promisify(brotliCompress)(bytes, { params: brotliParams(bytes.length) })],
  ['.gz', (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION })],
];

function brotliParams(size: number): Record<number, number> {
  return {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: size,
  };
}

export function compressBeside(): Plugin {
  let folder = 'dist';
  return {
    name: 'compress-beside',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && worthIt.has(extname(entry.name)));
      await Promise.all(files.map((entry) => compressFile(join(entry.parentPath, entry.name))));
    },
  };
}

async function compressFile(path: string): Promise<void> {
  const bytes = await readFile(path);
  for (const [ending, make] of makers) {
    const small = await make(bytes);
    if (small.length < bytes.length) await writeFile(path + ending, small);
  }
}
