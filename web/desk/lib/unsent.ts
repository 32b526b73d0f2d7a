/*
 * Words that were typed and not sent: kept in this tab's storage, so that a reload loses nothing and the next person
 * at this computer finds nothing.
 */
import { useState } from 'preact/hooks';
import { me } from '../session/state';

const PREFIX = 'tram.unsent.';
const nameOf = (key: string): string => `${PREFIX}${me()?.id ?? ''}.${key}`;

export function readUnsent<T>(key: string): T | undefined {
  try {
    const kept = sessionStorage.getItem(nameOf(key));
    return kept ? (JSON.parse(kept) as T) : undefined;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

export function keepUnsent(key: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(nameOf(key));
    else sessionStorage.setItem(nameOf(key), JSON.stringify(value));
  } catch {
    return; // it is in the page until the page is closed
  }
}

export function forgetUnsent(): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
}

/* Like useState, and a reload finds it again; undefined: nothing is to be kept any more. */
export function useUnsent<T>(key: string, first: T): [T, (next: T | undefined) => void] {
  const [value, set] = useState<T>(() => readUnsent<T>(key) ?? first);
  return [
    value,
    (next) => {
      keepUnsent(key, next);
      set(next ?? first);
    },
  ];
}
