/* Times, money and distances as people say them. Times are shown in the province's own, UTC+7. */
import { language, phrase } from './words';

const ZONE = 'Asia/Ho_Chi_Minh';
const locale = (): string => (language() === 'en' ? 'en-GB' : 'vi-VN');
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  const known = cache.get(key) ?? new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options });
  cache.set(key, known);
  return known;
}

export const dateOf = (at: string | number): string => formatter({ day: '2-digit', month: '2-digit', year: 'numeric' }).format(new Date(at));
export const timeOf = (at: string | number): string => formatter({ hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(at));
export const momentOf = (at: string | number): string => `${timeOf(at)} · ${dateOf(at)}`;
/* The end of a day is said as that day. */
export const deadlineOf = (at: string | number): string => (timeOf(at) === '23:59' ? phrase(['ngày {0}', '{0}'], [dateOf(at)]) : momentOf(at));

export const money = (dong: number): string => `${new Intl.NumberFormat(locale()).format(dong)} đ`;
export const count = (n: number): string => new Intl.NumberFormat(locale()).format(n);
export const percent = (part: number, whole: number): string => (whole > 0 ? `${Math.round((100 * part) / whole)}%` : '–');
/* Of a percentage that came with tenths: "85,6%". */
export const percentText = (n: number | undefined): string => (n === undefined ? '–' : `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(n)}%`);

export function distance(meters: number): string {
  return meters < 950 ? `${Math.round(meters / 10) * 10} m` : `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(meters / 1000)} km`;
}

export function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(bytes / 1_000_000)} MB`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const units: ReadonlyArray<readonly [number, readonly [string, string], readonly [string, string]]> = [
  [DAY, ['{0} ngày', '{0} days'], ['1 ngày', '1 day']],
  [HOUR, ['{0} giờ', '{0} hours'], ['1 giờ', '1 hour']],
  [MINUTE, ['{0} phút', '{0} minutes'], ['1 phút', '1 minute']],
];

/* A Vietnamese number as people say it: 0912 345 678. */
export const phoneOf = (phone: string): string => phone.replace(/^\+84(\d{3})(\d{3})(\d{3})$/, '0$1 $2 $3');

/* A span in its largest unit: "3 ngày". */
export function span(ms: number): string {
  for (const [unit, many, one] of units) {
    const n = Math.floor(ms / unit);
    if (n >= 1) return n === 1 ? phrase(one) : phrase(many, [n]);
  }
  return phrase(['chưa tới 1 phút', 'less than a minute']);
}

/* "2 giờ trước"; a day from some days on. */
export function ago(at: string | number, now = Date.now()): string {
  const ms = now - new Date(at).getTime();
  if (ms < MINUTE) return phrase(['vừa xong', 'just now']);
  return ms < 7 * DAY ? phrase(['{0} trước', '{0} ago'], [span(ms)]) : dateOf(at);
}

/* What is left until a deadline, or by how much it is past. */
export function untilWords(at: string | number, now = Date.now()): string {
  const ms = new Date(at).getTime() - now;
  return ms >= 0 ? phrase(['còn {0}', '{0} left'], [span(ms)]) : phrase(['trễ {0}', '{0} late'], [span(-ms)]);
}

/* Of days of the province, each named yyyy-mm-dd. */
const dayNumber = (ms: number): number => Math.floor((ms + 7 * HOUR) / DAY);
const dayName = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/* What is left as offices count it: working days after today, up to that of the deadline. */
export function workingDaysUntil(at: string | number, off: readonly string[], now = Date.now()): number {
  const last = dayNumber(new Date(at).getTime());
  const known = new Set(off);
  let n = 0;
  for (let day = dayNumber(now) + 1; day <= last; day++) n += known.has(dayName(day)) ? 0 : 1;
  return n;
}

export function untilWorkingDays(at: string | number, off: readonly string[] | undefined, now = Date.now()): string {
  const until = new Date(at).getTime();
  if (until < now || !off) return untilWords(at, now);
  if (dayNumber(until) === dayNumber(now)) return phrase(['hôm nay', 'today']);
  const n = workingDaysUntil(at, off, now);
  return n === 1 ? phrase(['còn 1 ngày làm việc', '1 working day left']) : phrase(['còn {0} ngày làm việc', '{0} working days left'], [n]);
}

/* "1:05" */
export const duration = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
