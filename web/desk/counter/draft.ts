/* What is being filed at the counter, as it is typed; a reload finds it again. */
import type { DeskDossierNewBody } from '../../api';

export interface Draft {
  procedure?: string | undefined;
  scan: string;
  shows: 'card' | 'passport'; // what the person shows
  country: string; // of the passport
  number: string;
  name: string;
  card: string;
  birth: string;
  phone: string;
  by: string;
  commune?: string | undefined;
  copies: Record<string, number>;
  fetch?: DeskDossierNewBody['fetch'];
  receive: boolean;
  key: string; // of the request, so that a repeated one files nothing twice
}
export const blank = (): Draft => ({ shows: 'card', country: '', number: '', scan: '', name: '', card: '', birth: '', phone: '', by: '', copies: {}, fetch: 'counter', receive: true, key: crypto.randomUUID() });

export type Part = { draft: Draft; set: (next: Draft) => void; fault: (pointer: string) => string | undefined };
