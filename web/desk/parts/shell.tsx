/* What stands around every page: the ways at the side (below, on a phone), and above them search, notices and who I am. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Me } from '../../api';
import { Problem, get } from '../../shared/call';
import { Icon } from '../../shared/parts/icon';
import { go, Link, useWhere } from '../../shared/router';
import { useWatched } from '../../shared/store';
import { titleUnread } from '../../shared/title';
import { chooseLanguage, language, sayFrom } from '../../shared/words';
import { useKeys } from '../lib/keys';
import { unread } from '../lib/live';
import { goAway } from '../session/state';
import { roleWord, say } from '../words';
import { Alarms } from './alarm';
import { KeysHelp } from './keys-help';
import { placesOf } from './places';
import { Toasts } from './toast';
import { Undelivered } from './undelivered';

const own = sayFrom({
  findHelp: ['Gõ mã phản ánh hoặc hồ sơ', 'Type the number of a report or dossier'],
  none: ['Không có mã “{0}”.', 'There is no “{0}”.'],
  switch: ['Đổi người dùng', 'Switch user'],
  myAccount: ['Tài khoản và khoá đăng nhập', 'Account and passkeys'],
  ways: ['Các phần của bàn làm việc', 'Parts of the desk'],
});

const Mark = () => (
  <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <rect width="32" height="32" rx="9" class="mark" />
    <path d="M16 6c-4.4 0-7.8 3.4-7.8 7.6 0 5.4 7.8 11.4 7.8 11.4s7.8-6 7.8-11.4C23.800 9.400 20.400 6 16 6z" class="mark-ink" />
    <path d="M12.800 13.600l2.300 2.400 4.300-4.800" class="mark-line" />
  </svg>
);

const otherLanguage = () => (language() === 'vi' ? 'en' : 'vi');
function turnLanguage(onLanguage: () => void): void {
  chooseLanguage(otherLanguage());
  onLanguage();
}
const LanguageSwitch = ({ onLanguage }: { onLanguage: () => void }) => (
  <button type="button" class="quiet-button" id="language" lang={otherLanguage()} onClick={() => turnLanguage(onLanguage)}>
    {say('otherLanguage')}
  </button>
);

/* The bar of who is not signed in. */
export function GateBar({ children, onLanguage }: { children: ComponentChildren; onLanguage: () => void }) {
  return (
    <div class="desk-gate">
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <header class="top">
        <span class="brand">
          <Mark />
          <span>
            <strong>Trạm</strong> <span class="soft">· {say('desk')}</span>
          </span>
        </span>
        <LanguageSwitch onLanguage={onLanguage} />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/* A report's number, a dossier's code, or a complaint's number. */
async function lookUp(number: string, me: Me): Promise<string | undefined> {
  const tried = async (kind: string, work: () => Promise<{ id: string } | undefined>) => {
    try {
      const one = await work();
      return one && `/desk/${kind}/${one.id}`;
    } catch (error) {
      if (error instanceof Problem && (error.status === 404 || error.status === 403 || error.status === 422 || error.status === 400)) return undefined;
      throw error;
    }
  };
  const dossiers = me.role !== 'dispatcher';
  if (/^KN-/i.test(number)) return tried('complaints', async () => (await get('/v1/desk/complaints', {}, { number: number.toUpperCase() })).items[0]);
  return (await tried('reports', () => get('/v1/desk/numbers/{number}', { number }))) ?? (dossiers ? tried('dossiers', () => get('/v1/desk/dossiers/by-number/{number}', { number })) : undefined);
}

function Find({ me }: { me: Me }) {
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  useKeys([{ key: '/', words: say('find'), run: () => field.current?.select() }]);
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const number = field.current?.value.trim() ?? '';
    if (!number) return;
    try {
      const at = await lookUp(number, me);
      setFault(at ? undefined : own('none', number));
      if (!at) return;
      field.current!.value = '';
      go(at);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFault(error.message);
    }
  }
  return (
    <form class="finder" role="search" onSubmit={(event) => void send(event)}>
      <Icon name="search" size={20} />
      <input ref={field} type="search" aria-label={say('find')} placeholder={own('findHelp')} maxLength={40} onInput={() => setFault(undefined)} />
      {fault && (
        <p class="finder-fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}

function Who({ me, onLanguage }: { me: Me; onLanguage: () => void }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const { path } = useWhere();
  useEffect(() => {
    if (menu.current) menu.current.open = false;
  }, [path]);
  useEffect(() => {
    const away = (event: Event) => {
      const inside = event.target instanceof Node && menu.current?.contains(event.target);
      if (menu.current?.open && (event instanceof KeyboardEvent ? event.key === 'Escape' : !inside)) menu.current.open = false;
    };
    for (const kind of ['click', 'keydown']) addEventListener(kind, away);
    return () => ['click', 'keydown'].forEach((kind) => removeEventListener(kind, away));
  }, []);
  const initials = (me.name ?? '?').split(/\s+/).slice(-2).map((word) => word[0]).join('');
  return (
    <details class="who" ref={menu}>
      <summary aria-label={`${me.name ?? ''}, ${roleWord(me.role)}`}>
        <span class="face" aria-hidden="true">
          {initials}
        </span>
        <span class="who-words">
          <strong>{me.name}</strong>
          <small>{roleWord(me.role)}</small>
        </span>
      </summary>
      <div class="menu">
        <button type="button" class="menu-row narrow-only" lang={otherLanguage()} onClick={() => turnLanguage(onLanguage)}>
          <Icon name="globe" size={20} /> {say('otherLanguage')}
        </button>
        <Link href="/desk/me" class="menu-row">
          <Icon name="key" size={20} /> {own('myAccount')}
        </Link>
        <button type="button" class="menu-row" onClick={() => void goAway()}>
          <Icon name="swap" size={20} /> {own('switch')}
        </button>
        <button type="button" class="menu-row" onClick={() => void goAway()}>
          <Icon name="back" size={20} /> {say('signOut')}
        </button>
      </div>
    </details>
  );
}

export function Shell({ me, children, onLanguage }: { me: Me; children: ComponentChildren; onLanguage: () => void }) {
  const { parts } = useWhere();
  const places = placesOf(me);
  const count = useWatched(unread);
  const [help, setHelp] = useState(false);
  useEffect(() => {
    titleUnread(count);
    return () => titleUnread(0);
  }, [count]);
  const here = parts[0] ?? places[0]?.page;
  const rail = useRef<HTMLElement>(null);
  useEffect(() => rail.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' }), [here]);
  useKeys([
    ...places.map((one) => ({ key: `g ${one.key}`, words: say(one.words), run: () => go(`/desk/${one.page}`) })),
    { key: 'g n', words: say('notices'), run: () => go('/desk/notices') },
    { key: '?', words: say('keysHelp'), run: () => setHelp(true) },
  ]);
  return (
    <div class="desk" id="inside">
      <a class="skip" href="#main">
        {say('skip')}
      </a>
      <header class="top">
        <Link href="/desk" class="brand" aria-label={`Trạm · ${say('desk')}`}>
          <Mark />
          <strong>Trạm</strong>
        </Link>
        {places.some((one) => one.page === 'reports') && <Find me={me} />}
        <div class="top-tools">
          <LanguageSwitch onLanguage={onLanguage} />
          <button type="button" class="round keys-button" aria-label={say('keysHelp')} title={`${say('keysHelp')} (?)`} onClick={() => setHelp(true)}>
            <Icon name="keyboard" size={22} />
          </button>
          <Link href="/desk/notices" class="round" aria-label={count > 0 ? `${say('notices')} (${count})` : say('notices')}>
            <Icon name="bell" size={22} />
            {count > 0 && (
              <span class="badge" aria-hidden="true">
                {count > 99 ? '99+' : count}
              </span>
            )}
          </Link>
          <Who me={me} onLanguage={onLanguage} />
        </div>
      </header>
      <nav class="rail" ref={rail} aria-label={own('ways')}>
        {places.map((one) => (
          <Link key={one.page} href={`/desk/${one.page}`} class="way" aria-current={here === one.page ? 'page' : undefined}>
            <Icon name={one.icon} size={22} />
            <span>{say(one.words)}</span>
            {one.page === 'admin' && <Undelivered me={me} />}
          </Link>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        <Alarms />
        {children}
      </main>
      <Toasts />
      {help && <KeysHelp onClose={() => setHelp(false)} />}
    </div>
  );
}
