import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

const WORTH_IT = /\.(js|css|html|json|svg|webmanifest)$/;

/** Writes every text file of the build as .br and .gz beside it, so that no request waits for it. */
export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'outlay-compressed',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const file of textFiles(folder)) {
        const content = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(content, quality(content.length)));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

function quality(size: number) {
  return {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    },
  };
}

function textFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => WORTH_IT.test(file) && statSync(file).isFile());
}
