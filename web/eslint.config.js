import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const wireOnly =
  'Parts and screens show things: of src/wire they import types alone, values come through src/state.';
const notFromSvelte = {
  patterns: [
    { group: ['yjs', 'y-*', '@hocuspocus/*', 'lib0', 'lib0/*'], message: wireOnly },
    { group: ['**/wire/*'], allowTypeImports: true, message: wireOnly },
  ],
};

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      'no-undef': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.svelte', 'src/parts/**/*.ts', 'src/screens/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', notFromSvelte] },
  },
  { files: ['**/*.svelte'], rules: { 'max-lines': ['error', 150] } },
);
