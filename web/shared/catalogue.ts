/* Categories, communes and agencies, and their names. */
import type { Agency, Category, Commune } from '../api';
import { get } from './call';
import { named } from './words';

export interface Catalogue {
  categories: Category[];
  communes: Commune[];
  agencies: Agency[];
  off?: string[]; // days on which offices do not work, for over a year; absent: kept by an older app
}

export async function fetchCatalogue(): Promise<Catalogue> {
  const [categories, communes, agencies, { off }] = await Promise.all([get('/v1/categories'), get('/v1/communes'), get('/v1/agencies'), get('/v1/calendar')]);
  return { categories: categories.items, communes: communes.items, agencies: agencies.items, off };
}

export const categoryName = (c: Catalogue | undefined, code: string | undefined): string => named(c?.categories.find((one) => one.code === code), code ?? '');
export const categoryIcon = (c: Catalogue | undefined, code: string | undefined): string | undefined => c?.categories.find((one) => one.code === code)?.icon;
export const agencyName = (c: Catalogue | undefined, code: string | undefined): string => named(c?.agencies.find((one) => one.code === code), code ?? '');
export const communeName = (c: Catalogue | undefined, code: string | undefined): string => c?.communes.find((one) => one.code === code)?.full_name ?? '';

/* Without accents and case, as people type when in a hurry. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
