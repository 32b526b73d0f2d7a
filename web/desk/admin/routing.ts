/* Which rule takes a report: the most exact whose agency is active. The server decides by the same order (domain/agency). */
import type { AdminAgency, AdminRule } from '../../api';

export const ANY = '*';
export interface Taken {
  rule: AdminRule;
  exact: boolean; // just this category and commune
  idle: boolean; // its agency is no longer active: it takes nothing
}

export interface Table {
  of(category: string, commune: string): Taken | undefined;
  exact(category: string, commune: string): AdminRule | undefined;
}

const keyOf = (category: string, commune: string): string => `${category} ${commune}`;

export function tableOf(rules: AdminRule[], agencies: AdminAgency[]): Table {
  const byKey = new Map(rules.map((one) => [keyOf(one.category!, one.commune!), one]));
  const active = new Set(agencies.filter((one) => one.active).map((one) => one.code));
  const exact = (category: string, commune: string) => byKey.get(keyOf(category, commune));
  return {
    exact,
    of(category, commune) {
      const own = exact(category, commune);
      const tries = [own, exact(ANY, commune), exact(category, ANY), exact(ANY, ANY)];
      const rule = tries.find((one) => one && active.has(one.agency));
      if (rule) return { rule, exact: rule === own, idle: false };
      return own && { rule: own, exact: true, idle: true };
    },
  };
}
