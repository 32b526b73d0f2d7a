/*
 * One that is open on the page. Each reading shows names and numbers, and is recorded and told to those concerned: so
 * it is read once, not every while, and what one decided oneself is put onto what was read.
 */
import { useState } from 'preact/hooks';
import { useLoaded } from '../../shared/store';

export interface Opened<T> {
  data: T | undefined;
  error: unknown;
  decided(now: Partial<T>): void;
  again(): void;
}

export function useOpened<T extends object>(load: () => Promise<T>, key: string): Opened<T> {
  const read = useLoaded(load, key);
  const [mine, set] = useState<{ of: T; now: Partial<T> }>();
  const data = read.data && mine?.of === read.data ? { ...read.data, ...mine.now } : read.data;
  return { data, error: read.error, again: read.again, decided: (now) => read.data && set({ of: read.data, now: { ...(mine?.of === read.data && mine.now), ...now } }) };
}
