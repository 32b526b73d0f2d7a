/*
 * Whether somebody sits here. The server locks a session that asks for nothing for a while, so the page asks for
 * nothing by itself while nobody moves; and it covers what it shows when nobody has for as long as that.
 */
import { gate, open } from './state';

const DROWSY_MS = 4 * 60_000; // from then on the page asks for nothing by itself
const COVERED_MS = 15 * 60_000;
const LOOK_MS = 10_000;

let moved = Date.now();
const wakers = new Set<() => void>();

export const isAwake = (): boolean => Date.now() - moved < DROWSY_MS;

/* Called when somebody moves again. */
export const onWake = (listener: () => void): void => void wakers.add(listener);

function move(): void {
  const slept = !isAwake();
  moved = Date.now();
  if (gate.get().at === 'covered') void open();
  else if (slept) wakers.forEach((listener) => listener());
}

export function watchForPeople(): void {
  for (const kind of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart']) addEventListener(kind, move, { passive: true, capture: true });
  setInterval(() => {
    if (gate.get().at === 'in' && Date.now() - moved > COVERED_MS) gate.set({ at: 'covered' });
  }, LOOK_MS);
}
