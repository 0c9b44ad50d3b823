// Prints the figures of the house: how large, how entangled, how plain. `node tests/house/counts.mjs`; with `--docs` also the docs that repeat names
//
// A row is [what is counted, the figure, where to look]. Nothing is asserted here: what must hold is a test or a lint.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { circlesIn } from './circles.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
const tracked = git('ls-files').split('\n').filter(Boolean);
const texts = new Map();
const text = (file) => {
  if (!texts.has(file)) texts.set(file, readFileSync(path.join(root, file), 'utf8'));
  return texts.get(file);
};
const isTest = (file) => /(^|\/)(tests?|benches)(\/|\.rs$)|_tests\.rs$/.test(file.replace(/^server\/src\/|^proto\/src\//, ''));
const rust = tracked.filter((file) => /^(server|proto)\/src\/.*\.rs$/.test(file));
const product = rust.filter((file) => !isTest(file));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const lines = (file) => text(file).split('\n').length - 1;
const count = (files, pattern) => files.reduce((sum, file) => sum + (text(file).match(pattern) ?? []).length, 0);

/** Product files that lie in this folder itself. */
const inFolder = (folder, ending = '.rs') =>
  tracked.filter((file) => path.posix.dirname(file) === folder && file.endsWith(ending) && !isTest(file)).length;

/** The largest folder below `folder`, and how many files it holds. */
function largestBelow(folder, ending) {
  const sizes = new Map();
  for (const file of tracked.filter((name) => name.startsWith(`${folder}/`) && name.endsWith(ending) && !isTest(name))) {
    const place = path.posix.dirname(file);
    if (place !== folder) sizes.set(place, (sizes.get(place) ?? 0) + 1);
  }
  return [...sizes].toSorted((a, b) => b[1] - a[1])[0] ?? ['none', 0];
}

/** The body of a struct, its fields by visibility. */
function fieldsOf(file, name) {
  const body = text(file).match(new RegExp(`pub(?:\\([^)]*\\))? struct ${name}[^{]*\\{([\\s\\S]*?)\\n\\}`))?.[1] ?? '';
  const fields = body.split('\n').filter((line) => /^ {4}(pub(\([^)]*\))? )?[a-z_]\w*:/.test(line));
  return { all: fields.length, open: fields.filter((line) => /^ {4}pub/.test(line)).length };
}
const whereIs = (name) => product.find((file) => new RegExp(`struct ${name}\\b[^;]*\\{`).test(text(file)));
const fields = (name) => {
  const file = whereIs(name);
  if (!file) return 'not there';
  const { all, open } = fieldsOf(file, name);
  return `${all}, ${open} of them open (${file})`;
};

/** All types that a struct holds, directly or not, as far as they are defined in this folder: their fields, and those that other files can name. */
function heldBy(name, folder) {
  const files = product.filter((file) => file.startsWith(folder));
  const found = new Map();
  const look = (type) => {
    if (found.has(type)) return;
    for (const file of files) {
      // A name for another type holds what that one holds.
      const alias = text(file).match(new RegExp(`^(?:pub(?:\\([^)]*\\))? )?type ${type}\\b[^=]*=([^;]*);`, 'm'))?.[1];
      for (const [held] of alias?.matchAll(/\b[A-Z]\w*/g) ?? []) look(held);
    }
    const start = new RegExp(`^(?:pub(?:\\([^)]*\\))? )?struct ${type}\\b[^{(;]*`, 'm');
    const file = files.find((one) => start.test(text(one)));
    if (!file) return;
    const source = text(file).slice(text(file).search(start)).replace(start, '');
    const fields = source.startsWith('(')
      ? [source.slice(1, source.indexOf(');'))]
      : source.slice(0, source.indexOf('\n}')).split('\n').filter((line) => /^ {4}(pub(\([^)]*\))? )?[a-z_]\w*:/.test(line)).map((line) => line.trim());
    found.set(type, { all: fields.length, open: fields.filter((field) => field.startsWith('pub')).length });
    for (const [held] of fields.join(' ').matchAll(/\b[A-Z]\w*/g)) look(held);
  };
  look(name);
  return found;
}
const held = (name, folder) => {
  const types = [...heldBy(name, folder)];
  const sum = (key) => types.reduce((total, [, counts]) => total + counts[key], 0);
  const open = types.filter(([, counts]) => counts.open > 0).map(([type, counts]) => `${type} ${counts.open}`);
  return `${types.length} types, ${sum('all')} fields, ${sum('open')} of them open: ${open.join(', ') || 'none'}`;
};

/** Matches on `Event::` outside its owner. */
const outside = (pattern) => product.filter((file) => !file.startsWith('server/src/consultation/')).map((file) => [file, (text(file).match(pattern) ?? []).length]).filter(([, n]) => n > 0);

/** Type names with more than one owner. */
function owners() {
  const found = new Map();
  for (const file of product) {
    for (const [, name] of text(file).matchAll(/^\s*pub(?:\([^)]*\))? (?:struct|enum|trait|type) (\w+)/gm)) {
      found.set(name, [...(found.get(name) ?? []), file]);
    }
  }
  return [...found].filter(([, files]) => new Set(files).size > 1).map(([name]) => name);
}

