/*
 * New emergencies: each stands above every page, and is heard, until it is opened here, or somebody said that they
 * heard it, or received it. Of that nobody is told who merely has it on the screen: it is looked after.
 */
import { Problem, get } from '../../shared/call';
import { watched } from '../../shared/store';
import { ring } from './bell';

export interface Alarm {
  id: string;
  number: string;
}
export const alarms = watched<Alarm[]>([]);

const keep = (isKept: (one: Alarm) => boolean): void => {
  const left = alarms.get().filter(isKept);
  if (left.length < alarms.get().length) alarms.set(left);
};

export function sound(one: Alarm): void {
  alarms.set([...alarms.get().filter((other) => other.id !== one.id), one]);
  ring();
}

export const hush = (id: string): void => keep((one) => one.id !== id);

const UNTOUCHED = new Set(['new', 'dispatched']);

/* What is no longer on this desk waits for somebody else. */
async function isUntouched(id: string): Promise<boolean> {
  try {
    const report = await get('/v1/reports/{id}', { id });
    return 'open' in report && report.open && UNTOUCHED.has(report.state ?? '');
  } catch (error) {
    return error instanceof Problem && error.passes;
  }
}

export async function lookAfter(): Promise<void> {
  if (alarms.get().length === 0) return;
  const newest = new Map<string, string | undefined>();
  for (const { about, state } of (await get('/v1/desk/emergencies', {}, { limit: 100 })).items) if (about && !newest.has(about)) newest.set(about, state);
  const isHeard = (id: string) => ['acknowledged', 'over'].includes(newest.get(id) ?? '');
  for (const { id } of alarms.get()) if (isHeard(id) || !(await isUntouched(id))) hush(id);
}
