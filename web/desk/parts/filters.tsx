/* Tabs and filters: what is chosen stands in the address, so that a link or a reload shows the same. */
import { useEffect, useRef } from 'preact/hooks';
import { Link } from '../../shared/router';

export function Tabs({ tabs, now }: { tabs: Array<{ code: string; words: string; href: string; count?: number }>; now: string }) {
  const row = useRef<HTMLElement>(null);
  /* On a phone they are wider than the screen: the one that is open is brought into view. */
  useEffect(() => {
    const open = row.current?.querySelector<HTMLElement>('[aria-current]');
    if (open) row.current!.scrollLeft = open.offsetLeft - row.current!.offsetLeft - 16;
  }, [now]);
  return (
    <nav class="tabs" ref={row}>
      {tabs.map((one) => (
        <Link key={one.code} href={one.href} class="tab" aria-current={one.code === now ? 'page' : undefined}>
          {one.words}
          {one.count !== undefined && <span class="tab-count">{one.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

export function Filter({ name, label, any, value, set, options }: { name: string; label: string; any: string; value: string | undefined; set: (name: string, value: string) => void; options: Array<[string, string]> }) {
  return (
    <select class={value ? 'filter on' : 'filter'} aria-label={label} value={value ?? ''} onChange={(event) => set(name, event.currentTarget.value)}>
      <option value="">{any}</option>
      {options.map(([code, words]) => (
        <option key={code} value={code}>
          {words}
        </option>
      ))}
    </select>
  );
}
