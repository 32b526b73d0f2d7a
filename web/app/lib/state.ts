/* What the whole app knows: who is signed in, how many notices are unread, whether a new version waits. */
import { beginSession, onSession } from '../../shared/session';
import { actAs, beginActing } from './acting';
import { forgetMine, keep, recall } from './db';
import { watched } from '../../shared/store';

export const signed = watched<boolean | undefined>(undefined); // undefined: not read yet
export const unread = watched(0);
export const update = watched<(() => void) | undefined>(undefined);
/* Raised when something of mine changed elsewhere: lists load anew. */
export const news = watched(0);

export function beginState(): void {
  beginSession('app', { get: async () => (await recall<boolean>('signedIn')) === true, set: (value) => keep('signedIn', value) });
  beginActing().then(() => recall<boolean>('signedIn')).then((value) => signed.set(value === true), () => signed.set(false));
  onSession((now) => {
    signed.set(now);
    if (now) return;
    unread.set(0);
    void actAs(undefined);
    void forgetMine();
  });
}
