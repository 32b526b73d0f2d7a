/*
 * Whom the app acts for: nobody but me, or an organisation or person that I chose. What is asked for then is
 * theirs (the header Acting-For); notices and my account stay mine. A report keeps for whom it was sent.
 */
import { actFor } from '../../shared/call';
import { watched } from '../../shared/store';
import { forget, keep, recall, type Principal } from './db';

export const acting = watched<Principal | undefined>(undefined);

function set(one: Principal | undefined): void {
  actFor(one?.id);
  acting.set(one);
}

export const beginActing = async (): Promise<void> => set(await recall<Principal>('acting'));

export async function actAs(one: Principal | undefined): Promise<void> {
  await (one ? keep('acting', one) : forget('acting'));
  set(one);
}
