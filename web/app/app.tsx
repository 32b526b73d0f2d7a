/* Which page an address means. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadPart, tryPart } from '../shared/part';
import { useWhere, type Where } from '../shared/router';
import { say } from './lib/words';
import { Home } from './pages/home';
import { ButtonLink, Empty, FailedPage, Loading, Title } from '../shared/parts/ui';
import { Shell } from './parts/shell';

export type Page = ComponentType<{ where: Where }>;

const pages: Record<string, () => Promise<{ default: Page }>> = {
  around: () => import('./pages/around'),
  report: () => import('./pages/report'),
  mine: () => import('./pages/mine'),
  reports: () => import('./pages/my-report'),
  r: () => import('./pages/published'),
  notices: () => import('./pages/notices'),
  services: () => import('./pages/services'),
  procedure: () => import('./pages/procedure'),
  drafts: () => import('./pages/draft'),
  dossiers: () => import('./pages/dossier'),
  lookup: () => import('./pages/lookup'),
  commune: () => import('./pages/commune'),
  acting: () => import('./pages/acting'),
  organisation: () => import('./pages/organisation'),
  account: () => import('./pages/account'),
  eid: () => import('./pages/eid'),
  receipt: () => import('./pages/receipt'),
  paid: () => import('./pages/paid'),
};

function NotFound() {
  return (
    <>
      <Title>{say('notFound')}</Title>
      <Empty icon="search" title={say('notFoundWords')}>
        <ButtonLink href="/">{say('toHome')}</ButtonLink>
      </Empty>
    </>
  );
}

function usePage(name: string | undefined): { page: Page | undefined; error: unknown; again: () => void } {
  const [state, set] = useState<{ name?: string; page?: Page; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    const load = name !== undefined ? pages[name] : undefined;
    if (load)
      loadPart(load).then(
        (loaded) => wanted && set({ name: name!, page: loaded.default }),
        (error: unknown) => wanted && set({ name: name!, error }),
      );
    return () => void (wanted = false);
  }, [name, turn]);
  return { page: state.name === name ? state.page : undefined, error: state.name === name ? state.error : undefined, again: () => setTurn((n) => n + 1) };
}

function Content({ where }: { where: Where }) {
  const name = where.parts[0];
  const { page: Found, error, again } = usePage(name);
  if (name === undefined) return <Home />;
  if (!pages[name]) return <NotFound />;
  if (error) return <FailedPage error={error} again={() => tryPart(again)} />;
  return Found ? <Found key={where.path} where={where} /> : <Loading />;
}

export function App() {
  const where = useWhere();
  const [, redraw] = useState(0);
  return (
    <Shell onLanguage={() => redraw((n) => n + 1)}>
      <Content where={where} />
    </Shell>
  );
}
