/* What stands around every page: the bar above, the way to the five places below (beside, on a wide screen). */
import type { ComponentChildren } from 'preact';
import { chooseLanguage, language } from '../../shared/words';
import { go, Link, useWhere } from '../../shared/router';
import { useWatched } from '../../shared/store';
import { actAs, acting } from '../lib/acting';
import { useOnline } from '../lib/online';
import { signed, unread, update } from '../lib/state';
import { say } from '../lib/words';
import { Icon, type IconName } from '../../shared/parts/icon';

const places: ReadonlyArray<readonly [string, 'home' | 'around' | 'report' | 'services' | 'mine', IconName]> = [
  ['/', 'home', 'home'],
  ['/app/around', 'around', 'map'],
  ['/app/report', 'report', 'plus'],
  ['/app/services', 'services', 'paper'],
  ['/app/mine', 'mine', 'person'],
];

/* Which of them a page belongs to. */
const belongs: Record<string, string> = { r: '/app/around', reports: '/app/mine', dossiers: '/app/mine', drafts: '/app/mine', account: '/app/mine', acting: '/app/mine', organisation: '/app/mine', paid: '/app/mine', eid: '/app/mine', procedure: '/app/services', commune: '/', lookup: '/', receipt: '/app/mine' };

function placeOf(path: string): string {
  const name = path.split('/').filter((part) => part && part !== 'app')[0];
  return name === undefined ? '/' : (belongs[name] ?? `/app/${name}`);
}

function switchLanguage(): void {
  chooseLanguage(language() === 'vi' ? 'en' : 'vi');
  go(location.pathname + location.search, true);
}

export function Shell({ children, onLanguage }: { children: ComponentChildren; onLanguage: () => void }) {
  const { path } = useWhere();
  const online = useOnline();
  const isSigned = useWatched(signed);
  const count = useWatched(unread);
  const waitingUpdate = useWatched(update);
  const whom = useWatched(acting);
  const at = placeOf(path);
  return (
    <>
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <header class="bar">
        <Link href="/" class="brand" aria-label={`Trạm · ${say('home')}`}>
          <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
            <rect width="32" height="32" rx="9" class="mark" />
            <path d="M16 6c-4.4 0-7.8 3.4-7.8 7.6 0 5.4 7.8 11.4 7.8 11.4s7.8-6 7.8-11.4C23.800 9.400 20.400 6 16 6z" class="mark-ink" />
            <path d="M12.800 13.600l2.300 2.400 4.300-4.800" class="mark-line" />
          </svg>
          <strong>Trạm</strong>
        </Link>
        <div class="bar-tools">
          <button type="button" class="quiet-button" lang={language() === 'vi' ? 'en' : 'vi'} onClick={() => (switchLanguage(), onLanguage())}>
            {say('otherLanguage')}
          </button>
          <Link href="/app/notices" class="round" aria-label={count > 0 ? `${say('notices')} (${count})` : say('notices')}>
            <Icon name="bell" />
            {count > 0 && (
              <span class="badge" aria-hidden="true">
                {count > 99 ? '99+' : count}
              </span>
            )}
          </Link>
        </div>
      </header>
      {!online && (
        <p class="strip" role="status">
          <Icon name="cloudOff" size={20} /> {say(isSigned ? 'offline' : 'offlineKept')}
        </p>
      )}
      {whom && (
        <p class="strip" role="status">
          <Icon name="person" size={20} /> {say('actingFor', whom.name)}{' '}
          <button type="button" class="link" onClick={() => void actAs(undefined).then(() => go('/app/mine'))}>
            {say('stopActing')}
          </button>
        </p>
      )}
      {waitingUpdate && (
        <p class="strip" role="status">
          {say('fresh')}{' '}
          <button type="button" class="link" onClick={waitingUpdate}>
            {say('reload')}
          </button>
        </p>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <nav class="places" aria-label="Trạm">
        {places.map(([place, key, icon]) => (
          <Link key={place} href={place} class={key === 'report' ? 'place first' : 'place'} aria-current={place === at ? 'page' : undefined}>
            <span class="place-icon">
              <Icon name={icon} />
            </span>
            {say(key)}
          </Link>
        ))}
      </nav>
    </>
  );
}
