/* A list that comes page by page, and is read anew where it stands when something happened. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWatched } from '../../shared/store';
import { useLooks } from './look';
import { news } from './live';

interface Page<T> {
  items: T[];
  next?: string;
}
export interface Pages<T> {
  items: T[] | undefined; // undefined: on its way
  error: unknown;
  more: (() => void) | undefined;
  again(): void;
}

const SETTLE_MS = 300; // several notices of one moment are one reading
const EVERY_MS = 30_000; // not all that happens to a list is told to who looks at it

export function usePages<T>(load: (cursor: string | undefined) => Promise<Page<T>>, key: string): Pages<T> {
  const [state, set] = useState<{ key: string; items?: T[]; next?: string | undefined; error?: unknown }>({ key });
  const [turn, setTurn] = useState(0);
  const newsTurn = useWatched(news);
  const pages = useRef({ key, count: 1 });
  if (pages.current.key !== key) pages.current = { key, count: 1 };

  useEffect(() => {
    let wanted = true;
    const read = async () => {
      const items: T[] = [];
      let next: string | undefined;
      for (let i = 0; i < pages.current.count; i++) {
        const page = await load(next);
        items.push(...page.items);
        next = page.next;
        if (!next) break;
      }
      if (wanted) set({ key, items, next });
    };
    const wait = setTimeout(() => void read().catch((error: unknown) => wanted && set((now) => ({ ...(now.key === key ? now : { key }), error }))), state.key === key && state.items ? SETTLE_MS : 0);
    return () => {
      wanted = false;
      clearTimeout(wait);
    };
  }, [key, turn, newsTurn]);

  useLooks(EVERY_MS, () => setTurn((n) => n + 1));

  const mine = state.key === key ? state : { key, items: undefined, next: undefined, error: undefined };
  const again = () => setTurn((n) => n + 1);
  const more = mine.next
    ? () => {
        pages.current.count++;
        again();
      }
    : undefined;
  return { items: mine.items, error: mine.items ? undefined : mine.error, more, again };
}