/** Words of a doc that say nothing by themselves, before the name of the item: "Its id.", "Which idea." */
const EMPTY = new Set('a an the its their his who whose which what where why how many in of by to into it one all other'.split(' '));
const wordsOf = (name) => name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().match(/[a-z]+/g) ?? [];

/** Doc comments that are one line of at most two words, each with the item below it. Addresses of routes say what no name does. */
const shortDocs = product.flatMap((file) => {
  const all = text(file).split('\n');
  const isShort = (line) => /^\s*\/\/[/!] \S/.test(line) && !/[#`[]/.test(line) && line.replace(/^\s*\/\/[/!] /, '').split(/\s+/).length <= 2 && /[.:]$/.test(line) && !/^\s*\/\/\/ [a-z]/.test(line);
  return all.flatMap((line, at) => (isShort(line) ? [[`${file}:${at + 1}`, line.trim().slice(4), all.slice(at + 1).find((next) => !/^\s*(#|\/\/)/.test(next)) ?? '']] : []));
});
const repeating = shortDocs.filter(([, doc, item]) => wordsOf(doc).every((word) => EMPTY.has(word) || wordsOf(item).some((known) => known.startsWith(word.replace(/s$/, '')))));

const rules = [...text('proto/README.md').matchAll(/^\*\*([WBCTG]\d+)\b/gm), ...text('server/README.md').matchAll(/^\| (I\d+) \|/gm)].map(([, id]) => id);
const testTexts = tracked.filter((file) => /(\.test\.(mjs|ts)|\.rs)$/.test(file)).map(text).join('\n').toLowerCase();
const unnamed = [...new Set(rules)].filter((id) => !new RegExp(`(fn ${id.toLowerCase()}_|\\b${id.toLowerCase()}[ :,).])`).test(testTexts));
const commits = git('log', '--no-merges', '--format=%s%x00%b%x1e', '3792b7b..HEAD').split('\x1e').map((commit) => commit.trim().split('\0')).filter(([subject]) => subject);

const rows = [
  ['product files; lines: median, largest', `${product.length}; ${median(product.map(lines))}, ${Math.max(...product.map(lines))}`],
  ['files of more than 500 lines', product.filter((file) => lines(file) > 500).join(' ') || '0'],
  ['files in consultation, its largest folder', `${inFolder('server/src/consultation')}, ${largestBelow('server/src/consultation', '.rs').join(' ')}`],
  ['files in hub, live, proto/src', ['server/src/hub', 'server/src/live', 'proto/src'].map((folder) => inFolder(folder)).join(', ')],
  ['files in web/src/parts, its largest folder', `${inFolder('web/src/parts', '.svelte')}, ${largestBelow('web/src/parts', '.svelte').join(' ')}`],
  ['circles of imports between files (sizes)', circlesIn(product, text).map((circle) => `${circle[0].replace(/\/[^/]*$/, '').replace('/src', '')} ${circle.length}`).join(', ') || '0'],
  ['fields of Consultation', fields('Consultation')],
  ['the same with all that it holds', held('Consultation', 'server/src/consultation/')],
  ['fields of the running consultation', [fields('Task'), fields('Live'), fields('Actor')].join('; ')],
  ['matches and constructions `Event::` outside consultation', outside(/\bEvent::\w+/g).map(([file, n]) => `${file.replace('server/src/', '')} ${n}`).join(', ') || '0'],
  ['`Instant::now()` outside clock.rs', count(product.filter((file) => !file.endsWith('/clock.rs')), /Instant::now\(\)/g)],
  ['type names with more than one owner', `${owners().length}: ${owners().join(' ')}`],
  ['aliases of own types in imports', count(product, /^use (?:crate|super)[^;]* as (?!_)\w+/gm)],
  ['copies of MINUTE', count(product, /\bconst MINUTE\b/g)],
  ["saved states spelt out in web/src", count(tracked.filter((file) => file.startsWith('web/src/') && /\.(ts|svelte)$/.test(file)), /'phone' \| 'sent' \| 'recorded'/g)],
  ['doc lines of at most two words; those that repeat the name of their item', `${shortDocs.length}; ${repeating.length}`],
  ['"is another", "what is so" in docs', count(product, /\/\/[/!].*\b(is another|what is so)\b/g)],
  ['field terms in docs: idempoten*, throttl*, debounc*, notif*, quer*', ['idempoten', 'throttl', 'debounc', 'notif', 'quer'].map((word) => count(product, new RegExp(`//[/!].*\\b${word}`, 'gi'))).join(', ')],
  ['rules; numbers twice; without a test that names them', `${new Set(rules).size}; ${rules.filter((id, at) => rules.indexOf(id) !== at).join(' ') || 0}; ${unnamed.length}: ${unnamed.join(' ')}`],
  ['commit subjects above 72; commits without a body', `${commits.filter(([subject]) => subject.length > 72).length}; ${commits.filter(([, body]) => !body?.trim()).length} of ${commits.length}`],
];
const width = Math.max(...rows.map(([what]) => what.length));
if (process.argv.includes('--docs')) for (const [where, doc, item] of repeating) console.log(`${where}: ${doc}  ← ${item.trim()}`);
for (const [what, figure] of rows) console.log(`${what.padEnd(width)}  ${figure}`);
