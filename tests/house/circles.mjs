// Circles of imports between files, as a reader of Rust sees them: `use super::x`, `super::x::…`, `crate::folder::x`, in whatever
// folders the files lie. Comments import nothing; tests at the end of a file may import whatever they test; a name that a `mod.rs`
// passes on leads nowhere further.

const isDoor = (file) => /\/(mod|lib|main)\.rs$/.test(file);
/** The path of a file's module, as a path of folders: `server/src/live/state`. */
const moduleOf = (file) => file.replace(/\.rs$/, '').replace(/\/(mod|lib|main)$/, '');

/** What a file says without comments, its tests and how far its items are seen. */
const code = (source) =>
  source
    .replace(/\n#\[cfg\(test\)\]\nmod \w+ \{[\s\S]*$/, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/pub\((in [\w:]+|super|crate)\)/g, 'pub');

/** Files that each file imports. */
function importsOf(product, text) {
  const files = new Map(product.map((file) => [moduleOf(file), file]));
  const importsOfOne = (file) => {
    const here = moduleOf(file).split('/');
    const found = new Set();
    const add = (head, rest) => {
      const base = head === 'crate' ? here.slice(0, 2) : here.slice(0, here.length - head.split('::').length);
      const path = [...base, ...rest.split('::').filter(Boolean)];
      for (let length = path.length; length > base.length; length -= 1) {
        const imported = files.get(path.slice(0, length).join('/'));
        if (!imported) continue;
        if (imported !== file && !isDoor(imported)) found.add(imported);
        break;
      }
    };
    const source = code(text(file));
    for (const [, head, rest] of source.matchAll(/\b(crate|super(?:::super)*)((?:::[a-z_]\w*)*)/g)) add(head, rest);
    for (const [, head, rest, group] of source.matchAll(/\b(crate|super(?:::super)*)((?:::[a-z_]\w*)*)::\{([^}]*)\}/g)) {
      for (const [, name] of group.matchAll(/\b([a-z_]\w*)(?=::|,|\s*$)/g)) add(head, `${rest}::${name}`);
    }
    return [file, [...found]];
  };
  return new Map(product.map(importsOfOne));
}

/** Groups of files that import each other in a circle, each as its files in order. `text(file)` reads a file. */
export function circlesIn(product, text) {
  const imports = importsOf(product, text);
  const reach = (from) => {
    const seen = new Set();
    const open = [...(imports.get(from) ?? [])];
    while (open.length > 0) {
      const next = open.pop();
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(imports.get(next) ?? []));
    }
    return seen;
  };
  const reached = new Map(product.map((file) => [file, reach(file)]));
  const inCircle = product.filter((file) => reached.get(file).has(file));
  const circleOf = (file) => inCircle.filter((other) => other === file || (reached.get(file).has(other) && reached.get(other).has(file)));
  const circles = new Map(inCircle.map((file) => circleOf(file).toSorted()).map((circle) => [circle[0], circle]));
  return [...circles.values()];
}
