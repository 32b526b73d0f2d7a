/*
 * A case that is open on the page: read anew when a notice is about it, and every while, since an officer beside may
 * change it without telling this one. What changed is said, never silently.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { useWatched } from '../../shared/store';
import { isAwake } from '../session/awake';
import { news } from './live';

interface Read {
  id: string;
  revision: number;
  history?: Array<{ verb?: string; by?: string; seq: number }>;
}
export interface Opened<T> {
  data: T | undefined;
  error: unknown;
  changed: string | undefined; // the verb of what another did since it was read
  seen(): void;
  set(next: T): void; // by what I did myself
  again(): void;
}

const EVERY_MS = 20_000;

export function useCase<T extends Read>(key: string, load: () => Promise<T>, wordOf: (verb: string) => string = (verb) => verb): Opened<T> {
  const [state, set] = useState<{ key: string; data?: T; error?: unknown; changed?: string | undefined }>({ key });
  const [turn, setTurn] = useState(0);
  const newsTurn = useWatched(news);
  const now = useRef(state);
  now.current = state;
  const mine = state.key === key;

  useEffect(() => {
    let wanted = true;
    const before = now.current.key === key ? now.current.data : undefined;
    load().then(
      (data) => {
        if (!wanted) return;
        const last = data.history?.at(-1)?.verb;
        const changed = before && data.revision > before.revision && last ? wordOf(last) : now.current.key === key ? now.current.changed : undefined;
        set({ key, data, changed });
      },
      (error: unknown) => {
        if (!wanted) return;
        if (before && error instanceof Problem && error.passes) return; // what is shown stays; it is read again
        set({ key, error });
      },
    );
    return () => void (wanted = false);
  }, [key, turn, newsTurn]);

  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && isAwake() && setTurn((n) => n + 1);
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);

  return {
    data: mine ? state.data : undefined,
    error: mine ? state.error : undefined,
    changed: mine ? state.changed : undefined,
    seen: () => set((was) => ({ ...was, changed: undefined })),
    set: (data) => set({ key, data }),
    again: () => setTurn((n) => n + 1),
  };
}
