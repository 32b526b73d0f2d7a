/*
 * What was typed in a form and not sent: kept in this tab's storage together with whose it is, so that neither a
 * reload nor a session that ends loses it, and another person who signs in here finds nothing. Of what the server shows
 * its owner alone, a draft, it need not be said whose it is: nobody else gets as far.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { recall } from './db';

const PREFIX = 'tram.typed.';
interface Typed {
  by: string | undefined;
  value: unknown;
}

export function readTyped<T>(key: string, by?: string): T | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as Typed | null;
    return kept && kept.by === by ? (kept.value as T) : undefined;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

/* undefined: nothing is to be kept any more. */
export function keepTyped(key: string, value: unknown, by?: string): void {
  try {
    if (value === undefined) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify({ by, value } satisfies Typed));
  } catch {
    return; // it is in the page until the page is closed
  }
}

/* Who went away in this tab to show who they are, and came back as the account that they have: it is theirs. */
export function handOver(from: string | undefined, to: string | undefined): void {
  for (const name of Object.keys(sessionStorage)) {
    const key = name.startsWith(PREFIX) && name.slice(PREFIX.length);
    const value = from && key && readTyped(key, from);
    if (key && value) keepTyped(key, value, to);
  }
}

/* Whoever signs out leaves nothing behind. */
export function forgetTyped(): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
}

/* Like useState, and found again by the same person; the last: it was sent. */
export function useTyped<T>(key: string, first: T): [T, (next: T) => void, () => void] {
  const [value, set] = useState(first);
  const now = useRef<{ by?: string; touched?: T }>({});
  useEffect(() => {
    void recall<string>('account').then((by) => {
      if (by !== undefined) now.current.by = by;
      if (now.current.touched !== undefined) return keepTyped(key, now.current.touched, by);
      const kept = readTyped<T>(key, by);
      if (kept !== undefined) set(kept);
    });
  }, [key]);
  const change = (next: T) => {
    now.current.touched = next;
    set(next);
    if (now.current.by !== undefined) keepTyped(key, next, now.current.by);
  };
  return [value, change, () => keepTyped(key, undefined)];
}
