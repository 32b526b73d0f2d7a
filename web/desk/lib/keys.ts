/* Keys that do something on a page. They rest while one types, and while a dialog is open. */
import { useEffect, useRef } from 'preact/hooks';

export interface Key {
  key: string; // as KeyboardEvent says it; "g r": one after the other
  words: string;
  run(): void;
}

const pages = new Set<{ current: Key[] }>();
export const keysNow = (): Key[] => [...pages].flatMap((one) => one.current);

const SEQUENCE_MS = 1200;
let before: { key: string; at: number } | undefined;

const types = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName) || (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(target.type)));

document.addEventListener('keydown', (event: KeyboardEvent) => {
  if (event.ctrlKey || event.metaKey || event.altKey || types(event.target) || document.querySelector('dialog[open]')) return;
  const pair = before && performance.now() - before.at < SEQUENCE_MS ? `${before.key} ${event.key}` : undefined;
  const keys = keysNow();
  const found = (pair && keys.find((one) => one.key === pair)) || keys.find((one) => one.key === event.key);
  before = found ? undefined : { key: event.key, at: performance.now() };
  if (!found) return;
  event.preventDefault();
  found.run();
});

export function useKeys(keys: Key[]): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    pages.add(now);
    return () => void pages.delete(now);
  }, []);
}
