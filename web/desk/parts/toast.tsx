/* A sentence about what was just done or told; the latest three, each for a few seconds. */
import { useEffect } from 'preact/hooks';
import { Icon } from '../../shared/parts/icon';
import { Link } from '../../shared/router';
import { useWatched, watched } from '../../shared/store';
import { sayFrom, type Tone } from '../../shared/words';
import { useKeys } from '../lib/keys';
import { noticeHref, noticeWords, said } from '../lib/live';
import { say } from '../words';

const own = sayFrom({ close: ['Đóng lời báo', 'Close messages'] });

interface Toast {
  id: number;
  words: string;
  tone: Tone;
  href?: string | undefined;
}
const SHOWN_MS = 7000;
const toasts = watched<Toast[]>([]);
let last = 0;

const drop = (id: number): void => toasts.set(toasts.get().filter((one) => one.id !== id));

export function toast(words: string, tone: Tone = 'good', href?: string): void {
  const id = ++last;
  toasts.set([...toasts.get(), { id, words, tone, href }].slice(-3));
  setTimeout(() => drop(id), SHOWN_MS);
}

export function Toasts() {
  const shown = useWatched(toasts);
  const notice = useWatched(said);
  useKeys([{ key: 'Escape', words: own('close'), run: () => toasts.set([]) }]);
  useEffect(() => {
    if (notice) toast(noticeWords(notice), 'info', noticeHref(notice));
  }, [notice]);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} class={`toast ${one.tone}`}>
          {one.href ? <Link href={one.href}>{one.words}</Link> : <span>{one.words}</span>}
          <button type="button" class="round" aria-label={say('close')} onClick={() => drop(one.id)}>
            <Icon name="cross" size={18} />
          </button>
        </div>
      ))}
    </div>
  );
}
