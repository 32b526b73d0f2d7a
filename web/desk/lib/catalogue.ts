/* Categories, communes and agencies, and who works in my agency: asked for once a while. */
import type { StaffMember } from '../../api';
import { get } from '../../shared/call';
import { fetchCatalogue, type Catalogue } from '../../shared/catalogue';
import { useLoaded, type Loaded } from '../../shared/store';
import { gate } from '../session/state';

const FRESH_MS = 10 * 60_000;

function kept<T>(load: () => Promise<T>): { (): Promise<T>; forget(): void } {
  let known: { at: number; value: Promise<T> } | undefined;
  const read = () => {
    if (!known || Date.now() - known.at > FRESH_MS) {
      const value = load();
      known = { at: Date.now(), value };
      value.catch(() => (known = undefined));
    }
    return known.value;
  };
  return Object.assign(read, { forget: () => void (known = undefined) });
}

const catalogue = kept<Catalogue>(fetchCatalogue);
const colleagues = kept<StaffMember[]>(async () => (await get('/v1/desk/colleagues')).items);
gate.watch(() => gate.get().at !== 'in' && colleagues.forget());

export const useCatalogue = (): Loaded<Catalogue> => useLoaded(catalogue, 'catalogue');
export const useColleagues = (): Loaded<StaffMember[]> => useLoaded(colleagues, 'colleagues');

/* Colleagues by their names; others by what they are. */
export const nameOf = (staff: StaffMember[] | undefined, id: string | undefined): string => (id && staff?.find((one) => one.id === id)?.name) || '';
