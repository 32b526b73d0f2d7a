/*
 * A case that is open on the page: read anew when a notice is about it, and every while, since an officer beside may
 * change it without telling this one. What changed is said, never silently.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { useWatched } from '../../shared/store';
import { useLooks } from './look';
import { me } from '../session/state';
import type { Entry } from '../parts/history';
import { news } from './live';

interface Read {
  id: string;
  revision: number;
  history?: Entry[];
}
export interface Opened<T> {
  data: T | undefined;
  error: unknown;
  changed: Entry[]; // what others did since it was read, the latest last
  seen(): void;
  set(next: T): void; // by what I did myself
  again(): void;
}

const EVERY_MS = 20_000;

const MOST_CHANGES = 5;
const NONE: Entry[] = [];

/* What others did after what is shown. */
function since(shown: Read | undefined, data: Read): Entry[] {
  const last = shown?.history?.at(-1)?.seq;
  return last === undefined ? NONE : (data.history ?? []).filter((one) => one.seq > last && one.by !== me()?.id);
}

export function useCase<T extends Read>(key: string, load: () => Promise<T>): Opened<T> {
  const [state, set] = useState<{ key: string; data?: T; error?: unknown; changed?: Entry[] }>({ key });
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
        set((was) => {
          const shown = was.key === key ? was.data : undefined;
          if (shown && shown.revision > data.revision) return was; // a reading that was overtaken
          return { key, data, changed: [...((shown && was.changed) ?? NONE), ...since(shown, data)].slice(-MOST_CHANGES) };
        });
      },
      (error: unknown) => {
        if (!wanted) return;
        if (before && error instanceof Problem && error.passes) return; // what is shown stays; it is read again
        set({ key, error });
      },
    );
    return () => void (wanted = false);
  }, [key, turn, newsTurn]);

  useLooks(EVERY_MS, () => setTurn((n) => n + 1));

  return {
    data: mine ? state.data : undefined,
    error: mine ? state.error : undefined,
    changed: (mine && state.changed) || NONE,
    seen: () => set((was) => ({ ...was, changed: NONE })),
    set: (data) => set({ key, data }),
    again: () => setTurn((n) => n + 1),
  };
}
