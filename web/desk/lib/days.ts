/* Days of the province (UTC+7), as a field of type date says them, whatever the clock of this computer. */
const AHEAD_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;

export const today = (): string => new Date(Date.now() + AHEAD_MS).toISOString().slice(0, 10);
export const startOf = (day: string): string => `${day}T00:00:00+07:00`;
export const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
/* Minutes since midnight there, and the weekday: 1 is Monday. */
export function nowThere(): { minutes: number; weekday: number; day: string } {
  const there = new Date(Date.now() + AHEAD_MS);
  return { minutes: there.getUTCHours() * 60 + there.getUTCMinutes(), weekday: there.getUTCDay() || 7, day: today() };
}
