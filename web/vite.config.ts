/** How the pages are built: hashed assets, a `.br and .gz beside each file that compresses, nothing from elsewhere. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { compressBeside } from './vite/compressBeside.ts';

/**
 * Few files: on a slow network requests cost more than bytes. The join page needs `first`; every live screen `live`;
 * participants and moderators `board`. A group takes along what it imports, so the order matters.
 */
const files = {
  first: [
    /node_modules\/(svelte|esm-env|clsx)\//,
    /src\/wire\/(http|identifiers|places|saved)/,
    /src\/state\/\w+\/(entrance|problems|route|words)/,
    /src\/parts\/\w+\/(LanguageSelect|Privacy)/,
    /src\/screens\/(Join|NoPlace)/,
  ],
  live: [
    /node_modules\/(yjs|y-protocols|y-indexeddb|lib0|@hocuspocus|@lifeomic|@noble)\//,
    /src\/wire\/(acknowledgements|bindText|connection|document|frames|outbox|receipts|socket|textChange)/,
    /src\/state\/\w+\/(clock|notices|session)/,
    /src\/parts\/\w+\/(Clock|Empty|KindMark|Menu|Notices|PhaseBar|RefusedText\.|SavedMark|StatusLine)/,
  ],
  board: [
    /src\/wire\/board/,
    /src\/state\/\w+\/(board|drafts|leave|own|personal|points)/,
    /src\/parts\/\w+\/(BoardDock|Composer|EditSheet|IdeaCard|IdeaList|IdeaSheet|PointTabs|VoteBar)/,
  ],
};

/** The server that `npm run dev` stands in front of. */
const running = process.env['PLENUM_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), compressBeside()],
  json: { namedExports: false, stringify: true },
  build: {
    target: ['chrome109', 'safari15.4', 'firefox115'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: Object.entries(files).map(([name, tests], index) => ({
            name,
            priority: 10 - index,
            test: (id: string) => tests.some((test) => test.test(id)),
          })),
        },
      },
    },
  },
  // Tests of real data that is not in this repository run in a mode of their own.
  test: { include: [mode === 'shared' ? 'test/**/*.shared.ts' : 'test/**/*.test.ts'], environment: 'node' },
  server: {
    proxy: {
      '/api': running,
      '/sync': { target: running.replace('http', 'ws'), ws: true },
    },
  },
}));
