/* Weekdays by their number: 1 is Monday. */
import { sayFrom } from '../../shared/words';

export const WEEK: ReadonlyArray<readonly [string, readonly [string, string]]> = [
  ['1', ['T2', 'Mon']],
  ['2', ['T3', 'Tue']],
  ['3', ['T4', 'Wed']],
  ['4', ['T5', 'Thu']],
  ['5', ['T6', 'Fri']],
  ['6', ['T7', 'Sat']],
  ['7', ['CN', 'Sun']],
];
export const dayWord = sayFrom(Object.fromEntries(WEEK));
const own = sayFrom({ every: ['mọi ngày', 'every day'] });

/* Of their digits; no days at all: every day. */
export const daysWords = (days: string | undefined): string => (!days || days.length === 7 ? own('every') : [...days].map((one) => dayWord(one)).join(', '));
