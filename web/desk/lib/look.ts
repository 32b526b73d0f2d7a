/* Looks again every while, and when one comes back to the page: not while it is hidden, nor while nobody is there. */
import { useEffect, useRef } from 'preact/hooks';
import { isAwake } from '../session/awake';

export function useLooks(everyMs: number, look: () => void): void {
  const now = useRef(look);
  now.current = look;
  useEffect(() => {
    const again = () => document.visibilityState === 'visible' && isAwake() && now.current();
    const timer = setInterval(again, everyMs);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
    };
  }, [everyMs]);
}
