/* Names of procedures by code, as they were read last. */
import { get, Problem } from './call';
import { named } from './words';

const known = new Map<string, { name?: string; name_en?: string }>();

async function nameOf(code: string): Promise<void> {
  if (known.has(code)) return;
  try {
    known.set(code, await get('/v1/procedures/{code}', { code }));
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 0) throw error;
    known.set(code, {}); // no longer in the catalogue: its code stands for it
  }
}

export async function procedureNames(codes: string[]): Promise<Record<string, string>> {
  const wanted = [...new Set(codes)].filter(Boolean);
  await Promise.all(wanted.map(nameOf));
  return Object.fromEntries(wanted.map((code) => [code, named(known.get(code), code)]));
}
