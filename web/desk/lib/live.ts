/* What the officer is told as it comes. Lists and open cases load anew; a new emergency makes itself heard. */
import { useEffect } from 'preact/hooks';
import type { Notice } from '../../api';
import { get, post } from '../../shared/call';
import { turnLive } from '../../shared/live';
import { useWatched, watched } from '../../shared/store';
import { language } from '../../shared/words';
import { isAwake, onWake } from '../session/awake';
import { gate } from '../session/state';
import { alarms, sound } from './alarms';
import { keepUnsent, readUnsent } from './unsent';

export const news = watched(0); // grows when lists and open cases are to be read anew
export const unread = watched(0);
export const said = watched<Notice | undefined>(undefined); // the notice that came last

const NEW_HERE = new Set(['file', 'dispatch', 'transfer', 'reopen', 'emergency']);

export const noticeWords = (notice: Notice): string => (language() === 'en' ? notice.text_en : notice.text_vi) ?? '';
const OPENED = new Set(['report', 'dossier', 'complaint']);
export const noticeHref = (notice: Notice): string | undefined => (notice.what === 'reset_wanted' ? '/desk/staff/accounts' : notice.about && OPENED.has(notice.subject ?? '') ? `/desk/${notice.subject}s/${notice.about}` : undefined);

let waiting: Notice[] = []; // those that are not read yet, of the latest

export async function countUnread(): Promise<void> {
  const page = await get('/v1/notices', {}, { limit: 100 });
  waiting = page.items.filter((one) => !one.read_at);
  unread.set(waiting.length);
}

export async function markRead(notices: Notice[]): Promise<void> {
  for (const one of notices.filter(({ read_at }) => !read_at)) await post('/v1/notices/{id}/read', { id: one.id }, undefined);
  await countUnread();
}

/* Who has a case before them needs not be told of it any more. */
export function useToldOf(id: string): void {
  const count = useWatched(unread);
  useEffect(() => {
    const about = waiting.filter((one) => one.about === id);
    if (about.length > 0 && isAwake()) void markRead(about).catch(() => undefined); // they stay unread, and that is all
  }, [id, count]);
}
const countSoon = () => void countUnread().catch(() => undefined); // counted again by the next event

/* After a reload the last minute comes once more; what was told is not told again. */
const HEARD_MOST = 40;
function isRepeated(what: string): boolean {
  const heard = readUnsent<string[]>('heard') ?? [];
  if (heard.includes(what)) return true;
  keepUnsent('heard', [...heard, what].slice(-HEARD_MOST));
  return false;
}

/* Whether it is an emergency is said by the report, not by the words of the notice. */
async function lookWhetherUrgent(notice: Notice): Promise<void> {
  if (notice.subject !== 'report' || !notice.about || !NEW_HERE.has(notice.what ?? '')) return;
  const report = await get('/v1/reports/{id}', { id: notice.about });
  if (!('emergency' in report) || !report.emergency || !('number' in report) || isRepeated(`bell ${notice.about}`)) return;
  sound({ id: notice.about, number: report.number ?? '' });
}

function tell(): void {
  news.set(news.get() + 1);
  countSoon();
}

function take(data: string): void {
  const notice = JSON.parse(data) as Notice;
  if (isRepeated(notice.id)) return;
  said.set(notice);
  if (isAwake()) tell();
  void lookWhetherUrgent(notice).catch(() => undefined); // the list shows it either way
}

export function goLive(): void {
  const listening = { wanted: () => gate.get().at === 'in', began: countSoon, heard: ({ data }: { data: string }) => take(data) };
  onWake(tell);
  gate.watch(() => {
    turnLive(listening);
    if (gate.get().at === 'in') return;
    said.set(undefined);
    alarms.set([]);
  });
}
