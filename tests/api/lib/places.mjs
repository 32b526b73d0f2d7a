/* Where things are: the program under test, and what the tests leave for the summary. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const PROGRAM = process.env.TRAMD ?? path.join(ROOT, 'build/dev/tramd');
export const OUTPUT = path.join(ROOT, 'build/api');

/* Whether the stores are on a server: then MONGODB_URL says which. */
export const ON_SERVER = Boolean(process.env.MONGODB_URL);

/* The database is named like the data folder, so that a kept folder finds its store again. */
export function storeArgs(data) {
  const url = /^(mongodb(?:\+srv)?:\/\/[^/]+)\/?[^?]*(\?.*)?$/.exec(process.env.MONGODB_URL ?? '');
  return url ? ['--store', `${url[1]}/${path.basename(data)}${url[2] ?? ''}`] : [];
}
