/* What may be done to a case, as the server says, and doing it. Nothing about it is known here beforehand. */
import type { ComplaintActBody, DossierActBody, ReportActBody, StaffComplaint, StaffDossier, StaffReport } from '../../api';
import { freshKey, post, type Extra } from '../../shared/call';
import type { Kind } from '../words';

export type Step = StaffReport['steps'][number];
export type Body = ReportActBody & DossierActBody & ComplaintActBody;
export type Case = { kind: 'report'; of: StaffReport } | { kind: 'dossier'; of: StaffDossier } | { kind: 'complaint'; of: StaffComplaint };
export type Acted = Case['of'];

/* The reply, which is the case as it is now. If-Match: what nobody has looked at since is not written over. */
export async function act(kind: Kind, id: string, revision: number, verb: string, body: Body): Promise<Acted> {
  const extra: Extra = { headers: { ...freshKey(), 'if-match': `"${revision}"` } };
  const at = { id, verb };
  if (kind === 'report') return (await post('/v1/reports/{id}/steps/{verb}', at, body, extra)) as StaffReport;
  if (kind === 'dossier') return (await post('/v1/dossiers/{id}/steps/{verb}', at, body, extra)) as StaffDossier;
  return (await post('/v1/complaints/{id}/steps/{verb}', at, body, extra)) as StaffComplaint;
}

/* What a form of a verb has beyond what the step needs: it may be left out. */
const EXTRAS: Record<string, ReadonlyArray<keyof Body>> = {
  answer: ['photos'],
  assign: ['note'],
  transfer: ['note'],
  publish: ['photos'],
  receive: ['note'],
  pay: ['reference', 'note'],
  urge: ['days'],
  direct: ['days'],
  explain: ['days'],
  propose: ['note'],
};
const AT_ONCE = new Set(['receive', 'approve', 'take', 'unassign', 'close', 'resume', 'release', 'unpublish']);

/* Photographs go with what is said of a report alone. */
export const fieldsOf = (step: Step, kind: Kind): string[] => [...new Set([...step.needs, ...(EXTRAS[step.verb] ?? []).filter((one) => kind === 'report' || one !== 'photos')])];
/* Done by its button alone: nothing is needed, nothing is lost. */
export const isAtOnce = (step: Step): boolean => step.needs.length === 0 && AT_ONCE.has(step.verb);

/* How loudly it is offered: what is likely next, and is not done by the way. */
export function lookOf({ place }: Step, i: number): 'main' | 'second' | 'quiet' | 'danger' {
  if (place === 'grave') return 'danger';
  if (place === 'aside') return 'quiet';
  return i === 0 ? 'main' : 'second';
}
