/* tramctl as an operator uses it, beside the tramd of the tests. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PROGRAM, storeArgs } from './places.mjs';

const TRAMCTL = path.join(path.dirname(PROGRAM), 'tramctl');

/* {code, out, err}; never throws: what went wrong is the test's to judge. */
export function tramctl(data, ...args) {
  return new Promise((resolve) => {
    execFile(TRAMCTL, ['--data', data, ...storeArgs(data), ...args], { maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error ? (error.code ?? error.signal) : 0, out, err }),
    );
  });
}

/* With --json, and what it printed; throws unless it ended well. */
export async function tramctlJson(data, ...args) {
  const { code, out, err } = await tramctl(data, '--json', ...args);
  if (code !== 0) throw new Error(`tramctl ${args.join(' ')} ended with ${code}: ${err || out}`);
  return JSON.parse(out);
}

/* Runs fn with the path of a file that holds the value as JSON. */
export async function withJsonFile(value, fn) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tram-file-'));
  try {
    const file = path.join(folder, 'value.json');
    fs.writeFileSync(file, JSON.stringify(value));
    return await fn(file);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
