/* What still lacks before a report can be sent, and at which step it is mended. The server judges again. */
import type { Catalogue } from '../lib/catalogue';
import type { ReportDraft } from '../lib/db';
import { membersOf, type Schema } from '../../shared/schema';
import { say } from '../lib/words';
import { sayFrom } from '../../shared/words';

const own = sayFrom({
  place: ['Hãy chọn nơi trên bản đồ hoặc chọn xã, phường.', 'Pick the place on the map, or choose the commune.'],
  category: ['Hãy chọn lĩnh vực.', 'Choose a category.'],
  elsewhere: ['Việc này không nhận ở đây. Hãy chọn lĩnh vực khác.', 'This is not taken here. Choose another category.'],
  text: ['Hãy viết vài lời, ít nhất 5 chữ cái.', 'Say something, at least 5 letters.'],
});

export interface Fault {
  step: 'photos' | 'place' | 'what';
  words: string;
}
export type Faults = Record<string, Fault>;

export const questionsOf = (draft: ReportDraft, catalogue: Catalogue | undefined): Schema | undefined => catalogue?.categories.find((one) => one.code === draft.category)?.questions as Schema | undefined;

export function faultsOf(draft: ReportDraft, catalogue: Catalogue | undefined): Faults {
  const faults: Faults = {};
  if (!draft.commune) faults['/commune'] = { step: 'place', words: own('place') };
  if (!draft.category) faults['/category'] = { step: 'what', words: own('category') };
  else if (catalogue?.categories.find((one) => one.code === draft.category)?.redirect) faults['/category'] = { step: 'what', words: own('elsewhere') };
  if ((draft.text.match(/[\p{L}\p{N}]/gu) ?? []).length < 5) faults['/text'] = { step: 'what', words: own('text') };
  const questions = questionsOf(draft, catalogue);
  if (questions)
    for (const member of membersOf(questions, questions, draft.answers))
      if (member.required && (draft.answers[member.name] === undefined || draft.answers[member.name] === '')) faults[`/answers/${member.name}`] = { step: 'what', words: say('needed') };
  return faults;
}
