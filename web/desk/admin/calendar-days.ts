/* A year of the offices' calendar: what each day is, and edits laid over what is stored. */
import type { AdminCalendarFile } from '../../api';
import { language } from '../../shared/words';

export type Kind = 'plain' | 'off' | 'work'; // as its weekday says; a day off; worked though it would be off
export interface Day {
  kind: Kind;
  name: string;
  for?: string | undefined; // the day that it makes up for
}
export interface Week {
  hours: string[][]; // [from, until], "07:30"
  weekdays: number[]; // 1 Monday to 7 Sunday
}
export interface Edits {
  days: Record<string, Day>; // by date, YYYY-MM-DD
  week?: Week;
}
export const noEdits: Edits = { days: {} };

const DAY_MS = 86_400_000;
export const dateText = (at: Date): string => at.toISOString().slice(0, 10);
export const dayOf = (date: string): Date => new Date(`${date}T00:00:00Z`);
export const plusDays = (date: string, days: number): string => dateText(new Date(dayOf(date).getTime() + days * DAY_MS));
export const dateWords = (date: string): string => new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : 'vi-VN', { weekday: 'long', day: 'numeric', month: 'numeric', year: 'numeric', timeZone: 'UTC' }).format(dayOf(date));
/* 1 Monday to 7 Sunday */
export const weekdayOf = (date: string): number => dayOf(date).getUTCDay() || 7;

export function storedDay(calendar: AdminCalendarFile, date: string): Day {
  const off = calendar.holidays?.find((one) => one.date === date);
  if (off) return { kind: 'off', name: off.name, for: off.for };
  const work = calendar.working_days?.find((one) => one.date === date);
  return work ? { kind: 'work', name: work.name, for: work.for } : { kind: 'plain', name: '' };
}

export const covers = (calendar: AdminCalendarFile, year: number): boolean => (calendar.years[0] ?? 0) <= year && year <= (calendar.years[1] ?? 0);

const same = (a: Day, b: Day): boolean => a.kind === b.kind && (a.kind === 'plain' || (a.name === b.name && (a.for ?? '') === (b.for ?? '')));

/* An edit that says what is stored anyway is none. */
export function edited(calendar: AdminCalendarFile, edits: Edits, date: string, day: Day): Edits {
  const { [date]: _, ...others } = edits.days;
  return { ...edits, days: same(storedDay(calendar, date), day) ? others : { ...others, [date]: day } };
}

/* What is still to be changed: others may have stored some of it meanwhile. */
export const editsLeft = (calendar: AdminCalendarFile, { days, week }: Edits): Edits => Object.entries(days).reduce((left, [date, day]) => edited(calendar, left, date, day), week ? editedWeek(calendar, noEdits, week) : noEdits);

const alike = (a: Week, b: Week): boolean => String([a.hours, a.weekdays]) === String([b.hours, b.weekdays]);
export const editedWeek = (calendar: AdminCalendarFile, edits: Edits, week: Week): Edits => ({ days: edits.days, ...(!alike(calendar, week) && { week }) });

export function withEdits(calendar: AdminCalendarFile, { days, week }: Edits): AdminCalendarFile {
  const dates = Object.keys(days).sort();
  const listed = (kind: Kind, before: AdminCalendarFile['holidays']) =>
    [...(before ?? []).filter((one) => !days[one.date]), ...dates.filter((date) => days[date]!.kind === kind).map((date) => ({ date, name: days[date]!.name, ...(days[date]!.for && { for: days[date]!.for! }) }))].sort((a, b) => (a.date < b.date ? -1 : 1));
  const years = dates.map((date) => Number(date.slice(0, 4)));
  return { ...calendar, ...week, years: [Math.min(calendar.years[0]!, ...years), Math.max(calendar.years[1]!, ...years)], holidays: listed('off', calendar.holidays), working_days: listed('work', calendar.working_days) };
}

/* The weeks of a month, Monday first; undefined where the week reaches out of it. */
export function weeksOf(year: number, month: number): Array<Array<string | undefined>> {
  const first = dateText(new Date(Date.UTC(year, month, 1)));
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const cells: Array<string | undefined> = [...Array<undefined>(weekdayOf(first) - 1).fill(undefined), ...Array.from({ length: days }, (_, i) => plusDays(first, i))];
  while (cells.length % 7) cells.push(undefined);
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(7 * i, 7 * i + 7));
}
