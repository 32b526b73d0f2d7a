/* What the whole app knows: who is signed in, how many notices are unread, whether a new version waits. */
import { beginSession, onSession } from '../../shared/session';
import { beginActing, leaveActing } from './acting';
import { appSession, forgetMine } from './db';
import { watched } from '../../shared/store';

export const signed = watched<boolean | undefined>(undefined); // undefined: not read yet
export const unread = watched(0);
export const update = watched<(() => void) | undefined>(undefined);
/* Raised when something of mine changed elsewhere: lists load anew. */
export const news = watched(0);

export function beginState(): void {
  beginSession('app', appSession);
  const leave = async (): Promise<void> => {
    unread.set(0);
    await leaveActing();
    await forgetMine();
  };
  onSession((now) => {
    signed.set(now);
    if (!now) void leave();
  });
  /* The session may have ended while no page was open to hear of it: in the worker. */
  beginActing()
    .then(appSession.get)
    .then(async (now) => {
      if (!now) await leave();
      signed.set(now);
    })
    .catch(() => signed.set(false));
}
