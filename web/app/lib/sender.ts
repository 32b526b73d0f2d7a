/* When the outbox is tried: at the start, when the network returns, when somebody signs in, and now and then. */
import { sendSoon, type Outcome } from './outbox';
import { signed } from './state';
import { watched } from '../../shared/store';
import { connection } from './videos';

const EVERY_MS = 30_000;

export const sending = watched(false);
export const outcome = watched<Outcome>('done');

let again = false;

export async function sendNow(): Promise<void> {
  if (sending.get()) {
    again = true;
    return;
  }
  sending.set(true);
  try {
    do {
      again = false;
      outcome.set(await sendSoon());
    } while (again);
  } finally {
    sending.set(false);
  }
}

export function beginOutbox(): void {
  const attempt = () => void (navigator.onLine && signed.get() && sendNow());
  addEventListener('online', attempt);
  connection()?.addEventListener?.('change', attempt); // what waits for another network than mobile data
  document.addEventListener('visibilitychange', attempt);
  signed.watch(attempt);
  setInterval(attempt, EVERY_MS);
  attempt();
}
