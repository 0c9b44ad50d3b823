// Circles of imports between the files of one folder, as a reader of Rust sees them: `use super::x`, `super::x::…`, `crate::folder::x`.
// Comments import nothing; tests at the end of a file may import whatever they test.

import path from 'node:path';

/** What a file imports from its folder is written `super::…` here, however it says so. */
function code(source, folder) {
  const own = folder.replace(/^(server|proto)\/src\/?/, '').replaceAll('/', '::');
  const product = source.replace(/\n#\[cfg\(test\)\]\nmod \w+ \{[\s\S]*$/, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return own === '' ? product : product.replaceAll(`crate::${own}::`, 'super::');
}

/** Groups of files of a folder that import each other in a circle, each as its names in order. `text(file)` reads a file. */
export function circlesIn(folder, product, text) {
  const files = product.filter((file) => path.posix.dirname(file) === folder && !file.endsWith('/mod.rs'));
  const names = new Set(files.map((file) => path.posix.basename(file, '.rs')));
  const edges = new Map(files.map((file) => {
    const own = path.posix.basename(file, '.rs');
    const source = code(text(file), folder);
    const used = new Set([...source.matchAll(/\bsuper::(\w+)/g)].map(([, name]) => name));
    for (const [, group] of source.matchAll(/\bsuper::\{([^}]*)\}/g)) for (const [, name] of group.matchAll(/\b(\w+)::/g)) used.add(name);
    return [own, [...used].filter((name) => names.has(name) && name !== own)];
  }));
  const reach = (from) => {
    const seen = new Set();
    const open = [...(edges.get(from) ?? [])];
    while (open.length > 0) {
      const next = open.pop();
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(edges.get(next) ?? []));
    }
    return seen;
  };
  const reached = new Map([...names].map((name) => [name, reach(name)]));
  const groups = new Set([...names].filter((name) => reached.get(name).has(name)).map((name) => [...names].filter((other) => other === name || (reached.get(name).has(other) && reached.get(other).has(name))).toSorted().join(' ')));
  return [...groups];
}
