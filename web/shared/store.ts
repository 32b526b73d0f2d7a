/* A value that pages watch. */
import { useEffect, useState } from 'preact/hooks';
import { Problem } from './call';

export interface Watched<T> {
  get(): T;
  set(next: T): void;
  watch(listener: () => void): () => void;
}

export function watched<T>(first: T): Watched<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      listeners.forEach((listener) => listener());
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export function useWatched<T>(one: Watched<T>): T {
  const [value, set] = useState(one.get());
  useEffect(() => {
    const read = () => set(() => one.get());
    read();
    return one.watch(read);
  }, [one]);
  return value;
}

/* What a page loads: undefined while it is on its way. `key` changes when something else is wanted. */
export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  again(): void;
}

export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [state, set] = useState<{ key: string; data?: T; error?: unknown }>({ key });
  useEffect(() => {
    const stop = new AbortController();
    load(stop.signal).then(
      (data) => stop.signal.aborted || set({ key, data }),
      (error: unknown) => stop.signal.aborted || set((now) => ({ key, ...(now.key === key && now.data !== undefined && { data: now.data }), error })),
    );
    return () => stop.abort();
  }, [key, turn]);
  /* What there was no network for is asked for again when there is one. */
  const cut = state.error instanceof Problem && state.error.status === 0;
  useEffect(() => {
    if (!cut) return;
    const retry = () => setTurn((n) => n + 1);
    addEventListener('online', retry);
    return () => removeEventListener('online', retry);
  }, [cut]);
  return { data: state.key === key ? state.data : undefined, error: state.key === key ? state.error : undefined, again: () => setTurn((n) => n + 1) };
}
