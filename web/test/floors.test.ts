/** What parts and screens may import is held by ESLint: this shows that it is, on files that break the rule. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint({ cwd: fileURLToPath(new URL('..', import.meta.url)) });

/** The rules that a file with this line breaks. */
async function broken(file: string, line: string): Promise<(string | null)[]> {
  const script = file.endsWith('.svelte') ? `<script lang="ts">\n  ${line}\n</script>\n` : `${line}\n`;
  const [result] = await eslint.lintText(script, { filePath: `src/${file}` });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId).filter((rule) => rule?.includes('imports'));
}

describe('the floors of the page', () => {
  it.each(['parts/idea/Example.svelte', 'parts/idea/example.ts', 'screens/Example.svelte'])(
    'let %s import types of the wire, and no values',
    async (file) => {
      const up = file.startsWith('parts') ? '../../' : '../';
      expect(await broken(file, `import { newId } from '${up}wire/identifiers';`)).toHaveLength(1);
      expect(await broken(file, `import { type Code, x } from '${up}wire/proto';`)).toHaveLength(1);
      expect(await broken(file, `import * as Y from 'yjs';`)).toHaveLength(1);
      expect(await broken(file, `import type { Code } from '${up}wire/proto';`)).toEqual([]);
      expect(await broken(file, `import { clean } from '${up}state/clean';`)).toEqual([]);
    },
    60_000,
  );

  it('let state import values of the wire', async () => {
    expect(await broken('state/example.ts', "import { newId } from '../wire/identifiers';")).toEqual([]);
  }, 60_000);
});

describe('how long texts may be', () => {
  it('stands in the generated constants, and is spelt out nowhere else', () => {
    const files = readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((name) => /\.(ts|svelte)$/.test(name));
    const spelt = sources.filter((name) =>
      /maxlength="\d{3,}"|[uU]nitsMax = \d/.test(
        readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8'),
      ),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(spelt).toEqual([]);
  });
});
