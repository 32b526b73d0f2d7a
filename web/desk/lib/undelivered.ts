/* Who keeps the province, and how many letters could not be delivered, which they see in the menu. */
import type { Me } from '../../api';
import { get } from '../../shared/call';
import { watched } from '../../shared/store';
import { gate } from '../session/state';
import { useCatalogue } from './catalogue';

/* undefined: not known. */
export const undelivered = watched<{ count: number; more: boolean } | undefined>(undefined);
gate.watch(() => gate.get().at !== 'in' && undelivered.set(undefined));
export const countUndelivered = (): void => void get('/v1/admin/dead-letters/count').then(undelivered.set, () => undelivered.set(undefined));

/* Administrators of the province's portal keep everything, others their own agency; undefined: not known yet. */
export function useOverProvince(me: Me): boolean | undefined {
  const catalogue = useCatalogue().data;
  return catalogue && me.role === 'admin' && catalogue.agencies.find((one) => one.code === me.agency)?.kind === 'dispatcher';
}
