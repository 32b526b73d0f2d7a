/*
 * A file of tests ends once its tests are over, whatever they left open: a hook that failed keeps those
 * behind it from closing what they opened, and one browser or server would then hold the whole run. What
 * holds it is told, the file has failed, and no server outlives it.
 */
import { after } from 'node:test';

const PATIENCE_MS = 90_000; // for every hook that stops something
const children = new Set();

function watch() {
  const late = setTimeout(() => {
    console.error(`the tests are over, and this is still open: ${process.getActiveResourcesInfo().join(' ')}`);
    process.exit(1);
  }, PATIENCE_MS);
  late.unref(); // of a file that closed everything nothing waits
}
if (process.env.NODE_TEST_CONTEXT) after(watch); // else it is no file of tests (tests/soak, bench)
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/* A process that ends with this one. */
export function guarded(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
