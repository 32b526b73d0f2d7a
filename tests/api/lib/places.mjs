/* Where things are: the program under test, and what the tests leave for the summary. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const PROGRAM = process.env.TRAMD ?? path.join(ROOT, 'build/dev/tramd');
export const OUTPUT = path.join(ROOT, 'build/api');
