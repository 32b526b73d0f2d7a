/* Where each role may go, the first being where its day begins. The server decides; here only what helps to find it. */
import type { Me } from '../../api';
import type { IconName } from '../../shared/parts/icon';

export interface Place {
  page: string;
  words: 'reports' | 'dossiers' | 'complaints' | 'figures' | 'looks' | 'counter' | 'confirmations' | 'staff' | 'admin';
  icon: IconName;
  key: string; // after g
  roles: string[];
}

const places: Place[] = [
  { page: 'reports', words: 'reports', icon: 'inbox', key: 'r', roles: ['dispatcher', 'officer', 'leader', 'inspector'] },
  { page: 'dossiers', words: 'dossiers', icon: 'paper', key: 'd', roles: ['officer', 'leader', 'inspector'] },
  { page: 'complaints', words: 'complaints', icon: 'pen', key: 'k', roles: ['leader', 'inspector'] },
  { page: 'figures', words: 'figures', icon: 'chart', key: 'f', roles: ['dispatcher', 'leader', 'inspector'] },
  { page: 'looks', words: 'looks', icon: 'eye', key: 'l', roles: ['inspector'] },
  { page: 'counter', words: 'counter', icon: 'person', key: 'c', roles: ['officer', 'leader'] },
  { page: 'confirmations', words: 'confirmations', icon: 'check', key: 'x', roles: ['dispatcher', 'officer', 'leader'] },
  { page: 'staff', words: 'staff', icon: 'people', key: 's', roles: ['dispatcher', 'officer', 'leader', 'admin'] },
  { page: 'admin', words: 'admin', icon: 'tools', key: 'a', roles: ['admin'] },
];

/* An officer who stands for a leader sees what the leader sees. */
export const worksAs = (me: Me): string => (me.deputy_for ? 'leader' : (me.role ?? ''));

export const placesOf = (me: Me): Place[] => places.filter((one) => one.roles.includes(worksAs(me)));

export const homeOf = (me: Me): string => placesOf(me)[0]?.page ?? 'me';

const EVERYBODYS = new Set(['me', 'notices']);
/* Who became a deputy after signing in is told of complaints, and opens one; the server decides. */
const mayBeTold = (me: Me, page: string): boolean => page === 'complaints' && me.role === 'officer';
export const mayOpen = (me: Me, page: string): boolean => EVERYBODYS.has(page) || mayBeTold(me, page) || placesOf(me).some((one) => one.page === page);
