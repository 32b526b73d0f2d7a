/*
 * Whom the app acts for: nobody but me, or an organisation or person that I chose. What is asked for then is
 * theirs (the header Acting-For); notices and my account stay mine. A report keeps for whom it was sent.
 */
import { actFor } from '../../shared/call';
import { watched } from '../../shared/store';
import { forget, keep, recall, type Principal } from './db';
import { keepTyped, readTyped } from './typed';

export const acting = watched<Principal | undefined>(undefined);

function set(one: Principal | undefined): void {
  actFor(one?.id);
  acting.set(one);
}

export const beginActing = async (): Promise<void> => set(await recall<Principal>('acting'));

/* The session ended, perhaps in the middle of what is done for them: the same person goes on with it, and nobody else. */
export async function leaveActing(): Promise<void> {
  const one = acting.get();
  await actAs(undefined);
  if (one) keepTyped('acting', one, await recall<string>('account'));
}

export async function resumeActing(): Promise<void> {
  const one = readTyped<Principal>('acting', await recall<string>('account'));
  keepTyped('acting', undefined);
  if (one && !acting.get()) await actAs(one);
}

export async function actAs(one: Principal | undefined): Promise<void> {
  await (one ? keep('acting', one) : forget('acting'));
  set(one);
}
