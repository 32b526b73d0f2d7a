/* Categories, communes and agencies: fetched when they can be, as they were last otherwise. */
import { fetchCatalogue, type Catalogue } from '../../shared/catalogue';
import { useLoaded, type Loaded } from '../../shared/store';
import { keep, recall } from './db';

export { agencyName, categoryIcon, categoryName, communeName, folded, type Catalogue } from '../../shared/catalogue';

const FRESH_MS = 10 * 60_000;
let known: { at: number; catalogue: Catalogue } | undefined;

export async function catalogue(): Promise<Catalogue> {
  if (known && Date.now() - known.at < FRESH_MS) return known.catalogue;
  try {
    known = { at: Date.now(), catalogue: await fetchCatalogue() };
    await keep('catalogue', known.catalogue);
    return known.catalogue;
  } catch (error) {
    const last = known?.catalogue ?? (await recall<Catalogue>('catalogue'));
    if (last) return last;
    throw error;
  }
}

export const useCatalogue = (): Loaded<Catalogue> => useLoaded(catalogue, 'catalogue');
