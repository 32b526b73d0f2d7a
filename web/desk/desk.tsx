/* Who may see what: the gate, and behind it the page that an address means. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, ButtonLink, Empty, Failed, Loading } from '../shared/parts/ui';
import { loadPart, tryPart } from '../shared/part';
import { useWhere, type Where } from '../shared/router';
import { useWatched } from '../shared/store';
import { Locked } from './session/locked';
import { SignIn } from './session/sign-in';
import { gate, open } from './session/state';
import { homeOf, mayOpen } from './parts/places';
import { GateBar, Shell } from './parts/shell';
import { say } from './words';
import type { Me } from '../api';

export type Page = ComponentType<{ where: Where; me: Me }>;

const lists: Record<string, () => Promise<{ default: Page }>> = {
  reports: () => import('./pages/reports'),
  dossiers: () => import('./pages/dossiers'),
  complaints: () => import('./pages/complaints'),
  figures: () => import('./pages/figures'),
  looks: () => import('./pages/looks'),
  counter: () => import('./pages/counter'),
  confirmations: () => import('./pages/confirmations'),
  staff: () => import('./pages/unit'),
  me: () => import('./pages/me'),
  notices: () => import('./pages/notices'),
  admin: () => import('./pages/admin'),
};
const items: Record<string, () => Promise<{ default: Page }>> = {
  reports: () => import('./pages/report'),
  dossiers: () => import('./pages/dossier'),
  complaints: () => import('./pages/complaint'),
  confirmations: () => import('./pages/confirmation'),
  staff: () => import('./pages/unit'),
  admin: () => import('./pages/admin'),
};

const NotFound = () => (
  <>
    <Empty page icon="search" title={say('notFound')}>
      <p>{say('notFoundWords')}</p>
      <ButtonLink href="/desk">{say('toHome')}</ButtonLink>
    </Empty>
  </>
);

function Content({ where, me }: { where: Where; me: Me }) {
  const asked = where.parts[0] ?? homeOf(me);
  const name = mayOpen(me, asked) ? asked : '';
  const key = where.parts[1] ? `${name}/` : name;
  const load = (where.parts[1] ? items : lists)[name];
  const [state, set] = useState<{ key?: string; page?: Page; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    if (load)
      loadPart(load).then(
        (loaded) => wanted && set({ key, page: loaded.default }),
        (error: unknown) => wanted && set({ key, error }),
      );
    return () => void (wanted = false);
  }, [key, turn]);
  if (!load) return <NotFound />;
  if (state.key !== key) return <Loading />;
  if (state.error) return <Failed page error={state.error} again={() => tryPart(() => setTurn((n) => n + 1))} />;
  const Found = state.page!;
  return <Found key={where.parts[1] ?? key} where={where} me={me} />;
}

export function Desk() {
  const now = useWatched(gate);
  const where = useWhere();
  const [, redraw] = useState(0);
  const onLanguage = () => redraw((n) => n + 1);
  if (now.at === 'in')
    return (
      <Shell me={now.me} onLanguage={onLanguage}>
        <Content where={where} me={now.me} />
      </Shell>
    );
  return (
    <GateBar onLanguage={onLanguage}>
      {now.at === 'opening' && <Loading />}
      {now.at === 'failed' && (
        <Empty icon="cloudOff" title={now.error.message}>
          <Button onClick={() => void open()}>{say('again')}</Button>
        </Empty>
      )}
      {now.at === 'covered' && <Empty icon="eye" title={say('covered')} />}
      {now.at === 'locked' && <Locked name={now.name} />}
      {now.at === 'out' && <SignIn words={now.words} bad={now.bad} />}
    </GateBar>
  );
}
