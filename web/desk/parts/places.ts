/* Where each role may go, the first being where its day begins. The server decides; here only what helps to find it. */
import type { Me } from '../../api';
import type { IconName } from '../../shared/parts/icon';

export interface Place {
  page: string;
  words: 'reports' | 'dossiers' | 'late' | 'figures' | 'staff';
  icon: IconName;
  key: string; // after g
  roles: string[];
}

const places: Place[] = [
  { page: 'reports', words: 'reports', icon: 'inbox', key: 'r', roles: ['dispatcher', 'officer', 'leader', 'inspector'] },
  { page: 'dossiers', words: 'dossiers', icon: 'paper', key: 'd', roles: ['officer', 'leader', 'inspector'] },
  { page: 'figures', words: 'figures', icon: 'chart', key: 'f', roles: ['dispatcher', 'leader', 'inspector'] },
];

export const placesOf = (me: Me): Place[] => places.filter((one) => one.roles.includes(me.role ?? ''));

const HOMES: Record<string, string> = {};
export const homeOf = (me: Me): string => HOMES[me.role ?? ''] ?? placesOf(me)[0]?.page ?? 'me';

const EVERYBODYS = new Set(['me', 'notices']);
export const mayOpen = (me: Me, page: string): boolean => EVERYBODYS.has(page) || placesOf(me).some((one) => one.page === page);
