/*
 * Parts of the pages that come when they are wanted. Their names change with each version, and a server has one
 * version: a page from before it asks for what is gone. It is opened anew then, once, which loses nothing, for what is
 * being written is kept. Where the server cannot be reached it stays as it is.
 */
import { Problem } from './call';

const KEPT = 'tram.opened-anew';
const ONCE_MS = 60_000;

const isReached = (): Promise<boolean> =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    () => true,
    () => false,
  );

function isFirst(): boolean {
  try {
    const last = Number(sessionStorage.getItem(KEPT));
    sessionStorage.setItem(KEPT, String(Date.now()));
    return Date.now() - last > ONCE_MS;
  } catch {
    return false; // a browser that keeps nothing could do it for ever
  }
}

export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    if (!(await isReached())) throw new Problem(0);
    if (!isFirst()) throw new Problem(500);
    location.reload();
    return new Promise(() => undefined);
  }
}

/* Trying again: a browser may remember of a part that it was not there. */
export const tryPart = (again: () => void): void => (navigator.onLine ? location.reload() : again());
