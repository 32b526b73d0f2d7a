/* Categories, communes and agencies: fetched when they can be, as they were last otherwise. */
import type { Agency, Category, Commune } from '../../api';
import { get } from '../../shared/call';
import { named } from '../../shared/words';
import { keep, recall } from './db';
import { useLoaded, type Loaded } from './store';

export interface Catalogue {
  categories: Category[];
  communes: Commune[];
  agencies: Agency[];
}

const FRESH_MS = 10 * 60_000;
let known: { at: number; catalogue: Catalogue } | undefined;

async function fetchAll(): Promise<Catalogue> {
  const [categories, communes, agencies] = await Promise.all([get('/v1/categories'), get('/v1/communes'), get('/v1/agencies')]);
  return { categories: categories.items, communes: communes.items, agencies: agencies.items };
}

export async function catalogue(): Promise<Catalogue> {
  if (known && Date.now() - known.at < FRESH_MS) return known.catalogue;
  try {
    known = { at: Date.now(), catalogue: await fetchAll() };
    await keep('catalogue', known.catalogue);
    return known.catalogue;
  } catch (error) {
    const last = known?.catalogue ?? (await recall<Catalogue>('catalogue'));
    if (last) return last;
    throw error;
  }
}

export const useCatalogue = (): Loaded<Catalogue> => useLoaded(catalogue, 'catalogue');

export const categoryName = (c: Catalogue | undefined, code: string | undefined): string => named(c?.categories.find((one) => one.code === code), code ?? '');
export const agencyName = (c: Catalogue | undefined, code: string | undefined): string => named(c?.agencies.find((one) => one.code === code), code ?? '');
export const communeName = (c: Catalogue | undefined, code: string | undefined): string => c?.communes.find((one) => one.code === code)?.full_name ?? '';

/* Without accents and case, as people type when in a hurry. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
