/* Where things are: the program under test, and what the tests leave for the summary. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const PROGRAM = process.env.TRAMD ?? path.join(ROOT, 'build/dev/tramd');
export const OUTPUT = process.env.TRAM_API_OUTPUT ?? path.join(ROOT, 'build/api');

/*
 * Where fresh data folders lie: in memory where there is plenty of it. A start syncs some 500 times, and
 * nothing here cuts the power: what a sync is for is tested below the store, on disks that forget.
 */
export const DATA = isRoomy('/dev/shm') ? '/dev/shm' : os.tmpdir();

function isRoomy(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(folder);
    return Math.min(bavail * bsize, os.freemem(), process.constrainedMemory?.() || Infinity) > 4 * 2 ** 30;
  } catch {
    return false;
  }
}

/* Whether the stores are on a server: then MONGODB_URL says which. */
export const ON_SERVER = Boolean(process.env.MONGODB_URL);

/* The database is named like the data folder, so that a kept folder finds its store again. */
export function storeArgs(data) {
  const url = /^(mongodb(?:\+srv)?:\/\/[^/]+)\/?[^?]*(\?.*)?$/.exec(process.env.MONGODB_URL ?? '');
  return url ? ['--store', `${url[1]}/${path.basename(data)}${url[2] ?? ''}`] : [];
}
