/*
 * Who sits at the desk. Nothing of it is kept in the page's storage: the refresh token is an HttpOnly cookie, so a
 * reload asks the server. Tabs of one browser are one person: they hear of each other's sign-ins and sign-outs.
 */
import type { Me, Tokens } from '../../api';
import { Problem, get } from '../../shared/call';
import { beginSession, forgetSession, onLocked, onSession, signOut, signedIn } from '../../shared/session';
import { watched } from '../../shared/store';
import { say } from '../words';
import { forgetUnsent } from '../lib/unsent';

export type Gate =
  | { at: 'opening' }
  | { at: 'failed'; error: Problem }
  | { at: 'out'; words?: string; bad?: boolean }
  | { at: 'locked'; name?: string }
  | { at: 'covered' } // nobody moved for a while; see awake.ts
  | { at: 'in'; me: Me };

export const DEVICE = 'Bàn làm việc trên web'; // what a session is called among its owner's

export const gate = watched<Gate>({ at: 'opening' });
export const me = (): Me | undefined => {
  const now = gate.get();
  return now.at === 'in' ? now.me : undefined;
};

let perhaps = true; // until the server says that nobody is signed in
let leaving = false;
let lastName: string | undefined; // of who sat here, for the lock
const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('tram-desk') : undefined;

function leave(words?: string, bad = false): void {
  lastName = undefined;
  gate.set({ at: 'out', ...(words !== undefined && { words }), bad });
}

export async function open(): Promise<void> {
  try {
    const who = await get('/v1/me');
    lastName = who.name;
    if (who.kind === 'staff') return gate.set({ at: 'in', me: who });
    await forgetSession();
    leave(say('notStaff'), true);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.passes) gate.set({ at: 'failed', error });
    else if (gate.get().at === 'opening' || gate.get().at === 'covered') leave();
  }
}

export async function enter(tokens: Tokens): Promise<void> {
  await signedIn(tokens);
  others?.postMessage('changed');
  await open();
}

/* For the next person at this computer: nothing of the one before is left. */
export async function goAway(): Promise<void> {
  forgetUnsent();
  leaving = true;
  await signOut().catch(() => forgetSession()); // ends by itself, if the server cannot be told
  leaving = false;
  history.replaceState(null, '', '/desk');
  others?.postMessage('changed');
  leave(say('signedOut'));
}

export async function beSomebodyElse(words?: string): Promise<void> {
  forgetUnsent();
  leaving = true;
  await forgetSession();
  leaving = false;
  leave(words);
}

export async function beginDesk(): Promise<void> {
  beginSession('desk', { get: async () => perhaps, set: async (yes) => void (perhaps = yes) });
  onSession((yes) => {
    if (yes || leaving) return;
    leave(gate.get().at === 'in' ? say('ended') : undefined);
  });
  onLocked(() => {
    const name = me()?.name ?? lastName;
    gate.set({ at: 'locked', ...(name && { name }) });
  });
  others?.addEventListener('message', () => location.reload());
  await open();
}
