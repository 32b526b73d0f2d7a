/* What stands above every page of the administration: its parts, and how many letters could not be delivered. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Failed, Loading, Title } from '../../shared/parts/ui';
import { useWatched, type Loaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { countUndelivered, undelivered } from '../lib/undelivered';
import { Tabs } from '../parts/filters';

export const own = sayFrom({
  agencies: ['Cơ quan', 'Agencies'],
  categories: ['Lĩnh vực', 'Categories'],
  routes: ['Tuyến', 'Routes'],
  procedures: ['Thủ tục', 'Procedures'],
  calendar: ['Lịch làm việc', 'Calendar'],
  areas: ['Địa giới', 'Borders'],
  dead: ['Không gửi được', 'Undelivered'],
  log: ['Nhật ký', 'Log'],
  mine: ['Cơ quan của tôi', 'My agency'],
});

const parts = ['agencies', 'categories', 'routes', 'procedures', 'calendar', 'areas', 'dead', 'log'] as const;
export type Part = (typeof parts)[number];
export const isPart = (name: string): name is Part => (parts as readonly string[]).includes(name);

/* over: of the whole province; otherwise of one's own agency, of which there is less. */
export function Frame({ part, over = true, title, beside, children }: { part: Part; over?: boolean; title?: string; beside?: ComponentChildren; children: ComponentChildren }) {
  const dead = useWatched(undelivered);
  useEffect(() => void (over && countUndelivered()), []);
  const shown = over ? parts : (['agencies', 'log'] as const);
  const tabs = shown.map((code) => ({ code, words: own(!over && code === 'agencies' ? 'mine' : code), href: `/desk/admin/${code}`, ...(code === 'dead' && dead && dead.count > 0 && { count: dead.count }) }));
  return (
    <div class="stack">
      <Tabs tabs={tabs} now={part} />
      <Title beside={beside}>{title ?? own(part)}</Title>
      {children}
    </div>
  );
}

export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (of.error && of.data === undefined) return <Failed error={of.error} again={of.again} />;
  return of.data === undefined ? <Loading /> : <>{children(of.data)}</>;
}
