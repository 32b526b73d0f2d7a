/* A module of the pages by itself, as Node runs it: `await loadShared('qr.ts')`. */
import path from 'node:path';
import { createRequire } from 'node:module';
import { ROOT } from '../../api/lib/places.mjs';

const { build } = createRequire(path.join(ROOT, 'web/build.mjs'))('esbuild');

export async function loadShared(file) {
  const made = await build({ entryPoints: [path.join(ROOT, 'web/shared', file)], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString('base64')}`);
}
