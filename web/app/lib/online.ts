/* Whether there is a network, as far as the browser knows. */
import { useEffect, useState } from 'preact/hooks';

export function useOnline(): boolean {
  const [online, set] = useState(navigator.onLine);
  useEffect(() => {
    const listen = () => set(navigator.onLine);
    addEventListener('online', listen);
    addEventListener('offline', listen);
    return () => (removeEventListener('online', listen), removeEventListener('offline', listen));
  }, []);
  return online;
}
