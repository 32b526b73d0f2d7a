/* In which order the steps of a case stand, and how loudly each is offered: what is most likely next, first. */
import { worksAs } from '../parts/places';
import { me } from '../session/state';
import type { Case, Step } from './act';

/* What ends or hides is not offered as loudly as what goes on. */
const GRAVE = new Set(['reject', 'duplicate', 'refuse', 'deny', 'stop', 'revoke', 'unpublish']);
const ASIDE = new Set(['transfer', 'recall', 'extend', 'unassign', 'publish', 'pause', 'apologise', 'forward', 'go_on', 'close', 'replace', 'urge', 'direct', 'explain']);

const isMine = ({ of }: Case): boolean => 'officer' in of && of.officer !== undefined && of.officer === me()?.id;
function leads(): boolean {
  const who = me();
  return who !== undefined && worksAs(who) === 'leader';
}

function isAside({ verb }: Step, one: Case): boolean {
  if (one.kind === 'report' && verb === 'assign') return one.of.state === 'answered' || isMine(one); // who has it needs not give it away
  if (one.kind === 'report' && verb === 'publish') return one.of.state !== 'answered' || one.of.published_at !== undefined; // what was answered is to be shown to all
  if (one.kind === 'dossier' && verb === 'propose') return leads(); // to whom it is put
  return ASIDE.has(verb);
}

/* What brings a case to its end stands before what asks for more: of a report, for who has it; of a result, as it is wanted. */
const FORTH = ['finish', 'propose', 'approve', 'answer', 'post'];
function isForth({ verb }: Step, one: Case): boolean {
  if (verb === 'answer') return isMine(one);
  if (verb === 'post') return one.kind === 'dossier' && one.of.fetch === 'post';
  return FORTH.includes(verb);
}

const rank = (step: Step, of: Case): number => (GRAVE.has(step.verb) ? 2 : isAside(step, of) ? 1 : isForth(step, of) ? FORTH.indexOf(step.verb) - FORTH.length : 0);

export const inOrder = (steps: Step[], of: Case): Step[] => [...steps].sort((a, b) => rank(a, of) - rank(b, of));
export const lookOf = (step: Step, of: Case, i: number): 'main' | 'second' | 'quiet' | 'danger' => (GRAVE.has(step.verb) ? 'danger' : isAside(step, of) ? 'quiet' : i === 0 ? 'main' : 'second');
