import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const wireOnly = 'Svelte files and parts show things; documents and sockets live in src/wire.';
const notFromSvelte = {
  patterns: [
    { group: ['yjs', 'y-*', '@hocuspocus/*', 'lib0', 'lib0/*'], message: wireOnly },
    { group: ['**/wire/document', '**/wire/connection', '**/wire/socket'], message: wireOnly },
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
    files: ['**/*.svelte'],
    rules: { 'no-restricted-imports': ['error', notFromSvelte], 'max-lines': ['error', 150] },
  },
);
