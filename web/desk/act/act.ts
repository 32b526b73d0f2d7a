/* What may be done to a case, as the server says, and doing it. Nothing about it is known here beforehand. */
import type { DossierActBody, ReportActBody, StaffDossier, StaffReport } from '../../api';
import { freshKey, post, type Extra } from '../../shared/call';
import type { Kind } from '../words';

export type Step = StaffReport['steps'][number];
export type Body = ReportActBody & DossierActBody;
export type Case = { kind: 'report'; of: StaffReport } | { kind: 'dossier'; of: StaffDossier };

/* The reply, which is the case as it is now. If-Match: what nobody has looked at since is not written over. */
export async function act(kind: Kind, id: string, revision: number, verb: string, body: Body): Promise<StaffReport | StaffDossier> {
  const extra: Extra = { headers: { ...freshKey(), 'if-match': `"${revision}"` } };
  const reply = kind === 'report' ? await post('/v1/reports/{id}/steps/{verb}', { id, verb }, body, extra) : await post('/v1/dossiers/{id}/steps/{verb}', { id, verb }, body, extra);
  return reply as StaffReport | StaffDossier;
}

/* What a form of a verb has beyond what the step needs: it may be left out. */
const EXTRAS: Record<string, ReadonlyArray<keyof Body>> = {
  answer: ['photos'],
  assign: ['note'],
  transfer: ['note'],
  publish: ['photos'],
  receive: ['note'],
  pay: ['reference', 'note'],
  post: ['reference'],
  urge: ['days'],
  direct: ['days'],
  explain: ['days'],
  propose: ['note'],
};
const AT_ONCE = new Set(['receive', 'approve', 'take', 'unassign', 'close', 'resume', 'release', 'unpublish']);

export const fieldsOf = (step: Step): string[] => [...new Set([...step.needs, ...(EXTRAS[step.verb] ?? [])])];
/* Done by its button alone: nothing is needed, nothing is lost. */
export const isAtOnce = (step: Step): boolean => step.needs.length === 0 && AT_ONCE.has(step.verb);

/* A verb that stands in several rows of the table is one button: what one row does not need may be left out. */
export function oneOfEach(steps: Step[]): Step[] {
  const found = new Map<string, Step>();
  for (const step of steps) {
    const same = found.get(step.verb);
    found.set(step.verb, same ? { ...same, needs: same.needs.filter((one) => step.needs.includes(one)) } : step);
  }
  return [...found.values()];
}
