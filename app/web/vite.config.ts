import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

import { compressed } from './vite/compressed.ts';
import { firstLoad } from './vite/first.ts';
import { serviceWorker } from './vite/worker.ts';

// Paths stay relative, so that one build serves under any base path: the server fills in index.html's.
export default defineConfig({
  base: './',
  plugins: [svelte(), serviceWorker(), compressed()],
  build: {
    outDir: '../outlay/pages/dist',
    emptyOutDir: true,
    target: 'es2022',
    // The lists of what to load beside a page would be larger than what they save.
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 200,
    rolldownOptions: {
      input: { index: 'index.html' },
      output: { codeSplitting: { groups: [firstLoad()] } },
    },
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8000' },
  },
  test: {
    include: ['src/**/*.test.ts'],
    setupFiles: ['./src/testing.ts'],
    // A loaded machine is slow, which fails no test.
    testTimeout: 300_000,
  },
});
