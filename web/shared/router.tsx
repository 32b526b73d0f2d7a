/* Where one is: addresses of /app and /r/{number}, and those of /desk. */
import { useEffect, useState } from 'preact/hooks';
import type { ComponentChildren, JSX } from 'preact';

export interface Where {
  path: string;
  parts: string[]; // of "/app/mine/one": mine, one; of "/desk/reports": reports
  query: URLSearchParams;
}

/* An address that somebody mistyped is no reason to show nothing. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const read = (): Where => {
  const path = location.pathname;
  return { path, parts: path.split('/').filter(Boolean).map(plain).slice(/^\/(app|desk)(\/|$)/.test(path) ? 1 : 0), query: new URLSearchParams(location.search) };
};

const listeners = new Set<() => void>();
addEventListener('popstate', () => listeners.forEach((listener) => listener()));

/* The first page of where one is. */
export const first = (): string => (/^\/desk(\/|$)/.test(location.pathname) ? '/desk' : '/');

/* There is a newer version than this page is of: the next page that one goes to is opened anew, in that. */
let old = false;
export const isOld = (): void => void (old = true);

const HERE = 'from here'; // kept with an entry of the history that one came to by a page before it

export function go(to: string, replace = false): void {
  const stays = replace && new URL(to, location.href).pathname === location.pathname; // another filter, another tab
  if (old && !replace) return location.assign(to);
  if (replace) history.replaceState(history.state, '', to);
  else history.pushState(HERE, '', to);
  listeners.forEach((listener) => listener());
  if (!stays) scrollTo(0, 0);
}

/* Back, or to a place of the app if one came from elsewhere: from a message, another site. */
export function back(otherwise: string): void {
  if (history.state === HERE) history.back();
  else go(otherwise, true);
}

export function useWhere(): Where {
  const [where, set] = useState(read);
  useEffect(() => {
    const listener = () => set(read());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return where;
}

type LinkProps = Omit<JSX.HTMLAttributes<HTMLAnchorElement>, 'href'> & { href: string; children?: ComponentChildren };

/* A link that stays in the app; with a modifier key the browser has its way. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const follow = (event: JSX.TargetedMouseEvent<HTMLAnchorElement>) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
