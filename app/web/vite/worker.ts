/** Builds src/sw.ts to sw.js beside the page, with the list of this build's files. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, type Plugin } from 'vite';

/** Of public/: what the page itself shows. */
const PUBLIC = ['icon.svg', 'manifest.webmanifest'];
const KEPT = /^assets\/.*\.(js|css)$/;
const ENTRY = /<script type="module"[^>]* src="\.\/([^"]+)"/;

export function serviceWorker(): Plugin {
  let folder = '';
  return {
    name: 'outlay-service-worker',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    async writeBundle(_, bundle) {
      const page = readFileSync(join(folder, 'index.html'), 'utf8');
      const names = Object.keys(bundle).filter((name) => KEPT.test(name));
      writeFileSync(join(folder, 'sw.js'), await workerFor(page, names.sort()));
    },
  };
}

async function workerFor(page: string, names: readonly string[]): Promise<string> {
  const entry = ENTRY.exec(page)?.[1];
  if (!entry) throw new Error('the page names no program');
  const version = createHash('sha256').update(names.join(' ')).update(page).digest('hex');
  const shell = { version: version.slice(0, 12), entry, files: ['', ...PUBLIC, ...names] };
  return compiled(JSON.stringify(shell));
}

async function compiled(shell: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    define: { __SHELL__: shell },
    build: {
      write: false,
      copyPublicDir: false,
      target: 'es2022',
      lib: { entry: 'src/sw.ts', formats: ['iife'], name: 'outlay' },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output[0] : undefined;
  if (!chunk) throw new Error('the service worker was not built');
  return chunk.code;
}
