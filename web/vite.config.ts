/** How the pages are built: hashed assets, a `.br and .gz beside each file that compresses, nothing from elsewhere. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { compressBeside } from './vite/compressBeside.ts';

export default defineConfig({
  plugins: [svelte(), compressBeside()],
  json: { namedExports: false, stringify: true },
  build: {
    target: ['chrome109', 'safari15.4', 'firefox115'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/sync': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
