/*
 * What the officer is told as it comes. Lists and open cases load anew; a new emergency makes itself heard, until
 * somebody looks.
 */
import type { Notice } from '../../api';
import { get } from '../../shared/call';
import { turnLive } from '../../shared/live';
import { watched } from '../../shared/store';
import { language } from '../../shared/words';
import { isAwake, onWake } from '../session/awake';
import { gate } from '../session/state';
import { ring } from './bell';
import { keepUnsent, readUnsent } from './unsent';

export const news = watched(0); // grows when lists and open cases are to be read anew
export const unread = watched(0);
export const said = watched<Notice | undefined>(undefined); // the notice that came last
export const alarm = watched<{ id: string; number: string } | undefined>(undefined);

const NEW_HERE = new Set(['file', 'dispatch', 'transfer', 'reopen', 'emergency']);

export const noticeWords = (notice: Notice): string => (language() === 'en' ? notice.text_en : notice.text_vi) ?? '';
const OPENED = new Set(['report', 'dossier', 'complaint']);
export const noticeHref = (notice: Notice): string | undefined => (notice.about && OPENED.has(notice.subject ?? '') ? `/desk/${notice.subject}s/${notice.about}` : undefined);

export async function countUnread(): Promise<void> {
  const page = await get('/v1/notices', {}, { limit: 100 });
  unread.set(page.items.filter((one) => !one.read_at).length);
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
  alarm.set({ id: notice.about, number: report.number ?? '' });
  ring();
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
    if (gate.get().at !== 'in') for (const one of [said, alarm]) one.set(undefined);
  });
}
